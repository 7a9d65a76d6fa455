"""Schools and the students in them: tracks, seats, choice and persistence. All schools at once, or one."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtri

from sim.agents.view import Column, View
from sim.dates import school_year
from sim.draws import Stream
from sim.rules import choosing, staffing
from sim.rules.arrays import Floats, Ints, Values
from sim.rules.logit import chance, logit_of
from sim.world.facts import cohort
from sim.world.first_schools import minimum_in_force, preference_of
from sim.world.schools import BAND_SCORES, BANDS, STREAMS, Schools, all_bands, band_ids

_BANDS = BAND_SCORES


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
        rows = setting.cohorts
        made = self.model.memo.get
        return float(made(("growth", year), (setting,), lambda: cohort(year, rows) / cohort(setting.year, rows)))

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

    def supported(self, teaching: float, access: float) -> Floats:
        """Return the effect of support by partners and by the ministry; channels complete one another [logit].

        Args:
            teaching: full effect of teaching support [logit]
            access: full effect of access support [logit]
        """
        y, strength = self.model.parameters.school.complementarity, _across(self.strength())
        effect = self.effect + strength * self.policy_effect
        by_teaching, by_access, by_motivation = effect[..., 0], effect[..., 1], effect[..., 2]
        factor = choosing.completed(by_teaching, by_access, by_motivation, complementarity=y)
        return (teaching * by_teaching + access * by_access) * factor

    def push(self) -> Values:
        """Return the push of programmes, less where a school is near its aspiration [share]; shape (schools,)."""
        aspiration = self.model.parameters.school.aspiration
        return choosing.pushed(self.share, self.usual, aspiration=aspiration) if aspiration > 0.0 else 1.0

    def strength_of_package(self) -> Values:
        """Return the strength of bonus, safety net and campaign: more where many aim at five units [ratio]."""
        p, standing = self.model.parameters.package, self.model.world.schools.standing
        ratio = self.model.memo.get("package", (p, standing), lambda: np.clip(1.0 + p.by_standing * standing, 0.0, 2.0))
        return self.strength() * ratio[self.rows]

    def by_hours(self, teaching: float, access: float) -> Values:
        """Return the effect of the ministry's hours and classes alone on choice, or on staying [logit]; shape (schools,).

        Args:
            teaching: full effect of teaching support [logit]
            access: full effect of access support [logit]
        """
        by_teaching, by_access = self.policy_effect[..., 0], self.policy_effect[..., 1]
        return self.push() * self.strength() * (teaching * by_teaching + access * by_access)

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

    def choice_terms(self) -> dict[str, Values]:
        """Return the reasons to choose five units for grade 10, on the logit scale; shapes (schools, 1) or (1, bands)."""
        p, package, world = self.model.parameters.school, self.model.kind("ministry").package(), self.model.world
        taking = self.model.parameters.setting.taking
        push, national = self.push(), world.published.shares[-1] / taking if world.published.shares else self.share
        return {
            "appeal of the school": _across(self.appeal),
            "preference of the times": _across(self.preference(school_year(world.month) - 1)),
            "support": _across(push * self.supported(p.teaching, p.access)),
            "spirit of the cohort": self.spirit(),
            "motivation in grade 9": p.motivation * _across(push * self.earlier_motivation),
            "peers": p.peers * _across(self.share - national),
            "junior high school": p.junior * _across(self.junior),
            "policy": _across(push * self.strength_of_package() * (package["campaign"] + package["bonus"])),
            "science reserves": p.reserves * p.reserves_effect * _across(self.reserves),
            "ability": p.by_ability * (_across(self.ability) + _BANDS),
        }

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
        return intercept[..., None] + p.by_ability_keeping * _BANDS

    def persisting(self) -> Floats:
        """Return the effect of school, support and policy on staying at five units and rising [logit]; shape (schools, 2)."""
        p, package = self.model.parameters.school, self.model.kind("ministry").package()
        by_campaign = self.model.parameters.package.persisting * package["campaign"]
        policy = self.strength_of_package() * (package["safety_net"] + by_campaign + package["bonus_keeping"])
        adds = self.push() * (self.supported(p.teaching_keeping, p.access_keeping) + policy)
        school = p.by_ability_keeping * self.ability + p.keeping_by_standing * self.standing
        return np.stack((school + adds, school + p.rising_by_persisting * adds), axis=-1)

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
        eased = self.track_appeal + p.by_access * (self.effect[..., 1] + self.strength() * self.policy_effect[..., 1])
        return staffing.viability(expected * np.exp(eased), self.class_minimum(), width=p.width)

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
