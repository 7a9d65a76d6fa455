"""The page of a sweep, readable at the width of a README: the answer, two maps and one fan, with a sentence each."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.clusters import PARAMETER_SET, STRUCTURE
from sim.analysis.doubling import Doubling, answered_in_all, probability, reached
from sim.analysis.enrolment import last_year, published_counts
from sim.analysis.sweep_grid import EMERGENT, FACILITATION, facilitations, needs, timings, with_dates
from sim.figures import heat_maps as maps
from sim.figures import style
from sim.figures.opening import two_fans
from sim.figures.sweep import POINT, Choices
from sim.findings.interaction import ON_TIME, question_of
from sim.findings.opening import ANY_MODEL, ONE_MODEL
from sim.findings.sweep import SweepFindings
from sim.findings.sweep_answer import answer_sentence, fan_sentence, strength_sentence, timing_sentence

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 10.0, 9.6
"""Size of the page [inches]; every place below is in inches from the lower left corner."""

LETTERS = 56
"""Letters of a line of a sentence above a map."""


def sweep_page(
    frame: pd.DataFrame, published: pd.DataFrame, provenance: str = "", choices: Choices | None = None
) -> Figure:
    """Return the page; it names years that were not simulated.

    Args:
        frame: a row for each run: backbone.facilitation, timing, dates, seed, month_national, examinees_YEAR, share_YEAR
        published: `configs/data/targets.csv` as a frame, or columns year and value [students]
        provenance: version, commit and number of runs, for the foot of the page
        choices: goals, deadlines, rows

    Raises:
        InputError: the frame lacks a column or a complete examination year
    """
    needs(frame, [*POINT, "seed", "month_national"])
    choices = choices or Choices()
    frame = frame.assign(timing=frame["timing"].astype(str), dates=frame.get("dates", EMERGENT))
    findings = findings_of(frame, choices)
    first, second = map_goals(with_dates(frame), choices)
    with style.figure_style():
        figure = style.sheet(WIDTH, HEIGHT)
        answer = f"{choices.notice} {answer_sentence(findings)}".strip()
        _text(figure, 9.42, textwrap.fill(answer, 92), fontsize=12.5, fontweight="bold")
        _text(figure, 8.62, _basis(with_dates(frame), choices), fontsize=style.NORMAL, color=style.QUIET)
        _map(figure, 0.75, replace(findings, headline=first), ("A", strength_sentence))
        _map(figure, 5.65, replace(findings, headline=second), ("B", timing_sentence))
        _between(figure)
        _fan(figure, replace(findings, headline=first), published_counts(published))
        style.add_caption(figure, "\n".join(filter(None, [f"Published counts: {choices.sources}.", provenance])))
    return figure


def map_goals(emergent: pd.DataFrame, choices: Choices) -> list[Doubling]:
    """Return the goals of the two maps: of the doubling by its own and another deadline and the claim, those that runs answer.

    Args:
        emergent: a row for each run with the ministry free
        choices: goals and deadlines
    """
    goals = sorted(choices.goals[1:], key=lambda goal: goal.by != choices.doubling.by)
    goals.append(choices.claim)
    return sorted(goals, key=lambda goal: not answered_in_all(emergent, goal))[:2]


def findings_of(frame: pd.DataFrame, choices: Choices) -> SweepFindings:
    """Return the runs and questions of a sweep.

    Args:
        frame: a row for each run, with timing as text and the column dates
        choices: goals, deadlines, rows

    Raises:
        InputError: the frame lacks the recorded timing or a complete examination year
    """
    emergent = with_dates(frame)
    year = min(choices.judged or choices.doubling.by, last_year(emergent))
    question = question_of(emergent, f"examinees_{year}", year, choices.reference)
    of_one_model = choices.default_parameters and not {STRUCTURE, PARAMETER_SET} & {*frame}
    return SweepFindings(
        frame,
        choices.goals,
        choices.doubling,
        question,
        (choices.reference, ON_TIME),
        ONE_MODEL if of_one_model else ANY_MODEL,
    )


def _place(left: float, bottom: float, width: float, height: float) -> tuple[float, float, float, float]:
    return left / WIDTH, bottom / HEIGHT, width / WIDTH, height / HEIGHT


def _text(figure: Figure, top: float, text: str, left: float = 0.28, **properties: Any) -> None:
    figure.text(left / WIDTH, top / HEIGHT, text, va="top", linespacing=1.35, **properties)


def _basis(emergent: pd.DataFrame, choices: Choices) -> str:
    """Return the runs of the page and what its intervals cover, in a line or two."""
    counts = emergent.groupby(POINT).size()
    runs = f"{counts.min()}" if counts.min() == counts.max() else f"{counts.min()} to {counts.max()}"
    covered = "random variation only; parameters have their default values"
    if STRUCTURE in emergent:
        covered = "random variation, parameter sets and models"
    elif PARAMETER_SET in emergent or not choices.default_parameters:
        covered = "random variation and parameter sets"
    text = (
        f"Simulated 5x2 Initiative, {runs} runs in each cell. Upwards the backbone is stronger, rightwards policy comes later. "
        f"95% intervals cover {covered}. It is a statement about a model."
    )
    return textwrap.fill(text, 128)


def _map(
    figure: Figure, left: float, findings: SweepFindings, words: tuple[str, Callable[[SweepFindings], str]]
) -> None:
    """Draw the map of the headline goal, with its letter and its sentence above."""
    emergent, goal = with_dates(findings.frame), findings.headline
    _text(
        figure, 8.08, f"{words[0]}  Runs with {goal.brief} by {goal.by}", left, fontsize=style.LARGE, fontweight="bold"
    )
    _text(figure, 7.82, textwrap.fill(words[1](findings), LETTERS), left)
    ax = figure.add_axes(_place(left, 4.72, 4.1, 2.5))
    if answered_in_all(emergent, goal):
        maps.probability_map(probability(emergent, POINT, reached(emergent, goal)), ax, goal.by)
        maps.mark_case(ax, facilitations(emergent)[::-1], timings(emergent), findings.record_point)
    else:
        style.show_reason(ax, f"Not simulated: the runs end in {last_year(emergent, goal.of)}, before {goal.by}.")
    if left < WIDTH / 4:
        ax.set_ylabel("strength of the backbone [share of full hours]")


def _between(figure: Figure) -> None:
    """Write what both maps share: the axis along, the marks, and the content of a cell."""
    axis = "shift of the ministry's windows [months], and the month of the national decision so shifted"
    figure.text(0.5, 4.22 / HEIGHT, axis, ha="center", va="center", fontsize=style.NORMAL)
    late, partly, case = maps.arithmetic_legend()
    late.set_label("policy comes too late for any examination under it by then")
    partly.set_label("policy shows only in part by then (1 or 2 examinations)")
    place = (0.28 / WIDTH, 3.95 / HEIGHT)
    figure.legend(
        handles=[late, partly, case], loc="center left", bbox_to_anchor=place, borderaxespad=0, ncols=3,
        title="Cells: % of runs, below it the 95% interval.", title_fontsize=style.SMALL, alignment="left",
        handlelength=2.2, handleheight=1.3, columnspacing=1.6,
    )  # fmt: skip


def _fan(figure: Figure, findings: SweepFindings, published: pd.DataFrame) -> None:
    """Draw examinees by year with the strongest and the weakest backbone, with a sentence above."""
    emergent, contrast = with_dates(findings.frame), findings.question.contrast
    on_time = emergent[emergent["timing"] == ON_TIME]
    runs = {
        f"strength {value:g}": on_time[on_time[FACILITATION] == value] for value in (contrast.strong, contrast.weak)
    }
    title = "C  Examinees by year, windows as they were [students]"
    _text(figure, 3.58, title, fontsize=style.LARGE, fontweight="bold")
    _text(figure, 3.32, textwrap.fill(fan_sentence(findings), 122))
    ax = figure.add_axes(_place(0.75, 0.88, 7.9, 1.98))
    two_fans(runs, ax, published)
    ax.set_ylabel("")
    note = "lines: median; bands: middle 90% of runs; dots: published counts"
    ax.annotate(note, (0.01, 0.04), xycoords="axes fraction", fontsize=style.SMALL, color=style.QUIET)
