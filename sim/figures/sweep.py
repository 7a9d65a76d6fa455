"""The appendix of a sweep: every map, fan and contrast over backbone facilitation and policy timing."""

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
    """Goals, deadlines and rows that the page shows.

    Args:
        claim: goal of the first map
        doubling: goal of the other maps, by its own deadline and by another
        beside: candidates for the other deadline; the first that is not the doubling's own is taken [school years]
        shown: facilitations of the fans, weakest first; the nearest simulated ones are taken [share]
        reference: facilitation of the arm whose dates the held arms keep, also the one nearest to the record [share]
        judged: year in which effects are counted; None: the doubling's deadline; at most the last simulated year
        sources: of the published counts, for the foot of the page
        default_parameters: true if every run has the parameters of one model at their defaults
        notice: sentence above the answer, for a sweep that lacks runs
    """

    claim: Doubling = CLAIM
    doubling: Doubling = field(default_factory=Doubling)
    beside: tuple[int, int] = (2018, 2020)
    shown: tuple[float, ...] = (0.0, 0.4, 0.8, 1.0)
    reference: float = REFERENCE
    judged: int | None = None
    sources: str = "5x2 case chapter; Haaretz 2015; ynet 2014; JPost 2016; Trump Foundation (configs/data/targets.csv)"
    default_parameters: bool = True
    notice: str = ""

    @property
    def goals(self) -> tuple[Doubling, ...]:
        """The three goals, each with its deadline, the doubling's in order."""
        other = next(year for year in self.beside if year != self.doubling.by)
        return (self.claim, *(self.doubling.until(year) for year in sorted((self.doubling.by, other))))


def sweep_appendix(
    frame: pd.DataFrame, published: pd.DataFrame, provenance: str = "", choices: Choices | None = None
) -> Figure:
    """Return the sheet of all maps, fans, contrasts and findings; it names years that were not simulated.

    Args:
        frame: a row for each run: backbone.facilitation, timing, dates, seed, month_national, examinees_YEAR, share_YEAR
        published: `configs/data/targets.csv` as a frame, or columns year and value [students]
        provenance: version, commit, date and number of runs, for the foot of the page
        choices: goals, deadlines, rows

    Raises:
        InputError: the frame lacks a column or a complete examination year
    """
    needs(frame, [*POINT, "seed", "month_national"])
    choices = choices or Choices()
    frame = frame.assign(timing=frame["timing"].astype(str), dates=frame.get("dates", EMERGENT))
    emergent = with_dates(frame)
    year = min(choices.judged or choices.doubling.by, last_year(emergent))
    question = question_of(emergent, f"examinees_{year}", year, choices.reference)
    with style.figure_style():
        figure = style.sheet(WIDTH, HEIGHT)
        _head(figure, emergent)
        _maps(figure, emergent, choices)
        _years(figure, emergent, choices)
        _map_legend(figure)
        _fans(figure, yearly(emergent, [*POINT, "seed"]), published_counts(published), choices, question)
        _interaction(figure, frame, question)
        _findings(figure, SweepFindings(frame, choices.goals, choices.doubling, question, (choices.reference, ON_TIME)))
        style.add_caption(figure, "\n".join(filter(None, [f"Published counts: {choices.sources}.", provenance])))
    return figure


def _inches(left: float, bottom: float, width: float, height: float) -> tuple[float, float, float, float]:
    return left / WIDTH, bottom / HEIGHT, width / WIDTH, height / HEIGHT


def _write(figure: Figure, left: float, bottom: float, text: str, **properties: Any) -> None:
    figure.text(left / WIDTH, bottom / HEIGHT, text, **properties)


def _legend(figure: Figure, left: float, bottom: float, handles: list[Any], **properties: Any) -> None:
    corner = (left / WIDTH, bottom / HEIGHT)
    figure.legend(
        handles=handles, loc="center left", bbox_to_anchor=corner, borderaxespad=0, ncols=len(handles), **properties
    )


def _head(figure: Figure, emergent: pd.DataFrame) -> None:
    title = "Does enrolment in advanced mathematics double? Backbone facilitation \N{MULTIPLICATION SIGN} policy timing"
    seeds = emergent.groupby(POINT).size()
    runs = f"{seeds.min()}" if seeds.min() == seeds.max() else f"{seeds.min()} to {seeds.max()}"
    uncertainty = (
        "random variation, parameter sets and models"
        if STRUCTURE in emergent
        else "random variation and the parameter sets that runs share"
        if PARAMETER_SET in emergent
        else ("random variation only; parameters have their default values")
    )
    subtitle = (
        f"Agent-based simulation of the 5x2 Initiative: {len(facilitations(emergent))} strengths of the backbone, "
        f"{len(timings(emergent))} timings, {runs} runs a point; within its windows (months after a change of leaders) "
        "the ministry is free to act or not.\n"
        "Examinees sit five units of mathematics, the highest level, in grade 12. All intervals are 95% and cover "
        f"{uncertainty}; each stands for itself."
    )
    _write(figure, 0.42, 11.36, title, fontsize=style.TITLE, fontweight="bold", va="center")
    _write(figure, 0.42, 11.1, subtitle, fontsize=style.NORMAL, color=style.QUIET, va="top", linespacing=1.4)


def _maps(figure: Figure, emergent: pd.DataFrame, choices: Choices) -> None:
    for number, goal in enumerate(choices.goals):
        ax = figure.add_axes(_inches(0.85 + 3.9 * number, 6.98, 3.6, 3.1))
        title = f"{goal.brief[0].upper()}{goal.brief[1:]} by {goal.by}"
        style.add_heading(ax, "ABC"[number], title, "runs that reach it, 95% interval below [%]")
        if answered_in_all(emergent, goal):
            maps.probability_map(probability(emergent, POINT, reached(emergent, goal)), ax, goal.by)
            maps.mark_case(ax, facilitations(emergent)[::-1], timings(emergent), (choices.reference, ON_TIME))
        else:
            style.show_reason(ax, f"Not simulated: the runs end in {last_year(emergent, goal.of)}, before {goal.by}.")
        if number == 0:
            ax.set_ylabel("backbone facilitation [share of full hours]")


def _years(figure: Figure, emergent: pd.DataFrame, choices: Choices) -> None:
    goal = choices.goals[-1]
    goal = goal if answered_in_all(emergent, goal) else goal.until(last_year(emergent, goal.of))
    ax = figure.add_axes(_inches(12.55, 6.98, 3.6, 3.1))
    style.add_heading(ax, "D", "Years from decision to doubling", "mean, 95% interval, share of runs included")
    maps.years_map(years_to_doubling(emergent, POINT, goal), ax)
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
    simulated = np.array(facilitations(long))
    facilitation_levels = list(
        dict.fromkeys(float(simulated[np.abs(simulated - value).argmin()]) for value in choices.shown)
    )
    _write(figure, 0.42, 5.75, "E  Examinees by year [students]", fontsize=style.LARGE, fontweight="bold", va="center")
    _legend(figure, 3.75, 5.75, fans.fan_legend(style.BLUE), columnspacing=1.2)
    panels: list[Axes] = []
    for row, timing in enumerate(filter(None, (ON_TIME, question.late))):
        for column, facilitation in enumerate(facilitation_levels):
            place = _inches(
                1.05 + 7.85 / len(facilitation_levels) * column,
                3.2 - 2.3 * row,
                7.85 / len(facilitation_levels) - 0.12,
                2.05,
            )
            first = panels[0] if panels else None
            ax = figure.add_axes(place, sharex=first, sharey=first)
            fans.fan(long[(long[FACILITATION] == facilitation) & (long["timing"] == timing)], ax, "examinees")
            fans.draw_published(published, ax)
            _finish(ax, (row, column), (facilitation, timing), choices)
            panels.append(ax)
    panels[0].set_ylim(0, panels[0].get_ylim()[1])


def _finish(ax: Axes, place: tuple[int, int], point: tuple[float, str], choices: Choices) -> None:
    goals = (choices.claim, choices.doubling)
    levels = {goal.brief: goal.level for goal in goals if goal.of == "count" and goal.level}
    fans.draw_levels(ax, levels, labelled=place == (0, 0))
    month = decision_month(point[1])
    if month is not None:
        fans.draw_policy_line(ax, first_year(month) - 0.5, labelled=place[1] == 0)
    if place[0] == 0:
        ax.set_title(f"facilitation {point[0]:g}", fontsize=style.NORMAL, loc="left", pad=4)
    if place[1] == 0:
        shift = maps.timing_label(point[1]).splitlines()[0]
        ax.set_ylabel("recorded windows" if point[1] == ON_TIME else f"windows {shift} months")
    ax.grid(axis="y", color=style.GROUND)
    style.thousands(ax.yaxis)
    ax.locator_params(axis="x", integer=True, nbins=5)
    ax.tick_params(labelleft=place[1] == 0, length=2)


def _interaction(figure: Figure, frame: pd.DataFrame, question: InteractionQuestion) -> None:
    contrast, year = question.contrast, question.contrast.outcome.rsplit("_", 1)[-1]
    ax = figure.add_axes(_inches(9.95, 4.05, 2.95, 1.3))
    title = f"Facilitation {contrast.strong:g} minus {contrast.weak:g}"
    style.add_heading(ax, "F", title, f"examinees of {year}, mean and interval, by shift [months]")
    contrasts.effects_by_timing(effect_by_timing(frame, contrast), ax)
    _legend(figure, 9.45, 3.64, contrasts.parts_legend())
    interactions = interaction(frame, question)
    ax = figure.add_axes(_inches(14.5, 4.05, 1.65, 1.3))
    early = str(question.early).lstrip("-")
    labels = {
        RESCUE: f"{question.late} months late\n(above 0: rescue)",
        WASTE: f"{early} months early\n(above 0: waste)",
    }
    style.add_heading(ax, "G", "Does timing change F?", "F at another timing minus F at 0 [examinees]", 76)
    if interactions.empty:
        return style.show_reason(ax, "Neither earlier nor later windows were simulated.")
    contrasts.effects_by_question(interactions.assign(question=interactions["question"].map(labels)), ax)


def _findings(figure: Figure, reading: SweepFindings) -> None:
    _write(figure, 9.45, 3.36, "Findings", fontsize=style.LARGE, fontweight="bold", va="center")
    style.bullet_list(figure.add_axes(_inches(9.45, 0.62, 6.75, 2.6)), page_sentences(reading))
