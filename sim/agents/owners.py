"""Owners of schools: admission of providers, and trust in the ministry."""

from __future__ import annotations

import numpy as np

from sim.agents.host import Host
from sim.agents.roles import Provider
from sim.rules import admitting
from sim.rules.arrays import Floats, Ints, Values
from sim.rules.logit import chance, logit_of
from sim.world.organisations import MINISTRY, owner_rows
from sim.world.state import PARTNER, World


def trust_in_ministry(model: Host, world: World) -> Floats:
    """Return trust of each in the ministry, that between strangers without a tie; shape (organisations,) [share]."""
    kind, ties, p = world.organisations.kind, world.ties, model.parameters.trust

    def made() -> Floats:
        trusted = np.full(kind.size, p.reference_ministry)
        to = kind[ties.target] == MINISTRY
        trusted[ties.source[to]] = ties.trust[to]
        return trusted

    return model.memo.get("trust in the ministry", (kind, ties.source, ties.target, ties.trust, p), made)


class SchoolOwner(Provider):
    """Owns schools and places programmes in its own only."""

    owns_schools = True

    def territory(self) -> Values:
        """Return the code of its own schools [code]; shape (rows,)."""
        own = np.full(len(self.model.world.organisations), -1.0)
        owners = owner_rows(self.model.world.organisations.kind)
        own[owners] = np.arange(owners.size)
        return own[self.rows]

    def admission_terms(self, which: Ints, trust: Floats) -> dict[str, Values]:
        """Return its reasons to let a provider into its schools, on the logit scale; shapes (ties,) or one number.

        Args:
            which: owners that are asked, by their number among those here [code], shape (ties,)
            trust: of each in the provider [share], shape (ties,)
        """
        p, world = self.model.parameters.placing, self.model.world
        in_provider = admitting.logit_of_trust(trust, by_trust=p.by_trust, stranger=p.stranger)
        terms = {"usual": p.admitting, "trust in the provider": in_provider}
        if world.ministry.stage < PARTNER:
            return terms
        usual = self.model.parameters.trust.reference_ministry
        in_ministry = np.atleast_1d(trust_in_ministry(self.model, world)[self.rows])[which]
        led = admitting.logit_of_trust(in_ministry, by_trust=p.by_trust, stranger=usual)
        return terms | {"trust in the ministry, which leads": led}

    def chance_of_admitting(self, which: Ints, trust: Floats) -> Floats:
        """Return the chance that owners let providers into a school of theirs [share]; arguments as of `admission_terms`.

        Args:
            which: owners that are asked, by their number among those here [code], shape (ties,)
            trust: of each in the provider [share], shape (ties,)
        """
        return np.asarray(chance(logit_of(self.admission_terms(which, trust))))
