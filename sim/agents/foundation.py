"""Foundations: they fund others and ask for trust and a common agenda."""

from __future__ import annotations

from sim.agents.organisation import KindParameters
from sim.agents.roles import Committer, GrantMaker, Member

DEFAULTS = KindParameters(
    number=12,
    capacity=4.0,
    threshold=0.12,
    openness=0.5,
    power=1.6,
    joins_at_launch=0.6,
    joins_later=0.035,
    preference=0.5,
    teaching=0.5,
    access=0.25,
    motivation=0.25,
    mathematics=0.42,
    physics=0.28,
    computing=0.14,
    junior=0.35,
    senior=0.45,
    reach=1.5,
)


class Foundation(GrantMaker, Committer, Member):
    """A foundation: gives to NGOs, to academia and to whom else it funds, in proportion to trust."""

    kind = "foundation"
    attends = ("round_table",)
