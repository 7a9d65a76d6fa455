"""Checks of the answers of a user's class: an error is one sentence that names class, method and value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import SequenceMatcher
from functools import wraps
from inspect import isfunction, signature
from typing import NamedTuple

import numpy as np

from sim.errors import InputError, shown
from sim.rules.arrays import Floats, Values


class Answer(NamedTuple):
    """Bounds of an answer, the column of whose shape it is or None, and whether it is reasons by their names."""

    low: float
    high: float
    like: str | None = "capacity"
    named: bool = False


SHARE = Answer(0.0, 1.0)
AMOUNT = Answer(0.0, np.inf, None)
REASONS = Answer(-np.inf, np.inf, None)
NAMED, NAMED_BY_ROW = Answer(-np.inf, np.inf, None, True), Answer(-np.inf, np.inf, "capacity", True)

ANSWERS = {
    "next_position": Answer(0.0, 1.0, "position"), "acceptance_terms": NAMED, "chance_of_accepting": SHARE,
    "chance_of_leaving": SHARE, "trust_gain": SHARE, "trust_loss": SHARE,
    "pledge_terms": NAMED_BY_ROW, "agrees_with_agenda": SHARE, "next_pledge": SHARE,
    "inclination": SHARE, "knowledge_of_others": SHARE, "territory": Answer(-1.0, np.inf), "grants": AMOUNT,
    "gives_to": Answer(0.0, 1.0, None), "adoption_terms": NAMED, "stream": REASONS, "cooling_terms": NAMED,
    "admission_terms": NAMED, "chance_of_admitting": Answer(0.0, 1.0, None), "chance_of_joining": SHARE,
    "chance_of_following": SHARE, "follows_advice": Answer(0.0, 1.0, None),
    "budget": AMOUNT, "criteria": REASONS, "hours": AMOUNT, "annual_cost": AMOUNT,
}  # fmt: skip
"""Every decision that a class may override, and what its answer may be."""

RENAMED = {"heed": "knowledge_of_others"}
"""Decisions by the name that they had in 0.2, with their name now."""

NEAR = 0.8
"""Likeness from which a name is taken for a misspelt decision [share]."""

SLACK = 1e-9
"""Tolerance for the rounding of a share [share]."""

PACKAGE = "sim.agents."


def is_builtin(of: type | Callable[..., object]) -> bool:
    """Return whether a class or function belongs to this package and not to a user.

    Args:
        of: a class or a function
    """
    return str(of.__module__).startswith(PACKAGE)


def decisions_of(decider: type) -> list[str]:
    """Return the decisions that a class takes, or may override, in alphabetical order.

    Args:
        decider: a class
    """
    return sorted(name for name in ANSWERS if hasattr(decider, name))


def guard(decider: type) -> None:
    """Put a check around every decision that a user's class defines; shared classes stay as they are.

    Args:
        decider: the user's class
    """
    for name in decisions_of(decider):
        method = getattr(decider, name)
        if isfunction(method) and not is_builtin(method) and not hasattr(method, "checked"):
            setattr(decider, name, with_check(method, name, f"`{decider.__name__}.{name}`"))


def with_check(method: Callable[..., object], name: str, label: str) -> Callable[..., object]:
    """Return a decision with a check of its answer; one number is the answer for everyone.

    Args:
        method: that takes the decision
        name: of the decision
        label: of class and method, for errors
    """

    @wraps(method)
    def decide(view: object, *circumstances: object, **named: object) -> object:
        try:
            answer = method(view, *circumstances, **named)
        except InputError:
            raise
        except (TypeError, AttributeError, NameError, LookupError, ValueError, ArithmeticError) as error:
            if "truth value of an array" in str(error):
                raise InputError(
                    f"{label} uses `if`, `and`, `or` or `not` on an array, since a class answers for everyone of its kind at "
                    "once; use numpy.where(condition, one, other), and & | ~ between conditions"
                ) from error
            raise InputError(f"{label} failed: {error}; the model calls it with {argument_text(view, name)}") from error
        return checked_answer(answer, ANSWERS[name], label, view)

    decide.checked = True  # type: ignore[attr-defined]
    return decide


def argument_text(view: object, name: str) -> str:
    """Return the arguments of a decision besides the class itself, in words, as the class that defines it has them.

    Args:
        view: that decides
        name: of the decision
    """
    builtin = next((vars(each)[name] for each in type(view).__mro__ if is_builtin(each) and name in vars(each)), None)
    names = [] if builtin is None else [*signature(builtin).parameters][1:]
    return ", ".join(f"`{each}`" for each in names) or "no arguments"


def checked_answer(answer: object, wanted: Answer, label: str, view: object) -> object:
    """Return an answer that passes its checks.

    Args:
        answer: of the user's method
        wanted: bounds and shape of the answer
        label: of class and method, for errors
        view: that decides

    Raises:
        InputError: it is None, has another shape, is out of bounds, or is not a number
    """
    if answer is None:
        raise InputError(f"{label} returned None; add a `return` with a value")
    if wanted.named:
        return checked_reasons(answer, wanted, label, view)
    values = checked_numbers(answer, wanted, f"{label} returned")
    if wanted.like is None:
        return answer
    shape = checked_shape(values, getattr(view, wanted.like), f"{label} returned")
    return np.broadcast_to(values, shape) if values.shape != shape else answer


def checked_reasons(answer: object, wanted: Answer, label: str, view: object) -> Mapping[str, object]:
    """Return reasons that pass their checks.

    Args:
        answer: of the user's method
        wanted: bounds and shape of each reason
        label: of class and method, for errors
        view: that decides

    Raises:
        InputError: the answer is not a dict, or a reason is not a number or has another shape
    """
    if not isinstance(answer, Mapping):
        raise InputError(
            f"{label} returned {shown(answer)}; it must return a dict from names of reasons to numbers, for example "
            f"`return super().{label.strip('`').split('.')[-1]}() | {{'name': ...}}`"
        )
    for reason, value in answer.items():
        subject = f"{label} returned for {reason!r}"
        values = checked_numbers(value, wanted, subject)
        if wanted.like is not None:
            checked_shape(values, getattr(view, wanted.like), subject)
    return answer


def checked_shape(values: Floats, like: Values, subject: str) -> tuple[int, ...]:
    """Return the shape of the rows that were asked.

    Args:
        values: of the answer
        like: values of the shape that it must have
        subject: beginning of the error

    Raises:
        InputError: the values have another shape and are not one number
    """
    shape = np.shape(like)
    if values.shape not in ((), shape):
        raise InputError(f"{subject} an array of shape {values.shape}; it must have shape {shape} or be one number")
    return shape


def checked_numbers(answer: object, wanted: Answer, subject: str) -> Floats:
    """Return an answer as an array of numbers within its bounds.

    Args:
        answer: of the user's method
        wanted: bounds of the answer
        subject: beginning of the error

    Raises:
        InputError: the answer is not a number, or a number is out of bounds
    """
    try:
        values = np.asarray(np.asarray(answer) + 0.0, dtype=float)
    except (TypeError, ValueError):
        raise InputError(f"{subject} {shown(answer)}, which is not a number") from None
    bad = ~((values >= wanted.low - SLACK) & (values <= wanted.high + SLACK))
    if not bad.any():
        return values
    what = f"must lie between {wanted.low:g} and {wanted.high:g}" if np.isfinite(wanted.low) else "must be a number"
    what = f"must be at least {wanted.low:g}" if np.isfinite(wanted.low) and np.isinf(wanted.high) else what
    raise InputError(f"{subject} {values[bad][0]:g}; it {what}")


def method_name_problem(decider: type) -> str:
    """Return the problem with the names of a user's methods, in one sentence: a misspelt decision; empty without any.

    Args:
        decider: the user's class
    """
    decisions = decisions_of(decider)
    for name in _written(decider):
        near = max(decisions, key=lambda decision: _likeness(name, decision), default="")
        label = f"`{decider.__name__}.{name}`"
        if name in RENAMED:
            return f"the model never calls {label}; rename it to `{RENAMED[name]}`"
        if name in ("step", "advance"):
            return f"the model never calls {label}; it calls the decisions {', '.join(decisions)}"
        if near and _likeness(name, near) >= NEAR:
            return f"the model never calls {label}; did you mean `{near}`? begin its name with _ if only you call it"
    return ""


def _written(decider: type) -> list[str]:
    """Return the public methods that a user wrote in a class or its parents, decisions left out."""
    classes = [
        each
        for each in decider.__mro__
        if not is_builtin(each) and each.__module__.split(".")[0] not in ("mesa", "builtins")
    ]
    names = dict.fromkeys(name for each in classes for name, value in vars(each).items() if isfunction(value))
    return [name for name in names if name[0] != "_" and name not in ANSWERS]


def _likeness(name: str, decision: str) -> float:
    """Return the likeness of a name to a decision's, or to the last words of it [share]."""
    words = decision.split("_")
    endings = ["_".join(words[place:]) for place in range(len(words))]
    return max(SequenceMatcher(None, name, ending).ratio() for ending in endings)
