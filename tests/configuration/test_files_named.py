"""A wrong value in a file of the user's own is refused with the name of that file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim import configuration
from sim.configuration import policy_changes
from sim.design.mechanisms import mechanism
from sim.errors import InputError
from sim.studies.games import game_of
from tests.offenders import each_of


@each_of(
    ("content", "read", "problem"),
    [
        ("set: {backbone.facilitation: 3}", configuration.scenario, "`backbone.facilitation` must lie between 0 and 1"),
        (
            "set: {backbone.facilitatio: 0.3}",
            configuration.scenario,
            "unknown key `backbone.facilitatio`; did you mean",
        ),
        ("timing: soon", configuration.scenario, "`timing` must be a whole number of months or never; got 'soon'"),
        ("dated: {2013-11: {backbone.facilitation: 7}}", policy_changes, "`backbone.facilitation` must lie between"),
        ("set: {trust.gain: 77}", mechanism, "`trust.gain` must lie between"),
        ("players: {one: {set: {trust.gain: 77}}}", game_of, "`trust.gain` must lie between"),
    ],
)
def test_the_file_of_a_wrong_value_is_named(content: str, read: Callable[[str], Any], problem: str, tmp_path: Path):
    (tmp_path / "mine.yaml").write_text(content)
    with pytest.raises(InputError) as raised:
        read(str(tmp_path / "mine.yaml"))
    assert str(raised.value).startswith(f"mine.yaml: {problem}")


def test_of_two_files_that_are_laid_over_one_another_the_wrong_one_is_named(tmp_path: Path):
    (tmp_path / "wrong.yaml").write_text("set: {backbone.facilitation: 3}")
    with pytest.raises(InputError, match=r"^wrong\.yaml: `backbone.facilitation`"):
        configuration.scenario(f"us_region+{tmp_path / 'wrong.yaml'}")


def test_a_policy_file_is_named_and_not_the_scenario_that_uses_it(tmp_path: Path):
    (tmp_path / "dates.yaml").write_text("dated: {2013-11: {backbone.facilitation: 7}}")
    (tmp_path / "mine.yaml").write_text(f"policies: [{tmp_path / 'dates.yaml'}]")
    with pytest.raises(InputError, match=r"^dates\.yaml: `backbone.facilitation`"):
        configuration.scenario(str(tmp_path / "mine.yaml"))
