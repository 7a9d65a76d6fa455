"""Hypotheses of the model, judged on runs of named scenarios with common seeds. None of them is built into the model."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from sim.analysis.doubling import Doubling, reached
from sim.analysis.effects import Estimate, estimate_over
from sim.analysis.intervals import wilson
from sim.analysis.sweep_grid import needs

SHARE_OF_NETWORK = 0.5
"""The bound of "little" in H3: this share of the joint effect of network and policy."""

NO_EFFECT = 10.0
"""The bound of no effect in H6: additional examinees, of about twenty thousand [students]."""

Frame = pd.DataFrame


@dataclass(frozen=True)
class Hypothesis:
    """A claim, the scenarios and the function to judge it, and a parameter set within the declared ranges where it fails."""

    name: str
    claim: str
    scenarios: tuple[str, ...]
    judge: Callable[[Frame], Estimate]
    fails_with: dict[str, object]

    @property
    def measures(self) -> str:
        """The meaning of its estimate, from the docstring of its judge."""
        return _description(self.judge)[1]

    @property
    def unit(self) -> str:
        """The unit of its estimate, from the docstring of its judge."""
        return _description(self.judge)[2]


def _description(judge: Callable[[Frame], Estimate]) -> re.Match[str]:
    """Return the match of a judge's docstring: words, and a unit in brackets."""
    match = re.fullmatch(r"(.+) \[(.+)\]\.", " ".join((inspect.getdoc(judge) or "").split()))
    assert match, judge
    return match


def difference(frame: Frame, one: str, other: str, outcome: str) -> pd.Series[float]:
    """Return one scenario's outcome less another's, by seed."""
    indexed = frame.set_index("seed")
    first, second = (indexed.loc[indexed["scenario"] == name, outcome] for name in (one, other))
    return (first - second).dropna()


def does_not_double(frame: Frame) -> Estimate:
    """One half, less the share of runs of no_initiative that double the published count of 2012 by 2020 [share of runs]."""
    runs = frame[frame["scenario"] == "no_initiative"]
    doubles = reached(runs, Doubling(by=2020)).astype(float).set_axis(runs["seed"])
    return estimate_over(frame, 0.5 - doubles)


def complements(frame: Frame) -> Estimate:
    """Effect of policy with the network, less its effect without, examinees of 2020 [students]."""
    with_network = difference(frame, "historical", "network_only", "examinees_2020")
    without_network = difference(frame, "policy_only", "no_initiative", "examinees_2020")
    return estimate_over(frame, with_network - without_network)


def little_alone(frame: Frame) -> Estimate:
    """Half of the joint effect of network and policy, less the effect of the network alone [students]."""
    network = difference(frame, "network_only", "no_initiative", "examinees_2020")
    both = difference(frame, "historical", "no_initiative", "examinees_2020")
    return estimate_over(frame, SHARE_OF_NETWORK * both - network)


def trust_grows(frame: Frame) -> Estimate:
    """Growth of trust between ministry and partners from launch to end; -1 if loss does not outweigh gain [trust, 0-1]."""
    runs = frame[frame["scenario"] == "historical"].set_index("seed")
    growth = runs["trust_ministry_end"] - runs["trust_ministry_launch"]
    return estimate_over(frame, growth.where(runs["trust_falls_faster"] > 0.0, -1.0))


def stronger_gain_more(frame: Frame) -> Estimate:
    """Growth of the gap between the quintiles from 2013 to 2020 in the historical scenario [share of maths takers]."""
    runs = frame[frame["scenario"] == "historical"].set_index("seed")
    return estimate_over(frame, runs["gap_quintiles_2020"] - runs["gap_quintiles_2013"])


def periphery_narrows(frame: Frame) -> Estimate:
    """Narrowing of the gap of 2020 by serving the periphery first [share of maths takers]."""
    return estimate_over(frame, difference(frame, "historical_emergent", "periphery_first", "gap_quintiles_2020"))


def periphery_costs(frame: Frame) -> Estimate:
    """Loss of examinees of 2020 by serving the periphery first [students]."""
    return estimate_over(frame, difference(frame, "historical_emergent", "periphery_first", "examinees_2020"))


def backbone_counts(frame: Frame) -> Estimate:
    """Effect of a backbone on examinees of 2020 with a free ministry, less ten as the bound of no effect [students]."""
    return estimate_over(frame, difference(frame, "historical_emergent", "no_backbone", "examinees_2020") - NO_EFFECT)


WORTHLESS: dict[str, object] = {
    "school.teaching": 0.0, "school.access": 0.0, "school.motivation": 0.0, "school.teaching_keeping": 0.0,
    "school.access_keeping": 0.0, "school.junior": 0.0, "staffing.by_access": 0.0, "staffing.supply_per_million": 0.0,
    "staffing.virtual_price": 1.0, "school.readiness_irrelevance": 1.0, "school.complementarity": 0.0,
    "network.group_strength": 0.0, "deliberation.periphery_shift": 0.0, "package.periphery_matching": 0.0,
}  # fmt: skip
"""Programmes of partners have no effect on students, and policy has the same effect in every network."""

NO_PROGRAMME: dict[str, object] = {
    "package.safety_net": 0.0, "package.bonus": 0.0, "package.bonus_keeping": 0.0, "package.campaign": 0.0,
    "staffing.minimum_lowered": 15.0, "staffing.seats_per_hour": 0.0,
}  # fmt: skip
"""The national programme has no effect either: empty package, old minimum, and no additional seats."""

HYPOTHESES = (
    Hypothesis("H1", "without initiative and policy, enrolment does not double by 2020", ("no_initiative",),
               does_not_double, {"school.rise": 1.2, "school.damping": 0.75, "school.fall": -0.35, "school.keeping": 2.0,
                                 "staffing.supply": 300.0, "staffing.cap": 500.0, "staffing.seats_per_teacher": 120.0}),
    Hypothesis("H2", "policy adds more, on a ready network, than alone (complements)",
               ("historical", "network_only", "policy_only", "no_initiative"), complements,
               {"school.readiness_irrelevance": 1.0, "school.complementarity": 0.0, "staffing.cap": 60.0,
                "commitment.by_lead": 0.0, "placing.by_trust": 0.0, "network.group_strength": 0.0,
                "deliberation.periphery_shift": 0.0, "package.periphery_matching": 0.0}),
    Hypothesis("H3", "the network alone raises it by less than half of what both raise",
               ("historical", "network_only", "no_initiative"), little_alone,
               {"school.motivation": 3.0, "school.teaching": 3.0, "school.half_support": 1000.0, "staffing.supply": 300.0,
                "package.safety_net": 0.0, "package.bonus": 0.0, "package.bonus_keeping": 0.0, "package.campaign": 0.0,
                "school.readiness_irrelevance": 0.0, "school.complementarity": 0.0, "staffing.seats_per_hour": 0.0,
                "placing.lost": 0.0, "placing.distrust": 0.0, "placing.admitting": 5.0, "commitment.cost": 0.0,
                "school.preparing": 0.0}),
    Hypothesis("H4", "trust between ministry and partners grows, and a broken promise costs more than a kept one gains",
               ("historical",), trust_grows, {"trust.ratio": 1.0}),
    Hypothesis("H5a", "stronger schools gain more in points", ("historical",), stronger_gain_more,
               {"placing.periphery_first": 1.0, "school.rise": 0.0, "school.taste_by_level": 0.0, "package.by_standing": 0.0}),
    Hypothesis("H5b", "going first where need is narrows the gap", ("historical_emergent", "periphery_first"),
               periphery_narrows, WORTHLESS | NO_PROGRAMME),
    Hypothesis("H5c", "going first where need is costs examinees in total", ("historical_emergent", "periphery_first"),
               periphery_costs, WORTHLESS | NO_PROGRAMME),
    Hypothesis("H6", "a backbone adds more than ten examinees (its absence of effect must be reachable)",
               ("historical_emergent", "no_backbone"), backbone_counts,
               WORTHLESS | {"ministry.by_readiness": 0.0, "ministry.by_entrepreneurship": 0.0,
                            "ministry.by_motion": 0.0}),
)  # fmt: skip
"""Hypotheses in order; a claim holds if the whole interval of its estimate lies above zero."""


def verdict(estimate: Estimate) -> str:
    """Return whether a claim holds, fails or is open, by its interval."""
    if estimate.low > 0.0:
        return "holds"
    return "fails" if estimate.high <= 0.0 else "open"


def judge_hypotheses(frame: Frame, chosen: tuple[Hypothesis, ...] = HYPOTHESES) -> pd.DataFrame:
    """Judge each hypothesis whose scenarios the frame has: estimate, interval, unit, verdict."""
    available = set(frame["scenario"])
    rows = []
    for item in chosen:
        if set(item.scenarios) <= available:
            estimate = item.judge(frame)
            rows.append(
                (item.name, item.claim, estimate.mean, estimate.low, estimate.high, item.unit, verdict(estimate))
            )
    return pd.DataFrame(rows, columns=["hypothesis", "claim", "estimate", "low", "high", "unit", "verdict"])


HOLDS, FAILS, NEITHER = "holds", "fails", "neither"
"""Verdicts on a hypothesis in one parameter set."""


def verdict_of_mean(mean: float) -> str:
    """Return the verdict by a mean over the runs of a set: holds above zero, fails below.

    At zero, and without an answer, the verdict is neither.

    >>> verdict_of_mean(0.1), verdict_of_mean(-0.1), verdict_of_mean(0.0), verdict_of_mean(float("nan"))
    ('holds', 'fails', 'neither', 'neither')
    """
    return HOLDS if mean > 0.0 else FAILS if mean < 0.0 else NEITHER


def verdicts(frame: pd.DataFrame, chosen: tuple[Hypothesis, ...] = HYPOTHESES) -> pd.DataFrame:
    """Judge each hypothesis in each parameter set.

    Args:
        frame: one row per run, with columns scenario, seed, set (of the run's parameters) and those of the hypotheses
        chosen: the hypotheses

    Returns:
        one row per set and hypothesis: set, hypothesis, mean (over the set's runs) [the hypothesis' unit], verdict.
    """
    needs(frame, ["scenario", "seed", "set"])
    means = [
        (number, item.name, item.judge(runs).mean)
        for number, runs in frame.groupby("set")
        for item in chosen
        if set(item.scenarios) <= set(runs["scenario"])
    ]
    table = pd.DataFrame(means, columns=["set", "hypothesis", "mean"])
    return table.assign(verdict=table["mean"].map(verdict_of_mean))


def shares(table: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of sets in which each hypothesis holds, fails, or does neither.

    Args:
        table: rows of `verdicts`

    Returns:
        one row per hypothesis: hypothesis, holds, low, high (Wilson, 95%), fails, neither [share of sets], n [sets].
    """
    counts = pd.crosstab(table["hypothesis"], table["verdict"]).reindex(columns=[HOLDS, FAILS, NEITHER], fill_value=0)
    n = counts.sum(axis=1)
    low, high = wilson(counts[HOLDS], n)
    parts = counts.div(n, axis=0)
    parts.insert(1, "low", low)
    parts.insert(2, "high", high)
    return parts.assign(n=n).rename_axis(columns=None).reset_index()
