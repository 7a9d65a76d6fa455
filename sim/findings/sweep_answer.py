"""The answer of a sweep in a sentence, and a sentence for each panel of its page, never stronger than their intervals."""

from __future__ import annotations

from sim.analysis.doubling import Doubling, answered_in_all, probability, reached
from sim.analysis.effects import SAME, Estimate
from sim.analysis.sweep_grid import FACILITATION, NEVER, with_dates
from sim.findings.interaction import ON_TIME
from sim.findings.numbers import FEW
from sim.findings.sweep import SweepFindings, facilitation_effect, points_text, timing_effect

MATTERS = {
    1: "{where} the backbone matters for doubling by {by}",
    -1: "{where} a stronger backbone makes doubling by {by} rarer",
    0: "These runs cannot tell whether the backbone matters for doubling by {by}",
}
"""Claim on the backbone in a model and a year, by the sign of its effect."""

LATER = {
    1: "later policy makes it more frequent",
    -1: "later policy makes it rarer",
    0: "whether later policy matters for it is open",
}
"""Claim on timing, by the sign of its effect."""


def answer_sentence(findings: SweepFindings) -> str:
    """Return whether the backbone matters, and when, in one or two sentences.

    Args:
        findings: of a sweep; their `headline` is the goal of the sentence
    """
    strength, late = facilitation_effect(findings), timing_effect(findings)
    seeds = int(findings.frame["seed"].nunique())
    first = f"A first look ({seeds} seeds): " if seeds < FEW else ""
    if strength is None or not strength.n:
        return f"These runs end before {findings.headline.by}, so they cannot tell whether enrolment doubles."
    clauses = [
        MATTERS[strength.sign].format(by=findings.headline.by, where=findings.where),
        *([LATER[late.sign]] if late is not None and late.n else []),
    ]
    begins = "; ".join(clauses)
    begins = f"{first}{begins[:1].lower()}{begins[1:]}" if first else begins
    return " ".join(filter(None, (f"{begins}.", without_policy(findings))))


def without_policy(findings: SweepFindings) -> str:
    """Return the share of runs that reach the goal if no window ever comes; empty if that was not run.

    Args:
        findings: of a sweep
    """
    frame, strong = with_dates(findings.frame), findings.question.contrast.strong
    point = frame[((frame[FACILITATION] - strong).abs() < SAME) & (frame["timing"] == NEVER)]
    if point.empty or not answered_in_all(point, findings.headline):
        return ""
    return (
        f"Without new policy enrolment doubles by then in {share_text(findings, (strong, NEVER), findings.headline)}."
    )


def strength_sentence(findings: SweepFindings) -> str:
    """Return a sentence on the strength of the backbone, for a map of the headline goal.

    Args:
        findings: of a sweep
    """
    contrast = findings.question.contrast
    what = f"A backbone of strength {contrast.strong:g} in place of {contrast.weak:g}, windows as they were"
    return _effect(what, facilitation_effect(findings))


def timing_sentence(findings: SweepFindings) -> str:
    """Return a sentence on the timing of policy, for a map of the headline goal.

    Args:
        findings: of a sweep
    """
    what = f"Policy {findings.question.late} months later, at strength {findings.record_point[0]:g}"
    return _effect(what, timing_effect(findings))


def fan_sentence(findings: SweepFindings) -> str:
    """Return a sentence on the runs of the fan: how many reach the headline goal with each strength.

    Args:
        findings: of a sweep
    """
    contrast, goal = findings.question.contrast, findings.headline
    if not answered_in_all(with_dates(findings.frame), goal):
        return ""
    strong, weak = (share_text(findings, (value, ON_TIME), goal) for value in (contrast.strong, contrast.weak))
    return (
        f"With windows as they were, {goal.brief} by {goal.by} comes in {strong} at strength {contrast.strong:g}, and in "
        f"{weak} at {contrast.weak:g}."
    )


def share_text(findings: SweepFindings, point: tuple[float, str], goal: Doubling) -> str:
    """Return the share of runs of a point that reach a goal, with its interval.

    Args:
        findings: of a sweep
        point: facilitation and timing
        goal: that counts
    """
    frame = with_dates(findings.frame)
    runs = frame[((frame[FACILITATION] - point[0]).abs() < SAME) & (frame["timing"] == point[1])]
    row = probability(runs, [FACILITATION], reached(runs, goal)).iloc[0]
    return f"{row['p']:.0%} of runs (95% interval {row['low']:.0%} to {row['high']:.0%})"


def _effect(what: str, estimate: Estimate | None) -> str:
    """Return a sentence on the effect of a change on a probability; empty if it is not known."""
    if estimate is None or not estimate.n:
        return ""
    verb = {1: "raises the share of runs", -1: "lowers the share of runs", 0: "has no clear effect"}[estimate.sign]
    return f"{what}, {verb}: {points_text(estimate)}."
