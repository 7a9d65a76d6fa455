"""Widths of a sweep's intervals, how to extend it, and its minutes by part."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd

from sim.results.store import Store
from sim.sweeps.precision import (
    PAPER,
    environment_text,
    extension_text,
    minutes_text,
    setup_seconds,
    took,
    widest,
    widths_text,
)


def test_the_widest_interval_leaves_out_points_without_one() -> None:
    points = pd.DataFrame({"low": [0.1, 0.2, math.nan], "high": [0.3, 0.9, math.nan]})
    assert math.isclose(widest(points), 0.7)
    assert widths_text({"P": (widest(points), "")}, 1) == "Widest 95% intervals with 1 seed: P 0.70."
    assert widths_text({"P": (widest(points[2:]), "")}, 30) == ""


def test_a_sweep_with_the_seeds_of_a_paper_needs_no_extension() -> None:
    assert extension_text(PAPER, "results/sweep") == ""
    assert extension_text(PAPER - 1, "a b").endswith("'out=a b'")


def test_a_set_up_that_wrote_no_seconds_is_left_out(tmp_path: Path) -> None:
    assert setup_seconds(str(tmp_path)) is None
    (tmp_path / ".ready").write_text("")
    assert setup_seconds(str(tmp_path)) is None
    (tmp_path / ".ready").write_text("72\n")
    seconds = setup_seconds(str(tmp_path))
    assert environment_text(seconds, None) == "Once for all sweeps, in minutes: installation 1.2."
    assert environment_text(None, None) == ""


def test_a_sweep_that_simulated_nothing_does_not_repeat_the_time_of_an_earlier_one(tmp_path: Path) -> None:
    log = {"runs": 16, "run_seconds": 30.0, "months": 1600, "wall_seconds": 19.0, "jobs": 2, "compile_seconds": 0.0}
    (tmp_path / "timing.json").write_text(json.dumps(log))
    assert took(Store(tmp_path), 6.0, 0) == "\nNo run was simulated now. Minutes: page 0.1; 0.1 in all."
    lines = took(Store(tmp_path), 6.0, 16).strip().splitlines()
    assert lines[0].startswith("16 runs took 19 s on 2 processes: ")
    assert lines[1].startswith("Of the time of these processes, 21.1% went to other work than runs")
    assert lines[2] == "Minutes: runs 0.3, page 0.1; 0.4 in all."


def test_a_compilation_that_had_nothing_to_do_is_left_out_of_the_minutes() -> None:
    seconds = {"compile_seconds": 0.01, "wall_seconds": 60.0, "page_seconds": 6.0}
    assert minutes_text(seconds) == "Minutes: runs 1.0, page 0.1; 1.1 in all."
