"""A run and an ensemble have a short table of headline outcomes, and a summary of it in words."""

from __future__ import annotations

import pytest

import sim

pytestmark = pytest.mark.heavy

SHORT = {"setting.until": "2012-08", "setting.burn_in": 0}


def test_a_comparison_has_headlines():
    first = sim.scenario("historical", overrides=SHORT)
    few = sim.scenario(first, overrides={"backbone.staff": 2}, name="few")
    pairs = sim.compare(first, few, seeds=2, jobs=1, progress=False)
    table = pairs.headlines
    assert 0 < len(table) < len(pairs.frame.columns) / 5
    assert table.columns.equals(pairs.differences("members").columns)
    row = table[table["outcome"] == "members"].iloc[0]
    assert row["difference"] == pairs.differences("members")["difference"].iloc[0]


def test_a_run_and_an_ensemble_have_headlines_and_a_summary():
    run = sim.simulate("historical", overrides=SHORT)
    assert list(run.headlines) == ["outcome", "value", "unit"]
    assert 0 < len(run.headlines) < len(run.outcomes) / 5
    assert run.summary().startswith("historical, seed 1\n  ")
    runs = sim.ensemble("historical", 2, jobs=1, overrides=SHORT, progress=False)
    assert list(runs.headlines) == ["scenario", "outcome", "unit", "runs", "median", "low_90", "high_90"]
    assert runs.summary().startswith("historical: 2 runs, median (middle 90% of runs)\n")
