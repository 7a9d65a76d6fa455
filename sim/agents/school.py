"""Schools and the students in them: tracks, seats, choice and persistence. All schools at once, or one."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtri

from sim.agents.view import Column, View
from sim.dates import school_year
from sim.draws import Stream
from sim.rules import choosing, enrolling, staffing
from sim.rules.arrays import Floats, Ints, Values
from sim.rules.logit import chance, logit_of
from sim.world.facts import cohort
from sim.world.first_schools import minimum_in_force, preference_of
from sim.world.schools import BAND_SCORES, BANDS, STREAMS, Schools, all_bands, band_ids


def seats_of(schools: Schools | School, p: Any) -> Floats:  # StaffingParameters, which lie above
    """Return the seats at five units for the three grades together, by teachers, hours and virtual classes [students].

    Args:
        schools: the schools
        p: the section staffing
    """
    return schools.teachers * p.seats_per_teacher + schools.hours * p.seats_per_hour + schools.virtual


class SchoolColumn(Column):
    """A column of the schools, read at the rows of the view."""

    def __init__(self) -> None:
        super().__init__("schools")


def _across(values: Floats) -> Floats:
    """Return a value a school as a column that broadcasts over the bands: shape (schools, 1), or (1,) for one school."""
    return np.asarray(values)[..., None]


class School(View):
    """A school, or many: a read-only view of rows of the world's table of schools."""

    kind = "school"

    id, stream, quintile, periphery = SchoolColumn(), SchoolColumn(), SchoolColumn(), SchoolColumn()
    authority, size, appeal, track = SchoolColumn(), SchoolColumn(), SchoolColumn(), SchoolColumn()
    teachers, share, junior, readiness = SchoolColumn(), SchoolColumn(), SchoolColumn(), SchoolColumn()
    support, policy_support, effect = SchoolColumn(), SchoolColumn(), SchoolColumn()
    policy_effect, virtual, hours, pilot = SchoolColumn(), SchoolColumn(), SchoolColumn(), SchoolColumn()
    track_appeal, earlier_motivation, level = SchoolColumn(), SchoolColumn(), SchoolColumn()
    ability, usual, standing, missing = SchoolColumn(), SchoolColumn(), SchoolColumn(), SchoolColumn()
    complies, reserves, locality = SchoolColumn(), SchoolColumn(), SchoolColumn()
    arriving, coming, virtual_money, received = SchoolColumn(), SchoolColumn(), SchoolColumn(), SchoolColumn()

    def __repr__(self) -> str:
        """Return a line for notebooks."""
        if isinstance(self.rows, slice):
            return f"<School: {len(self.size)} schools>"
        return f"<school {int(self.rows) + 1}: {STREAMS[int(self.stream)]}, {self.size:.0f} takers, track {bool(self.track)}>"

    def growth(self) -> float:
        """Return the size of the cohort that now enters grade 10, over that of the reference year [ratio]."""
        setting, year = self.model.parameters.setting, self.model.world.month // 12 + 2006 + 2
        if self.model.parameters.school.steady:
            return 1.0
        return cohort(year, setting.cohorts) / cohort(setting.year, setting.cohorts)

    def luck(self, stream: Stream, rows: Ints | None = None) -> Floats:
        """Return this month's draws for every ability band of the schools here, or at some rows; shape (schools, bands).

        Args:
            stream: stream of random numbers
            rows: schools among those here [row], None for all
        """
        ids = self.model.world.schools.id
        bands = self.model.memo.get("bands", (ids,), lambda: band_ids(ids).reshape(-1, BANDS))
        chosen = bands[self.rows] if rows is None else bands[self.rows].take(rows, axis=0)
        return self.model.luck(stream, self.model.world.month, chosen.ravel()).reshape(-1, BANDS)

    def pupils(self) -> Floats:
        """Return the pupils of the three grades at or near five units, whom support reaches [pupils]."""
        return 3.0 * self.model.parameters.school.share_near_five_units * self.size * self.growth()

    def strength(self) -> Floats:
        """Return the strength of policy at each school [share]."""
        p = self.model.parameters.school
        return choosing.strength_of_policy(self.readiness, irrelevance=p.readiness_irrelevance)

    def push(self) -> Values:
        """Return the push of programmes, less where a school is near its aspiration [share]; shape (schools,)."""
        aspiration = self.model.parameters.school.aspiration
        return choosing.pushed(self.share, self.usual, aspiration=aspiration) if aspiration > 0.0 else 1.0

    def _many(self, *names: str) -> list[Any]:
        """Return columns of the world's schools at the rows of the view, as arrays also for one school."""
        schools, rows = (
            self.model.world.schools,
            self.rows if isinstance(self.rows, slice) else np.atleast_1d(self.rows),
        )
        return [getattr(schools, name)[rows] for name in names]

    def programmes(self) -> enrolling.Programmes:
        """Return the circumstances on which programmes act, with the factor of each school on the package."""
        share, usual, readiness, effect, policy = self._many("share", "usual", "readiness", "effect", "policy_effect")
        factor = np.atleast_1d(self._factor_on_package())
        return enrolling.Programmes(share, usual, readiness, effect, policy, factor)

    def _factor_on_package(self) -> Values:
        p, standing = self.model.parameters.package, self.model.world.schools.standing
        ratio = self.model.memo.get("package", (p, standing), lambda: np.clip(1.0 + p.by_standing * standing, 0.0, 2.0))
        return ratio[self.rows]

    def strength_of_package(self) -> Values:
        """Return the strength of bonus, safety net and campaign: more where many aim at five units [ratio]."""
        return self.strength() * self._factor_on_package()

    def preference(self, chosen: int) -> Floats:
        """Return the preference for five units of a cohort that chose in a year [logit]; shape (schools,).

        Args:
            chosen: year in which the cohort chose [year]
        """
        p = self.model.parameters.school
        if p.steady:
            return np.zeros(np.shape(self.level))
        level, made = self.model.world.schools.level, self.model.memo.get
        levels, each = made("levels", (level,), lambda: np.unique(level, return_inverse=True))
        usual = made("usual", (p, levels), lambda: preference_of(p.reference, p, levels))
        at = made(("chosen", chosen), (p, levels), lambda: (preference_of(float(chosen), p, levels) - usual)[each])
        return at[self.rows]

    def choice_columns(self) -> enrolling.ChoiceColumns:
        """Return the circumstances of schools that move this year's choice."""
        year = school_year(self.model.world.month) - 1
        appeal, before, junior, reserves, ability = self._many(
            "appeal", "earlier_motivation", "junior", "reserves", "ability"
        )
        times = np.atleast_1d(self.preference(year))
        return enrolling.ChoiceColumns(appeal, times, self.spirit().ravel(), before, junior, reserves, ability)

    def choice_weights(self) -> enrolling.ChoiceWeights:
        """Return the weights of the reasons to choose five units this year."""
        p, package, world = self.model.parameters.school, self.model.kind("ministry").package(), self.model.world
        shares, taking = world.published.shares, self.model.parameters.setting.taking
        national = shares[-1] / taking if shares else float("nan")
        weights = (
            p.teaching, p.access, p.complementarity, p.readiness_irrelevance, p.aspiration, p.motivation, p.peers, national,
            p.junior, package["campaign"] + package["bonus"], p.reserves * p.reserves_effect, p.by_ability,
        )  # fmt: skip
        return enrolling.ChoiceWeights(*map(float, weights))

    def choice_terms(self) -> dict[str, Values]:
        """Return the reasons to choose five units for grade 10, on the logit scale; shapes (schools, 1) or (1, bands)."""
        terms = enrolling.choice_terms(self.programmes(), self.choice_columns(), self.choice_weights())
        shape, weight = (*np.shape(self.size), 1), self.model.parameters.school.by_ability
        shared = {name: terms[:, k].reshape(shape) for k, name in enumerate(enrolling.CHOICE_TERMS)}
        return shared | {"ability": enrolling.ability_term(_across(self.ability), BAND_SCORES, weight=weight)}

    def spirit(self) -> Floats:
        """Return the difference of this year's cohort from the school's other cohorts [logit]; shape (schools, 1)."""
        world, spread = self.model.world, self.model.parameters.school.cohort_spread
        luck = self.model.luck(Stream.SPIRIT, world.month, np.atleast_1d(world.schools.id[self.rows]))
        return spread * ndtri(luck).reshape((*np.shape(self.size), 1))

    def chance_of_five(self) -> Floats:
        """Return the chance to want five units, by ability band [share]; shape (schools, bands)."""
        return chance(logit_of(self.choice_terms()))

    def reasons_to_move(self) -> Floats:
        """Return the reasons to stay at five units and to rise to them, in grades 11 and 12 [logit]; shape (2, 2, bands)."""
        p = self.model.parameters.school
        intercept = np.array([[p.keeping, p.rising], [p.keeping_last, p.rising_last]])
        return intercept[..., None] + p.by_ability_keeping * BAND_SCORES

    def staying_weights(self) -> enrolling.StayingWeights:
        """Return the weights of the reasons to stay at five units and to rise to them this year."""
        p, package = self.model.parameters.school, self.model.kind("ministry").package()
        by_campaign = self.model.parameters.package.persisting * package["campaign"]
        weights = (
            p.teaching_keeping, p.access_keeping, p.complementarity, p.readiness_irrelevance, p.aspiration,
            package["safety_net"] + by_campaign + package["bonus_keeping"], p.by_ability_keeping, p.keeping_by_standing,
            p.rising_by_persisting,
        )  # fmt: skip
        return enrolling.StayingWeights(*map(float, weights))

    def persisting(self) -> Floats:
        """Return the effect of school, support and policy on staying at five units and rising [logit]; shape (schools, 2)."""
        columns = tuple(self._many("ability", "standing"))
        reasons = enrolling.staying_reasons(self.programmes(), columns, self.staying_weights())
        return reasons.reshape((*np.shape(self.size), 2))

    def expected_takers(self, wanting: Floats) -> Floats:
        """Return the students who would begin five units if there were a track [students]; wanting (schools, bands).

        Args:
            wanting: chance to want five units [share], shape (schools, bands)
        """
        return np.maximum(self.size * self.growth() * (all_bands(wanting) / BANDS), 0.01)

    def viability(self, expected: Floats) -> Floats:
        """Return the viability of a class, 0 at the minimum [logit].

        Args:
            expected: students who would begin five units [students], shape (schools,)
        """
        p = self.model.parameters.staffing
        return staffing.viability(expected * self.easing(), self.class_minimum(), width=p.width)

    def easing(self) -> Floats:
        """Return the factor on the students expected, by circumstances of the school and access support [ratio]."""
        p = self.model.parameters.staffing
        by_access = self.effect[..., 1] + self.strength() * self.policy_effect[..., 1]
        return np.exp(self.track_appeal + p.by_access * by_access)

    def class_minimum(self) -> Floats:
        """Return the students asked for to open a class: the official minimum, or the waiver where it uses one [students]."""
        official = self.model.kind("ministry").package()["minimum"]
        return minimum_in_force(official, self.complies, self.model.parameters.staffing.waiver)

    def needed_teachers(self, students: Floats) -> Floats:
        """Return the teachers that its students of five units need [teachers].

        Args:
            students: at five units [students], shape (schools,)
        """
        return students / self.model.parameters.staffing.students_per_teacher

    def seats(self) -> Floats:
        """Return the seats at five units for the three grades together [students]."""
        return seats_of(self, self.model.parameters.staffing)
