"""NGOs: the third sector's teaching, virtual classes and motivation, mostly with others' money."""

from __future__ import annotations

from sim.agents.organisation import KindParameters
from sim.agents.roles import Committer, Member, Provider

DEFAULTS = KindParameters(
    number=40,
    capacity=0.4,
    threshold=0.1,
    openness=0.5,
    power=0.9,
    joins_at_launch=0.5,
    joins_later=0.026,
    preference=0.15,
    teaching=0.35,
    access=0.3,
    motivation=0.35,
    mathematics=0.32,
    physics=0.26,
    computing=0.22,
    junior=0.4,
    senior=0.4,
    reach=6.0,
)


class NGO(Committer, Member, Provider):
    """An NGO of the third sector."""

    kind = "ngo"
    attends = ("third_sector_forum", "round_table")
    funded_by = ("foundation",)
