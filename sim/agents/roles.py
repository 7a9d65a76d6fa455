"""Roles that kinds share: member, committer, provider, grant maker. A method chooses a rule and gives it its arguments."""

from __future__ import annotations

import numpy as np

from sim.agents.capabilities import capabilities
from sim.agents.organisation import Organisation
from sim.rules import agreeing, placing, pledging
from sim.rules.arrays import Flags, Floats, Ints, Values
from sim.rules.logit import chance, logit_of
from sim.world.forums import BUSINESS_COALITION, PERIPHERY_GROUP
from sim.world.organisations import KINDS, SUBJECTS
from sim.world.state import MATHEMATICS_FIRST, NEVER, PARTNER
from sim.world.ties import Ties, means_by_source


class Member(Organisation):
    """Takes part: listens, moves its position, votes on motions, joins and leaves."""

    def next_position(self, heard: Floats, mediating: float) -> Floats:
        """Return its position after a month of listening; mediation opens minds. Shape (rows, weights).

        Args:
            heard: mean position heard [share], shape (rows, weights)
            mediating: effort of mediation [share]
        """
        p = self.model.parameters.deliberation
        effect = p.opened_by_mediation * mediating
        # An array of every weight, since NumPy would begin the rule anew for each row of a narrower one.
        openness = np.asarray(self.openness).repeat(heard.shape[-1]).reshape(heard.shape)
        return agreeing.position_after_listening(heard, self.initial, openness, effect=effect, most=p.most_open)

    def acceptance_terms(self, distance: Values, trust: Values, wins: bool) -> dict[str, Values]:
        """Return its reasons to accept a motion: nearness, trust in the proposer, and what passing would win.

        Args:
            distance: from its position to the motion [share], shape (rows,)
            trust: in the proposer [share], shape (rows,)
            wins: whether passing wins the ministry
        """
        p = self.model.parameters.deliberation
        nearness = agreeing.logit_of_acceptance(
            distance, trust, tolerance=p.tolerance, by_distance=p.by_distance, by_trust=p.by_trust
        )
        return {"nearness and trust": nearness, "wins the ministry": p.by_win * float(wins)}

    def chance_of_accepting(self, distance: Values, trust: Values, wins: bool) -> Values:
        """Return the chance that it accepts a motion [share]; shape (rows,).

        Args:
            distance: from its position to the motion [share], shape (rows,)
            trust: in the proposer [share], shape (rows,)
            wins: whether passing wins the ministry
        """
        return chance(logit_of(self.acceptance_terms(distance, trust, wins)))

    def chance_of_following(self, distance: Values, trust: Values) -> Values:
        """Return the chance that it follows a motion that the committee passed, by nearness and trust [share].

        Args:
            distance: from its position to the motion [share], shape (rows,)
            trust: in those of its sector who sit in the committee [share], shape (rows,)
        """
        return chance(logit_of(self.acceptance_terms(distance, trust, False)))

    def chance_of_joining(self, joined: Values) -> Values:
        """Return the chance to join this month: it is approached, and those it trusts have joined [share/month].

        Args:
            joined: mean over its partners of the trust in those who are members [share], shape (rows,)
        """
        p, model = self.model.parameters.network, self.model
        kinds, kind = model.parameters.kinds, model.world.organisations.kind
        later = model.memo.get(
            "joins_later", (kinds, kind), lambda: model.world.organisations.trait(kinds, "joins_later")
        )[self.rows]
        return pledging.chance_of_joining(
            later * p.joining,
            model.world.initiative.recruiting,
            joined,
            by_recruiting=p.by_recruiting,
            by_partners=p.by_partners,
        )

    def chance_of_leaving(self, trust: Values) -> Values:
        """Return the chance that it leaves this month, by its mean trust in partners [share/month].

        Args:
            trust: mean trust in its partners [share], shape (rows,)
        """
        p = self.model.parameters.network
        return chance(pledging.logit_of_leaving(trust, base=p.leaving_base, by_trust=p.leaving_by_trust))

    def trust_gain(self) -> Values:
        """Return how far its trust rises towards a better experience [share]; shape (rows,)."""
        return np.full(np.shape(self.capacity), self.model.parameters.trust.gain)

    def trust_loss(self) -> Values:
        """Return how far its trust falls towards a worse experience [share]; shape (rows,)."""
        p = self.model.parameters.trust
        return np.full(np.shape(self.capacity), min(p.gain * p.ratio, 1.0))


def other_subject(initial: Floats, agenda: Floats) -> Floats:
    """Return 1 for organisations whose first subject is not that of the agenda, 0 for others; shape (organisations,).

    Args:
        initial: first positions [share], shape (organisations, weights)
        agenda: weights of the agenda [share], shape (weights,)
    """
    first = initial[:, : len(SUBJECTS)].argmax(axis=1)
    return (first != agenda[: len(SUBJECTS)].argmax()) * 1.0


class Committer(Organisation):
    """Has means of its own and pledges part of them."""

    def pledge_terms(self) -> dict[str, Values]:
        """Return its reasons to pledge, on the logit scale; each an array over rows."""
        p, world = self.model.parameters.commitment, self.model.world
        leads = world.ministry.stage >= PARTNER
        return {
            "others put in": p.by_expectation * pledging.surplus(self.expected, self.threshold, width=p.width),
            "agrees with the agenda": p.by_fit * (self.agrees_with_agenda() - 0.5),
            "the ministry leads": p.by_lead * float(leads),
            "published results": p.by_evidence * world.initiative.evidence,
            "urgency": self.model.parameters.calendar.urgency * world.initiative.salience,
            "engineers are missing": p.by_shortage * self._shortage(),
            "its subject lost": -p.by_loss * self._lost(),
            "cost": -p.cost,
        }

    def _shortage(self) -> Values:
        """Return its need of engineers times the published shortfall at five units; shape (rows,) [share]."""
        model, shares = self.model, self.model.world.published.shares
        kinds, table = model.parameters.kinds, model.world.organisations
        need = model.memo.get("engineers", (kinds, table.kind), lambda: table.trait(kinds, "engineers"))[self.rows]
        target = model.parameters.ministry.target
        return need * max(0.0, 1.0 - (shares[-1] if shares else target) / target)

    def _lost(self) -> Values:
        """Return what is left of its regret that the agenda has another first subject; shape (rows,) [share]."""
        state, p = self.model.world.initiative, self.model.parameters.commitment
        if state.agenda is None or p.by_loss == 0.0:
            return np.zeros(np.shape(self.capacity))
        since = self.model.world.month - max(state.passed[: MATHEMATICS_FIRST + 1])
        table, agenda = self.model.world.organisations, state.agenda
        lost = self.model.memo.get("lost", (table.initial, agenda), lambda: other_subject(table.initial, agenda))
        return lost[self.rows] * 0.5 ** (since / p.loss_half_life)

    def agrees_with_agenda(self) -> Values:
        """Return its agreement with the adopted agenda, 0 without one; array over rows [share]."""
        agenda = self.model.world.initiative.agenda
        if agenda is None:
            return np.zeros(np.shape(self.capacity))
        position = self.position
        agreement = agreeing.agreement_with(position.reshape(-1, agenda.size), agenda)
        return agreement.reshape(position.shape[:-1])[()]

    def next_pledge(self) -> Values:
        """Return the share of its means that it pledges next month; non-members pledge by themselves."""
        p = self.model.parameters.commitment
        target = pledging.pledge_target(
            logit_of(self.pledge_terms()), self.autonomy, self.member, partners=p.partners, independent=p.independent
        )
        pressed = pledging.pressed(target, self._pressure_now())
        return pledging.pledge_after(self.pledge, pressed, rate=p.rate)

    def _pressure_now(self) -> Values:
        """Return the pressure of published local shares, as far as it has not faded; shape (rows,) [share]."""
        published, half_life = (
            self.model.world.initiative.local_reports,
            self.model.parameters.package.publication_half_life,
        )
        if published == NEVER:
            return 0.0
        return self.pressure * 0.5 ** ((self.model.world.month - published) / half_life)


class Provider(Organisation):
    """Delivers programmes in schools: weighs convenience, need and what it knows of others' programmes."""

    delivers = True

    def inclination(self) -> Values:
        """Return its weight of need against convenience, after policy, work group and coalition [share]; shape (rows,)."""
        p, levels = self.model.parameters, self.model.world.initiative.levels
        group = p.network.group_strength * levels[PERIPHERY_GROUP] * self.member
        coalition = p.placing.coordinated * levels[BUSINESS_COALITION] * ((self.forums >> BUSINESS_COALITION) & 1)
        convenience = (1.0 - self.preference) * (1.0 - p.placing.periphery_first)
        return 1.0 - convenience * (1.0 - group) * (1.0 - coalition)

    def knowledge_of_others(self) -> Values:
        """Return how much it knows of others' programmes and takes into account [share]; shape (rows,)."""
        p, world = self.model.parameters, self.model.world
        if p.placing.knowledge_fixed >= 0.0:
            return np.full(np.shape(self.capacity), p.placing.knowledge_fixed)
        trust = means_by_source(world.ties.trust, world.ties)[self.rows]
        return placing.knowledge(world.initiative.transparency, trust) * p.conditions.mutually_reinforcing

    def territory(self) -> Values:
        """Return the authority whose schools it serves, -1 anywhere [code]; shape (rows,)."""
        return np.full(np.shape(self.capacity), -1.0)


class GrantMaker(Organisation):
    """Hands money to providers it trusts."""

    gives_grants = True

    def grants(self, ties: Ties) -> Floats:
        """Return the grant on each tie, in proportion to trust; members give to members only [NIS million]; shape (ties,).

        Args:
            ties: the ties of all organisations
        """
        table = self.model.world.organisations
        gives, takes = table.kind == KINDS.index(self.kind), self.gives_to(table.kind)
        among = pledging.grants(
            table.purse, gives & table.member, takes & table.member, ties.trust, ties.target, ties.offsets
        )
        return among + pledging.grants(table.purse, gives & ~table.member, takes, ties.trust, ties.target, ties.offsets)

    def gives_to(self, kind: Ints) -> Flags:
        """Return which kinds receive grants from it: those that name it in `funded_by` [flag].

        Args:
            kind: of the organisations that may receive [code], shape (n,)
        """
        return capabilities(self.model).funded[KINDS.index(self.kind)][kind]
