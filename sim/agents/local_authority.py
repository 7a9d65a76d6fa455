"""Local authorities: they own schools and may put their own hours and money into them."""

from __future__ import annotations

from sim.agents.organisation import KindParameters
from sim.agents.owners import SchoolOwner
from sim.agents.roles import Committer, Member

DEFAULTS = KindParameters(
    number=30,
    capacity=0.5,
    threshold=0.16,
    openness=0.5,
    power=0.9,
    joins_at_launch=0.35,
    joins_later=0.035,
    preference=0.15,
    teaching=0.4,
    access=0.4,
    motivation=0.2,
    mathematics=0.4,
    physics=0.22,
    computing=0.2,
    junior=0.35,
    senior=0.45,
    reach=2.0,
)


class LocalAuthority(Committer, Member, SchoolOwner):
    """A local authority: owns schools, lets providers in, and places its own programmes in its own schools only."""

    kind = "local_authority"
    attends = ("public_forum",)
