"""Sweeps one after the other in one folder: each leaves exactly its own runs."""

from __future__ import annotations

import sys

import pandas as pd
import pytest

from sim import configuration
from sim.analysis.doubling import Doubling
from sim.design.points import Point
from sim.results.store import Store
from sim.sweeps.options import SweepOptions
from sim.sweeps.stored_sweep import StoredSweep
from sim.sweeps.summary import OF_PAGE, summary, varied

pytestmark = pytest.mark.simulates

SHORT = {"setting.until": "2013-12"}
OPTIONS = {"seeds": 3, "block": 2, "jobs": 1}


def point(facilitation: float, **factors: float) -> Point:
    """Return a point of a design, with factors besides the two that every design has."""
    scenario = configuration.scenario(
        "historical_emergent", overrides=SHORT | {"backbone.facilitation": facilitation} | factors
    )
    return Point({"backbone.facilitation": facilitation, "timing": "0", **factors}, scenario)


def swept(folder, *points: Point, **changes) -> pd.DataFrame:
    """Return the table of a sweep in a folder."""
    sweep = StoredSweep(SweepOptions(**OPTIONS | changes), points, Store.at(folder), progress=None)
    sys.stdout.write(sweep.describe())
    sweep.run()
    return sweep.store.collect()


def test_a_second_design_in_a_folder_has_its_own_factors_and_runs(tmp_path):
    swept(tmp_path, point(0.2), point(0.8))
    parts = set((tmp_path / "parts").iterdir())
    second = swept(tmp_path, *[point(0.8, **{"trust.ratio": ratio}) for ratio in (2.0, 4.0)])
    assert len(second) == 6
    assert (
        not second[["scenario", "backbone.facilitation", "timing", "trust.ratio", "dates", "seed"]]
        .isna()
        .any(axis=None)
    )
    assert parts < set((tmp_path / "parts").iterdir())
    pd.testing.assert_frame_equal(swept(tmp_path, point(0.2)), swept(tmp_path / "new", point(0.2)))


def test_blocks_that_overlap_count_no_seed_twice(tmp_path):
    swept(tmp_path, point(0.2))
    again = swept(tmp_path, point(0.2), seeds=3, first_seed=2, block=3)
    assert again["seed"].tolist() == [2, 3, 4]
    pd.testing.assert_frame_equal(again, swept(tmp_path / "new", point(0.2), seeds=3, first_seed=2, block=1))


def test_the_page_of_another_design_is_set_aside_and_this_is_said(tmp_path, capsys):
    swept(tmp_path, point(0.2))
    (tmp_path / "page.svg").write_text("")
    (tmp_path / "timing.json").write_text("{}")
    swept(tmp_path, point(0.2))
    assert (tmp_path / "page.svg").exists()
    assert capsys.readouterr().out == ""
    before = (tmp_path / "table.parquet").read_bytes()
    swept(tmp_path, point(0.8))
    assert not (tmp_path / "page.svg").exists()
    assert not (tmp_path / "timing.json").exists()
    place = tmp_path / "earlier" / "001"
    assert f"page.svg, table.parquet, timing.json are now in {place}" in capsys.readouterr().out
    assert (place / "table.parquet").read_bytes() == before
    assert {path.name for path in place.iterdir()} == {"manifest.json", "page.svg", "table.parquet", "timing.json"}
    swept(tmp_path, point(0.4))
    assert (tmp_path / "earlier" / "002" / "table.parquet").exists()


def test_a_larger_sweep_makes_the_table_anew_and_leaves_no_copy(tmp_path, capsys):
    swept(tmp_path, point(0.2))
    swept(tmp_path, point(0.2), point(0.8), seeds=4)
    assert "runs that fit are used again; table.parquet is made anew" in capsys.readouterr().out
    assert not (tmp_path / "earlier").exists()


def test_an_interruption_says_how_much_is_kept(tmp_path):
    sweep = StoredSweep(SweepOptions(**OPTIONS), [point(0.2), point(0.8)], Store.at(tmp_path), progress=None)
    assert sweep.progress_text() == (
        "no run was stored yet, since the first seed with its 2 runs had not ended; the same command begins again"
    )
    assert sweep.title == "backbone.facilitation 2 x timing 1 = 2 points; x 3 seeds = 6 runs"
    swept(tmp_path, point(0.8))
    assert sweep.progress_text() == "3 of 6 runs are stored, and the same command resumes the sweep"


def test_scenarios_side_by_side_are_told_apart_in_the_summary(tmp_path):
    scenarios = [
        configuration.scenario(name, overrides={"setting.until": "2017-08"})
        for name in ("historical_emergent", "no_backbone")
    ]
    points = [
        Point({"backbone.facilitation": 0.8, "timing": "0", "scenario": scenario.name}, scenario)
        for scenario in scenarios
    ]
    text = summary(swept(tmp_path, *points, seeds=1), Doubling(base=8869, factor=2.0, of="count", by=2017))
    assert "2 runs, 2 points" in text
    assert text.count("historical_emergent") == text.count("no_backbone") > 0


def test_there_is_a_page_only_where_nothing_varies_but_facilitation_and_timing():
    points = pd.DataFrame({"scenario": "a", "backbone.facilitation": [0.2, 0.8], "timing": ["0", "6"]})
    points = points.assign(dates=["emergent", "held"], seed=1)
    assert varied(points) == OF_PAGE
    assert varied(points.assign(scenario=["a", "b"])) != OF_PAGE
    third = points.copy()
    third.insert(3, "trust.ratio", [1.0, 2.0])
    assert varied(third) != OF_PAGE


def test_a_summary_says_only_what_the_runs_have_seen(tmp_path):
    goal = Doubling(base=8869, factor=2.0, of="count", by=2020)
    text = summary(swept(tmp_path, point(0.2)), goal)
    assert "P(" not in text
    assert "Years from the national decision" in text


def test_a_summary_says_where_runs_are_missing(tmp_path):
    table = swept(tmp_path, point(0.2), point(0.8))
    goal = Doubling(base=8869, factor=2.0, of="count", by=2020)
    assert "missing" not in summary(table, goal)
    assert "some runs are missing: points have 2 to 3 seeds" in summary(table.iloc[1:], goal)
