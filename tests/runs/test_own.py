"""A user's own declarations: they count as those of the model, in every process, until they are removed."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from typing import Any

import pytest

import sim
from sim import extensions as own
from sim.agents import Foundation
from sim.declare import OUTCOMES
from sim.errors import InputError
from sim.parameters import Parameters, declared_parameters
from tests.offenders import each_of

SHORT = {"setting.until": "2014-08", "setting.burn_in": 0}
ABOUT = {"unit": "share", "about": "what foundations hold back", "low": 0, "high": 1}


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch):
    """Remove all declarations after a test."""
    monkeypatch.setattr(own, "_SECTIONS", [own.Own])
    declared = dict(OUTCOMES)
    yield
    OUTCOMES.clear()
    OUTCOMES.update(declared)


class Holding(Foundation):
    def next_pledge(self) -> Any:
        return super().next_pledge() * (1.0 - self.model.parameters.own.caution)


def pledged(run: sim.Run) -> float:
    table = run.organisations
    return float(table.loc[table["kind"] == "foundation", "pledge"].mean())


def test_nothing_is_declared_unless_somebody_does() -> None:
    assert Parameters().own == own.Own()
    assert not [name for name in declared_parameters() if name.startswith("own.")]


def test_a_declared_parameter_is_one_like_any_other() -> None:
    assert sim.add_parameter("caution", 0.0, **ABOUT, lever=True, uncertain=True) == "own.caution"
    assert "own.caution" in set(sim.levers()["name"]) & set(sim.uncertain()["name"])
    scenario = sim.scenario("historical", overrides={"own.caution": 0.5})
    assert (scenario.parameters["own.caution"], scenario.parameters.own.caution, Parameters().own.caution) == (
        0.5,
        0.5,
        0.0,
    )
    assert sim.diff("historical", sim.scenario("historical", overrides={"own.caution": 0.5}, name="b")) == (
        "own.caution: 0.0 in historical, 0.5 in b"
    )
    with pytest.raises(InputError, match="must lie between 0 and 1"):
        sim.scenario("historical", overrides={"own.caution": 2.0})


def test_a_scenario_made_before_takes_the_parameter_too() -> None:
    scenario = sim.scenario("historical")
    sim.add_parameter("caution", 0.25, **ABOUT)
    assert scenario.parameters["own.caution"] == scenario.parameters.own.caution == 0.25
    assert scenario.with_({"own.caution": 0.5}).parameters["own.caution"] == 0.5
    sim.add_parameter("zeal", 1, unit="ratio", about="another", low=0, high=9)
    assert scenario.with_({"own.caution": 0.5, "own.zeal": 3}).parameters.own == own.section()(caution=0.5, zeal=3)


def test_declaring_the_same_again_changes_nothing_and_another_default_does() -> None:
    sim.add_parameter("caution", 0.25, **ABOUT)
    first = own.section()
    sim.add_parameter("caution", 0.25, **ABOUT)
    assert own.section() is first
    sim.add_parameter("caution", 0.5, **ABOUT)
    assert Parameters()["own.caution"] == 0.5


def test_what_is_not_declared_is_said_in_one_sentence() -> None:
    with pytest.raises(InputError, match=r"unknown key `own\.caution`"):
        sim.scenario("historical", overrides={"own.caution": 0.5})
    with pytest.raises(AttributeError, match=r"`sim\.add_parameter` declares one"):
        _ = Parameters().own.caution


def test_parameters_with_a_declaration_are_copied_and_sent_as_they_are() -> None:
    sim.add_parameter("caution", 0.25, **ABOUT)
    held = Parameters().with_({"own.caution": 0.5})
    for other in (pickle.loads(pickle.dumps(held)), copy.deepcopy(held)):
        assert other == held
        assert hash(other) == hash(held)


@pytest.mark.simulates
def test_a_lever_of_ones_own_is_pulled_by_a_policy_from_its_month_on() -> None:
    key = sim.add_parameter("caution", 0.0, **ABOUT, lever=True)
    scenario = sim.scenario("historical_emergent", overrides=SHORT)
    month = scenario.last_month - 3
    late = sim.Scenario(
        scenario.name, scenario.parameters, scenario.policy.also([sim.Change(month, key, 1.0)]), scenario.files
    )
    runs = [sim.simulate(each, kinds={"foundation": Holding}) for each in (scenario, late, scenario.with_({key: 1.0}))]
    assert pledged(runs[0]) > pledged(runs[1]) == pledged(runs[2]) == 0.0
    assert runs[0].months["pledged"].iloc[0] == runs[1].months["pledged"].iloc[0]
    assert pledged(sim.simulate(scenario)) == pledged(runs[0])


@each_of(
    ("declared", "sentence"),
    [
        ({"name": "Caution"}, "must be a word of small letters, for example `caution`; got 'Caution'"),
        ({"name": "own.caution"}, "must be a word of small letters"),
        ({"name": "class"}, "must be a word of small letters"),
        ({"name": "_caution"}, "must be a word of small letters"),
        ({"default": None}, "the default of `own.caution` must be true or false, a number or text; got None"),
        ({"default": 1.5}, "`own.caution` must lie between 0 and 1"),
        ({"levers": True}, "`levers` is not a part of a declaration; use unit, about"),
        ({"unit": "count"}, "the unit `count` is reserved for levers that count events"),
    ],
)
def test_a_wrong_declaration_is_refused_in_one_sentence(declared: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as mistake:
        sim.add_parameter(**{"name": "caution", "default": 0.0, **ABOUT, **declared})
    assert sentence in str(mistake.value)
    assert own.section() is own.Own


@pytest.mark.simulates
def test_an_outcome_of_ones_own_is_judged_in_every_run_and_listed() -> None:
    @sim.add_outcome("organisations", better=1)
    def patient(world: Any) -> float:
        """Organisations that pledge less than a tenth."""
        return float((world.organisations.pledge < 0.1).sum())

    run = sim.simulate(sim.scenario("historical", overrides=SHORT))
    assert run.outcomes["patient"] == (run.organisations["pledge"] < 0.1).sum()
    assert sim.outcomes().iloc[-1].tolist() == ["patient", "organisations", 1, patient.__doc__]


def test_an_outcome_that_cannot_be_is_refused_in_one_sentence() -> None:
    def members(world: Any) -> float:
        return 0.0

    def two(world: Any, other: Any) -> float:
        return 0.0

    with pytest.raises(InputError, match="`members` is an outcome of the model"):
        sim.add_outcome("share")(members)
    with pytest.raises(InputError, match="a function of one argument, the last world"):
        sim.add_outcome("share")(two)
    with pytest.raises(InputError, match="`better` must be 1"):
        sim.add_outcome("share", better=2)


APART = """
import sim
from sim.agents import Foundation
key = sim.add_parameter("caution", 0.0, unit="share", about="held back", low=0, high=1, lever=True)
class Holding(Foundation):
    def next_pledge(self):
        return super().next_pledge() * (1.0 - self.model.parameters.own.caution)
@sim.add_outcome("share", better=1)
def given(world):
    "Mean pledge at the end."
    return float(world.organisations.pledge[1:13].mean())
scenario = sim.scenario("historical_emergent", overrides={"setting.until": "2014-08", "setting.burn_in": 0})
more = {"kinds": {"foundation": Holding}, "progress": False}
for jobs in (1, 2):
    pairs = sim.compare(scenario, [scenario.with_({key: 0.9}, "holding")], seeds=2, jobs=jobs, **more)
    swept = sim.sweep("grid", scenarios=scenario, seeds=2, jobs=jobs, levers={key: [0.0, 0.9]}, **more)
    print(pairs.frame["given"].round(12).tolist(), swept.frame["given"].round(12).tolist(), swept.failures)
"""


@pytest.mark.program
def test_other_processes_know_what_was_declared() -> None:
    done = subprocess.run([sys.executable, "-W", "error", "-c", APART], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    alone, beside = done.stdout.splitlines()
    assert alone == beside
    values = [float(value) for value in alone.split("]")[0].strip("[").split(", ")]
    assert min(values[:2]) > max(values[2:])


def test_an_outcome_that_cannot_be_sent_is_refused_in_one_sentence() -> None:
    lock = __import__("threading").Lock()

    @sim.add_outcome("share")
    def locked(world: Any) -> float:
        return float(lock.locked())

    with pytest.raises(InputError, match=r"the outcome `locked` cannot be sent to other processes .*; use `jobs=1`"):
        sim.ensemble(sim.scenario("historical", overrides=SHORT), 2, jobs=2, progress=False)


@pytest.mark.simulates
@pytest.mark.parametrize(("name", "answer"), [("nothing", None), ("several", [1.0, 2.0]), ("words", "many")])
def test_an_outcome_that_answers_with_no_number_is_named(name: str, answer: Any) -> None:
    def own_outcome(world: Any) -> Any:
        """No number."""
        return answer

    own_outcome.__name__ = name
    sim.add_outcome("share")(own_outcome)
    with pytest.raises(
        InputError, match=f"^your outcome `{name}` failed: .*Error: .*; correct it and define it again under this name$"
    ):
        _ = sim.simulate("historical", overrides=SHORT).outcomes


def test_an_outcome_of_every_run_by_year_is_not_taken() -> None:
    def examinees_2020(world: Any) -> float:
        """Mine."""
        return 0.0

    with pytest.raises(InputError, match=r"^`examinees_2020` is an outcome of the model; give yours another name$"):
        sim.add_outcome("students")(examinees_2020)
