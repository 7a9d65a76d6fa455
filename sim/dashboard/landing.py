"""First view of the page: the answer, the film of two networks above their curves, the basis and a limit."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import solara

from sim.analysis.fit import FITTED_THROUGH
from sim.catalogue import published
from sim.dashboard.precomputed import WITH, WITHOUT, film, opening, signed
from sim.dashboard.widgets import landing
from sim.figures.side_by_side import CURVE, NARROW_CURVE, Sheet, animated_page, curve_panel, network_panel

TITLES = {WITH: "With a backbone", WITHOUT: "Without a backbone"}
"""Names of the two arms."""

SHORT = {WITH: "with", WITHOUT: "without"}
"""Names of the arms at the ends of their curves."""

LIMIT = (
    "One limit: the published counts cannot tell what moved the ministry. With other parameters and models that fit them the "
    "backbone adds less. This is not a forecast."
)


def answer() -> str:
    """Return two sentences: does the backbone matter, and when? All figures are those of the tables."""
    return f"{effect_sentence(opening())} {timing_sentence(opening())}"


def effect_sentence(table: dict[str, Any]) -> str:
    """Return the sentence on the effect of a backbone when windows open as they did."""
    row, runs, year = _usual(table), table["runs"], table["year"]
    doubled = (
        f"Enrolment doubles by {year} in {row['doubled_with']} of {runs} runs with a backbone and in "
        f"{row['doubled_without']} of {runs} without one"
    )
    if row["low"] <= 0 <= row["high"]:
        return f"{doubled}; whether it adds students, these runs cannot tell ({interval(row)})."
    verb = "adds" if row["difference"] > 0 else "takes away"
    return f"{doubled}: the backbone {verb} {abs(row['difference']):,} students in {year} ({interval(row)})."


def timing_sentence(table: dict[str, Any]) -> str:
    """Return the sentence on the windows for which the backbone adds most and least."""
    rows = sorted(table["by_timing"], key=lambda row: int(row["difference"]))
    least, most = rows[0], rows[-1]
    if most["low"] <= least["high"]:
        return "When windows for reform open makes no clear difference to what it adds."
    figures = "" if most["timing"] == 0 else f" ({signed(most['difference'])}, {interval(most)})"
    return (
        f"It adds most when windows for reform open {when(most['timing'])}{figures}, and least when they open "
        f"{when(least['timing'])} ({signed(least['difference'])}, {interval(least)})."
    )


def when(timing: int) -> str:
    """Return a shift of the windows in words.

    >>> when(0), when(12), when(-24)
    ('when they did', '12 months later', '24 months earlier')
    """
    return "when they did" if timing == 0 else f"{abs(timing)} months {'later' if timing > 0 else 'earlier'}"


def interval(row: dict[str, Any]) -> str:
    """Return the interval of a difference in words."""
    return f"95% interval {signed(row['low'])} to {signed(row['high'])}"


def basis() -> str:
    """Return the sentence on what the answer rests on."""
    table = opening()
    return (
        f"It rests on {table['runs']} pairs of runs of one model, each pair with the same random numbers; the model was fitted "
        f"to the published counts until {FITTED_THROUGH}."
    )


BANDS = "Lines: medians. Bands: nine runs in ten. A line between two organisations: one trusts the other with {least} or more."


def film_note() -> str:
    """Return the sentence that explains the film."""
    return BANDS.format(least=film()["least"]) + f" Seed {film()['seed']}."


@lru_cache(maxsize=1)
def networks() -> str:
    """Return both networks as SVG."""
    return "".join(network_panel(film(), arm, title) for arm, title in TITLES.items())


@lru_cache(maxsize=2)
def curves(sheet: Sheet = CURVE) -> str:
    """Return the curves of both arms with the published counts as SVG."""
    record = published()
    counts = dict(zip(record["year"].astype(int), record["value"], strict=True))
    return curve_panel(film(), opening()["curves"], SHORT, counts, sheet)


def animation() -> str:
    """Return the film as one animated SVG with title and note, for documents."""
    row, table = _usual(opening()), opening()
    title = (
        f"Doubled by {table['year']}: {row['doubled_with']} of {table['runs']} runs with a backbone, "
        f"{row['doubled_without']} of {table['runs']} without"
    )
    return animated_page(film(), TITLES, curves(), title, film_note())


@solara.component
def start() -> None:
    """Show the answer, the film, the basis and the limit."""
    solara.HTML(tag="p", unsafe_innerHTML=answer(), classes=["lab-answer"])
    both = f'<div class="lab-wide">{curves()}</div><div class="lab-narrow">{curves(NARROW_CURVE)}</div>'
    landing(networks=networks(), curve=both, months=film()["months"])
    solara.HTML(tag="p", unsafe_innerHTML=f"{basis()} {LIMIT} {film_note()}", classes=["lab-about"])


def _usual(table: dict[str, Any]) -> dict[str, Any]:
    """Return the row of windows that open when they did."""
    return next(row for row in table["by_timing"] if row["timing"] == 0)
