"""Rival mechanisms are read from one folder and checked before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.design.mechanisms import RIVALS, ROBUSTNESS, mechanism, mechanism_names, mechanisms
from sim.errors import InputError
from tests.offenders import each_of


@each_of("name", mechanism_names())
def test_every_mechanism_of_the_project_says_what_it_assumes_and_differs(name: str) -> None:
    one = mechanism(name)
    assert one.name == name
    assert one.about
    assert one.values or one.scenarios


def test_lists_of_the_studies_name_every_mechanism_in_their_own_order() -> None:
    assert {*ROBUSTNESS, *RIVALS} == {*mechanism_names()}
    assert [one.name for one in mechanisms("all", "rivals", RIVALS)] == list(RIVALS)
    assert [one.name for one in mechanisms(["no_network", "reputation"], "rivals", RIVALS)] == [
        "no_network",
        "reputation",
    ]
    assert all(mechanism(name).values for name in ROBUSTNESS)


@each_of(
    ("names", "message"),
    [
        (["reputatoin"], "unknown mechanism `reputatoin`; did you mean `reputation`?"),
        ("nothing", "unknown mechanism `nothing`; there are"),
        (["no_network", "no_network"], "`rivals` must be `all` or a list of different names of mechanisms"),
        ([3], "`rivals` must be `all` or a list of different names of mechanisms"),
        (None, "`rivals` must be `all` or a list of different names of mechanisms"),
        (["absent.yaml"], "the file 'absent.yaml' for a mechanism does not exist"),
    ],
)
def test_wrong_names_end_in_one_sentence(names: object, message: str) -> None:
    with pytest.raises(InputError, match=message.replace("?", r"\?")):
        mechanisms(names, "rivals", RIVALS)  # type: ignore[arg-type]


@each_of(
    ("text", "message"),
    [
        ("about: x\n", "changes nothing; give"),
        ("about: x\nset: [1]\n", "`set` must be a mapping of parameters"),
        ("about: x\nset: {trust.rul: constant}\n", "did you mean `trust.rule`"),
        ("about: x\nset: {trust.rule: none}\n", "trust.rule"),
        ("about: x\nscenarios: [historicl]\n", "unknown scenario `historicl`"),
        ("about: x\nscenarios: [historical, historical]\n", "names a scenario twice"),
        ("about: x\nsets: {}\n", "unknown key `sets`"),
    ],
)
def test_a_wrong_file_of_the_users_own_ends_in_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        mechanism(str(path))


def test_a_file_of_the_users_own_is_a_mechanism(tmp_path: Path) -> None:
    path = tmp_path / "still.yaml"
    path.write_text("about: Trust does not move\nset: {trust: {rule: constant}}\n")
    assert mechanism(str(path)).values == {"trust.rule": "constant"}
