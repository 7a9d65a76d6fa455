"""The named quantities of the specification (4.8): each is written by one phase and read by at least one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from sim.configuration import scenario
from sim.dates import month_of
from sim.model import CollaborationModel
from sim.phases import MONTH
from sim.world.state import World
from tests.comparing import differing, same
from tests.offenders import each_of

pytestmark = pytest.mark.simulates

PHASES = {phase.__name__: phase for phase, _ in MONTH}


@dataclass(frozen=True)
class Quantity:
    """A named quantity: the columns that hold it, the phases that write it, and those that read it at least."""

    columns: tuple[str, ...]
    written_by: set[str]
    read_by: set[str]


QUANTITIES = {
    "shared measurement": Quantity(("initiative.transparency",), {"convene"}, {"trust_phase", "weigh", "place"}),
    "mediation": Quantity(("initiative.mediating",), {"convene"}, {"trust_phase", "deliberate"}),
    "communication": Quantity(("initiative.communication",), {"convene"}, {"trust_phase"}),
    "problem": Quantity(("initiative.problem",), {"weigh"}, {"engage"}),
    "salience": Quantity(("initiative.salience",), {"calendar", "report"}, {"weigh"}),
    "entrepreneurship": Quantity(("initiative.entrepreneurship",), {"trust_phase"}, {"engage"}),
    "readiness, national": Quantity(("initiative.readiness",), {"weigh"}, {"engage"}),
    "readiness, school": Quantity(("schools.readiness",), {"school_year_phase"}, {"school_year_phase", "examine"}),
    "missing teachers": Quantity(("schools.missing",), {"school_year_phase"}, {"school_year_phase"}),
    "gain of boys": Quantity(("cohorts.boys_gain",), {"school_year_phase", "examine"}, {"examine"}),
    "evidence": Quantity(("initiative.evidence",), {"expect"}, {"commit"}),
    "consensus": Quantity(("initiative.consensus",), {"deliberate"}, {"weigh"}),
    "agreement": Quantity(
        ("organisations.position",), {"deliberate"}, {"trust_phase", "meet", "deliberate", "commit"}
    ),
    "mandate": Quantity(("initiative.mandate",), {"convene"}, {"meet"}),
    "pilot's proof": Quantity(("initiative.pilot_proof",), {"report"}, {"weigh"}),
    "delivery": Quantity(("initiative.delivery",), {"place"}, {"report"}),
    "trust": Quantity(("ties.trust",), {"calendar", "meet", "trust_phase", "place"}, {
        "convene", "meet", "trust_phase", "deliberate", "expect", "commit", "place", "school_year_phase"}),
}  # fmt: skip
"""Of trust, `meet` writes only what new ties begin with, and the calendar what leaders bring or take along."""

SEED = 2


def value(world: World, column: str):
    table, name = column.split(".")
    return getattr(getattr(world, table), name)


def parameters_of(model: CollaborationModel) -> None:
    model.earlier, model.parameters = model.parameters, model.schedule.at(model.world.month)


@cache
def writers(name: str = "historical_emergent") -> dict[str, set[str]]:
    """Return the phases that change each column, over a whole run."""
    model = CollaborationModel(scenario(name), SEED).run_until_month(month_of("2012-09"))
    phases_by_column: dict[str, set[str]] = {}
    columns = [column for quantity in QUANTITIES.values() for column in quantity.columns]
    while model.world.month <= model.scenario.last_month:
        parameters_of(model)
        for phase_name, phase in PHASES.items():
            before, model.world = model.world, phase(model)
            for column in columns:
                if not same(value(before, column), value(model.world, column)):
                    phases_by_column.setdefault(column, set()).add(phase_name)
    return phases_by_column


def shifted(now):
    """Return another possible value: a little nearer to the middle of its range, or away from it."""
    return now * 0.7 + 0.2 if isinstance(now, np.ndarray) else float(now) * 0.5 + 0.3


def with_other(world: World, column: str) -> World:
    table, name = column.split(".")
    now = value(world, column)
    if column == "organisations.position":
        return world.with_(organisations=world.organisations.with_(position=now[::-1].copy()))
    return world.with_(**{table: getattr(world, table).with_(**{name: shifted(now)})})


MONTHS = ("2013-11", "2014-03", "2014-06", "2014-08", "2014-09", "2015-01", "2015-03", "2015-06", "2015-09", "2016-06")


@cache
def scenes() -> list[tuple[CollaborationModel, str, World]]:
    """Return worlds before each phase of some months, in runs of several scenarios."""
    starts = []
    for name in ("historical_emergent", "historical", "policy_late"):
        model = CollaborationModel(scenario(name), SEED)
        for date in MONTHS:
            model.run_until_month(month_of(date))
            parameters_of(model)
            start = CollaborationModel(model.scenario, SEED, model.world)
            for phase_name, phase in PHASES.items():
                parameters_of(start)
                starts.append((model.scenario, phase_name, start.world))
                start.world = phase(start)
    return starts


def after(scenario, phase_name: str, world: World) -> World:
    model = CollaborationModel(scenario, SEED, world)
    parameters_of(model)
    return PHASES[phase_name](model)


@cache
def plain_worlds() -> list[World]:
    """Return the world after the phase of each scene."""
    return [after(*scene) for scene in scenes()]


def readers(column: str) -> set[str]:
    """Return the phases with another result when a column has other values."""
    phase_names: set[str] = set()
    for (own, phase_name, world), plain in zip(scenes(), plain_worlds(), strict=True):
        if phase_name not in phase_names:
            other = after(own, phase_name, with_other(world, column))
            if [path for path in differing(plain, other) if path != column]:
                phase_names.add(phase_name)
    return phase_names - {"record"}


@each_of("name", QUANTITIES)
def test_a_quantity_is_written_by_the_phase_that_the_specification_names(name):
    quantity = QUANTITIES[name]
    for column in quantity.columns:
        assert writers()[column] == quantity.written_by


@each_of("name", QUANTITIES)
def test_a_quantity_is_read_by_the_phases_that_the_specification_names(name):
    quantity = QUANTITIES[name]
    phase_names = set().union(*(readers(column) for column in quantity.columns))
    assert quantity.read_by <= phase_names, f"{name} is read by {sorted(phase_names)}"


@pytest.mark.parametrize("name", QUANTITIES)
def test_a_quantity_changed_by_hand_changes_what_comes_after(name):
    (column,), written_by = QUANTITIES[name].columns, QUANTITIES[name].written_by
    start = CollaborationModel(scenario("historical_emergent"), SEED).run_until_month(month_of("2013-10")).world
    plain = gone_on(start, lambda phase, world: world)
    other = gone_on(start, lambda phase, world: with_other(world, column) if phase in written_by else world)
    name_of_column = column.split(".")[1]
    assert [path for path in differing(plain, other) if path.split(".")[-1] != name_of_column] != []


def gone_on(world: World, meddle: Callable[[str, World], World]) -> World:
    """Return the world three years later, with a change after each phase."""
    model = CollaborationModel(scenario("historical_emergent"), SEED, world)
    while model.world.month < world.month + 36:
        parameters_of(model)
        for phase_name, phase in PHASES.items():
            model.world = meddle(phase_name, phase(model))
    return model.world
