"""Tables computed in advance, so that the page answers at once: first comparison, film, response to each slider."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

TABLES = Path(__file__).parent / "tables"
"""Folder of the tables; `experiments/maintenance/page_tables.py` writes them."""

WITH, WITHOUT = "historical_emergent", "no_backbone"
"""Scenarios of the first comparison."""


@dataclass(frozen=True)
class Response:
    """Examinees at one setting of a slider: quartiles over runs.

    Attributes:
        value: of the slider, as the page shows it
        low: first quartile [students]
        median: of the runs [students]
        high: third quartile [students]
        runs: number of runs
    """

    value: float
    low: float
    median: float
    high: float
    runs: int


@lru_cache(maxsize=1)
def opening() -> dict[str, Any]:
    """Return the figures of the first comparison: doublings and paired differences by timing, curves, typical seed."""
    return _table("opening.json")


@lru_cache(maxsize=1)
def film() -> dict[str, Any]:
    """Return two networks over time, with and without a backbone: places, months, and an image a quarter."""
    return _table("film.json")


def typical_seed() -> int:
    """Return the seed whose run is nearest to the median of the first comparison."""
    return int(opening()["typical_seed"])


@lru_cache(maxsize=1)
def responses() -> dict[str, list[Response]]:
    """Return examinees at settings of each slider, in the order of the settings; other sliders as in the scenario."""
    import pandas as pd

    table = pd.read_csv(TABLES / "dose_response.csv")
    result: dict[str, list[Response]] = {}
    for key, of_slider in table.groupby("key"):
        for value in sorted(set(of_slider["value"])):
            runs = of_slider.loc[of_slider["value"] == value, "examinees"]
            low, middle, high = runs.quantile([0.25, 0.5, 0.75])
            result.setdefault(str(key), []).append(Response(float(value), low, middle, high, len(runs)))
    return result


@lru_cache(maxsize=1)
def response_scale() -> list[float]:
    """Return the least and the greatest number of students of all responses, so that their heights compare."""
    rows = [row for curve in responses().values() for row in curve]
    return [min(row.low for row in rows), max(row.high for row in rows)]


def response_words(key: str, unit: str) -> str:
    """Return the response to a slider as text; empty if there is none."""
    curve = responses().get(key, [])
    if not curve:
        return ""
    lowest, highest = curve[0], curve[-1]
    return (
        f"The curve above the slider: with all else as in the scenario, {lowest.median:,.0f} students in "
        f"{opening()['year']} at {lowest.value:g} {unit} and {highest.median:,.0f} at {highest.value:g} "
        f"(medians of {lowest.runs} runs; the band holds half of them)."
    )


def switch_effect(key: str) -> tuple[str, str]:
    """Return the effect of a condition that is switched off, in short and as a sentence; empty if there is none."""
    curve = responses().get(key, [])
    if len(curve) < 2:
        return "", ""
    off, on = curve[0], curve[-1]
    gap = f"{off.median - on.median:+,.0f}".replace("-", "\N{MINUS SIGN}")
    sentence = (
        f"Switched off, the median run has {off.median:,.0f} students in {opening()['year']} in place of {on.median:,.0f} "
        f"({off.runs} runs each; half of them lie between {off.low:,.0f} and {off.high:,.0f})."
    )
    return f"off: {gap}", sentence


def switches_note() -> str:
    """Return the heading of the effects of the switches."""
    return f"(off: students in {opening()['year']})"


def _table(name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((TABLES / name).read_text(encoding="utf-8"))
    return value
