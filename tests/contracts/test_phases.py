"""Every phase returns the next world and edits nothing of the old one."""

from __future__ import annotations

import numpy as np
import pytest

from sim import configuration
from sim.configuration import scenarios
from sim.dates import month_of
from sim.model import CollaborationModel
from sim.parameters import IDLE_BEFORE_LAUNCH, declared_parameters
from sim.phases import MONTH
from sim.world.state import World
from tests.comparing import differing, flat, world_at
from tests.levers import turned

pytestmark = pytest.mark.simulates

PHASES = [phase for phase, _ in MONTH]
NAMES = [phase.__name__ for phase in PHASES]
SCENARIO = configuration.scenario("historical_emergent")
AUGUST = month_of("2013-08")


def months(model: CollaborationModel, until: int):
    """Yield each phase of each month in turn: the phase, the world before it and the world after."""
    while model.world.month < until:
        model.earlier, model.parameters = model.parameters, model.schedule.at(model.world.month)
        for phase in PHASES:
            before = model.world
            model.world = phase(model)
            yield phase, before, model.world


def test_the_phases_are_those_of_the_specification_in_order():
    order = "calendar convene meet trust_phase deliberate weigh engage expect commit place"
    later = "place_hours school_year_phase examine report record"
    assert f"{order} {later}".split() == NAMES


def test_stepping_through_the_phases_is_a_month():
    model = CollaborationModel(SCENARIO, 1)
    for _ in months(model, AUGUST):
        pass
    assert differing(model.world, world_at(SCENARIO, 1, AUGUST)) == []


def test_every_phase_says_why_it_comes_when_it_does():
    reasons = [reason for _, reason in MONTH]
    assert all(len(reason.split()) > 4 for reason in reasons)
    assert len(set(reasons)) == len(reasons)


def test_every_phase_returns_a_world_and_edits_nothing_in_place():
    model, written = CollaborationModel(SCENARIO, 1).run_until_month(month_of("2013-05")), set()
    for phase, before, after in months(model, month_of("2016-11")):
        assert type(after) is World, phase.__name__
        assert after.month == before.month + (phase.__name__ == "record")
        if after is not before:
            written.add(phase.__name__)
    assert written == set(NAMES)


def arrays(world: World) -> list[np.ndarray]:
    return [value for value in flat(world.with_(journal=None)).values() if isinstance(value, np.ndarray)]


@pytest.mark.release  # rules are compiled anew for arrays that cannot be written to
@pytest.mark.parametrize("name", ["historical", "governance_shared", "placebo_backbone"])
def test_a_world_that_cannot_be_written_to_goes_on_all_the_same(name):
    scenario = configuration.scenario(name)
    model = CollaborationModel(scenario, 1).run_until_month(month_of("2013-06"))
    for world in frozen_months(model, month_of("2016-10")):
        assert world.month <= month_of("2016-10")
    assert differing(model.world, world_at(scenario, 1, month_of("2016-10"))) == []


def frozen_months(model: CollaborationModel, until: int):
    """Yield months in which every array of the world is read-only before each phase."""
    while model.world.month < until:
        model.earlier, model.parameters = model.parameters, model.schedule.at(model.world.month)
        for phase in PHASES:
            for array in arrays(model.world):
                array.flags.writeable = False
            model.world = phase(model)
        yield model.world


@pytest.mark.parametrize("name", ["historical_emergent", "no_initiative", "money_only", "governance_lead_foundation"])
def test_no_phase_changes_a_number_of_the_old_world(name):
    model = CollaborationModel(configuration.scenario(name), 1).run_until_month(month_of("2013-06"))
    for phase, before, copies in copied_months(model, month_of("2015-10")):
        now = [array.tobytes() for array in arrays(before)]
        assert now == copies, phase.__name__


def copied_months(model: CollaborationModel, until: int):
    """Yield each phase, the world before it, and copies of its bytes from before the phase ran."""
    while model.world.month < until:
        model.earlier, model.parameters = model.parameters, model.schedule.at(model.world.month)
        for phase in PHASES:
            before = model.world
            copies = [array.tobytes() for array in arrays(before)]
            model.world = phase(model)
            yield phase, before, copies


@pytest.mark.parametrize("phase", PHASES, ids=NAMES)
def test_a_phase_gives_the_same_world_twice(phase):
    model = CollaborationModel(SCENARIO, 1).run_until_month(month_of("2015-06"))
    for _ in range(4):
        before = model.world
        model.earlier, model.parameters = model.parameters, model.schedule.at(before.month)
        first = phase(model)
        model.world = before
        assert differing(phase(model), first) == []
        model.world = before
        model.step()


# Nothing is read before its time


@pytest.mark.parametrize("values", [{}, {"commitment.independent": 0.3}], ids=["", "organisations act alone"])
@pytest.mark.parametrize("section", IDLE_BEFORE_LAUNCH)
def test_an_idle_section_is_idle_before_the_launch(section, values):
    launch = month_of("2013-07")
    plain, differences = world_at(SCENARIO.with_(values), 1, launch), {}
    for name, (default, _) in declared_parameters().items():
        if name.startswith(f"{section}."):
            ends = [end for end in turned(name, default) if end is not None] if not isinstance(default, str) else []
            for end in ends[:1] or ["bounded"] * (name == "deliberation.rule"):
                differences[f"{name} = {end}"] = differing(
                    world_at(SCENARIO.with_({name: end, **values}), 1, launch), plain
                )
    assert differences
    assert {change: moved for change, moved in differences.items() if moved} == {}


@pytest.mark.parametrize("mode", ["recorded", "scheduled", "never"])
def test_the_mode_of_the_ministry_is_idle_before_the_launch(mode):
    launch = month_of("2013-07")
    assert differing(world_at(SCENARIO.with_({"ministry.mode": mode}), 1, launch), world_at(SCENARIO, 1, launch)) == []


@pytest.mark.parametrize("name", scenarios())
def test_nobody_takes_part_before_the_launch(name):
    scenario = configuration.scenario(name)
    begins = ("network.launched", "ministry.ordered")
    months_begun = [change.month for change in scenario.policy.changes if change.key in begins]
    world = world_at(scenario, 1, min([*months_begun, month_of("2013-07")]))
    assert not world.organisations.member.any()
    assert not world.organisations.forums.any()
    assert world.initiative.agenda is None
    assert world.initiative.decisions == 0
    assert world.initiative.transparency == 0.0
    assert world.ministry.stage == 0


def test_dates_of_the_ministry_ask_only_what_the_month_shows():
    model = CollaborationModel(SCENARIO, 1).run_until_month(month_of("2013-12"))
    ministry = model.kind("ministry")
    for phase, _, after in months(model, month_of("2016-06")):
        line = after.journal
        if phase.__name__ == "engage" and line.kind in ("adoption", "event") and line.month == after.month:
            line = line if line.kind == "adoption" else line.before
            if line.kind == "adoption" and line.month == after.month:
                state, p = after.initiative, model.parameters.ministry
                terms = {
                    key: line.fields[key] for key in ("problem", "readiness of the network", "policy entrepreneurship")
                }
                streams = (state.problem, p.by_problem), (state.readiness, p.by_readiness), (
                    state.entrepreneurship, p.by_entrepreneurship)  # fmt: skip
                assert list(terms.values()) == [ministry.stream(*stream) for stream in streams], line.month
