"""Students are conserved: none is made, none is lost, none is counted in parts."""

from __future__ import annotations

import numpy as np
import pytest

from sim.configuration import scenario, scenarios
from sim.dates import month_of_year
from sim.model import CollaborationModel
from sim.world.schools import ELEVEN, TEN, TWELVE
from sim.world.state import entries
from tests.comparing import world_at

pytestmark = pytest.mark.simulates

NAMES = ["historical", "no_initiative", "money_only", "strong_backbone", "us_region"]


@pytest.fixture(scope="module", params=NAMES)
def years(request):
    """Return cohorts at the end of every September and of every June, in order, with the schools then."""
    model = CollaborationModel(scenario(request.param), seed=1)
    september, june = [], []
    while model.world.month <= model.scenario.last_month:
        month = month_of_year(model.world.month)
        model.step()
        if month == 9:
            september.append(model.world)
        if month == 6:
            june.append(model.world)
    assert len(september) == len(june) == 15 + model.scenario.parameters["setting.burn_in"]
    return september, june


def test_nobody_is_negative_and_nobody_is_a_part_of_a_person(years):
    for world in (*years[0], *years[1]):
        for name, students in vars(world.cohorts).items():
            if name == "boys_gain":
                continue  # a logit, and no count
            assert np.min(students) >= 0.0, name
            np.testing.assert_array_equal(students, np.floor(students), err_msg=name)


def test_those_at_five_and_at_four_units_are_among_the_takers(years):
    for world in (*years[0], *years[1]):
        assert (world.cohorts.five + world.cohorts.four <= world.cohorts.takers).all()


def test_a_cohort_keeps_its_takers_from_grade_ten_to_grade_twelve(years):
    september, june = years
    for first, last in zip(september[:-2], june[2:], strict=True):
        np.testing.assert_array_equal(last.cohorts.takers[TWELVE], first.cohorts.takers[TEN])


def test_in_september_everyone_goes_up_a_grade_and_stays_at_their_level(years):
    september, june = years
    for before, after in zip(june[:-1], september[1:], strict=True):
        for name in ("takers", "five", "four"):
            old, new = getattr(before.cohorts, name), getattr(after.cohorts, name)
            np.testing.assert_array_equal(new[ELEVEN:], old[:TWELVE], err_msg=name)


def test_moves_between_levels_neither_make_nor_lose_a_student(years):
    for before, after in zip(*years, strict=True):
        one, other = before.cohorts, after.cohorts
        np.testing.assert_array_equal(other.takers, one.takers)
        np.testing.assert_array_equal(other.five + other.four, one.five + one.four)
        np.testing.assert_array_equal(other.five[TEN], one.five[TEN])
        assert (other.five[TWELVE] != one.five[TWELVE]).any()


def test_examinees_and_sitters_are_those_at_five_units_in_june(years):
    for world in years[1]:
        cohorts = world.cohorts
        np.testing.assert_array_equal(cohorts.examinees, cohorts.five[TWELVE].sum(axis=1))
        np.testing.assert_array_equal(cohorts.sitters, cohorts.five[ELEVEN].sum(axis=1))


def test_starters_are_those_who_began_the_cohort_last_examined(years):
    september, june = years
    for first, last in zip(september[:-2], june[2:], strict=True):
        assert last.cohorts.starters == first.cohorts.five[TEN].sum()


def test_schools_without_a_track_have_no_more_beginners_than_free_virtual_seats(years):
    for world in years[0]:
        bare, students = ~world.schools.track, world.cohorts.five.sum(axis=2)
        free = world.schools.virtual - students[ELEVEN] - students[TWELVE]
        assert (students[TEN] <= np.maximum(free, 0.0))[bare].all()
        assert not world.schools.virtual[~bare].any()


def test_nobody_sits_where_there_is_no_seat(years):
    for world in years[0][3:]:
        model = CollaborationModel(scenario("historical"), 1, world)
        students, begun = world.cohorts.five.sum(axis=(0, 2)), world.cohorts.five[TEN].sum(axis=1)
        more = (students > model.schools.seats() + 1e-9) & (begun > 0.0) & world.schools.track
        assert not more.any()


@pytest.mark.parametrize("name", scenarios())
def test_the_published_series_is_the_sum_of_the_schools(name):
    world = world_at(scenario(name), 1)
    lines = list(entries(world, "examination"))
    assert [float(line.fields["examinees"].sum()) for line in lines] == list(world.published.examinees)
    assert [line.fields["year"] for line in lines] == list(world.published.years)
    for line, share in zip(lines, world.published.shares, strict=True):
        assert share == pytest.approx(line.fields["examinees"].sum() / line.fields["grade"], abs=1e-12)
        assert (line.fields["examinees"] <= line.fields["takers"]).all()
        assert line.fields["girls"] <= line.fields["examinees"].sum()


@pytest.mark.parametrize(("kind", "factor"), [("girls", 1.0), ("girls", 0.0)])
def test_all_or_none_may_be_girls(kind, factor):
    world = world_at(scenario("historical", overrides={f"examination.{kind}": factor, "setting.until": "2012-08"}), 1)
    for line in entries(world, "examination"):
        assert line.fields["girls"] == factor * line.fields["examinees"].sum()
