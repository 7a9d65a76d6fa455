"""Precision of a sweep: the widths of its intervals, and how to add seeds; and the minutes that its parts took."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from math import sqrt
from pathlib import Path

import pandas as pd

from sim.commands import command, option
from sim.errors import counted
from sim.findings.numbers import amount
from sim.jit.first_compilation import compiled_seconds
from sim.results.store import Store

PAPER = 100
"""Seeds for results that are published."""

PARTS = {"compile_seconds": "compilation", "wall_seconds": "runs", "page_seconds": "page"}
"""Parts of the time of a sweep, by the name of their seconds."""

LEAST = 3.0
"""Time below which a compilation is left out: nothing was compiled [s]."""

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
        seconds: of each part, by its name in `PARTS`; a part that is missing or None is left out, and a compilation that
            had nothing to compile

    >>> minutes_text({"compile_seconds": 30.0, "wall_seconds": 150.0, "page_seconds": 6.0})
    'Minutes: compilation 0.5, runs 2.5, page 0.1; 3.1 in all.'
    """
    parts = {text: value / 60.0 for key, text in PARTS.items() if (value := seconds.get(key)) is not None}
    if (seconds.get("compile_seconds") or 0.0) < LEAST:
        parts.pop(PARTS["compile_seconds"], None)
    listed = ", ".join(f"{text} {minutes:.1f}" for text, minutes in parts.items())
    return f"Minutes: {listed}; {sum(parts.values()):.1f} in all."


def environment_text(setup: float | None, compilation: float | None) -> str:
    """Return the minutes that the environment took once, apart from those of a sweep; empty if none are known.

    Args:
        setup: time of the installation [s]; None if it was not written
        compilation: time of the first compilation of the rules [s]; None if it was not written

    >>> environment_text(96.0, 132.0)
    'Once for all sweeps, in minutes: installation 1.6, first compilation 2.2.'
    """
    parts = {"installation": setup, "first compilation": compilation}
    listed = ", ".join(f"{text} {value / 60.0:.1f}" for text, value in parts.items() if value is not None)
    return f"Once for all sweeps, in minutes: {listed}." if listed else ""


def took(store: Store, page_seconds: float, simulated: float) -> str:
    """Return in words how long the runs that were simulated now took, and the parts of that time.

    Args:
        store: of the sweep
        page_seconds: time of the page [s]
        simulated: number of runs that were simulated now; with 0 the time of the page alone is returned
    """
    path = store.folder / "timing.json"
    if not simulated or not path.is_file():
        return f"\nNo run was simulated now. {minutes_text({'page_seconds': page_seconds})}"
    log = json.loads(path.read_text(encoding="utf-8"))
    processes = f"{log['jobs']} process{'es' * (log['jobs'] > 1)}"
    parts = {key: log.get(key) for key in PARTS} | {"page_seconds": page_seconds}
    compiled_now = log.get("compile_seconds", 0.0) >= LEAST
    once = environment_text(setup_seconds(), None if compiled_now else compiled_seconds())
    return (
        f"\n{counted(log['runs'], 'run')} took {log['wall_seconds']:.0f} s on {processes}: "
        f"{amount(log['runs'] / log['wall_seconds'], signed=False)} runs a second, "
        f"{log['months'] / max(log['runs'], 1):.0f} months simulated a run.\n"
        f"Of the time of these processes, {overhead_of(log):.1%} went to other work than runs (start, sending, writing).\n"
        + "\n".join(filter(None, [minutes_text(parts), once]))
    )


def overhead_of(log: Mapping[str, float]) -> float:
    """Return the share of its processes' time that a sweep did not spend on runs.

    >>> overhead_of({"run_seconds": 90.0, "wall_seconds": 50.0, "jobs": 2})
    0.1
    """
    return round(1.0 - log["run_seconds"] / (log["wall_seconds"] * log["jobs"]), 12)
