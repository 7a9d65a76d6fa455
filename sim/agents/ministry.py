"""The ministry: it observes, is won over stage by stage, and then is the largest provider."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.agents.organisation import KindParameters
from sim.agents.roles import Member
from sim.dates import school_year
from sim.declare import parameter
from sim.rules import adopting, placing
from sim.rules.arrays import Flags, Floats
from sim.rules.logit import chance, logit_of
from sim.world.state import MATHEMATICS_FIRST, NATIONAL, NEVER, OBSERVER, PILOT

BASE_YEAR = 2015
"""Year in whose money all amounts are."""

DEFAULTS = KindParameters(
    number=1,
    capacity=0.0,
    threshold=0.0,
    openness=0.4,
    power=3.0,
    joins_at_launch=0.0,
    joins_later=0.0,
    preference=0.5,
    teaching=0.4,
    access=0.5,
    motivation=0.1,
    mathematics=0.58,
    physics=0.18,
    computing=0.12,
    junior=0.2,
    senior=0.6,
    reach=100.0,
)


@dataclass(frozen=True)
class MinistryParameters:
    """Engagement of the ministry: its stages, the reasons for each, and its programmes."""

    mode: str = parameter(
        "emergent", unit="mode", about="source of its stages: recorded dates, its own decisions, scheduled dates, or "
        "none",
        choices=("recorded", "emergent", "scheduled", "never"), source="case",
    )  # fmt: skip
    form: str = parameter(
        "multiplicative", unit="form", about="one dead stream blocks (multiplicative) or streams add up (additive)",
        choices=("multiplicative", "additive"), source="kingdon_1984",
    )  # fmt: skip
    ordered: int = parameter(
        0, unit="stage", about="stage reached by date in the modes recorded and scheduled", low=0, high=3, lever=True,
        source="case", evidence="measured",
    )  # fmt: skip
    leadership: int = parameter(
        0, unit="count", about="leadership changes so far; each opens a window", low=0, high=100, lever=True,
        source="case", evidence="measured",
    )  # fmt: skip
    trust_carried_over: float = parameter(
        0.0, unit="share", about="part of the round table's trust that a new leader brings", low=0, high=1, lever=True,
        source="case", evidence="assumed",
    )  # fmt: skip
    trust_erased_by_departure: float = parameter(
        0.2, unit="share", about="part of the ministry's ties' trust that a departure erases", low=0, high=0.6,
    )  # fmt: skip
    ends: bool = parameter(False, unit="flag", about="the programme has been ended", lever=True, source="case")
    attends_plenum: bool = parameter(
        True, unit="flag", about="it sits in the plenum before it joins", lever=True,
        source="case"
    )  # fmt: skip
    window: float = parameter(
        12.0, unit="months", about="how long a window stays open", low=6, high=18, uncertain=True, source="kingdon_1984",
    )  # fmt: skip
    openness_outside_window: float = parameter(
        0.03, unit="share", about="openness outside windows", low=0, high=1,
        source="kingdon_1984"
    )  # fmt: skip
    floor: float = parameter(0.05, unit="share", about="level of a stream without any strength", low=0.001, high=0.5)
    joining: float = parameter(1.0, unit="logit", about="intercept of joining", low=-5, high=10)
    piloting: float = parameter(2.75, unit="logit", about="intercept of a pilot", low=-5, high=10)
    nationalising: float = parameter(2.1, unit="logit", about="intercept of the national programme", low=-5, high=10)
    by_problem: float = parameter(
        0.7, unit="logit", about="b1, weight of the problem stream", low=0, high=2, source="kingdon_1984"
    )
    by_readiness: float = parameter(
        1.0, unit="logit", about="b2, weight of the readiness of the network", low=0, high=3, uncertain=True,
        source="kingdon_1984", prior="half-normal", spread=1.0,
    )  # fmt: skip
    by_entrepreneurship: float = parameter(
        1.0, unit="logit", about="b3, weight of policy entrepreneurship", low=0, high=3, uncertain=True,
        source="kingdon_1984",
    )  # fmt: skip
    by_motion: float = parameter(
        1.0, unit="logit", about="reason to join after partners put mathematics first, as it asked", low=0, high=3,
        source="case",
    )  # fmt: skip
    founders_reach: float = parameter(
        0.4, unit="share", about="what founders achieve without a backbone", low=0, high=1
    )
    target: float = parameter(
        0.18, unit="share", about="share of the grade at five units that would satisfy: twice that of 2012", low=0.01,
        high=1, source="case", evidence="estimated",
    )  # fmt: skip
    cooling: float = parameter(
        -0.5,
        unit="logit",
        about="intercept of falling back when leaders change, without trust and results",
        low=-10,
        high=5,
    )
    cooling_by_trust: float = parameter(6.0, unit="logit", about="weight of trust against falling back", low=0, high=20)
    cooling_by_network: float = parameter(
        1.0, unit="logit", about="weight of the readiness of the network against falling back", low=0, high=20
    )
    cooling_by_evidence: float = parameter(
        6.0, unit="logit", about="weight of results against falling back", low=0, high=20
    )
    pilot_schools: int = parameter(
        100, unit="schools", about="schools of the pilot", low=0, high=10000, source="case", evidence="measured"
    )
    pilot_by_need: float = parameter(
        0.1, unit="ratio", about="weight of need against size and strength in choosing schools of the pilot", low=0,
        high=10,
    )  # fmt: skip
    pilot_budget: float = parameter(
        15.0, unit="NIS million/year", about="budget of the pilot", low=0, high=1000, lever=True, source="case",
        evidence="measured",
    )  # fmt: skip
    national_budget: float = parameter(
        75.0, unit="NIS million/year", about="budget of the national programme", low=0, high=5000, lever=True,
        source="case", evidence="measured",
    )  # fmt: skip
    plan_reached: float = parameter(
        0.08, unit="share", about="part of the plan of 2009-2012 that reached grades 10 to 12", low=0.05, high=0.5,
        source="comptroller_2014", evidence="assumed", uncertain=True,
    )  # fmt: skip
    inflation: float = parameter(
        0.01, unit="1/year", about="yearly loss of what a fixed budget buys after 2015", low=0,
        high=0.2,
    )  # fmt: skip
    plan_budget: float = parameter(
        0.0, unit="NIS million/year", about="budget of a plan for the whole country, hours without a network; a file "
        "of fewer schools gets its part", low=0, high=5000, lever=True, source="comptroller_2014", evidence="measured",
    )  # fmt: skip
    matching: float = parameter(
        0.0, unit="ratio", about="money of the ministry for each NIS of partners' money", low=0, high=5, lever=True
    )


@dataclass(frozen=True)
class PackageParameters:
    """Levers of a national programme besides money, and the months from its decision to each."""

    bonus: float = parameter(0.15, unit="logit", about="effect on choice of the university bonus of 25 to 35 points",
        low=0, high=2,
        lever=True, source="jpost_2015", uncertain=True, prior="half-normal", spread=0.25)  # fmt: skip
    bonus_keeping: float = parameter(0.05, unit="logit", about="effect of the bonus on staying and rising", low=0,
        high=2,
        lever=True, source="jpost_2015")  # fmt: skip
    bonus_delay: float = parameter(7.0, unit="months", about="time from the decision to the bonus", low=0, high=120,
        source="jpost_2015", evidence="measured")  # fmt: skip
    safety_net: float = parameter(
        0.61, unit="logit", about="effect on staying and rising of the safety net for those who fail at five units",
        low=0, high=2,
        lever=True, source="jpost_2015", uncertain=True,
    )  # fmt: skip
    safety_net_delay: float = parameter(7.0, unit="months", about="time from the decision to the safety net", low=0,
        high=120,
        source="jpost_2015", evidence="measured")  # fmt: skip
    campaign: float = parameter(0.26, unit="logit",
        about="effect on choice of the minister's campaign when it begins", low=0,
        high=2, lever=True, source="case")  # fmt: skip
    campaign_half_life: float = parameter(1.5, unit="years", about="half-life of the effect of the campaign", low=0.5,
        high=3, source="snyder_2004", evidence="assumed", uncertain=True)  # fmt: skip
    persisting: float = parameter(
        0.5, unit="ratio", about="effect of the campaign on staying and rising, over its effect on choice", low=0,
        high=5,
    )  # fmt: skip
    by_standing: float = parameter(0.59, unit="1/logit", about="increase of the effects of bonus, safety net and "
        "campaign per logit of a school's share above the mean: there more students aim at a selective university",
        low=0,
        high=1, source="school_file", uncertain=True)  # fmt: skip
    optional: bool = parameter(False, unit="flag", about="schools may leave the national programme", lever=True,
        source="globes_2025", evidence="measured")  # fmt: skip
    optional_kept: float = parameter(0.7, unit="share", about="part of the programme's hours that schools keep once "
        "it is optional",
        low=0, high=1)  # fmt: skip
    campaign_delay: float = parameter(0.0, unit="months", about="time from the decision to the campaign", low=0,
        high=120,
        source="case", evidence="measured")  # fmt: skip
    lower_minimum: bool = parameter(True, unit="flag", about="the programme lowers the class minimum", lever=True,
        source="haaretz_2015")  # fmt: skip
    publication: float = parameter(
        0.8, unit="share", about="pressure on an authority without any at five units, by publishing local shares; in "
        "proportion "
        "to how far it is below the median of its peers", low=0, high=1, lever=True, source="case",
    )  # fmt: skip
    publication_delay: float = parameter(10.0, unit="months", about="time from the decision to publishing local "
        "shares, each August",
        low=0, high=120, source="case", evidence="estimated")  # fmt: skip
    publication_half_life: float = parameter(
        24.0, unit="months", about="half-life of the pressure of published local shares", low=1, high=240
    )
    periphery_matching: float = parameter(1.0, unit="ratio", about="money of the ministry for each NIS of local "
        "authorities in the periphery, as far as it follows the advice of the network", low=0, high=5, lever=True,
        source="case")  # fmt: skip


class Ministry(Member):
    """The ministry of education."""

    kind = "ministry"
    may_join = False  # it joins as a stage

    def adoption_terms(self) -> dict[str, float]:
        """Return its reasons to take the next stage when a window is open, on the logit scale."""
        p, state = self.model.parameters.ministry, self.model.world.initiative
        streams = {
            "problem": (state.problem, p.by_problem),
            "readiness of the network": (state.readiness, p.by_readiness),
            "policy entrepreneurship": (state.entrepreneurship, p.by_entrepreneurship),
        }
        stage = self.model.world.ministry.stage
        intercept = (p.joining, p.piloting, p.nationalising)[min(stage, PILOT)]
        motion = p.by_motion * float(stage == OBSERVER and state.passed[MATHEMATICS_FIRST] != NEVER)
        terms = {name: self.stream(*stream) for name, stream in streams.items()}
        return {"stage": intercept} | terms | {"mathematics first": motion}

    def stream(self, level: float, weight: float) -> float:
        """Return the term of one stream on the logit scale, in the form chosen.

        Args:
            level: of the stream, 0-1 [share]
            weight: of the stream [logit]
        """
        p = self.model.parameters.ministry
        if p.form == "additive":
            return float(adopting.stream_term_additive(level, weight))
        return float(adopting.stream_term(level, weight, floor=p.floor))

    def cooling_terms(self, trust: float) -> dict[str, float]:
        """Return its reasons to fall back to the sidelines when leaders change.

        Args:
            trust: mean trust between the ministry and others [share]
        """
        p, state = self.model.parameters.ministry, self.model.world.initiative
        return {
            "leaders changed": p.cooling,
            "trust": -p.cooling_by_trust * trust,
            "network": -p.cooling_by_network * state.readiness,
            "results": -p.cooling_by_evidence * state.evidence,
        }

    def budget(self) -> float:
        """Return its spending on schools in a school year that begins now [NIS million/year]."""
        p, stage, month = self.model.parameters, self.model.world.ministry.stage, self.model.world.month
        worth = (1.0 + p.ministry.inflation) ** -max(school_year(month) - BASE_YEAR, 0)
        if p.ministry.plan_budget > 0.0:
            return float(p.ministry.plan_budget * p.ministry.plan_reached * self.model.part * worth)
        part_left = p.package.optional_kept if p.package.optional else 1.0
        nominal = {PILOT: p.ministry.pilot_budget, NATIONAL: p.ministry.national_budget * part_left}.get(stage, 0.0)
        return float(nominal * worth)

    def package(self) -> dict[str, float]:
        """Return the levers of the national programme that are in force this month, and the class minimum."""
        parameters, month, ministry = self.model.parameters, self.model.world.month, self.model.world.ministry
        p, staffing, national = parameters.package, parameters.staffing, ministry.stage >= NATIONAL
        since = month - ministry.since if national else -1.0
        left = 0.5 ** (max(since - p.campaign_delay, 0.0) / (12.0 * p.campaign_half_life))
        return {
            "bonus": p.bonus * (national and since >= p.bonus_delay),
            "bonus_keeping": p.bonus_keeping * (national and since >= p.bonus_delay),
            "safety_net": p.safety_net * (national and since >= p.safety_net_delay),
            "campaign": p.campaign * left if national and since >= p.campaign_delay else 0.0,
            "minimum": staffing.minimum_lowered if national and p.lower_minimum else staffing.minimum,
        }

    def follows_advice(self, distance: float, trust: float) -> float:
        """Return the part of the committee's advice that it follows, as it is open and trusts those who sit there [share].

        Args:
            distance: from its position to the advice [share]
            trust: in those who sit in the committee [share]
        """
        terms = self.acceptance_terms(distance, trust, False)
        openness = np.asarray(self.openness)
        return float(openness.mean() * chance(logit_of(terms))) if openness.size else 0.0

    def criteria(self, applies: Flags, size: Floats, need: Floats) -> Floats:
        """Return the score of every school for the pilot: applicants, large enough, and in need; shape (schools,)."""
        p = self.model.parameters
        return np.where(
            applies, placing.ranked(size) + (p.ministry.pilot_by_need + p.placing.periphery_first) * need, -1.0
        )
