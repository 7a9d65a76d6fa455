"""Every fact beyond the targets says what it is used for, and what it says is so."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.analysis.fit import PATTERNS
from sim.catalogue import targets
from sim.parameters import declared_parameters

ROOT = Path(__file__).resolve().parents[2]
EVIDENCE = pd.read_csv(ROOT / "configs" / "data" / "evidence.csv")
DECIDED = ("fitted: ", "not fitted", "not used: ", "prior of ", "prior: ", "input: ", "case ireland: ", "told")
"""How a use begins."""


def test_every_fact_says_what_it_is_used_for():
    odd = [use for use in EVIDENCE["used_for"] if not str(use).startswith(DECIDED)]
    assert odd == []


def test_a_fitted_fact_stands_in_the_table_of_targets_with_its_value():
    fitted = targets("targets.csv").query("use == 'fit'")
    values = {(row.pattern, row.year): set() for row in fitted.itertuples()}
    for row in fitted.itertuples():
        values[row.pattern, row.year].add(str(row.value))
    lost = []
    for row in EVIDENCE[EVIDENCE["used_for"].str.startswith("fitted: targets.csv, ")].itertuples():
        pattern = row.used_for.removeprefix("fitted: targets.csv, ")
        if pattern in PATTERNS and str(row.value) not in {
            f"{float(v):g}" for v in values.get((pattern, int(row.year)), ())
        }:
            lost.append((row.quantity, row.value))
    assert lost == []


def test_a_parameter_that_is_named_as_used_exists():
    names = set(declared_parameters())
    words = EVIDENCE["used_for"].str.findall(r"\b([a-z]+\.[a-z_]+)\b").explode().dropna()
    assert set(words[~words.str.endswith((".csv", ".md", ".yaml"))]) - names - {"targets.csv", "ireland.md"} == set()
