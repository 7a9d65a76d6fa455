"""Figures of a model that a Mesa DataCollector collects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from operator import attrgetter

from sim.agents.host import Host
from sim.agents.light_mesa import mesa
from sim.errors import InputError, shown

type Reporter = Callable[[Host], object] | str
"""A function of the model, or the name of one of its attributes."""

type Reporters = Mapping[str, Reporter] | mesa.DataCollector
"""Reporters by name, or a collector that has its own."""


def members(model: Host) -> int:
    """Return the number of members of the initiative."""
    return int(model.world.organisations.member.sum())


def examinees(model: Host) -> float:
    """Return the examinees at five units in the last published year, not a number before the first."""
    published = model.world.published.examinees
    return published[-1] if published else float("nan")


REPORTERS: dict[str, Reporter] = {
    "date": "date",
    "members": members,
    "readiness": "world.initiative.readiness",
    "stage": "world.ministry.stage",
    "examinees": examinees,
}
"""Reporters of a model that was made without any."""


def collector(reporters: object) -> mesa.DataCollector:
    """Return a Mesa DataCollector.

    Args:
        reporters: functions of the model by name, or a DataCollector, which is returned as it is

    Raises:
        InputError: `reporters` is neither, or holds something other than functions and names of attributes
    """
    if isinstance(reporters, mesa.DataCollector):
        return reporters
    if not isinstance(reporters, Mapping) or not all(isinstance(name, str) for name in reporters):
        raise InputError(
            f"`reporters` must be a dict from names to functions of the model, or a DataCollector; got {shown(reporters)}"
        )
    for name, reporter in reporters.items():
        if not callable(reporter) and not isinstance(reporter, str):
            raise InputError(
                f"the reporter `{name}` must be a function of the model or the name of an attribute; got {shown(reporter)}"
            )
    return mesa.DataCollector(
        model_reporters={name: partial(reporter_value, name, reporter) for name, reporter in reporters.items()}
    )


def reporter_value(name: str, reporter: Reporter, model: Host) -> object:
    """Return the value that a reporter gives for a model.

    Args:
        name: of the reporter
        reporter: a function of the model, or the name of an attribute
        model: the model

    Raises:
        InputError: the reporter fails
    """
    try:
        return (attrgetter(reporter) if isinstance(reporter, str) else reporter)(model)
    except Exception as error:
        raise InputError(f"the reporter `{name}` failed in {model.date}: {type(error).__name__}: {error}") from error


def collect(collector: mesa.DataCollector, model: Host) -> None:
    """Collect the values of all reporters now.

    Args:
        collector: of the model
        model: the model

    Raises:
        InputError: a reporter fails
    """
    try:
        collector.collect(model)
    except RuntimeError as error:  # Mesa's own, the first time
        raise error.__cause__ if isinstance(error.__cause__, InputError) else error from None
