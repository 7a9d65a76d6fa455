"""Chapters of a report, in order: the answer, the evidence, and folded appendices."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.catalogue import assumptions, published, references, targets
from sim.configuration import scenario
from sim.errors import InputError
from sim.findings.averaged_answer import added_sentence, answer_sentences
from sim.policy import Scenario
from sim.reports.blocks import Chapter, Drawing, Folded
from sim.reports.chapters import attribution as attribution_chapter
from sim.reports.chapters import comparison as comparison_chapter
from sim.reports.chapters import equity as equity_chapter
from sim.reports.chapters import evidence
from sim.reports.chapters import robustness as robustness_chapter
from sim.reports.chapters.arms import arms_chapter
from sim.reports.chapters.design import design
from sim.reports.chapters.limits import limits
from sim.reports.chapters.opening import opening_chapter
from sim.reports.chapters.record_fit import fit_chapter
from sim.reports.notices import without_notices
from sim.results.identity import environment, package
from sim.runs.headlines import headlines
from sim.runs.models import models
from sim.studies.attribution import Attribution
from sim.studies.comparison import OUTCOME, Comparison
from sim.studies.decisions import explained
from sim.studies.equity import Equity
from sim.studies.report_sources import ReportSource
from sim.studies.robustness import RobustnessTest

LIMITS = Path(__file__).parents[1] / "LIMITS.md"
"""File with the limits of the model."""

HEADLINES: dict[str, Any] = {
    Comparison.kind: comparison_chapter.headline,
    Attribution.kind: attribution_chapter.headline,
    Equity.kind: equity_chapter.headline,
    RobustnessTest.kind: robustness_chapter.headline,
}
"""Headline of each kind of result, with which its chapter begins."""

REST = "Every sentence and table of this chapter"
"""Title of the fold with what a headline leaves out."""

PRINTED = ("design", "limits", "provenance")
"""Keys of the appendices that are open on paper: who reads a printed report needs them. The others are on the page only."""


def report_chapters(
    sources: Sequence[ReportSource[Any]], results: Sequence[Any], command: str, seed: int | None
) -> list[Chapter]:
    """Return all chapters of a report.

    Args:
        sources: of the results, in order
        results: the results themselves
        command: that makes the report again
        seed: of the run whose decisions are explained; None for no explanations

    Raises:
        InputError: decisions of scenarios made in Python are to be explained from a folder
    """
    main = next(result for result in results if isinstance(result, Comparison))
    whole = [result.chapter(title_of(result, result is main)) for result in results]
    notices, whole = without_notices(whole)
    short = [shortened(result, chapter) for result, chapter in zip(results, whole, strict=True)]
    national = "size" not in main.record
    facts, table = targets() if national else None, assumptions()
    opening = opening_chapter(
        main, notices, [result.kind for result in results],
        facts=facts, published=published() if national else None, assumptions=table, models=models(),
        averaged=averaged_answer() if national else [],
    )  # fmt: skip
    evidence_chapters = [arms_chapter(main), fit_chapter(main.frame, main.baseline, facts)]
    return [opening, short[0], *evidence_chapters, *short[1:], *_appendices(sources, results, command, seed)]


def averaged_answer() -> list[str]:
    """Return the answer over all averaged models: whether the backbone matters, when, and how much it adds."""
    claim, never = answer_sentences(headlines())
    return [f"**{claim}**", never, added_sentence(headlines(), len(models()))]


def _appendices(
    sources: Sequence[ReportSource[Any]], results: Sequence[Any], command: str, seed: int | None
) -> list[Chapter]:
    """Return the appendices, folded: design, reasons of decisions, assumptions, limits, references, provenance."""
    compared = [result for result in results if isinstance(result, Comparison)]
    measures = list(dict.fromkeys(name for each in compared for name in
                                  each.table.loc[each.table["by"] == OUTCOME, "outcome"]))  # fmt: skip
    records, table = {source.key: source.record for source in sources}, assumptions()
    made = {"command": command, "environment": environment()}
    chapters = [
        design(records, measures),
        *([] if seed is None else [explained(*scenarios_of(compared[0]), seed)]),
        evidence.assumptions(table),
        limits(LIMITS.read_text(encoding="utf-8")),
        evidence.references(references(), table["source"].unique().tolist()),
        evidence.provenance({source.name: source.record for source in sources}, made, package()),
    ]
    return [
        Chapter(each.key, each.title, [Folded("Show this appendix", each.blocks, each.key in PRINTED)])
        for each in chapters
    ]


def shortened(result: Any, chapter: Chapter) -> Chapter:
    """Return a chapter as its headline and its first figure, with the rest folded.

    Args:
        result: of a study
        chapter: of the result
    """
    drawing = next((block for block in chapter.blocks if isinstance(block, Drawing)), None)
    rest = [block for block in chapter.blocks if block is not drawing]
    shown = [*HEADLINES[result.kind](result), *([drawing] if drawing else [])]
    return Chapter(chapter.key, chapter.title, [*shown, Folded(REST, rest, False)])


def title_of(result: Any, main: bool) -> str | None:
    """Return the title of a result's chapter; None for its own title.

    Args:
        result: of a study
        main: whether it is the main comparison
    """
    if isinstance(result, Comparison):
        return f"Arms against the baseline{'' if main else f': {short_name(result.key)}'}"
    if isinstance(result, Attribution) and "game_name" not in result.record:  # of an earlier version
        return f"What each contributes: {short_name(result.key)}"
    return None


def short_name(key: str) -> str:
    """Return the name of a folder without that of its program.

    >>> short_name("compare-governance"), short_name("mine")
    ('governance', 'mine')
    """
    return key.partition("-")[2] or key


def scenarios_of(study: Comparison) -> tuple[Scenario, Scenario]:
    """Return the baseline of a comparison and its first arm.

    Raises:
        InputError: the comparison was read from a folder, and its scenarios were made in Python
    """
    if study.scenarios:
        return study.scenarios[0], study.scenarios[1]
    record = study.record
    if record.get("python_only"):
        raise InputError("the scenarios of the comparison were made in Python, so decisions cannot be explained from its "
                      "folder; pass the comparison itself, or `seed=None`")  # fmt: skip
    first, second = (scenario(str(name), overrides=record["set"]) for name in (record["baseline"], record["arms"][0]))
    return first, second
