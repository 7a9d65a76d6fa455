"""A user's own declarations while a program runs: parameters of the section `own`, outcomes, and files with more of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, make_dataclass
from functools import wraps
from hashlib import sha256
from inspect import signature
from keyword import iskeyword
from pathlib import Path
from traceback import extract_tb
from typing import Any

from sim.declare import FILE_HASH, OUTCOMES, Declaration, Outcome, outcome, parameter, problem_with, users_outcomes
from sim.errors import InputError, OutcomeError, shown

YEARLY = re.compile(r"(examinees|share)_\d{4}")
"""Names of outcomes that every run has for each year."""

COLUMNS = ("scenario", "timing", "sample", "dates", "seed", "structure", "parameter_set", "decision")
"""Columns of tables of runs that no outcome may be named like."""

OwnParameters = dict[str, tuple[Any, Declaration]]
"""Default and declaration of the user's own parameters, by name within the section."""


@dataclass(frozen=True)
class Own:
    """Section `own` of the parameters, empty until a parameter is declared; it is read as any other section."""

    def __getattr__(self, name: str) -> Any:
        """Return the default of a parameter that was declared after this section was made.

        Raises:
            AttributeError: the parameter was not declared
        """
        if name in own_parameters():
            return own_parameters()[name][0]
        raise AttributeError(f"the parameter `own.{name}` does not exist; `sim.add_parameter` declares one")

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how another process makes the section again; the declarations are sent along."""
        return _received, (own_parameters(), dict(vars(self)))


_SECTIONS: list[type[Own]] = [Own]
"""Present class of the section, in a list of one; every declaration makes a new class."""


def section() -> type[Own]:
    """Return the present class of the section."""
    return _SECTIONS[0]


def made() -> Own:
    """Return the section with its defaults."""
    return section()()


def renewed(own: Own) -> Own:
    """Return a section of the present class with the values of an older one."""
    if type(own) is section():
        return own
    return section()(**{name: value for name, value in vars(own).items() if name in own_parameters()})


def add_parameter(name: str, default: Any, unit: str, about: str, **more: Any) -> str:
    """Declare a parameter of your own, here and in the processes that simulate runs; a second declaration replaces it.

    Args:
        name: of the parameter; a model reads it as ``model.parameters.own.NAME``
        default: its value unless it is set: true or false, a number or text
        unit: of its values, for example "share"
        about: its meaning, in a few words
        more: `low`, `high`, `choices`, `source`, `evidence`, `lever` (a policy may change it), `uncertain` (sampled
            by sweeps)

    Returns:
        Its dotted name, for `set`, policies and sweeps.

    Raises:
        InputError: the name cannot be used, a keyword is unknown, or the default is wrong
    """
    if not isinstance(name, str) or not name.isidentifier() or iskeyword(name) or name != name.lower().lstrip("_"):
        raise InputError(
            f"the name of a parameter must be a word of small letters, for example `caution`; got {shown(name)}"
        )
    unknown = set(more) - {item.name for item in fields(Declaration)}
    if unknown:
        raise InputError(
            f"`{min(unknown)}` is not a part of a declaration; use {', '.join(f.name for f in fields(Declaration))}"
        )
    if type(default) not in (bool, int, float, str):
        raise InputError(f"the default of `own.{name}` must be true or false, a number or text; got {shown(default)}")
    if unit == "count":
        raise InputError(
            f"`own.{name}`: the unit `count` is reserved for levers that count events of the case; use another unit"
        )
    for key, words in (("unit", unit), ("about", about)):
        if not isinstance(words, str):
            raise InputError(f"`{key}` of `own.{name}` must be text; got {shown(words)}")
    declared = Declaration(unit=unit, about=about, **more)
    problem = problem_with(f"own.{name}", default, default, declared)
    if problem:
        raise InputError(problem)
    _declare({name: (default, declared)})
    return f"own.{name}"


def add_outcome(unit: str, better: int = 0) -> Callable[[Callable[..., float]], Callable[..., float]]:
    """Declare a function of the world as an outcome of your own: ``@sim.add_outcome("share", better=1)``.

    The name of the function and the first line of its docstring are those of the outcome. Every run then has the outcome,
    in other processes too.

    Args:
        unit: of its values
        better: 1 if more is better, -1 if less is, 0 if neither

    Raises:
        InputError: the model has an outcome of this name, the function does not take one argument, or `unit` or `better` is
            wrong
    """
    if not isinstance(unit, str):
        raise InputError(f"the unit of an outcome must be text, for example `share`; got {shown(unit)}")
    if isinstance(better, bool) or better not in (-1, 0, 1):
        raise InputError(f"`better` must be 1 (more is better), -1 (less is) or 0 (neither); got {shown(better)}")

    def added(function: Callable[..., float]) -> Callable[..., float]:
        name = getattr(function, "__name__", "")
        if (name in OUTCOMES and name not in users_outcomes()) or YEARLY.fullmatch(name):
            raise InputError(f"`{name}` is an outcome of the model; give yours another name")
        if name in COLUMNS:
            raise InputError(f"`{name}` is another column of a table of runs; give your outcome another name")
        if not callable(function) or len(signature(function).parameters) != 1:
            raise InputError(
                f"an outcome must be a function of one argument, the last world of a run; got {shown(function)}"
            )
        return outcome(unit, better)(_named(function, name))

    return added


def _named(function: Callable[..., float], name: str) -> Callable[..., float]:
    """Return a user's outcome whose errors are one sentence with its name, its file and the line.

    Raises:
        OutcomeError: the function failed
    """
    file = getattr(getattr(function, "__code__", None), "co_filename", "")

    @wraps(function)
    def judged(world: Any) -> float:
        try:
            return float(function(world))
        except Exception as error:
            place = f"{_line_in(file, error)} of {file}" if _line_in(file, error) else ""
            raise OutcomeError(
                f"your outcome `{name}` failed{place}: {type(error).__name__}: {error}; correct it and define it again under "
                "this name"
            ) from None

    return judged


def load_outcomes(file: str) -> list[str]:
    """Run a Python file of the user's own that declares outcomes, and return their names.

    Args:
        file: its path

    Raises:
        InputError: the file cannot be read, fails, declares no outcome, or declares one that another file has
    """
    before = users_outcomes()
    load(file, "outcomes")
    new = [name for name, item in users_outcomes().items() if before.get(name) is not item]
    for name in new:
        if name in before:
            raise InputError(f"the outcome `{name}` of {file} is declared in another file too; rename one of them")
    if not new:
        raise InputError(
            f"{file} declares no outcome; write a function of the world in it, decorated with `@sim.add_outcome(UNIT)`"
        )
    return new


def load(file: str, key: str = "load") -> None:
    """Run a Python file of the user's own that registers kinds or declares parameters and outcomes.

    Its classes and functions can be sent to other processes.

    Args:
        file: its path
        key: option that names it, for messages

    Raises:
        InputError: the file cannot be read, or it fails
    """
    try:
        text = Path(file).expanduser().read_text(encoding="utf-8")
        names = {
            "__name__": f"loaded_{Path(file).stem}",
            "__file__": file,
            FILE_HASH: sha256(text.encode()).hexdigest()[:16],
        }
        exec(compile(text, file, "exec"), names)
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"the file {shown(file)} of `{key}` cannot be read: {error.strerror}") from None
    except Exception as error:
        line = _line_in(file, error)
        raise InputError(f"the file {file} of `{key}` fails{line}: {type(error).__name__}: {error}") from error


def _line_in(file: str, error: Exception) -> str:
    """Return in words the last line of a file that an error went through; empty if it went through none."""
    lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == file]
    return f" in line {lines[-1]}" if lines else ""


def received(sent: Mapping[str, Outcome]) -> None:
    """Declare the user's outcomes of another process, in place of those of this one."""
    for name in users_outcomes().keys() - sent.keys():
        del OUTCOMES[name]
    OUTCOMES.update(sent)


def own_parameters() -> OwnParameters:
    """Return the default and the declaration of the user's own parameters, by name within the section."""
    return {item.name: (item.default, item.metadata["declaration"]) for item in fields(section())}


def _declare(new: OwnParameters) -> None:
    """Make a new class of the section if a parameter is new or has changed."""
    before = own_parameters()
    after = before | new
    if after == before:
        return
    parts = [(name, type(value), parameter(value, **vars(item))) for name, (value, item) in after.items()]
    _SECTIONS[0] = make_dataclass("Own", parts, bases=(Own,), frozen=True, module=__name__)


def _received(sent: OwnParameters, values: dict[str, Any]) -> Own:
    """Return a section from a pickle, with the declarations that were sent along."""
    _declare(sent)
    return section()(**values)
