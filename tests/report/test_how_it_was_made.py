"""The chapter on how a report was made names commands where they can be given."""

from __future__ import annotations

import pandas as pd

from sim.reports.blocks import Folded, Prose
from sim.reports.chapters.decisions import LAST, Reason, reasons
from sim.reports.chapters.design import xlrm
from sim.reports.chapters.evidence import provenance, steps

CLONE = {"command": "python -m experiments.compare", "environment": {"commit": "0123456789abcdef"}}
WHEEL = {"command": "impact-lab compare", "environment": {"commit": ""}}


def test_an_installed_package_is_named_with_its_version_and_no_clone() -> None:
    (words,) = steps([WHEEL, {**WHEEL, "command": "impact-lab report"}], "lab 1.0")
    assert words.startswith("With the package lab 1.0 installed, in any folder, these commands make everything again:")
    assert "impact-lab compare\nimpact-lab report\n" in words
    assert "clone" not in words


def test_a_clone_is_named_with_its_commit() -> None:
    (words,) = steps([CLONE, CLONE], "lab 1.0")
    assert words.startswith("In a clone of the repository at commit 0123456789, with its environment, these commands ")
    assert "lab 1.0" not in words


def test_what_comes_from_both_is_told_apart() -> None:
    environment = {"model": "m", "commit": "", "python": "3", "packages": {"mesa": "3"}}
    folders = {
        "a": {**CLONE, "kind": "comparison", "environment": environment | {"commit": "0123456789abcdef"}},
        "b": {**WHEEL, "kind": "comparison", "environment": environment},
    }
    prose = [block.markdown for block in provenance(folders, WHEEL, "lab 1.0").blocks if isinstance(block, Prose)]
    assert [text.split(" ")[0] for text in prose] == ["In", "With", "Packages:"]


def test_the_row_of_an_answer_is_shown_before_the_last_rows() -> None:
    terms = pd.DataFrame({"date": [f"2015-{month:02d}" for month in range(1, 11)], "chance": [0.1] * 10})
    answers = [Reason("Why?", "Never; likeliest in 2015-02.", terms, row) for row in (1, 9, None)]
    tables = [block.blocks[0] for block in reasons(answers, "").blocks if isinstance(block, Folded)]
    dates = [[row[0] for row in table.cells] for table in tables]
    last = terms["date"].tolist()[-LAST:]
    assert dates == [["2015-02", *last], last, last]
    assert tables[0].caption == "The figures behind it, the row of the answer, then the last 6 of 10 rows"


def test_what_intervals_carry_is_said_once_for_all_studies_alike() -> None:
    point = {"uncertainty": "point", "kind": "comparison", "arms": []}
    over = xlrm({"a": point, "b": point}, [])[0][1]
    assert over == "a, b: Intervals cover random variation only; every parameter is at its default."
