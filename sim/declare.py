"""Declarations of parameters and outcomes, with unit, meaning, range, source and grade of evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field, fields, is_dataclass
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import is_one_of, shown
from sim.old_names import moved

if not TYPE_CHECKING:  # for one version; types know the new names alone
    _OLD = dict.fromkeys(("whole_number", "LAST_SEED", "LONGEST"), "sim.errors")
    __getattr__ = moved(__name__, {**_OLD, "Mistake": "sim.errors:InputError"})

EVIDENCE = ("measured", "estimated", "expert", "assumed")
"""Grades of evidence, best first."""


@dataclass(frozen=True)
class Declaration:
    """Declaration of one parameter.

    Attributes:
        unit: of its values
        about: meaning in words
        low: least value; of an uncertain parameter also the lower end of its prior
        high: greatest value; of an uncertain parameter also the upper end of its prior
        choices: values that it can have, if it is one of a few words
        source: key of the source, or "assumed"
        evidence: grade of evidence
        lever: whether a policy may change it over time
        uncertain: whether a calibration may change it
        prior: uniform, or half-normal with the scale `spread`, cut at `high`
        spread: scale of a half-normal prior
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
    """Return a dataclass field with a default and a declaration.

    Args:
        default: value of the parameter; it is written nowhere else
        declared: keywords of `Declaration`

    Raises:
        TypeError: a declaration does not have the keyword
    """
    return field(default=default, metadata={"declaration": Declaration(**declared)})


def declarations(section: Any) -> Iterator[tuple[str, Any, Declaration]]:
    """Yield dotted name, value and declaration of each parameter in a section and its nested sections."""
    for item in fields(section):
        value = getattr(section, item.name)
        if is_dataclass(value) and not isinstance(value, type):
            for name, inner, declared in declarations(value):
                yield f"{item.name}.{name}", inner, declared
        elif "declaration" in item.metadata:
            yield item.name, value, item.metadata["declaration"]


def problem_with(name: str, value: Any, default: Any, declared: Declaration) -> str | None:
    """Return a sentence on what is wrong with a value for a parameter; None if the value may be used."""
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
    """Outcome of a run: a function of the last world.

    Attributes:
        name: of the outcome
        unit: of its values
        better: 1 if more is better, -1 if less is, 0 if neither
        about: meaning in words
        function: that computes it
    """

    name: str
    unit: str
    better: int
    about: str
    function: Callable[[Any], float]


class Outcomes(MutableMapping[str, Outcome]):
    """Outcomes by name, in the order of declaration; those of the model are loaded when somebody first looks."""

    def __init__(self) -> None:
        self._declared: dict[str, Outcome] = {}
        self._load: Callable[[], object] | None = None

    def load_by(self, load: Callable[[], object]) -> None:
        """Take what loads the model's outcomes, before any other is declared."""
        self._load = load

    def _loaded(self) -> dict[str, Outcome]:
        if self._load is not None:
            self._load()  # it declares outcomes, and so comes here again
            self._load = None
        return self._declared

    def __getitem__(self, name: str) -> Outcome:
        return self._loaded()[name]

    def __setitem__(self, name: str, declared: Outcome) -> None:
        self._loaded()[name] = declared

    def __delitem__(self, name: str) -> None:
        del self._loaded()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded())

    def __len__(self) -> int:
        return len(self._loaded())


OUTCOMES = Outcomes()
"""Every declared outcome by name, in the order of declaration."""


FILE_HASH = "__file_hash__"
"""Name under which a loaded file of the user's has the hash of its text, by which its outcomes are told apart."""


def users_outcomes() -> dict[str, Outcome]:
    """Return the user's own outcomes by name: those whose functions are not in this package."""
    return {name: item for name, item in OUTCOMES.items() if not str(item.function.__module__).startswith("sim.")}


def outcome(unit: str, better: int = 0) -> Callable[[Callable[..., float]], Callable[..., float]]:
    """Declare a function of the world as an outcome; its name and first docstring line are its name and meaning.

    Args:
        unit: of its values
        better: 1 if more is better, -1 if less is, 0 if neither
    """

    def register(function: Callable[..., float]) -> Callable[..., float]:
        about = (function.__doc__ or "").strip().splitlines()[0] if function.__doc__ else ""
        OUTCOMES[function.__name__] = Outcome(function.__name__, unit, better, about, function)
        return function

    return register


class Fact(NamedTuple):
    """Published fact that runs are compared with.

    Attributes:
        pattern: figure that was published, for example share_5_units
        year: school year
        group: of students
    """

    pattern: str
    year: int
    group: str

    @property
    def column(self) -> str:
        """Column with its simulated figure in a table with a row a run.

        >>> Fact("share_5_units", 2013, "quintile 1").column
        'share_5_units/2013/quintile 1'
        """
        return f"{self.pattern}/{self.year}/{self.group}"
