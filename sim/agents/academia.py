"""Academia: colleges and universities that train teachers, science museums, and the army's technological units."""

from __future__ import annotations

from sim.agents.organisation import KindParameters
from sim.agents.roles import Committer, Member, Provider

DEFAULTS = KindParameters(
    number=15,
    capacity=0.8,
    threshold=0.14,
    openness=0.45,
    power=1.0,
    joins_at_launch=0.55,
    joins_later=0.026,
    preference=0.1,
    teaching=0.65,
    access=0.1,
    motivation=0.25,
    mathematics=0.33,
    physics=0.3,
    computing=0.18,
    junior=0.25,
    senior=0.65,
    reach=4.0,
)


class Academia(Committer, Member, Provider):
    """A college, a university, a science museum or a unit of the army."""

    kind = "academia"
    funded_by = ("foundation",)
