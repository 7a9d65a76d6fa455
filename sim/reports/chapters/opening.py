"""The first chapter of a report, on one page: the answer, a figure, what a reader must believe, and one limit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sim.analysis.enrolment import years
from sim.analysis.sweep_grid import EMERGENT
from sim.commands import command
from sim.figures.export import render
from sim.figures.opening import opening_figure
from sim.findings.belief import INTERVALS, believe_sentences, limit_sentence
from sim.findings.numbers import readable_name
from sim.findings.opening import (
    ANY_MODEL,
    BACKBONE,
    FITTED_MODEL,
    ONE_MODEL,
    Opening,
    opening_sentences,
    unknown_sentence,
)
from sim.labels import words_of
from sim.reports.blocks import Block, Chapter, Drawing, Notice, Prose
from sim.reports.chapters.arms import ComparisonRuns
from sim.reports.chapters.comparison import first_outcome, main_rows

MISSING = {
    "attribution": f"contribution of each condition (`{command('attribute')}`)",
    "study of equity": f"who gains and at what cost (`{command('equity')}`)",
    "test of robustness": f"which findings survive other mechanisms (`{command('robust')}`)",
}
"""Optional parts of a report besides comparisons, by kind of result."""

WHERE = {"point": ONE_MODEL, "posterior": FITTED_MODEL}
"""Beginning of a claim by the uncertainty of runs of one model."""

SOURCES = "5x2 case chapter; Haaretz 2015; ynet 2014; JPost 2016; Trump Foundation (configs/data/targets.csv)"
"""Sources of the published counts."""


def opening_of(study: ComparisonRuns) -> Opening:
    """Return what the opening sentences need of a comparison.

    Args:
        study: the main comparison
    """
    rows, outcome, frame = main_rows(study), first_outcome(study), study.frame
    free = frame[(frame["scenario"] == study.baseline) & (frame["dates"] == EMERGENT)]
    return Opening(
        rows=rows[rows["dates"] == EMERGENT],
        parts=study.effects[study.effects["outcome"] == outcome],
        frame=frame,
        baseline=study.baseline,
        label=words_of(outcome),
        level=float(free[outcome].mean()),
        where=WHERE.get(study.record["uncertainty"], ANY_MODEL),
    )


def of_one_model(study: ComparisonRuns) -> bool:
    """Return whether every run is of the main model."""
    return study.record["uncertainty"] in WHERE


def opening_chapter(
    study: ComparisonRuns,
    notices: Sequence[Notice],
    kinds: Sequence[str],
    *,
    facts: pd.DataFrame | None,
    published: pd.DataFrame | None,
    assumptions: pd.DataFrame,
    models: pd.DataFrame,
    averaged: Sequence[str] = (),
) -> Chapter:
    """Return the chapter.

    Args:
        study: the main comparison
        notices: warnings of the whole report
        kinds: kinds of results in the report
        facts: published facts, of `sim.catalogue.targets`; None if they are not about the baseline's schools
        published: columns year and value [students]; None as for `facts`
        assumptions: as `sim.assumptions` returns it
        models: the averaged models and their weights, of `sim.runs.models.models`
        averaged: the answer over all averaged models, a sentence each; it stands first if the runs are of one model and one
            of the arms has no backbone
    """
    opening = opening_of(study)
    first = averaged if of_one_model(study) and opening.named(BACKBONE) else ()
    believe = "\n".join(f"- {sentence}" for sentence in believe_sentences(assumptions, models, study.record))
    missing = [words for kind, words in MISSING.items() if kind not in kinds]
    left_out = (
        [Prose(f"**Not in this report**, because there are no such results: {'; '.join(missing)}.")] if missing else []
    )
    blocks: list[Block] = [
        *notices,
        *([Prose(" ".join(first))] if first else []),
        Prose("\n\n".join(opening_sentences(opening))),
        *_drawing(study, opening, published),
        Prose(f"### What you must believe\n\n{believe}"),
        Prose(f"### One limit\n\n{limit_sentence(facts)} [What this model cannot tell you](#limits) has the others."),
        Prose(f"### How to read an interval\n\n{INTERVALS} {unknown_sentence(opening)}"),
        *left_out,
    ]
    return Chapter("summary", "The answer in one page", blocks)


def _drawing(study: ComparisonRuns, opening: Opening, published: pd.DataFrame | None) -> list[Drawing]:
    """Return the figure; empty if the runs have no enrolment."""
    free = study.frame[study.frame["dates"] == EMERGENT]
    if not years(free):
        return []
    backbone = bool(opening.named(BACKBONE))
    names = ("with a backbone", "without it") if backbone else tuple(map(readable_name, (study.baseline, opening.arm)))
    runs = {name: free[free["scenario"] == arm] for name, arm in zip(names, (study.baseline, opening.arm), strict=True)}
    pairs = int(opening.row(opening.arm)["pairs"])
    counts = f"Published counts: {SOURCES}. " if published is not None else ""
    model = f" {opening.where.replace('In ', 'of ', 1)}" if of_one_model(study) else ""
    source = f"{counts}{pairs} runs of each scenario{model}."
    title = f"Examinees at five units, {' and '.join(names)}"
    figure = opening_figure(runs, published, title, source)
    svg = render(figure, "opening", ("svg",))[Path("opening.svg")]
    last = years(free)[-1]
    medians = "; ".join(f"{name} {of[f'examinees_{last}'].median():,.0f}" for name, of in runs.items())
    return [
        Drawing(
            svg,
            f"{title}, by year: median and middle 90% of runs.",
            f"Two lines with bands over the years. Median examinees of {last}: {medians}.",
        )
    ]
