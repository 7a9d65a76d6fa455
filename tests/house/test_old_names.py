"""Names of 0.1 work for one version: modules, programs and configurations, each with a warning that says the new one."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import experiments
import sim
from sim.configuration import read, scenario
from sim.errors import InputError
from sim.old_names import CONFIGURATIONS, KEYS, MODULES, PARAMETERS, OldNameWarning, current_words
from sim.parameters import declared
from sim.policy import Change, Policy
from sim.studies.expectations import item_of
from sim.studies.games import player_of

ROOT = Path(__file__).resolve().parents[2]


def test_every_old_module_is_the_new_one_and_warns(monkeypatch) -> None:
    for old, new in MODULES.items():
        monkeypatch.delitem(sys.modules, old, raising=False)
        with pytest.warns(DeprecationWarning, match=f"`{old}` is now `{new}`"):
            module = import_module(old)
        assert module is import_module(new)
        assert module.__spec__.name == new


def test_what_was_documented_is_there_under_its_old_name(monkeypatch) -> None:
    with pytest.warns(DeprecationWarning, match=r"`sim\.declare\.Mistake` is now `sim\.errors\.InputError`"):
        from sim.declare import Mistake
    assert Mistake is InputError
    with pytest.warns(DeprecationWarning, match=r"`sim\.Mistake` is now `sim\.errors\.InputError`"):
        assert sim.Mistake is InputError
    with pytest.warns(DeprecationWarning, match=r"`sim\.runs\.Run`"):
        from sim.runs import Run
    assert Run is sim.Run
    monkeypatch.delitem(sys.modules, "sim.sampling", raising=False)
    with pytest.warns(DeprecationWarning, match=r"`sim\.sampling`"):
        from sim.sampling import shares_of
    assert callable(shares_of)


def test_what_never_was_is_still_an_error() -> None:
    with pytest.raises(AttributeError, match=r"module 'sim\.declare' has no attribute 'nothing'"):
        _ = import_module("sim.declare").nothing
    with pytest.raises(ModuleNotFoundError):
        import_module("sim.nothing")


def test_every_old_configuration_is_the_new_one_and_warns() -> None:
    for (group, old), new in CONFIGURATIONS.items():
        keys = {"about", "arms", "source", "includes", "dated", "windows"}
        with pytest.warns(OldNameWarning, match=f"the {group} `{old}` is now `{new}`"):
            assert read(group, old, keys) == read(group, new, keys)


def test_a_scenario_of_ones_own_may_name_the_old_policy(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("about: mine\npolicies: [case]\n")
    with pytest.warns(OldNameWarning):
        own_scenario = scenario(str(path))
    assert own_scenario.policy == scenario("historical_emergent").policy


def test_every_old_program_has_a_new_one() -> None:
    for name, module in experiments.MOVED.items():
        assert (ROOT / "experiments" / Path(*module.split("."))).with_suffix(".py").is_file(), name


@pytest.mark.program
def test_an_old_program_says_its_new_name_and_runs() -> None:
    old = [sys.executable, "-m", "experiments.notebooks", "--help"]
    done = subprocess.run(old, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[0] == (
        "warning: `python -m experiments.notebooks` is now `python -m experiments.maintenance.notebooks`; "
        "version 0.3 will remove the old name"
    )
    assert "usage:" in done.stdout


def test_an_old_key_of_a_program_is_the_new_one_and_warns() -> None:
    for program, keys in KEYS.items():
        for old, new in keys.items():
            with pytest.warns(OldNameWarning, match=f"the key `{old}` of `{program}` is called `{new}` now"):
                assert current_words(program, [f"{old}=1", "seeds=2"], warn=True) == [f"{new}=1", "seeds=2"]
    assert current_words("compare", ["held=true"], warn=True) == ["held=true"]


def test_an_old_keyword_of_a_sweep_is_the_new_one_and_warns() -> None:
    with (
        pytest.warns(DeprecationWarning, match=r"`sweep\(held=...\)` is now `sweep\(reference_facilitation=...\)`"),
        pytest.raises(InputError, match=r"`reference_facilitation` must lie between 0 and 1"),
    ):
        sim.sweep("grid", levers={"backbone.facilitation": [0.2]}, held=2)


@pytest.mark.parametrize(("old", "new"), PARAMETERS.items())
def test_an_old_parameter_is_an_error_that_names_the_new_one(old: str, new: str) -> None:
    message = f"unknown key `{old}`; it is now `{new}`"
    for refused in (
        lambda: scenario("historical", overrides={old: 0.1}),
        lambda: Policy.of([Change(100, old, 0.1)]),
        lambda: scenario("historical").policy.without(old),
        lambda: declared(old),
    ):
        with pytest.raises(InputError) as mistake:
            refused()
        assert str(mistake.value) == message
    with pytest.raises(InputError) as mistake:
        player_of("a", {"without": {"2013-11": [old]}}, "x")
    assert str(mistake.value) == message
    with pytest.raises(InputError, match=f"`{old}` is not a lever; it is now `{new}`"):
        item_of("a", {"without": [old]}, "x")
    assert declared(new)[1].about
