"""Widths of a sweep's intervals, how to extend it, and its minutes by part."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd

from sim.sweeps.precision import PAPER, extension_text, minutes_text, setup_seconds, widest, widths_text


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
    assert (
        minutes_text({"setup_seconds": seconds, "page_seconds": 6.0})
        == "Minutes: set-up (once) 1.2, page 0.1; 1.3 in all."
    )
