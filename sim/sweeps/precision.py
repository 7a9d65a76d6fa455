"""Precision of a sweep: the widths of its intervals, and how to add seeds; and the minutes that its parts took."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from math import sqrt
from pathlib import Path

import pandas as pd

from sim.commands import command, option

PAPER = 100
"""Seeds for results that are published."""

PARTS = {"setup_seconds": "set-up (once)", "compile_seconds": "compile", "wall_seconds": "runs", "page_seconds": "page"}
"""Parts of the time of a sweep, by the name of their seconds."""

SETUP = ".ready"
"""File in the environment to which the set-up writes its seconds."""


def widest(points: pd.DataFrame) -> float:
    """Return the width of the widest interval of some points, nan where none has one.

    Args:
        points: columns low and high, a row a point
    """
    return float((points["high"] - points["low"]).max())


def widths_text(widths: Mapping[str, tuple[float, str]], seeds: int) -> str:
    """Return the widths of the widest intervals in words.

    Args:
        widths: width and unit of the widest interval, by what it is of
        seeds: of the sweep

    >>> widths_text({"P(doubling)": (0.341, ""), "years": (float("nan"), " years")}, 30)
    'Widest 95% intervals with 30 seeds: P(doubling) 0.34.'
    """
    texts = [f"{name} {width:.2f}{unit}" for name, (width, unit) in widths.items() if width == width]
    return f"Widest 95% intervals with {seeds} seed{'s' * (seeds > 1)}: {', '.join(texts)}." if texts else ""


def extension_text(seeds: int, folder: str | Path) -> str:
    """Return how to extend a sweep to the seeds of a paper; empty where it has them.

    Args:
        seeds: of the sweep
        folder: of the sweep

    >>> extension_text(25, "results/sweep").splitlines()[0]
    'For a paper take 100 seeds; intervals become about 0.50 times as wide, and runs that are there are used again:'
    """
    if seeds >= PAPER:
        return ""
    words = command("results", ["extend", f"seeds={PAPER}", option("out", folder)])
    return (
        f"For a paper take {PAPER} seeds; intervals become about {sqrt(seeds / PAPER):.2f} times as wide, and runs that are "
        f"there are used again:\n    {words}"
    )


def setup_seconds(prefix: str = sys.prefix) -> float | None:
    """Return the seconds that the set-up of this environment took; None where it did not write them.

    Args:
        prefix: folder of the environment
    """
    try:
        return float((Path(prefix) / SETUP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def minutes_text(seconds: Mapping[str, float | None]) -> str:
    """Return the minutes that the parts of a sweep took.

    Args:
        seconds: of each part, by its name in `PARTS`; a part that is missing or None is left out

    >>> minutes_text({"setup_seconds": None, "compile_seconds": 30.0, "wall_seconds": 150.0, "page_seconds": 6.0})
    'Minutes: compile 0.5, runs 2.5, page 0.1; 3.1 in all.'
    """
    parts = {text: value / 60.0 for key, text in PARTS.items() if (value := seconds.get(key)) is not None}
    listed = ", ".join(f"{text} {minutes:.1f}" for text, minutes in parts.items())
    return f"Minutes: {listed}; {sum(parts.values()):.1f} in all."
