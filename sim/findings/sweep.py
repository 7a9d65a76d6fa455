"""Findings of a sweep as sentences, never stronger than their intervals."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sim.analysis.clusters import clusters_in
from sim.analysis.doubling import Doubling, answered_in_all, probability, reached
from sim.analysis.effects import (
    SAME,
    THROUGH_DATES,
    THROUGH_STRENGTH,
    TOTAL,
    Estimate,
    arm_outcomes,
    complete_seeds,
    difference,
    effect_parts_by_seed,
    estimate_over,
    with_doubling,
)
from sim.analysis.examination_lag import FULL, MOVERS, TOO_EARLY, decided_in_time, policy_reach
from sim.analysis.sweep_grid import EMERGENT, FACILITATION, NEVER, timing_order, timings, with_dates
from sim.findings.interaction import MINUS, ON_TIME, InteractionQuestion, estimate_text, sentences
from sim.findings.opening import ANY_MODEL

DOUBLED = "doubled"

NEARLY = 0.95
"""Share of runs from which nearly all reach a goal; one minus this: nearly none."""


@dataclass(frozen=True)
class SweepFindings:
    """The runs and questions of a sweep.

    Args:
        frame: one row per run, emergent and held
        doublings: the goals with their deadlines, in the order of the maps
        headline: the goal that the sentences on facilitation and timing speak of
        question: the corners of the interaction
        record_point: facilitation and timing nearest to the record
        where: beginning of a claim: the model that was run
    """

    frame: pd.DataFrame
    doublings: tuple[Doubling, ...]
    headline: Doubling
    question: InteractionQuestion
    record_point: tuple[float, str]
    where: str = ANY_MODEL


def page_sentences(findings: SweepFindings) -> list[str]:
    """Return all sentences that the frame can answer, in the order of the page."""
    texts = [
        _record(findings),
        _without_policy(findings),
        *_common_answers(findings),
        _facilitation(findings),
        _ways(findings),
        _timing(findings),
    ]
    return [*filter(None, texts), *sentences(findings.frame, findings.question), *_arithmetic(findings)]


def _record(findings: SweepFindings) -> str:
    frame = with_dates(findings.frame)
    facilitation, timing = findings.record_point
    point = frame[((frame[FACILITATION] - facilitation).abs() < SAME) & (frame["timing"] == timing)]
    answered = [goal for goal in findings.doublings if answered_in_all(point, goal)]
    if point.empty or not answered:
        return ""
    where = f"Near the record (facilitation {facilitation:g}, windows as they were)"
    return f"{where}: {_chances(point, answered)}."


def _chances(point: pd.DataFrame, goals: list[Doubling]) -> str:
    """Return the shares of runs of a point that reach each goal, with intervals, as text."""
    parts = []
    for goal in goals:
        row = probability(point, [FACILITATION], reached(point, goal)).iloc[0]
        parts.append(f"{goal.brief} by {goal.by} in {row['p']:.0%} of runs ({row['low']:.0%} to {row['high']:.0%})")
    return "; ".join(parts)


def _without_policy(findings: SweepFindings) -> str:
    """Return a sentence on the weakest backbone without any policy window."""
    frame, weak = with_dates(findings.frame), findings.question.contrast.weak
    point = frame[((frame[FACILITATION] - weak).abs() < SAME) & (frame["timing"] == NEVER)]
    answered = [goal for goal in findings.doublings if answered_in_all(point, goal)]
    if point.empty or not answered:
        return ""
    return f"With facilitation {weak:g} and no window at all (never): {_chances(point, answered)}."


def _common_answers(findings: SweepFindings) -> list[str]:
    """Return a sentence for each goal that nearly all runs reach at every point, or nearly none at any point."""
    frame = with_dates(findings.frame)
    goals = [goal for goal in findings.doublings if answered_in_all(frame, goal)]
    return list(filter(None, (_common_answer(frame, goal) for goal in goals)))


def _common_answer(frame: pd.DataFrame, goal: Doubling) -> str:
    p = probability(frame, [FACILITATION, "timing"], reached(frame, goal))["p"]
    what = f"{goal.brief} by {goal.by}"
    if p.min() >= NEARLY:
        share = "every run" if p.min() == 1.0 else f"at least {p.min():.0%} of the runs"
        never = ", with windows or without (never)" if NEVER in timings(frame) else ""
        return (
            f"{share[0].upper()}{share[1:]} of every point reaches {what}{never}: other causes suffice for that, "
            "and facilitation and timing change only the year."
        )
    if p.max() <= 1.0 - NEARLY:
        share = "No run" if p.max() == 0.0 else f"At most {p.max():.0%} of the runs"
        return f"{share} of any point reaches {what}."
    return ""


def _facilitation(findings: SweepFindings) -> str:
    contrast = findings.question.contrast
    what = f"A backbone at {contrast.strong:g} instead of {contrast.weak:g}, windows as they were"
    return _change(facilitation_effect(findings), what, findings.headline)


def _timing(findings: SweepFindings) -> str:
    late = findings.question.late
    what = f"Windows {late} months later, facilitation {findings.record_point[0]:g}"
    return _change(timing_effect(findings), what, findings.headline)


def facilitation_effect(findings: SweepFindings) -> Estimate | None:
    """Return the effect of the strongest backbone in place of the weakest on the probability of the headline goal.

    Args:
        findings: of a sweep

    Returns:
        With the windows as they were [share of runs]; None if the runs end before the goal's deadline.
    """
    contrast = findings.question.contrast
    return _difference(findings, (contrast.strong, ON_TIME), (contrast.weak, ON_TIME))


def timing_effect(findings: SweepFindings) -> Estimate | None:
    """Return the effect of later windows on the probability of the headline goal, near the record's facilitation.

    Args:
        findings: of a sweep

    Returns:
        Change of the probability [share of runs]; None if no later windows were run, or the runs end too early.
    """
    late, facilitation = findings.question.late, findings.record_point[0]
    return None if late is None else _difference(findings, (facilitation, late), (facilitation, ON_TIME))


def _difference(findings: SweepFindings, one: tuple[float, str], other: tuple[float, str]) -> Estimate | None:
    frame = with_dates(findings.frame)
    if not answered_in_all(frame, findings.headline):
        return None
    flagged = with_doubling(frame.assign(dates=EMERGENT), reached(frame, findings.headline), DOUBLED)
    pair = [arm_outcomes(flagged, facilitation, timing, EMERGENT, DOUBLED) for facilitation, timing in (one, other)]
    both = pd.concat(pair, axis=1, join="inner")
    return difference(both.to_numpy(), clusters_in(frame, both.index))


def _change(estimate: Estimate | None, what: str, goal: Doubling) -> str:
    """Return a sentence on the effect of a change on a probability; empty if there are no pairs."""
    if estimate is None or not estimate.n:
        return ""
    verb = {1: "raises", -1: "lowers", 0: "has no clear effect on"}[estimate.sign]
    return f"{what}, {verb} the probability of {goal.brief} by {goal.by}: {points_text(estimate)}."


def points_text(estimate: Estimate) -> str:
    """Return a difference of probabilities in percentage points as text, signed, with its interval.

    >>> points_text(Estimate(0.89, 0.82, 0.95, 100))
    '+89 points (+82 to +95)'
    """
    ends = (
        format(round(100 * value) + 0, "+d").replace("-", MINUS)
        for value in (estimate.mean, estimate.low, estimate.high)
    )
    return "{} points ({} to {})".format(*ends)


def _ways(findings: SweepFindings) -> str:
    contrast = findings.question.contrast
    parts = complete_seeds(effect_parts_by_seed(findings.frame, contrast, ON_TIME))
    if THROUGH_DATES not in parts.columns or parts.empty:
        return ""
    total, dates, strength = (
        estimate_over(findings.frame, parts[name]) for name in (TOTAL, THROUGH_DATES, THROUGH_STRENGTH)
    )
    apart = estimate_over(findings.frame, parts[THROUGH_STRENGTH] - parts[THROUGH_DATES])
    verdict = {
        1: "more through strength",
        -1: "more through the dates",
        0: "it is not clear which of the two is larger",
    }
    return (
        f"In {findings.question.unit} that is {estimate_text(total)}: "
        f"{estimate_text(dates)} through the dates (the ministry decides at another time, or at all) and "
        f"{estimate_text(strength)} "
        "through strength (at the same dates); "
        f"{verdict[apart.sign]}."
    )


def _arithmetic(findings: SweepFindings) -> list[str]:
    frame = with_dates(findings.frame)
    parts = [_hidden(frame, deadline) for deadline in dict.fromkeys(goal.by for goal in findings.doublings)]
    notes = "; ".join(filter(None, parts))
    lead = "Arithmetic (marked corners): a decision cannot show before its students are examined. If it falls as dated"
    return [f"{lead}, {notes}."] if notes else []


def _hidden(frame: pd.DataFrame, deadline: int) -> str:
    available = [timing for timing in timings(frame) if timing != NEVER]
    early = [timing for timing in available if policy_reach(timing, deadline) == TOO_EARLY]
    movers = [timing for timing in available if policy_reach(timing, deadline) == MOVERS]
    notes = []
    if early:
        share = _share_in_time(frame, early, deadline, 1)
        notes.append(f"at {_range(early)} months no examination is under the policy ({share} decide sooner, in time)")
    if movers:
        share = _share_in_time(frame, movers, deadline, FULL)
        notes.append(
            f"at {_range(movers)} months only students already in grades 10-12 can move ({share} decide sooner)"
        )
    return f"by {deadline}, {', '.join(notes)}" if notes else ""


def _share_in_time(frame: pd.DataFrame, listed: list[str], deadline: int, examinations: int) -> str:
    runs = frame[frame["timing"].isin(listed)]
    return f"{decided_in_time(runs, deadline, examinations).mean():.0%} of runs"


def _range(listed: list[str]) -> str:
    months = [int(timing_order(timing)) for timing in listed]
    ordered = [f"{month:+d}".replace("-", MINUS) if month else "0" for month in months]
    return " to ".join(dict.fromkeys((ordered[0], ordered[-1]))) if ordered else ""
