"""Findings on the interaction of facilitation and timing: rescue of late policy, waste of early policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.analysis.clusters import clusters_in
from sim.analysis.effects import (
    PARTS,
    THROUGH_DATES,
    THROUGH_STRENGTH,
    TOTAL,
    Contrast,
    Estimate,
    arm_outcomes,
    complete_seeds,
    effect_parts_by_seed,
    estimate_over,
    part_estimates,
)
from sim.analysis.examination_lag import CHOOSERS, KINDS, policy_reach
from sim.analysis.sweep_grid import EMERGENT, NEVER, facilitations, timing_order, timings
from sim.errors import InputError

RESCUE, WASTE = "rescue of late policy", "waste of early policy"

MINUS = "\N{MINUS SIGN}"

ON_TIME = "0"
"""The recorded timing."""


@dataclass(frozen=True)
class InteractionQuestion:
    """The four corners of the interaction.

    Args:
        contrast: a strong and a weak backbone, the outcome, and the reference arm
        early: timing before the recorded one; None if none was run
        late: timing after it; None if none was run
        unit: of the outcome, for sentences
    """

    contrast: Contrast
    early: str | None
    late: str | None
    unit: str = "examinees"


def question_of(frame: pd.DataFrame, outcome: str, year: int, reference: float) -> InteractionQuestion:
    """Return the question for a frame: strongest and weakest facilitation, earliest timing, and latest useful timing.

    Late is the latest timing under which three cohorts are examined by `year`, so that the answer is not arithmetic; else
    the earliest of the late timings.

    Args:
        frame: one row per run
        outcome: column
        year: of the outcome
        reference: facilitation of the reference arm [share]

    Raises:
        InputError: the frame lacks the recorded timing
    """
    values, available = facilitations(frame), [timing for timing in timings(frame) if timing != NEVER]
    if ON_TIME not in available:
        raise InputError(f"the interaction needs the timing {ON_TIME}; the runs have {', '.join(available)}")
    early = [timing for timing in available if timing_order(timing) < 0]
    late = [timing for timing in available if timing_order(timing) > 0]
    shows = [timing for timing in late if KINDS.index(policy_reach(timing, year)) >= KINDS.index(CHOOSERS)]
    contrast = Contrast(outcome, values[-1], values[0], reference)
    return InteractionQuestion(
        contrast, next(iter(early), None), next(iter(shows[-1:] or late), None), f"examinees of {year}"
    )


def interaction(frame: pd.DataFrame, question: InteractionQuestion) -> pd.DataFrame:
    """Return differences in differences: the effect of a strong backbone under another timing, less its effect on time.

    Rescue is strong less weak when late, less the same on time: above zero, delay costs less with a strong backbone. Waste is
    strong less weak when early, less the same on time: above zero, early policy brings less with a weak backbone.

    Returns:
        columns question, timing, part, effect, low, high (bootstrap over seeds, 95%) [outcome's unit], n [seeds]
    """
    rows = []
    for name, timing in timings_by_question(question):
        by_seed = differences(frame, question.contrast, timing)
        parts = complete_seeds(by_seed)
        rows += [(name, timing, *row) for row in part_estimates(parts, clusters_in(frame, parts.index))]
    return pd.DataFrame(rows, columns=["question", "timing", "part", "effect", "low", "high", "n"])


def timings_by_question(question: InteractionQuestion) -> list[tuple[str, str]]:
    """Return the questions that can be answered, each with its timing."""
    pairs = ((RESCUE, question.late), (WASTE, question.early))
    return [(name, timing) for name, timing in pairs if timing is not None]


def differences(frame: pd.DataFrame, contrast: Contrast, timing: str) -> pd.DataFrame:
    """Return strong less weak under a timing, less the same on time; index seed, columns PARTS."""
    return (effect_parts_by_seed(frame, contrast, timing) - effect_parts_by_seed(frame, contrast, ON_TIME)).dropna(
        subset=[TOTAL]
    )


def timing_effect(frame: pd.DataFrame, contrast: Contrast, facilitation: float, timing: str) -> Estimate:
    """Return the effect of a timing on the outcome at one facilitation, against the recorded timing [outcome's unit]."""
    shifted, on_time = (
        arm_outcomes(frame, facilitation, name, EMERGENT, contrast.outcome) for name in (timing, ON_TIME)
    )
    return estimate_over(frame, shifted - on_time)


def sentences(frame: pd.DataFrame, question: InteractionQuestion) -> list[str]:
    """Return a sentence for each question, never stronger than its interval."""
    table = interaction(frame, question)
    return [_sentence(frame, question, name, timing, table) for name, timing in timings_by_question(question)]


def _sentence(frame: pd.DataFrame, question: InteractionQuestion, name: str, timing: str, table: pd.DataFrame) -> str:
    rows = table[table["question"] == name].set_index("part")
    if rows.empty:
        return f"{name.capitalize()}: not answered, since its runs are missing."
    costs = {value: timing_effect(frame, question.contrast, value, timing) for value in _pair(question.contrast)}
    verdict = (rescue_sentence if name == RESCUE else waste_sentence)(costs, question, estimate_of_row(rows.loc[TOTAL]))
    ending = _crossed_sentence(frame, question) if name == RESCUE else ""
    return f"{verdict} {_parts_sentence(rows)} {ending}".strip()


def _pair(contrast: Contrast) -> tuple[float, float]:
    return contrast.weak, contrast.strong


def estimate_of_row(row: Any) -> Estimate:
    """Return the estimate in a row with effect, low, high, n."""
    return Estimate(float(row["effect"]), float(row["low"]), float(row["high"]), int(row["n"]))


def estimate_text(estimate: Estimate, unit: str = "") -> str:
    """Return an estimate with its interval as text: signed, whole from 10, else with two decimals."""
    size = max((abs(value) for value in (estimate.mean, estimate.low, estimate.high) if value == value), default=0.0)
    form = "+,.0f" if size >= 10 else "+.2f"
    mean, low, high = (
        format(value, form).replace("-", MINUS) for value in (estimate.mean, estimate.low, estimate.high)
    )
    return f"{mean} {unit} ({low} to {high})" if unit else f"{mean} ({low} to {high})"


def rescue_sentence(costs: dict[float, Estimate], question: InteractionQuestion, beyond: Estimate) -> str:
    """Return a sentence on the rescue of late policy by a strong backbone, no stronger than its interval."""
    weak, strong = (costs[value] for value in _pair(question.contrast))
    lead = "Does a strong backbone rescue late policy? "
    lead += f"Windows {question.late} months later bring {_both_text(costs, question)}:"
    if beyond.sign > 0 and weak.sign < 0:
        part = "part" if strong.sign < 0 else "at least part"
        return f"{lead} a strong backbone rescues {part} of the loss, {estimate_text(beyond)}."
    if beyond.sign > 0:
        return f"{lead} a strong backbone fares better by {estimate_text(beyond)}, but a loss of a weak one is not certain."
    if beyond.sign < 0:
        return f"{lead} no, a strong backbone loses more by delay than a weak one, {estimate_text(beyond)}."
    return f"{lead} it is not clear, {estimate_text(beyond)}."


def waste_sentence(costs: dict[float, Estimate], question: InteractionQuestion, beyond: Estimate) -> str:
    """Return a sentence on the waste of early policy with a weak backbone, no stronger than its interval."""
    _, strong = (costs[value] for value in _pair(question.contrast))
    lead = "Is early policy wasted on a weak backbone? "
    lead += f"Windows {str(question.early).lstrip('-')} months earlier bring {_both_text(costs, question)}:"
    if beyond.sign > 0 and strong.sign > 0:
        return f"{lead} part of what early policy brings a strong backbone is wasted on a weak one, {estimate_text(beyond)}."
    if beyond.sign > 0:
        return f"{lead} early policy does a weak backbone less good than a strong one, {estimate_text(beyond)}."
    if beyond.sign < 0:
        return f"{lead} no, early policy brings a weak backbone more than a strong one, {estimate_text(beyond)}."
    return f"{lead} it is not clear, {estimate_text(beyond)}."


def _both_text(costs: dict[float, Estimate], question: InteractionQuestion) -> str:
    contrast = question.contrast
    weak, strong = estimate_text(costs[contrast.weak], question.unit), estimate_text(costs[contrast.strong])
    return f"{weak} at facilitation {contrast.weak:g} and {strong} at {contrast.strong:g}"


def _parts_sentence(rows: pd.DataFrame) -> str:
    if not set(PARTS) <= set(rows.index):
        return "(The parts are not known, since no runs have held dates.)"
    dates, strength = estimate_of_row(rows.loc[THROUGH_DATES]), estimate_of_row(rows.loc[THROUGH_STRENGTH])
    return f"Through the dates {estimate_text(dates)}, through strength {estimate_text(strength)}."


def strong_late_less_weak_on_time(frame: pd.DataFrame, question: InteractionQuestion) -> Estimate:
    """Return a strong backbone with late policy less a weak one with policy on time [outcome's unit]."""
    contrast = question.contrast
    late = arm_outcomes(frame, contrast.strong, str(question.late), EMERGENT, contrast.outcome)
    return estimate_over(frame, late - arm_outcomes(frame, contrast.weak, ON_TIME, EMERGENT, contrast.outcome))


def _crossed_sentence(frame: pd.DataFrame, question: InteractionQuestion) -> str:
    estimate = strong_late_less_weak_on_time(frame, question)
    where = {1: "above", -1: "below", 0: "not certainly above or below"}[estimate.sign]
    return f"A strong backbone with late windows ends {where} a weak one on time, {estimate_text(estimate)}."
