"""Local authorities: they own schools and may put their own hours and money into them."""

from __future__ import annotations

import numpy as np

from sim.agents.organisation import KindParameters
from sim.agents.owners import trust_in_ministry
from sim.agents.roles import Committer, Member, Provider
from sim.rules import admitting
from sim.rules.arrays import Floats, Ints, Values
from sim.rules.logit import chance, logit_of
from sim.world.organisations import AUTHORITY
from sim.world.state import PARTNER

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


class LocalAuthority(Committer, Member, Provider):
    """A local authority: owns schools, lets providers in, and places its own programmes in its own schools only."""

    kind = "local_authority"

    def territory(self) -> Values:
        """Its own schools only [code]; shape (rows,)."""
        own = np.arange(len(self.model.world.organisations), dtype=np.float64) - float(
            self.model.world.organisations.first_of(AUTHORITY)
        )
        return own[self.rows]

    def admission_terms(self, which: Ints, trust: Floats) -> dict[str, Values]:
        """Its reasons to let a provider into its schools, on the logit scale; shapes (ties,) or one number.

        Args:
            which: authorities that are asked, by their number among those here [code], shape (ties,)
            trust: of each in the provider [share], shape (ties,)
        """
        p, world = self.model.parameters.placing, self.model.world
        in_provider = admitting.logit_of_trust(trust, by_trust=p.by_trust, stranger=p.stranger)
        terms = {"usual": p.admitting, "trust in the provider": in_provider}
        if world.ministry.stage < PARTNER:
            return terms
        usual = self.model.parameters.trust.reference_ministry
        in_ministry = trust_in_ministry(self.model, world)[which]
        led = admitting.logit_of_trust(in_ministry, by_trust=p.by_trust, stranger=usual)
        return terms | {"trust in the ministry, which leads": led}

    def chance_of_admitting(self, which: Ints, trust: Floats) -> Floats:
        """How likely authorities let providers into a school of theirs [share]; arguments and shape as `admission_terms`."""
        return np.asarray(chance(logit_of(self.admission_terms(which, trust))))
