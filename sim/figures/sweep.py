"""The page of the main job: does enrolment double, over backbone facilitation and policy timing?"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.clusters import PARAMETER_SET, STRUCTURE
from sim.analysis.doubling import CLAIM, Doubling, answered_in_all, probability, reached, years_to_doubling
from sim.analysis.effects import REFERENCE, effect_by_timing
from sim.analysis.enrolment import last_year, published_counts, yearly
from sim.analysis.sweep_grid import (
    EMERGENT,
    FACILITATION,
    decision_month,
    facilitations,
    first_year,
    needs,
    timings,
    with_dates,
)
from sim.figures import effects as contrasts
from sim.figures import fans, style
from sim.figures import heat_maps as maps
from sim.findings.interaction import ON_TIME, RESCUE, WASTE, InteractionQuestion, interaction, question_of
from sim.findings.sweep import SweepFindings, page_sentences

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 16.5, 11.7
"""A3, landscape [inches]; every place below is in inches from the lower left corner."""

POINT = [FACILITATION, "timing"]


@dataclass(frozen=True)
class Choices:
    """What the page shows.

    Args:
        claim: the goal of the first map
        doubling: the goal of the others, by its own deadline and by another
        beside: the other deadline, the first of these that is not the doubling's own [school years]
        shown: facilitations of the fans, weakest first; the nearest that were run are taken [share]
        reference: facilitation of the arm whose dates the held arms keep, also the one nearest to the record [share]
        judged: the year in which effects are counted, None for the doubling's deadline; the last simulated if before it
        sources: of the published counts, for the foot of the page
    """

    claim: Doubling = CLAIM
    doubling: Doubling = field(default_factory=Doubling)
    beside: tuple[int, int] = (2018, 2020)
    shown: tuple[float, ...] = (0.0, 0.4, 0.8, 1.0)
    reference: float = REFERENCE
    judged: int | None = None
    sources: str = "5x2 case chapter; Haaretz 2015; ynet 2014; JPost 2016; Trump Foundation (configs/data/targets.csv)"

    @property
    def goals(self) -> tuple[Doubling, ...]:
        """The three goals, each with its deadline, the doubling's in order."""
        other = next(year for year in self.beside if year != self.doubling.by)
        return (self.claim, *(self.doubling.until(year) for year in sorted((self.doubling.by, other))))


def sweep_page(
    frame: pd.DataFrame, published: pd.DataFrame, provenance: str = "", choices: Choices | None = None
) -> Figure:
    """Return the whole page.

    Args:
        frame: a row a run: backbone.facilitation, timing, dates, seed, month_national, examinees_YEAR, share_YEAR
        published: `configs/data/targets.csv` as a frame, or columns year and value [students]
        provenance: how the frame was made: version, commit, date, number of runs
        choices: goals, deadlines, rows shown

    Raises InputError when the frame lacks a column or a complete examination year; years that were not simulated are
    said on the page.
    """
    needs(frame, [*POINT, "seed", "month_national"])
    choices = choices or Choices()
    frame = frame.assign(timing=frame["timing"].astype(str), dates=frame.get("dates", EMERGENT))
    free = with_dates(frame)
    judged = min(choices.judged or choices.doubling.by, last_year(free))
    question = question_of(free, f"examinees_{judged}", judged, choices.reference)
    with style.applied():
        figure = style.sheet(WIDTH, HEIGHT)
        _head(figure, free)
        _maps(figure, free, choices)
        _years(figure, free, choices)
        _map_legend(figure)
        _fans(figure, yearly(free, [*POINT, "seed"]), published_counts(published), choices, question)
        _interaction(figure, frame, question)
        _says(figure, SweepFindings(frame, choices.goals, choices.doubling, question, (choices.reference, ON_TIME)))
        style.caption(figure, "\n".join(filter(None, [f"Published counts: {choices.sources}.", provenance])))
    return figure


def _inches(left: float, bottom: float, width: float, height: float) -> tuple[float, float, float, float]:
    return left / WIDTH, bottom / HEIGHT, width / WIDTH, height / HEIGHT


def _write(figure: Figure, left: float, bottom: float, text: str, **looks: Any) -> None:
    figure.text(left / WIDTH, bottom / HEIGHT, text, **looks)


def _legend(figure: Figure, left: float, bottom: float, handles: list[Any], **looks: Any) -> None:
    corner = (left / WIDTH, bottom / HEIGHT)
    figure.legend(
        handles=handles, loc="center left", bbox_to_anchor=corner, borderaxespad=0, ncols=len(handles), **looks
    )


def _head(figure: Figure, free: pd.DataFrame) -> None:
    title = "Does enrolment in advanced mathematics double? Backbone facilitation \N{MULTIPLICATION SIGN} policy timing"
    seeds = free.groupby(POINT).size()
    each = f"{seeds.min()}" if seeds.min() == seeds.max() else f"{seeds.min()} to {seeds.max()}"
    cover = (
        "the luck of the runs, parameter sets and models"
        if STRUCTURE in free
        else "the luck of the runs and the parameter sets that they share"
        if PARAMETER_SET in free
        else ("the luck of the runs only, not the uncertainty of parameters, which stand at their defaults")
    )
    second = (
        f"Agent-based simulation of the 5x2 Initiative: {len(facilitations(free))} strengths of the backbone, "
        f"{len(timings(free))} timings, {each} runs a point; within its windows (months after a change of leaders) "
        "the ministry is free to act or not.\n"
        "Examinees sit five units of mathematics, the highest level, in grade 12. All intervals are 95% and cover "
        f"{cover}; each stands for itself."
    )
    _write(figure, 0.42, 11.36, title, fontsize=style.TITLE, fontweight="bold", va="center")
    _write(figure, 0.42, 11.1, second, fontsize=style.NORMAL, color=style.QUIET, va="top", linespacing=1.4)


def _maps(figure: Figure, free: pd.DataFrame, choices: Choices) -> None:
    for number, goal in enumerate(choices.goals):
        ax = figure.add_axes(_inches(0.85 + 3.9 * number, 6.98, 3.6, 3.1))
        title = f"{goal.brief[0].upper()}{goal.brief[1:]} by {goal.by}"
        style.headed(ax, "ABC"[number], title, "runs that get there, 95% interval below [%]")
        if answered_in_all(free, goal):
            maps.probability_map(probability(free, POINT, reached(free, goal)), ax, goal.by)
            maps.mark_case(ax, facilitations(free)[::-1], timings(free), (choices.reference, ON_TIME))
        else:
            style.unanswered(ax, f"Not simulated: the runs end in {last_year(free, goal.of)}, before {goal.by}.")
        if number == 0:
            ax.set_ylabel("backbone facilitation [share of full hours]")


def _years(figure: Figure, free: pd.DataFrame, choices: Choices) -> None:
    goal = choices.goals[-1]
    goal = goal if answered_in_all(free, goal) else goal.until(last_year(free, goal.of))
    ax = figure.add_axes(_inches(12.55, 6.98, 3.6, 3.1))
    style.headed(ax, "D", "Years from decision to doubling", "mean, 95% interval, share of runs that it speaks of")
    maps.years_map(years_to_doubling(free, POINT, goal), ax)
    text = (
        f"C counts all runs that double; D only those that get to {goal.brief} by {goal.by} after a national decision of "
        f"their own. Grey: fewer than {maps.FEW:.0%} do, the share alone is given. No interval: all took as long."
    )
    _write(figure, 12.55, 6.56, textwrap.fill(text, 64), fontsize=style.SMALL, color=style.QUIET, va="top")


def _map_legend(figure: Figure) -> None:
    text = "shift of the ministry's windows [months], and the recorded month of the national decision so shifted"
    _write(figure, 6.5, 6.5, text, fontsize=style.NORMAL, ha="center", va="center")
    _legend(figure, 0.42, 6.2, maps.arithmetic_legend(), handlelength=2.4, handleheight=1.4, columnspacing=1.6)


def _fans(
    figure: Figure, long: pd.DataFrame, published: pd.DataFrame, choices: Choices, question: InteractionQuestion
) -> None:
    found = np.array(facilitations(long))
    shown = list(dict.fromkeys(float(found[np.abs(found - value).argmin()]) for value in choices.shown))
    _write(figure, 0.42, 5.75, "E  Examinees by year [students]", fontsize=style.LARGE, fontweight="bold", va="center")
    _legend(figure, 3.75, 5.75, fans.fan_legend(style.BLUE), columnspacing=1.2)
    drawn: list[Axes] = []
    for row, timing in enumerate(filter(None, (ON_TIME, question.late))):
        for column, facilitation in enumerate(shown):
            place = _inches(1.05 + 7.85 / len(shown) * column, 3.2 - 2.3 * row, 7.85 / len(shown) - 0.12, 2.05)
            first = drawn[0] if drawn else None
            ax = figure.add_axes(place, sharex=first, sharey=first)
            fans.fan(long[(long[FACILITATION] == facilitation) & (long["timing"] == timing)], ax, "examinees")
            fans.published_points(published, ax)
            _dress(ax, (row, column), (facilitation, timing), choices)
            drawn.append(ax)
    drawn[0].set_ylim(0, drawn[0].get_ylim()[1])


def _dress(ax: Axes, place: tuple[int, int], point: tuple[float, str], choices: Choices) -> None:
    goals = (choices.claim, choices.doubling)
    levels = {goal.brief: goal.level for goal in goals if goal.of == "count" and goal.level}
    fans.level_lines(ax, levels, labelled=place == (0, 0))
    month = decision_month(point[1])
    if month is not None:
        fans.policy_line(ax, first_year(month) - 0.5, labelled=place[1] == 0)
    if place[0] == 0:
        ax.set_title(f"facilitation {point[0]:g}", fontsize=style.NORMAL, loc="left", pad=4)
    if place[1] == 0:
        shift = maps.named(point[1]).splitlines()[0]
        ax.set_ylabel("windows as they were" if point[1] == ON_TIME else f"windows {shift} months")
    ax.grid(axis="y", color=style.GROUND)
    style.thousands(ax.yaxis)
    ax.locator_params(axis="x", integer=True, nbins=5)
    ax.tick_params(labelleft=place[1] == 0, length=2)


def _interaction(figure: Figure, frame: pd.DataFrame, question: InteractionQuestion) -> None:
    contrast, year = question.contrast, question.contrast.outcome.rsplit("_", 1)[-1]
    ax = figure.add_axes(_inches(9.95, 4.05, 2.95, 1.3))
    title = f"What facilitation {contrast.strong:g} adds to {contrast.weak:g}"
    style.headed(ax, "F", title, f"examinees of {year}, mean and interval, by shift [months]")
    contrasts.effects_by_timing(effect_by_timing(frame, contrast), ax)
    _legend(figure, 9.45, 3.64, contrasts.parts_legend())
    found = interaction(frame, question)
    ax = figure.add_axes(_inches(14.5, 4.05, 1.65, 1.3))
    early = str(question.early).lstrip("-")
    labels = {
        RESCUE: f"{question.late} months late\n(above 0: rescue)",
        WASTE: f"{early} months early\n(above 0: waste)",
    }
    style.headed(ax, "G", "Does timing change F?", "F at another timing, less F at 0 [examinees]", 76)
    if found.empty:
        return style.unanswered(ax, "Neither earlier nor later windows were run.")
    contrasts.effects_by_question(found.assign(question=found["question"].map(labels)), ax)


def _says(figure: Figure, reading: SweepFindings) -> None:
    _write(figure, 9.45, 3.36, "What the page says", fontsize=style.LARGE, fontweight="bold", va="center")
    style.bulleted(figure.add_axes(_inches(9.45, 0.62, 6.75, 2.6)), page_sentences(reading))
