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
from sim.findings.averaged_answer import answer_sentences, number_in_words
from sim.findings.opening import ONE_MODEL
from sim.runs.headlines import headlines
from sim.runs.models import models

TITLES = {WITH: "With a backbone", WITHOUT: "Without a backbone"}
"""Names of the two arms."""

SHORT = {WITH: "with", WITHOUT: "without"}
"""Names of the arms at the ends of their curves."""

LIMIT = (
    "One limit: the record cannot tell what moved the ministry. Where it does not ask the network, a backbone adds "
    "{less} ({interval}). This is not a forecast."
)


def answer() -> str:
    """Return the answer of the README over all averaged models: does the backbone matter, and when?"""
    return " ".join(answer_sentences(headlines()))


def shown_sentences() -> str:
    """Return what the film and its curves show: runs of one model."""
    return f"{effect_sentence(opening())} {timing_sentence(opening())}"


def effect_sentence(table: dict[str, Any]) -> str:
    """Return sentences on the effect of a backbone in the model that is shown, when windows open as they did.

    Args:
        table: the first comparison
    """
    row, runs, year = _usual(table), table["runs"], table["year"]
    doubled = (
        f"{ONE_MODEL}, shown here, enrolment doubles by {year} in {row['doubled_with']} of {runs} runs with a backbone and in "
        f"{row['doubled_without']} of {runs} without"
    )
    if row["low"] <= 0 <= row["high"]:
        effect = f"Whether the backbone adds students in it, these runs cannot tell ({interval(row)})"
    else:
        verb = "adds" if row["difference"] > 0 else "takes away"
        effect = f"In it the backbone {verb} {abs(row['difference']):,} students in {year} ({interval(row)})"
    return f"{doubled}. {effect}."


def timing_sentence(table: dict[str, Any]) -> str:
    """Return the sentence on the windows for which the backbone adds most and least."""
    rows = sorted(table["by_timing"], key=lambda row: int(row["difference"]))
    least, most = rows[0], rows[-1]
    if most["low"] <= least["high"]:
        return "In this model it makes no clear difference when windows for reform open."
    figures = "" if most["timing"] == 0 else f" ({signed(most['difference'])}, {interval(most)})"
    return (
        f"In this model it adds most when windows for reform open {when(most['timing'])}{figures}, and least when they open "
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
    """Return sentences on what the answer rests on, with the effect over all averaged models."""
    added = headlines()["backbone_adds"]
    return (
        f"The answer above rests on {number_in_words(len(models()))} models, fitted to the record through {FITTED_THROUGH} and "
        f"weighted by their evidence. Over them a backbone adds {added.text} {added.unit} (95% interval {added.interval})."
    )


def limit() -> str:
    """Return the limit of the answer."""
    less = headlines()["backbone_adds_if_not_asked"]
    return LIMIT.format(less=less.text, interval=less.interval)


ABOUT_FILM = "The film is of one model with its default parameters: what it shows"
"""Words of the fold below the film."""

SOURCE = "Source of the published counts: configs/data/targets.csv."

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
    """Return the film as one animated SVG with title and notes, for documents."""
    row, table, results = _usual(opening()), opening(), headlines()
    backed, alone = (results[f"doubled_{name}_backbone"] for name in ("with", "without"))
    title = (
        f"One model: enrolment doubles by {table['year']} in {row['doubled_with']} of {table['runs']} runs with a backbone, "
        f"in {row['doubled_without']} of {table['runs']} without"
    )
    shown = (
        f"Shown is one model with its default parameters. Over {number_in_words(len(models()))} models enrolment doubles in "
        f"{backed.text} of runs with a backbone, {alone.text} without."
    )
    return animated_page(film(), TITLES, curves(), title, [shown, film_note(), SOURCE])


@solara.component
def start() -> None:
    """Show the answer, the film, what it shows, the basis and the limit."""
    solara.HTML(tag="p", unsafe_innerHTML=answer(), classes=["lab-answer"])
    both = f'<div class="lab-wide">{curves()}</div><div class="lab-narrow">{curves(NARROW_CURVE)}</div>'
    landing(networks=networks(), curve=both, months=film()["months"])
    solara.HTML(tag="p", unsafe_innerHTML=f"{basis()} {limit()}", classes=["lab-about"])
    about_film = f"<summary>{ABOUT_FILM}</summary>{shown_sentences()} {film_note()}"
    solara.HTML(tag="details", unsafe_innerHTML=about_film, classes=["lab-about"])


def _usual(table: dict[str, Any]) -> dict[str, Any]:
    """Return the row of windows that open when they did."""
    return next(row for row in table["by_timing"] if row["timing"] == 0)
