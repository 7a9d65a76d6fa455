"""The hypotheses of the model, judged on runs of named scenarios that share their seeds. None of them is built in."""

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
"""H3 says "little": less than this share of what network and policy raise together."""

NO_EFFECT = 10.0
"""H6: so few examinees more, of some twenty thousand, are no effect."""

Frame = pd.DataFrame


@dataclass(frozen=True)
class Hypothesis:
    """A claim, the scenarios it needs, how it is judged, and a parameter set of the declared ranges in which it fails."""

    name: str
    claim: str
    scenarios: tuple[str, ...]
    judge: Callable[[Frame], Estimate]
    fails_with: dict[str, object]

    @property
    def measures(self) -> str:
        """What its estimate is, in words, as its judge says."""
        return _said(self.judge)[1]

    @property
    def unit(self) -> str:
        """The unit of its estimate, as its judge says."""
        return _said(self.judge)[2]


def _said(judge: Callable[[Frame], Estimate]) -> re.Match[str]:
    """What a judge says of its estimate: words, and a unit in brackets."""
    said = re.fullmatch(r"(.+) \[(.+)\]\.", " ".join((inspect.getdoc(judge) or "").split()))
    assert said, judge
    return said


def difference(frame: Frame, one: str, other: str, outcome: str) -> pd.Series[float]:
    """One scenario's outcome less another's, seed by seed."""
    by = frame.set_index("seed")
    first, second = (by.loc[by["scenario"] == name, outcome] for name in (one, other))
    return (first - second).dropna()


def does_not_double(frame: Frame) -> Estimate:
    """One half, less the share of runs of no_initiative that double 2012's published count by 2020 [share of runs]."""
    alone = frame[frame["scenario"] == "no_initiative"]
    doubles = reached(alone, Doubling(by=2020)).astype(float).set_axis(alone["seed"])
    return estimate_over(frame, 0.5 - doubles)


def complements(frame: Frame) -> Estimate:
    """What policy adds on a ready network, less what it adds without, examinees of 2020 [students]."""
    ready = difference(frame, "historical", "network_only", "examinees_2020")
    alone = difference(frame, "policy_only", "no_initiative", "examinees_2020")
    return estimate_over(frame, ready - alone)


def little_alone(frame: Frame) -> Estimate:
    """Half of what network and policy raise together, less what the network raises alone [students]."""
    alone = difference(frame, "network_only", "no_initiative", "examinees_2020")
    both = difference(frame, "historical", "no_initiative", "examinees_2020")
    return estimate_over(frame, SHARE_OF_NETWORK * both - alone)


def trust_grows(frame: Frame) -> Estimate:
    """Growth of trust between ministry and partners from launch to end; -1 where loss does not outweigh gain [trust, 0-1]."""
    mine = frame[frame["scenario"] == "historical"].set_index("seed")
    growth = mine["trust_ministry_end"] - mine["trust_ministry_launch"]
    return estimate_over(frame, growth.where(mine["trust_falls_faster"] > 0.0, -1.0))


def stronger_gain_more(frame: Frame) -> Estimate:
    """Growth of the gap between the quintiles from 2013 to 2020 in the historical scenario [share of maths takers]."""
    mine = frame[frame["scenario"] == "historical"].set_index("seed")
    return estimate_over(frame, mine["gap_quintiles_2020"] - mine["gap_quintiles_2013"])


def periphery_narrows(frame: Frame) -> Estimate:
    """How far going first where need is narrows the gap of 2020 [share of maths takers]."""
    return estimate_over(frame, difference(frame, "historical_emergent", "periphery_first", "gap_quintiles_2020"))


def periphery_costs(frame: Frame) -> Estimate:
    """What going first where need is costs in examinees of 2020 [students]."""
    return estimate_over(frame, difference(frame, "historical_emergent", "periphery_first", "examinees_2020"))


def backbone_counts(frame: Frame) -> Estimate:
    """What a backbone adds to examinees of 2020 with the ministry free, beyond what is no effect [students]."""
    return estimate_over(frame, difference(frame, "historical_emergent", "no_backbone", "examinees_2020") - NO_EFFECT)


WORTHLESS: dict[str, object] = {
    "school.teaching": 0.0, "school.access": 0.0, "school.motivation": 0.0, "school.teaching_keeping": 0.0,
    "school.access_keeping": 0.0, "school.junior": 0.0, "staffing.by_access": 0.0, "staffing.supply_per_million": 0.0,
    "staffing.virtual_price": 1.0, "school.readiness_irrelevance": 1.0, "school.complementarity": 0.0,
    "network.group_strength": 0.0, "deliberation.periphery_shift": 0.0, "package.periphery_matching": 0.0,
}  # fmt: skip
"""No programme of a partner moves a student, and policy works the same on any ground."""

NO_PROGRAMME: dict[str, object] = {
    "package.safety_net": 0.0, "package.bonus": 0.0, "package.bonus_keeping": 0.0, "package.campaign": 0.0,
    "staffing.minimum_lowered": 15.0, "staffing.seats_per_hour": 0.0,
}  # fmt: skip
"""Nor does the national programme move one: its package is empty, its minimum the old one, and its hours open no seat."""

HYPOTHESES = (
    Hypothesis("H1", "without initiative and policy, enrolment does not double by 2020", ("no_initiative",),
               does_not_double, {"school.rise": 1.2, "school.damping": 0.75, "school.fall": -0.35, "school.keeping": 2.0,
                                 "staffing.supply": 300.0, "staffing.cap": 500.0, "staffing.seats_per_teacher": 120.0}),
    Hypothesis("H2", "policy adds more, on a ready network, than alone (complements)",
               ("historical", "network_only", "policy_only", "no_initiative"), complements,
               {"school.readiness_irrelevance": 1.0, "school.complementarity": 0.0, "staffing.cap": 60.0}),
    Hypothesis("H3", "the network alone raises it by less than half of what both raise",
               ("historical", "network_only", "no_initiative"), little_alone,
               {"school.motivation": 3.0, "school.teaching": 3.0, "school.half_support": 1000.0, "staffing.supply": 300.0,
                "package.safety_net": 0.0, "package.bonus": 0.0, "package.bonus_keeping": 0.0, "package.campaign": 0.0,
                "school.readiness_irrelevance": 0.0, "school.complementarity": 0.0, "staffing.seats_per_hour": 0.0}),
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
"""Hypotheses in order; an estimate above zero, interval and all, means that the claim holds."""


def verdict(found: Estimate) -> str:
    """Whether a claim holds, fails or is open, by its interval."""
    if found.low > 0.0:
        return "holds"
    return "fails" if found.high <= 0.0 else "open"


def judged(frame: Frame, chosen: tuple[Hypothesis, ...] = HYPOTHESES) -> pd.DataFrame:
    """Every hypothesis that the frame's scenarios can judge: estimate, interval, unit, verdict."""
    there = set(frame["scenario"])
    rows = []
    for item in chosen:
        if set(item.scenarios) <= there:
            found = item.judge(frame)
            rows.append((item.name, item.claim, found.mean, found.low, found.high, item.unit, verdict(found)))
    return pd.DataFrame(rows, columns=["hypothesis", "claim", "estimate", "low", "high", "unit", "verdict"])


HOLDS, FAILS, NEITHER = "holds", "fails", "neither"
"""What is said of a hypothesis in one parameter set."""


def verdict_of(mean: float) -> str:
    """What a mean over the runs of a set says: above the hypothesis' own zero it holds, below it fails.

    At zero, and where no run has an answer, it does neither.

    >>> verdict_of(0.1), verdict_of(-0.1), verdict_of(0.0), verdict_of(float("nan"))
    ('holds', 'fails', 'neither', 'neither')
    """
    return HOLDS if mean > 0.0 else FAILS if mean < 0.0 else NEITHER


def verdicts(frame: pd.DataFrame, chosen: tuple[Hypothesis, ...] = HYPOTHESES) -> pd.DataFrame:
    """Every hypothesis in every parameter set.

    Args:
        frame: a row a run, with columns scenario, seed, set (of the run's parameters) and those of the hypotheses
        chosen: the hypotheses

    Returns: a row a set and hypothesis: set, hypothesis, mean (over the set's runs) [the hypothesis' unit], verdict.
    """
    needs(frame, ["scenario", "seed", "set"])
    means = [
        (number, item.name, item.judge(runs).mean)
        for number, runs in frame.groupby("set")
        for item in chosen
        if set(item.scenarios) <= set(runs["scenario"])
    ]
    table = pd.DataFrame(means, columns=["set", "hypothesis", "mean"])
    return table.assign(verdict=table["mean"].map(verdict_of))


def shares(table: pd.DataFrame) -> pd.DataFrame:
    """In what share of sets each hypothesis holds, fails, or does neither.

    Args:
        table: as `verdicts` gives it

    Returns: a row a hypothesis: hypothesis, holds, low, high (Wilson, 95%), fails, neither [share of sets], n [sets].
    """
    found = pd.crosstab(table["hypothesis"], table["verdict"]).reindex(columns=[HOLDS, FAILS, NEITHER], fill_value=0)
    n = found.sum(axis=1)
    low, high = wilson(found[HOLDS], n)
    parts = found.div(n, axis=0)
    parts.insert(1, "low", low)
    parts.insert(2, "high", high)
    return parts.assign(n=n).rename_axis(columns=None).reset_index()
