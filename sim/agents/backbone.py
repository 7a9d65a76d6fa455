"""The backbone: a neutral organisation whose hours convene, broker, share data, mediate, couple and recruit."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.organisation import KindParameters
from sim.agents.roles import Member, Provider
from sim.declare import parameter

DEFAULTS = KindParameters(
    number=1,
    capacity=0.0,
    threshold=0.0,
    openness=0.9,
    power=1.0,
    joins_at_launch=0.0,
    joins_later=0.0,
    preference=0.5,
    teaching=0.34,
    access=0.33,
    motivation=0.33,
    mathematics=0.34,
    physics=0.24,
    computing=0.2,
    junior=0.33,
    senior=0.5,
    reach=1.0,
)


@dataclass(frozen=True)
class BackboneParameters:
    """Resources of the backbone and their use."""

    facilitation: float = parameter(
        0.8, unit="share", about="backbone facilitation: part of its staff's hours given to the network", low=0, high=1,
        source="case", evidence="assumed", lever=True,
    )  # fmt: skip
    present: bool = parameter(True, unit="flag", about="whether there is a backbone at all", lever=True, source="case")
    neutral: bool = parameter(
        True, unit="flag", about="whether it is neutral; a player in the field loses part of its mandate", lever=True,
        source="case", evidence="expert",
    )  # fmt: skip
    staff: float = parameter(6.0, unit="persons", about="staff", low=0, high=100, lever=True)
    hours: float = parameter(140.0, unit="hours/month/person", about="working hours of one person", low=0, high=250)
    cost: float = parameter(0.35, unit="NIS million/year/person", about="full cost of one person", low=0, high=5)
    convene: float = parameter(0.25, unit="share", about="hours for forums", low=0, high=1, lever=True)
    broker: float = parameter(0.10, unit="share", about="hours for introductions", low=0, high=1, lever=True)
    transparency: float = parameter(0.20, unit="share", about="hours for shared data", low=0, high=1, lever=True)
    mediate: float = parameter(0.15, unit="share", about="hours for mediation", low=0, high=1, lever=True)
    couple: float = parameter(0.20, unit="share", about="hours for winning the ministry", low=0, high=1, lever=True)
    recruit: float = parameter(0.10, unit="share", about="hours for approaching organisations", low=0, high=1, lever=True,
        source="case")  # fmt: skip
    half_effort: float = parameter(
        150.0, unit="hours/month", about="hours on a task that give half of its effect", low=1, high=1000
    )
    placebo: bool = parameter(
        False, unit="flag", about="its cost goes to schools instead of to its work", lever=True, source="klein_2024"
    )


class Backbone(Member, Provider):
    """The backbone organisation, or whoever convenes in its place."""

    kind = "backbone"
    may_join = False  # it convenes

    def hours(self) -> float:
        """Return the hours a month given to the network, whoever convenes it [hours/month]."""
        p = self.model.parameters
        strength = p.conditions.backbone_support
        if p.governance.mode == "backbone":
            own = p.backbone
            return float(own.facilitation * own.staff * own.hours * own.present * (not own.placebo) * strength)
        return float(p.backbone.facilitation * p.backbone.staff * p.backbone.hours * p.governance.efficiency)

    def annual_cost(self) -> float:
        """Return the cost at its present facilitation, or the money that its placebo gives to schools [NIS million/year]."""
        p = self.model.parameters.backbone
        paid = p.present or p.placebo
        return float(p.facilitation * p.staff * p.cost * paid)
