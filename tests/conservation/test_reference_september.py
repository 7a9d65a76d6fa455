"""A school year of the model begins as in plain loops over five schools, to twelve digits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtri

from sim import configuration
from sim.dates import month_of_year, school_year
from sim.draws import Stream
from sim.model import CollaborationModel
from sim.phases import MONTH
from sim.phases.school_year import supply
from sim.rules.logit import logit_of
from sim.world.facts import cells
from sim.world.forums import RETRAINING_GROUP
from sim.world.state import NATIONAL, World
from tests.conservation import plain_september as plain
from tests.conservation.plain_september import Place, Times
from tests.conservation.test_reference_month import ORGANISATIONS, TIES
from tests.world.files import SCHOOLS

TWELVE_DIGITS = {"rtol": 1e-12, "atol": 1e-12}

SETTINGS = {
    "as it was": {},
    "steady taste and aspiration": {"school.taste": "steady", "school.aspiration": 3.0, "school.taste_by_level": 0.6},
    "all comply, few teachers": {"staffing.compliance": 1.0, "staffing.supply": 0.5, "staffing.cap": 0.4,
                                 "staffing.training": 2.0},
    "all use the waiver, much money": {"staffing.compliance": 0.0, "staffing.waiver": 2.0, "ministry.inflation": 0.1,
                                       "package.by_standing": 1.0, "package.bonus_keeping": 0.4,
                                       "package.campaign_half_life": 0.5, "package.campaign_delay": 3.0},
    "an able minority": {"school.ability_gap": 2.0, "school.keeping_by_standing": 0.7, "school.reserves_schools": 2,
                         "package.optional": True, "school.damping": 0.5, "ministry.plan_reached": 0.4},
}  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("september")
    texts = {"organisations": ORGANISATIONS, "ties": TIES, "schools": SCHOOLS}
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text)
    return {f"setting.{name}": str(folder / f"{name}.csv") for name in texts}


def places_of(world: World) -> list[Place]:
    """Return the schools as names and numbers."""
    s, five = world.schools, world.cohorts.five.sum(axis=2)
    return [
        Place(
            quintile=int(s.quintile[k]),
            town=None if math.isnan(s.locality[k]) else float(s.locality[k]),
            missing=s.missing[k].tolist(),
            effect=s.effect[k].tolist(),
            policy_effect=s.policy_effect[k].tolist(),
            motivation_before=float(s.earlier_motivation[k]),
            students=float(five[:, k].sum()),
            going_up=float(five[:2, k].sum()),
            **{
                name: getattr(s, name)[k].item()
                for name in ("stream", "appeal", "usual", "size", "share", "junior", "readiness", "complies", "reserves",
                             "track", "teachers", "standing")
            },
        )
        for k in range(len(s))
    ]  # fmt: skip


def times_of(model: CollaborationModel) -> Times:
    world, setting = model.world, model.parameters.setting
    ministry, published = world.ministry, world.published
    money = world.initiative.certifying + world.schools.delivered_policy[:, 0].sum()
    group = float(world.initiative.levels[RETRAINING_GROUP])
    return Times(
        month=world.month,
        year=school_year(world.month),
        since=world.month - ministry.since if ministry.stage == NATIONAL else None,
        national=published.shares[-1] / setting.taking if published.shares else math.nan,
        supply=plain.to_be_had(float(money), group, model.parameters),
        growth=model.schools.growth(),
        part=float(world.schools.size.sum() / cells(setting.population)["takers_total"].sum()),
    )


@pytest.fixture(scope="module", params=list(SETTINGS))
def septembers(request, files):
    """Return the model before each school year begins, and the world after."""
    scenario = configuration.scenario("historical", overrides=files | {"setting.burn_in": 0} | SETTINGS[request.param])
    years = []
    for seed in (1, 2):
        model = CollaborationModel(scenario, seed)
        model.step()
        while model.world.month <= scenario.last_month:
            if month_of_year(model.world.month) != 9:
                model.step()
                continue
            model.earlier, model.parameters = model.parameters, model.schedule.at(model.world.month)
            for phase, _ in MONTH:
                before, model.world = model.world, phase(model)
                if phase.__name__ == "school_year_phase":
                    years.append((CollaborationModel(scenario, seed, before), model.world))
                    years[-1][0].parameters = model.parameters
    return years


def spirits(model: CollaborationModel) -> list[float]:
    luck = [model.luck.once(Stream.SPIRIT, model.world.month, int(one)) for one in model.world.schools.id]
    return [float(ndtri(one)) * model.parameters.school.cohort_spread for one in luck]


def wanting(model: CollaborationModel, places: list[Place], times: Times) -> list[list[float]]:
    reasons = [
        plain.reasons(place, spirit, times, model.parameters)
        for place, spirit in zip(places, spirits(model), strict=True)
    ]
    return [[plain.logistic(max(-30.0, min(30.0, one))) for one in of] for of in reasons]


@pytest.mark.simulates
def test_much_happens_in_these_septembers(septembers):
    assert len(septembers) == 28
    after = septembers[-1][1]
    assert any(model.world.ministry.stage == NATIONAL for model, _ in septembers)
    assert any((model.world.schools.policy_effect > 0.01).any() for model, _ in septembers)
    assert any((model.world.schools.missing > 0.01).any() for model, _ in septembers)
    assert after.published.examinees[-1] > 0


@pytest.mark.simulates
def test_reasons_to_choose_five_units_are_those_of_the_plain_loops(septembers):
    for model, _ in septembers:
        places, times, p = places_of(model.world), times_of(model), model.parameters
        expected = [plain.reasons(one, s, times, p) for one, s in zip(places, spirits(model), strict=True)]
        np.testing.assert_allclose(logit_of(model.schools.choice_terms()), expected, **TWELVE_DIGITS)
        np.testing.assert_allclose(model.schools.chance_of_five(), wanting(model, places, times), **TWELVE_DIGITS)


@pytest.mark.simulates
def test_what_schools_add_to_staying_and_rising_is_that_of_the_plain_loops(septembers):
    for model, _ in septembers:
        expected = [plain.lasting(one, times_of(model), model.parameters) for one in places_of(model.world)]
        np.testing.assert_allclose(model.schools.persisting(), expected, **TWELVE_DIGITS)


@pytest.mark.simulates
def test_a_schools_standing_is_that_of_the_plain_loops(septembers):
    model = septembers[0][0]
    columns = model.scenario.files.schools
    weight = np.where(columns["track"], columns["takers"], 0.0).tolist()
    expected = plain.standings(model.world.schools.usual.tolist(), weight)
    np.testing.assert_allclose(model.world.schools.standing, expected, **TWELVE_DIGITS)


@pytest.mark.simulates
def test_class_minimum_and_viability_are_those_of_the_plain_loops(septembers):
    for model, _ in septembers:
        places, times, p = places_of(model.world), times_of(model), model.parameters
        minimum = [plain.minimum(place, times, p) for place in places]
        np.testing.assert_array_equal(model.schools.class_minimum(), minimum)
        would = [plain.expected(*one, times) for one in zip(places, wanting(model, places, times), strict=True)]
        viable = [plain.viability(*one, times, p) for one in zip(places, would, strict=True)]
        np.testing.assert_allclose(model.schools.viability(np.array(would)), viable, **TWELVE_DIGITS)


@pytest.mark.simulates
def test_tracks_and_teachers_are_those_of_the_plain_loops(septembers):
    for model, after in septembers:
        places, times, p = places_of(model.world), times_of(model), model.parameters
        would = [plain.expected(*one, times) for one in zip(places, wanting(model, places, times), strict=True)]
        part, month, tracks = plain.part_at_hand(places, times, p), model.world.month, []
        for place, many, one in zip(places, would, model.world.schools.id, strict=True):
            stream = Stream.CLOSING if place.track else Stream.OPENING
            tracks.append(plain.opens(place, many, model.luck.once(stream, month, int(one)), part, times, p))
        assert after.schools.track.tolist() == tracks
        come = [many * track for many, track in zip(would, tracks, strict=True)]
        teachers, missing = plain.hired(places, come, times, p)
        np.testing.assert_allclose(after.schools.teachers, teachers, **TWELVE_DIGITS)
        np.testing.assert_allclose(after.schools.missing[:, 0], missing, **TWELVE_DIGITS)
        np.testing.assert_array_equal(after.schools.missing[:, 1], model.world.schools.missing[:, 0])


@pytest.mark.simulates
def test_money_and_teachers_to_be_had_are_those_of_the_plain_loops(septembers):
    for model, _ in septembers:
        times, stage = times_of(model), model.world.ministry.stage
        assert model.kind("ministry").budget() == pytest.approx(plain.budget(times, stage, model.parameters), rel=1e-12)
        assert supply(model, model.world) == pytest.approx(times.supply, rel=1e-12)


@pytest.mark.simulates
def test_the_package_is_that_of_the_plain_loops(septembers):
    for model, _ in septembers:
        package = model.kind("ministry").package()
        for name, value in plain.package(times_of(model), model.parameters).items():
            assert package[name] == pytest.approx(value, rel=1e-12), name
