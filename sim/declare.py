"""Declare what is assumed and what is judged: a number with its unit, meaning, range, source and grade of evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import is_one_of, shown
from sim.old_names import moved

if not TYPE_CHECKING:  # for one version; types know the new names alone
    __getattr__ = moved(__name__, dict.fromkeys(("InputError", "whole_number", "LAST_SEED", "LONGEST"), "sim.errors"))

EVIDENCE = ("measured", "estimated", "expert", "assumed")
"""Grades of evidence, best first."""


@dataclass(frozen=True)
class Declaration:
    """What is known about one declared parameter.

    ``low`` and ``high`` bound the values it may take; for an uncertain parameter they are also its prior range, uniform or
    as ``prior`` says: ``half-normal`` with the scale ``spread``, cut at ``high``.
    """

    unit: str
    about: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    source: str = "assumed"
    evidence: str = "assumed"
    lever: bool = False
    uncertain: bool = False
    prior: str = "uniform"
    spread: float = 0.0


def parameter(default: Any, **declared: Any) -> Any:
    """Return a dataclass field that carries its declaration, given as the keywords of :class:`Declaration`.

    The default is the only copy of the number.

    Raises:
        TypeError: a keyword that a declaration does not have
    """
    return field(default=default, metadata={"declaration": Declaration(**declared)})


def declarations(section: Any) -> Iterator[tuple[str, Any, Declaration]]:
    """Yield the declared parameters of a section or of nested sections: dotted name, value, declaration."""
    for item in fields(section):
        value = getattr(section, item.name)
        if is_dataclass(value) and not isinstance(value, type):
            for name, inner, declared in declarations(value):
                yield f"{item.name}.{name}", inner, declared
        elif "declaration" in item.metadata:
            yield item.name, value, item.metadata["declaration"]


def problem_with(name: str, value: Any, default: Any, declared: Declaration) -> str | None:
    """What is wrong with a value for a declared parameter, in one sentence; None when it may be used."""
    wanted = type(default)
    if declared.choices:
        options = ", ".join(declared.choices)
        return None if is_one_of(value, declared.choices) else f"`{name}` must be one of {options}; got {shown(value)}"
    if not _is(wanted, value):
        return f"`{name}` must be {_KINDS[wanted]}; got {shown(value)}"
    low, high = declared.low, declared.high
    if value != value or (low is not None and value < low) or (high is not None and value > high):
        return f"`{name}` must lie between {low} and {high} [{declared.unit}]; got {shown(value)}"
    return None


_KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}


def _is(wanted: type, value: Any) -> bool:
    if wanted in (bool, str):
        return isinstance(value, wanted)
    number = isinstance(value, Real) and not isinstance(value, bool)
    return number and (wanted is float or isinstance(value, Integral) or float(value).is_integer())


@dataclass(frozen=True)
class Outcome:
    """What is judged: a function of the world, with its unit and which way is better (1 more, -1 less, 0 neither)."""

    name: str
    unit: str
    better: int
    about: str
    function: Callable[[Any], float]


OUTCOMES: dict[str, Outcome] = {}
"""Every declared outcome by name, in the order of declaration."""


def outcome(unit: str, better: int = 0) -> Callable[[Callable[..., float]], Callable[..., float]]:
    """Declare a function of the world as an outcome; its name and first docstring line are its name and meaning."""

    def register(function: Callable[..., float]) -> Callable[..., float]:
        about = (function.__doc__ or "").strip().splitlines()[0] if function.__doc__ else ""
        OUTCOMES[function.__name__] = Outcome(function.__name__, unit, better, about, function)
        return function

    return register


class Fact(NamedTuple):
    """A published fact that runs are compared with: what was counted, in which year, of whom."""

    pattern: str
    year: int
    group: str

    @property
    def column(self) -> str:
        """The column that holds its simulated figure, a row a run.

        >>> Fact("share_5_units", 2013, "quintile 1").column
        'share_5_units/2013/quintile 1'
        """
        return f"{self.pattern}/{self.year}/{self.group}"
