"""Businesses: volunteers, visits, infrastructure, and engineers who retrain as teachers."""

from __future__ import annotations

from sim.agents.organisation import KindParameters
from sim.agents.roles import Committer, Member, Provider

DEFAULTS = KindParameters(
    number=24,
    capacity=0.8,
    threshold=0.14,
    openness=0.45,
    power=1.2,
    joins_at_launch=0.45,
    joins_later=0.026,
    engineers=1.0,
    preference=0.05,
    teaching=0.3,
    access=0.1,
    motivation=0.6,
    mathematics=0.27,
    physics=0.3,
    computing=0.33,
    junior=0.25,
    senior=0.6,
    reach=2.0,
)


class Business(Committer, Member, Provider):
    """A business: motivates students and lends people."""

    kind = "business"
    attends = ("business_coalition", "round_table")
