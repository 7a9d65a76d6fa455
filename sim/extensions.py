"""Declarations of a user while a program runs: parameters of the section `own`, outcomes, files that declare more."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, make_dataclass
from functools import wraps
from inspect import signature
from keyword import iskeyword
from pathlib import Path
from traceback import extract_tb
from typing import Any

from sim.declare import OUTCOMES, Declaration, Outcome, outcome, parameter, problem_with
from sim.errors import InputError, shown

YEARLY = re.compile(r"(examinees|share)_\d{4}")
"""Names of outcomes that every run has by year."""

Known = dict[str, tuple[Any, Declaration]]
"""Default and declaration of parameters, by name within the section."""


@dataclass(frozen=True)
class Own:
    """The section `own` of the parameters, empty until something is declared; a phase or class reads it as any other."""

    def __getattr__(self, name: str) -> Any:
        """Return the default of what was declared after this section was made.

        Raises:
            AttributeError: anything else
        """
        if name in _known():
            return _known()[name][0]
        raise AttributeError(f"there is no parameter `own.{name}`; `sim.add_parameter` declares one")

    def __reduce__(self) -> tuple[Any, ...]:
        """What another process makes the section from: it may not have heard of the declarations."""
        return _received, (_known(), dict(vars(self)))


_SECTIONS: list[type[Own]] = [Own]
"""The section as it is now, alone in a list; every declaration makes a new one."""


def section() -> type[Own]:
    """Return the class of the section as it is now."""
    return _SECTIONS[0]


def made() -> Own:
    """Return the section with its defaults."""
    return section()()


def renewed(own: Own) -> Own:
    """Return a section with its values and what was declared after it was made."""
    return own if type(own) is section() else section()(**{n: v for n, v in vars(own).items() if n in _known()})


def add_parameter(name: str, default: Any, unit: str, about: str, **more: Any) -> str:
    """Declare a parameter of your own, in this process and those that it sends runs to; again replaces it.

    Args:
        name: by which it is read, ``model.parameters.own.NAME``
        default: its value where nothing else is said: true or false, a number or text
        unit: of its values, for example "share"
        about: what it means, in a few words
        more: `low`, `high`, `choices`, `source`, `evidence`, `lever` (a policy may change it), `uncertain` (sampled
            by sweeps)

    Returns: its dotted name, for `set`, policies and sweeps.

    Raises:
        InputError: a name that is none, an unknown keyword, and a default that may not be
    """
    if not isinstance(name, str) or not name.isidentifier() or iskeyword(name) or name != name.lower().lstrip("_"):
        raise InputError(f"a parameter is called by a word of small letters, for example `caution`; got {shown(name)}")
    unknown = set(more) - {item.name for item in fields(Declaration)}
    if unknown:
        raise InputError(
            f"a parameter has no `{min(unknown)}`; it may have {', '.join(f.name for f in fields(Declaration))}"
        )
    if type(default) not in (bool, int, float, str):
        raise InputError(f"the default of `own.{name}` must be true or false, a number or text; got {shown(default)}")
    if unit == "count":
        raise InputError(
            f"`own.{name}`: the unit `count` is kept for levers that count events of the case; say another"
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

    Its name and the first line of its docstring are the outcome's; every run is then judged by it, in other processes too.

    Raises:
        InputError: a name that an outcome of the model has, a function of anything but one world, and a `better` that
            is not 1 (more is better), -1 (less) or 0 (neither)
    """
    if not isinstance(unit, str):
        raise InputError(f"the unit of an outcome must be text, for example `share`; got {shown(unit)}")
    if isinstance(better, bool) or better not in (-1, 0, 1):
        raise InputError(f"`better` says 1 for more, -1 for less, 0 for neither; got {shown(better)}")

    def added(function: Callable[..., float]) -> Callable[..., float]:
        name = getattr(function, "__name__", "")
        if (name in OUTCOMES and name not in outcomes()) or YEARLY.fullmatch(name):
            raise InputError(f"`{name}` is an outcome of the model; call yours something else")
        if not callable(function) or len(signature(function).parameters) != 1:
            raise InputError(
                f"an outcome is a function of one thing, the world as a run leaves it; got {shown(function)}"
            )
        return outcome(unit, better)(_named(function, name))

    return added


def _named(function: Callable[..., float], name: str) -> Callable[..., float]:
    """Return a user's function of the world, a slip in which is said in one sentence that names it."""

    @wraps(function)
    def judged(world: Any) -> float:
        try:
            return float(function(world))
        except Exception as error:
            raise InputError(
                f"your outcome `{name}` failed: {error}; define it again under this name to mend it"
            ) from error

    return judged


def outcomes() -> dict[str, Outcome]:
    """Return the user's own outcomes by name: those whose functions are not of this package."""
    return {name: item for name, item in OUTCOMES.items() if not str(item.function.__module__).startswith("sim.")}


def load(file: str) -> None:
    """Run a Python file of the user's own, which registers kinds or declares parameters and outcomes.

    Its classes and functions can be sent to other processes.

    Raises:
        InputError: it cannot be read, or fails
    """
    try:
        text = Path(file).expanduser().read_text(encoding="utf-8")
        exec(compile(text, file, "exec"), {"__name__": f"loaded_{Path(file).stem}", "__file__": file})
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"`load` names {shown(file)}, which cannot be read: {error.strerror}") from None
    except Exception as error:
        lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == file]
        line = f" in line {lines[-1]}" if lines else ""
        raise InputError(f"{file}, which `load` names, fails{line}: {type(error).__name__}: {error}") from error


def received(theirs: Mapping[str, Outcome]) -> None:
    """Know the outcomes that another process declares, and no others of a user's."""
    for name in outcomes().keys() - theirs.keys():
        del OUTCOMES[name]
    OUTCOMES.update(theirs)


def _known() -> Known:
    return {item.name: (item.default, item.metadata["declaration"]) for item in fields(section())}


def _declare(new: Known) -> None:
    """Make the section anew where something is new in it."""
    known = _known()
    if known | new == known:
        return
    parts = [(n, type(v), parameter(v, **vars(said))) for n, (v, said) in (known | new).items()]
    _SECTIONS[0] = make_dataclass("Own", parts, bases=(Own,), frozen=True, module=__name__)


def _received(theirs: Known, values: dict[str, Any]) -> Own:
    """Return a section that came from another process."""
    _declare(theirs)
    return section()(**values)
