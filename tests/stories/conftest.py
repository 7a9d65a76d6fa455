"""Forty paired seeds of the scenarios in the stories."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.configuration import scenario
from sim.design.points import Point
from sim.runs.ensemble import results
from sim.runs.seed_runs import failures_in, rows_of

SEEDS = list(range(1, 41))
UNTIL = {"setting.until": "2020-08"}
NAMES = [
    "historical",
    "no_initiative",
    "policy_only",
    "network_only",
    "historical_emergent",
    "no_backbone",
    "weak_backbone",
    "strong_backbone",
    "policy_early",
    "policy_late",
    "periphery_first",
    "placebo_backbone",
    "programme_ends_2017",
    "many_subjects",
    "no_shared_measurement",
]


@pytest.fixture(scope="session")
def table() -> pd.DataFrame:
    """Return outcomes by scenario and seed."""
    points = [Point({}, scenario(name, overrides=UNTIL)) for name in NAMES]
    seed_results = list(results(points, SEEDS, jobs=1))
    assert failures_in(seed_results) == []
    rows = rows_of(seed_results)
    return pd.DataFrame(rows).set_index(["scenario", "seed"]).sort_index()


@pytest.fixture(scope="session")
def gain(table):
    """Return the difference of an outcome between two scenarios, pair by pair; pairs without a value are left out."""

    def gain(one: str, other: str, outcome: str) -> pd.Series:
        return (table.loc[one, outcome] - table.loc[other, outcome]).dropna()

    return gain
