"""The program that compares prints the headline outcomes of each arm in plain numbers, and says where the rest is."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from sim.reports.chapters.comparison_printed import printed_comparison
from sim.studies.comparison import Comparison
from tests.report.conftest import ARMS


def test_each_arm_has_a_few_rows_in_plain_numbers_with_units(results: Path):
    study = Comparison.load(results / "compare")
    study.table.loc[study.table["outcome"] == "trust_across", ["difference", "low", "high"]] = 2.59e-09
    text = printed_comparison(study)
    rows = re.findall(r"^  trust across sectors .*$", text, re.MULTILINE)
    assert len(rows) == len(ARMS)
    assert all(re.search(r"0.000 +0.000 to 0.000 +percentage points +30 of 30", row) for row in rows)
    assert not re.search(r"\de[-\N{MINUS SIGN}+]\d", text)


def test_it_begins_as_the_whole_text_and_says_where_the_rest_is(results: Path):
    study = Comparison.load(results / "compare")
    printed, whole = printed_comparison(study), study.summary()
    beginning = printed.partition(" minus base\n")[0].rpartition("\n")[0].rstrip()
    assert len(beginning) > 500
    assert whole.startswith(beginning)
    assert "by year, with 95% intervals" in whole
    assert "by year" not in printed
    assert " ".join(printed.split()).endswith("differences.csv has them as numbers.")


def test_what_is_written_has_every_row(results: Path):
    study = Comparison.load(results / "compare")
    assert study.contents()["compare.txt"].decode() == study.summary()
    assert len(pd.read_csv(results / "compare" / "differences.csv")) == len(study.table)
