"""Options and attributes of 0.1 work for one version, each with a warning that says the new name; nobody uses them here."""

from __future__ import annotations

import ast
import inspect
import warnings

import pytest

import sim
from sim.old_names import renamed_attribute, renamed_keywords
from tests.house.source import Function, arguments, modules

SHORT = {"setting.until": "2006-08", "setting.burn_in": 0}
QUIET = {"jobs": 1, "progress": False}

OLD = {"called", "case", "cases", "set"}
"""Names that no option of a public function has any more; the study `sim.case` is of a case."""

WAYS = {
    "scenario(set=...)": (
        lambda: sim.scenario("historical", set={"trust.gain": 0.1}),
        lambda: sim.scenario("historical", overrides={"trust.gain": 0.1}),
    ),
    "scenario(called=...)": (
        lambda: sim.scenario("historical", called="new"),
        lambda: sim.scenario("historical", name="new"),
    ),
    "scenario(name=...)": (lambda: sim.scenario(name="historical"), lambda: sim.scenario("historical")),
    "simulate(case=...)": (
        lambda: sim.simulate(case=short()).outcomes.to_json(),
        lambda: sim.simulate(scenario=short()).outcomes.to_json(),
    ),
    "simulate(set=...)": (
        lambda: sim.simulate("historical", set=SHORT).outcomes.to_json(),
        lambda: sim.simulate("historical", overrides=SHORT).outcomes.to_json(),
    ),
    "ensemble(cases=...)": (
        lambda: sim.ensemble(cases=short(), seeds=1, **QUIET).frame.to_json(),
        lambda: sim.ensemble(scenarios=short(), seeds=1, **QUIET).frame.to_json(),
    ),
    "ensemble(set=...)": (
        lambda: sim.ensemble("historical", 1, set=SHORT, **QUIET).frame.to_json(),
        lambda: sim.ensemble("historical", 1, overrides=SHORT, **QUIET).frame.to_json(),
    ),
    "sweep(cases=...)": (
        lambda: sim.sweep("grid", cases="historical", overrides=SHORT, **QUIET).frame.to_json(),
        lambda: sim.sweep("grid", scenarios="historical", overrides=SHORT, **QUIET).frame.to_json(),
    ),
    "sweep(set=...)": (
        lambda: sim.sweep("grid", set=SHORT, **QUIET).frame.to_json(),
        lambda: sim.sweep("grid", overrides=SHORT, **QUIET).frame.to_json(),
    ),
}
"""A call with each old option, and the same call with the new one."""


def short() -> sim.Scenario:
    return sim.scenario("historical", overrides=SHORT)


@pytest.mark.heavy
@pytest.mark.parametrize("old", WAYS)
def test_an_old_option_does_what_the_new_one_does_and_warns(old: str) -> None:
    before, after = WAYS[old]
    with pytest.warns(DeprecationWarning, match="version 0.3 will remove the old name") as seen:
        result = before()
    assert [str(each.message).split("`")[1] for each in seen] == [old]
    assert seen[0].filename == __file__
    assert result == after()


def test_a_new_option_does_not_warn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        one = sim.scenario("historical", name="mine", overrides=SHORT)
        two = sim.scenario(base="historical", name="mine", overrides=SHORT)
    assert one == two
    assert one.name == "mine"


def test_two_names_of_one_option_are_refused() -> None:
    with pytest.raises(TypeError, match=r"^scenario\(\) has `overrides` twice: `set` is its old name$"):
        sim.scenario("historical", set=SHORT, overrides=SHORT)
    with pytest.raises(TypeError, match="has `scenario` twice"):
        sim.simulate("historical", case="historical")


def test_an_old_name_that_is_another_option_now_is_the_old_one_only_where_that_is_missing() -> None:
    @renamed_keywords(name="base", called="name")
    def words(base, name="none"):
        return base, name

    assert words("a", name="b") == words(name="b", base="a") == ("a", "b")
    with pytest.warns(DeprecationWarning, match=r"`words\(name=...\)` is now `words\(base=...\)`"):
        assert words(name="a") == ("a", "none")
    with pytest.warns(DeprecationWarning, match="`words"):
        assert words(name="a", called="b") == ("a", "b")
    with pytest.raises(TypeError, match="has `name` twice"):
        words("a", name="b", called="c")


def test_an_old_attribute_is_the_new_one_and_warns() -> None:
    class Box:
        scenario = 5
        case = renamed_attribute("box.case", "scenario")

    with pytest.warns(DeprecationWarning, match=r"`box\.case` is now `box\.scenario`"):
        assert Box().case == 5
    run = sim.simulate(short())
    with pytest.warns(DeprecationWarning, match=r"`run\.case` is now `run\.scenario`"):
        assert run.case is run.scenario


def test_no_public_function_has_an_option_of_an_old_name() -> None:
    functions = {name: getattr(sim, name) for name in sim.__all__ if inspect.isfunction(getattr(sim, name))}
    old = {name: OLD & set(inspect.signature(function).parameters) for name, function in functions.items()}
    assert {name: options for name, options in old.items() if options} == {"case": {"case"}}


@pytest.mark.heavy
def test_a_scenario_is_not_called_a_case() -> None:
    offenders = []
    for module in modules("sim", "experiments", "tests"):
        for node in ast.walk(module.tree):
            typed = [(each.arg, each.annotation) for each in arguments(node)] if isinstance(node, Function) else []
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                typed = [(node.target.id, node.annotation)]
            offenders += [f"{module.name}:{node.lineno}" for name, kind in typed
                          if name in ("case", "cases") and kind and "Scenario" in ast.unparse(kind)]  # fmt: skip
    assert offenders == []
