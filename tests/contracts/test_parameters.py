"""Every declared parameter is read by the code, which holds no copy of its value."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

import sim
from sim import configuration
from sim.draws import Stream
from sim.old_names import PARAMETERS
from sim.parameters import declared_parameters
from sim.runs.run import simulate
from sim.world.ties import ORIGINS

SOURCES = sorted(Path(sim.__file__).parent.rglob("*.py"))

CHANGED = {
    "examination.overlap": 0.3,
    "drawing.track_by_size": 2.0,
    "drawing.track_by_quintile": 0.0,
    "drawing.track_non_jewish": 0.0,
    "drawing.track_haredi": 0.0,
    "drawing.track_religious": 0.0,
    "drawing.share_by_quintile": 0.0,
    "drawing.share_non_jewish": 0.0,
    "drawing.share_religious": 0.0,
    "drawing.share_spread": 0.2,
    "staffing.staffed": 0.5,
    "school.late_entrants": 0.2,
    "school.second_year": 0.8,
    "school.undecided": 0.6,
    "package.persisting": 0.0,
    "ministry.pilot_by_need": 2.0,
    "deliberation.junior_shift": 0.5,
    "placing.untried": 0.5,
    "placing.need_of_periphery": 0.0,
    "placing.need_by_share": 0.0,
    "placing.without_track": 1.0,
    "school.ability_gap": 0.6,
    "school.keeping_by_standing": 0.5,
    "school.rise": 0.3,
    "school.damping": 0.5,
    "school.taste": "steady",
    "school.taste_by_level": 0.0,
    "school.aspiration": 3.0,
    "school.reserves_effect": 0.1,
    "school.reserves_schools": 90,
    "staffing.compliance": 0.5,
    "staffing.waiver": 2.0,
    "staffing.training": 1.0,
    "staffing.supply": 30.0,
    "staffing.cap": 60.0,
    "package.bonus": 0.4,
    "package.bonus_keeping": 0.3,
    "package.campaign_half_life": 0.5,
    "package.by_standing": 0.0,
    "package.optional_kept": 0.1,
    "ministry.plan_reached": 0.4,
    "ministry.inflation": 0.05,
    "commitment.term": 12,
    "commitment.renewing": -3.0,
    "examination.girls_by_hours": 1.0,
    "examination.girls_by_reserves": 0.0,
    "setting.places": "",
    "setting.taking_by_year": "",
}
"""Numbers that stood in the code, and those that bound growth or tell schools apart, each with another value."""

BESIDE = {"package.optional_kept": {"package.optional": True}}
"""What else holds, in both runs, where a number matters only then."""


@cache
def words_read() -> set[str]:
    """Return every attribute and every word in the sources."""
    nodes = [node for path in SOURCES for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return attributes | {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@cache
def outcomes(**values: object) -> dict[str, str]:
    """Return the outcomes of a run as text, since nan does not equal itself."""
    scenario = configuration.scenario(
        "historical", overrides={name.replace("__", "."): value for name, value in values.items()}
    )
    return {name: repr(float(value)) for name, value in simulate(scenario, 1).outcomes.items()}


def test_every_parameter_is_read() -> None:
    assert [name for name in declared_parameters() if name.split(".")[-1] not in words_read()] == []


@pytest.mark.simulates
@pytest.mark.parametrize("name", CHANGED)
def test_another_value_gives_another_run(name: str) -> None:
    beside = {key.replace(".", "__"): value for key, value in BESIDE.get(name, {}).items()}
    assert declared_parameters()[name][0] != CHANGED[name]
    assert outcomes(**beside, **{name.replace(".", "__"): CHANGED[name]}) != outcomes(**beside)


def test_every_stream_of_luck_is_drawn_from() -> None:
    of_calibration = {"PROPOSAL", "PRIOR"}
    assert [s.name for s in Stream if s.name not in words_read() | of_calibration] == []
    modules = (Path(sim.__file__).parent / "calibration").glob("*.py")
    sampling = "".join(module.read_text(encoding="utf-8") for module in modules)
    assert [name for name in of_calibration if f"Stream.{name}" not in sampling] == []


@pytest.mark.simulates
def test_ties_of_every_origin_come_about() -> None:
    assert set(simulate(configuration.scenario("historical"), 1).ties["origin"]) == set(ORIGINS)


@pytest.mark.parametrize(("old", "new"), PARAMETERS.items())
def test_a_parameter_by_its_old_name_is_refused_with_its_new_one(old: str, new: str) -> None:
    assert new in declared_parameters()
    with pytest.raises(sim.InputError, match=rf"^unknown key `{old}`; it is now `{new}`$"):
        sim.scenario("historical", overrides={old: 0.5})
