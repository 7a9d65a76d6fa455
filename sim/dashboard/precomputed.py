"""Tables computed in advance, so that the page answers at once: first comparison, film, response to each slider."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.findings.numbers import MINUS

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
def ranges() -> dict[str, list[Any]]:
    """Return the paired differences between the two ends of each control by its key, a row an outcome."""
    import pandas as pd

    table = pd.read_csv(TABLES / "ranges.csv")
    return {str(key): list(rows.itertuples()) for key, rows in table.groupby("key", sort=False)}


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


MOVED = {
    "attendance": ("attendance of meetings", "seats a month", 1, ",.1f"),
    "trust_across": ("trust across sectors", "of 100", 100, ",.1f"),
    "consensus": ("consensus", "of 100", 100, ",.1f"),
    "transparency": ("shared measurement", "of 100", 100, ",.1f"),
    "delivered_partners": ("what partners deliver", "NIS million", 1, ",.1f"),
}
"""Name, unit, factor and form of the outcomes that a switch moves besides examinees."""

MOST_MOVED = 2
"""Number of outcomes of which a switch says how far it moves them, besides examinees."""


def switch_effect(key: str) -> tuple[str, str]:
    """Return the effect of a condition that is switched off, in short and as a sentence; empty if there is none."""
    if key not in ranges():
        return "", ""
    students, *others = ranges()[key]
    clear = [row for row in others if row.low * row.high > 0]
    largest = sorted(clear, key=lambda row: -abs(row.difference / row.at_high))[:MOST_MOVED]
    moved = "".join(f"; {MOVED[row.outcome][0]} by {_when_off(row, *MOVED[row.outcome][1:])}" for row in largest)
    sentence = (
        f"Switched off, it changes enrolment in {opening()['year']} by {_when_off(students, 'students', 1, ',.0f')}{moved} "
        f"(means of {students.pairs} pairs of runs)."
    )
    return f"off: {signed(-students.difference)}", sentence


def _when_off(row: Any, unit: str, factor: float, form: str) -> str:
    """Return the difference that switching off makes, with its interval."""
    values = [signed(-factor * value, form) for value in (row.difference, row.high, row.low)]
    return f"{values[0]} {unit} (95% interval {values[1]} to {values[2]})"


def signed(value: float, form: str = ",.0f") -> str:
    """Return a number with its sign, a true minus; it is whole unless another form is given.

    >>> signed(-1200.4) == f"{MINUS}1,200", signed(0.25, ",.1f")
    (True, '+0.2')
    """
    return f"{value:+{form}}".replace("-", MINUS)


def switches_note() -> str:
    """Return the heading of the effects of the switches."""
    return f"(off: students in {opening()['year']})"


def _table(name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((TABLES / name).read_text(encoding="utf-8"))
    return value
