"""The model does what Mesa expects of a model, and refuses in a sentence what it cannot do."""

from __future__ import annotations

import copy
import functools
import multiprocessing
import pickle
import warnings
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from mesa.experimental.mesa_signals import ObservableSignals

import sim
from sim.agents import KIND_CLASSES, NGO, Foundation, Organisation, School
from sim.agents.reporters import REPORTERS
from sim.dates import month_of
from sim.errors import InputError
from sim.model import CollaborationModel
from sim.world.organisations import KINDS
from tests.comparing import differing
from tests.offenders import each_of

SCENARIO = sim.scenario("historical_emergent", overrides={"setting.until": "2014-02", "setting.burn_in": 0})
LAST = month_of("2014-02")


def built(**named: Any) -> CollaborationModel:
    return CollaborationModel(SCENARIO, **named)


@pytest.fixture(scope="module")
def ended() -> CollaborationModel:
    """Return a run that has ended; nobody steps it."""
    model = built(rng=1)
    model.run_model()
    return model


def refused(act: Any) -> str:
    with pytest.raises(InputError) as caught:
        act()
    return str(caught.value)


# Building


def test_a_model_takes_a_scenario_or_its_name_and_has_a_default():
    assert CollaborationModel().scenario == sim.scenario("historical_emergent")
    assert CollaborationModel("historical", rng=1).scenario == sim.scenario("historical")
    assert built().scenario is SCENARIO
    assert refused(lambda: CollaborationModel("histoical")).startswith("unknown scenario `histoical`; did you mean ")


def test_seed_and_rng_are_one_thing():
    seeds = [
        built().seed,
        built(rng=3).seed,
        built(seed=3).seed,
        CollaborationModel(SCENARIO, 3).seed,
        built(rng=np.int64(3)).seed,
    ]
    assert seeds == [1, 3, 3, 3, 3]
    assert differing(built(rng=3).world, CollaborationModel(SCENARIO, 3).world) == []
    assert built(rng=3).random.random() == built(rng=3).random.random()
    assert (
        refused(lambda: built(seed=1, rng=1))
        == "`seed` and `rng` cannot be given together, since both are the seed; use one of them"
    )
    assert refused(lambda: built(rng=np.random.default_rng(1))).startswith("a seed must be a whole number from 0; got ")


def test_a_model_keeps_its_scenario():
    model = built()
    assert "fork" in refused(lambda: setattr(model, "scenario", SCENARIO))
    assert model.scenario is SCENARIO


# Months


@pytest.mark.simulates
def test_a_model_runs_until_its_last_month_and_not_beyond(ended):
    assert (ended.date, ended.running, ended.steps) == ("2014-03", False, 102)
    before = ended.world
    for _ in range(2):
        assert refused(ended.step) == (
            "`historical_emergent` ends with 2014-02, so 2014-03 cannot be simulated; set `setting.until` to a later month"
        )
    assert ended.world is before
    assert refused(lambda: built().run_until_month(LAST + 2)).startswith(
        "`historical_emergent` ends with 2014-02, so 2014-03"
    )
    assert refused(lambda: built(world=ended.world).run_for(1))
    assert built(world=ended.world).running is False


@pytest.mark.simulates
def test_the_date_is_the_month_about_to_begin():
    model = built()
    assert (model.date, model.running) == ("2005-09", True)
    model.step()
    assert model.date == "2005-10"
    assert model.run_until_month(LAST + 1).date == "2014-03"


def test_a_month_is_given_by_its_number_or_its_date():
    assert built().run_until_month("2005-11").date == built().run_until_month(month_of("2005-11")).date == "2005-11"
    for strange in ("2005-13", None, 1.5, [1]):
        assert refused(lambda strange=strange: built().run_until_month(strange))


def test_a_model_that_was_stopped_stays_so():
    model = built()
    model.running = False
    model.step()
    assert model.running is False


@pytest.mark.simulates
def test_a_fork_takes_a_name_too_and_may_go_on_for_longer(ended):
    fork = ended.fork("historical_emergent")
    assert fork.running
    fork.step()
    assert fork.date == "2014-04"


@pytest.mark.simulates
def test_run_model_gives_what_simulate_gives(ended):
    assert differing(ended.world, sim.simulate(SCENARIO, seed=1).world) == []


# Agents


@pytest.mark.simulates
def test_agents_are_selected_aggregated_and_grouped(ended):
    organisations = ended.agents.select(agent_type=Organisation)
    table = ended.world.organisations
    assert organisations.get("pledge") == table.pledge.tolist()
    assert organisations.agg("pledge", sum) == pytest.approx(table.pledge.sum())
    assert len(organisations.select(lambda agent: agent.member)) == table.member.sum()
    groups = ended.agents.groupby("kind").count()
    assert groups == {kind: int((table.kind == code).sum()) for code, kind in enumerate(KINDS)} | {"school": 881}
    assert ended.agents.select(agent_type=School).get("id") == ended.world.schools.id.tolist()
    assert set(ended.agent_types) == {*KIND_CLASSES.values(), School}


@pytest.mark.simulates
def test_an_agent_says_whom_it_trusts(ended):
    agents, ties = ended.agents.select(agent_type=Organisation).to_list(), ended.world.ties
    one = agents[5]
    own_ties = ties.source == 5
    assert [other.rows for other in one.partners] == ties.target[own_ties].tolist()
    assert [one.trust_in(other) for other in one.partners] == ties.trust[own_ties].tolist()
    strangers = [other for other in agents if other.rows not in set(ties.target[own_ties].tolist())]
    assert strangers
    assert {one.trust_in(other) for other in strangers} == {0.0}


@pytest.mark.simulates
def test_trust_is_asked_of_one_organisation_in_another_of_its_model(ended):
    one, school = ended.organisation(5), ended.agents.select(agent_type=School).to_list()[0]
    for other in (school, "foundation 1", None, built().organisation(1)):
        assert refused(lambda other=other: one.trust_in(other)).startswith(
            "`trust_in` needs an organisation of the same model"
        )
    everyone = ended.kind("ngo")
    for ask in (lambda: everyone.partners, lambda: everyone.trust_in(one), lambda: one.trust_in(everyone)):
        assert "shows everyone of a kind; use one organisation" in refused(ask)


@pytest.mark.simulates
def test_agents_are_neither_removed_nor_created(ended):
    number = len(ended.agents)
    school = ended.agents.select(agent_type=School).to_list()[0]
    acts = (
        ended.organisation(0).remove, school.remove, ended.remove_all_agents, lambda: NGO.create_agents(ended, 3),
        lambda: School.from_dataframe(ended, pd.DataFrame({"rows": [1]})),
    )  # fmt: skip
    for act in acts:
        assert "a row of the world" in refused(act)
    for model in (ended, built()):
        assert refused(lambda model=model: NGO(model, 3)).startswith(
            "an agent cannot be added to the model: NGO shows a row"
        )
    assert len(ended.agents) == number
    mesa.Agent(fresh := built())  # others may be added
    assert len(fresh.agents) == number + 1
    assert refused(lambda: ended.organisation(123)) == "a row of organisations must be at most 122; got 123"
    assert refused(lambda: ended.organisation(-1)).startswith("a row of organisations must be a whole number from 0")
    with pytest.raises(AttributeError, match="cannot be set"):
        ended.organisation(0).pledge = 1.0


@pytest.mark.simulates
def test_unknown_kinds_and_decisions_are_refused(ended):
    assert refused(lambda: ended.kind("bank")).startswith("unknown kind 'bank'; there are ministry, foundation")
    assert refused(lambda: ended.kind(["ngo"])).startswith("unknown kind ")
    assert (
        refused(lambda: ended.ask("next_pledges"))
        == "'next_pledges' is not a decision of any class; did you mean `next_pledge`?"
    )


# Data


def members(model: CollaborationModel) -> int:
    return int(model.world.organisations.member.sum())


def test_reporters_are_collected_at_the_start_and_after_every_month():
    model = built(rng=1, reporters={"members": members, "date": "date", "size": functools.partial(members)})
    for _ in range(3):
        model.step()
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame["date"].tolist() == ["2005-09", "2005-10", "2005-11", "2005-12"]
    assert (frame["members"] == frame["size"]).all()


@pytest.mark.simulates
def test_reporters_change_no_number(ended):
    model = built(
        rng=1, reporters={"agents": lambda model: len(model.agents), "draw": lambda model: model.random.random()}
    )
    model.run_model()
    assert differing(model.world, ended.world) == []


def test_a_data_collector_of_ones_own_is_collected_every_month():
    own = mesa.DataCollector(agenttype_reporters={Foundation: {"pledge": "pledge"}})
    model = built(reporters=own)
    model.step()
    assert model.datacollector is own
    assert len(own.get_agenttype_vars_dataframe(Foundation)) == 2 * 12


def test_a_subclass_may_collect_as_other_mesa_models_do():
    class Counting(CollaborationModel):
        def __init__(self) -> None:
            super().__init__(SCENARIO)
            self.datacollector = mesa.DataCollector({"members": members})

        def step(self) -> None:
            super().step()
            self.datacollector.collect(self)

    model = Counting()
    model.step()
    model.step()
    assert len(model.datacollector.model_vars["members"]) == 2


def test_without_reporters_collecting_begins_with_the_first_look():
    model = built()
    model.step()
    assert list(model.datacollector.model_vars) == list(REPORTERS)
    model.step()
    assert model.datacollector.get_model_vars_dataframe()["date"].tolist() == ["2005-10", "2005-11"]


@each_of(
    ("reporters", "sentence"),
    [
        (members, "`reporters` must be a dict from names to functions of the model, or a DataCollector; got "),
        ({1: members}, "`reporters` must be a dict from names to functions"),
        ({"members": 3}, "the reporter `members` must be a function of the model or the name of an attribute; got 3"),
        ({"members": "membres"}, "the reporter `members` failed in 2005-09: AttributeError: "),
        (
            {"share": lambda model: model.world.published.shares[-1]},
            "the reporter `share` failed in 2005-09: IndexError: ",
        ),
    ],
)
def test_reporters_that_cannot_report_are_refused(reporters, sentence):
    assert refused(lambda: built(reporters=reporters)).startswith(sentence)


def test_a_reporter_that_fails_later_says_when():
    model = built(reporters={"odd": lambda model: 1 / (model.world.month - 1)})
    assert refused(model.step) == "the reporter `odd` failed in 2005-10: ZeroDivisionError: division by zero"


# Batches


@pytest.fixture
def start_method():
    """Restore the start method of processes, which Mesa's batch runs set for good."""
    before = multiprocessing.get_start_method(allow_none=True)
    yield
    multiprocessing.set_start_method(before, force=True)


@pytest.mark.simulates
@pytest.mark.program
@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.usefixtures("start_method")
def test_batches_run(processes):
    parameters = {"scenario": ["historical", "no_backbone"], "rng": [1, 2]}
    rows = mesa.batch_run(
        CollaborationModel, parameters, number_processes=processes, max_steps=24, display_progress=False
    )
    frame = pd.DataFrame(rows).sort_values("RunId")
    assert frame[["scenario", "rng"]].to_numpy().tolist() == [[s, r] for s in parameters["scenario"] for r in (1, 2)]
    assert set(REPORTERS) <= set(frame)


@pytest.mark.simulates
@pytest.mark.usefixtures("start_method")
def test_batches_take_seeds_and_reporters_of_ones_own():
    model = functools.partial(CollaborationModel, reporters={"count": members, "date": "date"})
    rows = mesa.batch_run(model, {"scenario": SCENARIO}, rng=[1, 2], data_collection_period=1, display_progress=False)
    frame = pd.DataFrame(rows)
    assert len(frame) == 2 * 103
    last = frame[frame["date"] == "2014-03"].set_index("seed")["count"]
    assert last.to_dict() == {seed: members(built(rng=seed).run_until_month(LAST + 1)) for seed in (1, 2)}


# Copies


@pytest.mark.simulates
@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))], ids=["copy", "pickle"]
)
@pytest.mark.parametrize("looked", [False, True], ids=["", "with agents"])
def test_a_copy_goes_on_with_the_same_numbers(copied, looked, ended):
    model = built(rng=1, reporters={"members": members}, kinds={"foundation": Cautious})
    model.run_until_month(LAST - 4)
    if looked:
        assert len(model.agents)
    twin = copied(model)
    twin.run_model()
    assert (model.date, twin.date) == ("2013-10", "2014-03")
    assert differing(model.world, ended.world) != []
    model.run_model()
    assert differing(model.world, twin.world) == []
    assert differing(model.world, ended.world) != []
    assert twin.datacollector.model_vars == model.datacollector.model_vars
    assert twin.steps == model.steps == 102
    assert [agent.rows for agent in twin.agents] == [agent.rows for agent in model.agents]
    assert all(agent.model is twin for agent in twin.agents)
    assert twin.organisation(3) is twin.agents.to_list()[3]
    assert refused(twin.step)


class Cautious(Foundation):
    """Foundations that pledge half of the usual pledge."""

    def next_pledge(self):
        return 0.5 * super().next_pledge()


# Mesa's clock


def test_each_month_moves_the_clock_of_mesa_by_one():
    model, times = built(), []

    def noted(message) -> None:
        times.append(message.additional_kwargs["new"])

    model.observe("time", ObservableSignals.CHANGED, noted)
    for _ in range(3):
        model.step()
    assert (model.steps, model.time, times) == (3, 3.0, [1.0, 2.0, 3.0])
    model.run_for(2)
    assert (model.steps, model.time, model.date) == (5, 5.0, "2006-02")
    model.step()
    assert (model.steps, model.time, model.date) == (6, 6.0, "2006-03")
    assert model._default_schedule.execution_count == 6


def test_events_that_a_user_schedules_happen_in_their_month():
    model = built()
    happened: list[tuple[str, float]] = []

    def once() -> None:
        happened.append((model.date, model.time))

    model.step()
    model.schedule_event(once, at=2.5)
    for _ in range(3):
        model.step()
    assert happened == [("2005-11", 2.5)]
    assert (model.steps, model.time, model.date) == (4, 4.0, "2006-01")


def test_events_scheduled_in_a_step_of_ones_own_happen_too():
    class Planning(CollaborationModel):
        def step(self) -> None:
            super().step()
            self.schedule_event(self.noted, after=0.5)

        def noted(self) -> None:
            self.dates = [*getattr(self, "dates", []), self.date]

    model = Planning(SCENARIO)
    for _ in range(4):
        model.step()
    assert model.dates == ["2005-10", "2005-11", "2005-12"]
    assert (model.steps, model.time) == (4, 4.0)


def test_a_step_that_fails_leaves_the_clock_at_its_month():
    class Failing(CollaborationModel):
        def step(self) -> None:
            raise ValueError("no")

    model = Failing(SCENARIO)
    with pytest.raises(ValueError, match="no"):
        model.step()
    assert (model.steps, model.time) == (1, 1.0)


# Old names


@pytest.mark.simulates
def test_old_names_work_and_say_the_new_ones(ended):
    with pytest.warns(DeprecationWarning, match=r"^`model.case` is now `model.scenario`$"):
        assert ended.case is SCENARIO
    with pytest.warns(DeprecationWarning, match=r"^`model.role\(...\)` is now `model.kind\(...\)`$"):
        assert ended.role("ngo") is ended.kind("ngo")


@pytest.mark.simulates
def test_nothing_of_the_project_uses_old_names():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sim.simulate(SCENARIO).outcomes["members"] >= 0


# No phase sees half of another


@pytest.mark.simulates
def test_phases_leave_the_world_of_the_model_alone():
    from sim.phases import MONTH

    model = built(rng=1).run_until_month(month_of("2013-08"))
    for _ in range(6):
        model.earlier, model.parameters = model.parameters, model.schedule.at(model.world.month)
        for phase, _ in MONTH:
            before = model.world
            after = phase(model)
            assert model.world is before, phase.__name__
            model.world = after
