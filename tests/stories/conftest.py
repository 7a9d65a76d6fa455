"""Forty paired seeds of the scenarios that the stories are told of."""

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
    """Outcomes by scenario and seed."""
    points = [Point({}, scenario(name, set=UNTIL)) for name in NAMES]
    found = list(results(points, SEEDS, jobs=1))
    assert failures_in(found) == []
    rows = rows_of(found)
    return pd.DataFrame(rows).set_index(["scenario", "seed"]).sort_index()


@pytest.fixture(scope="session")
def gain(table):
    """What a scenario has more than another of an outcome, pair by pair; pairs in which either lacks it are left out."""

    def gain(one: str, other: str, outcome: str) -> pd.Series:
        return (table.loc[one, outcome] - table.loc[other, outcome]).dropna()

    return gain
