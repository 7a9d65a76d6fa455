"""What a class of the user's own answers is checked: a slip in it is one sentence that names class, method and value."""

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
    "inclination": SHARE, "heed": SHARE, "territory": Answer(-1.0, np.inf), "grants": AMOUNT,
    "gives_to": Answer(0.0, 1.0, None), "adoption_terms": NAMED, "stream": REASONS, "cooling_terms": NAMED,
    "admission_terms": NAMED, "chance_of_admitting": Answer(0.0, 1.0, None), "chance_of_joining": SHARE,
    "chance_of_following": SHARE, "follows_advice": Answer(0.0, 1.0, None),
    "budget": AMOUNT, "criteria": REASONS, "hours": AMOUNT, "annual_cost": AMOUNT,
}  # fmt: skip
"""Every decision that a class may override, and what its answer may be."""

NEAR = 0.8
"""From this likeness on a name is taken for a slip of another [share]."""

SLACK = 1e-9
"""What rounding may add to a share [share]."""

OURS = "sim.agents."


def own(of: type | Callable[..., object]) -> bool:
    """Whether a class or function is one of this package, and no user's."""
    return str(of.__module__).startswith(OURS)


def decisions_of(decider: type) -> list[str]:
    """Return the decisions that a class takes, or may override, in alphabetical order."""
    return sorted(name for name in ANSWERS if hasattr(decider, name))


def guard(decider: type) -> None:
    """Put a check around every decision that a class has from its user; shared classes stay as they are."""
    for name in decisions_of(decider):
        method = getattr(decider, name)
        if isfunction(method) and not own(method) and not hasattr(method, "checked"):
            setattr(decider, name, checked(method, name, f"`{decider.__name__}.{name}`"))


def checked(method: Callable[..., object], name: str, called: str) -> Callable[..., object]:
    """Return a decision whose answer is checked; a number is the answer of everyone asked."""

    @wraps(method)
    def decide(view: object, *circumstances: object, **named: object) -> object:
        try:
            answer = method(view, *circumstances, **named)
        except InputError:
            raise
        except (TypeError, AttributeError, NameError, LookupError, ValueError, ArithmeticError) as error:
            if "truth value of an array" in str(error):
                raise InputError(
                    f"{called} asks `if`, `and`, `or` or `not` of an array: a class speaks for everyone of its kind at once, "
                    "so write numpy.where(condition, one, other), and & | ~ between conditions"
                ) from error
            raise InputError(f"{called}, which is asked with {asked_with(view, name)}, failed: {error}") from error
        return fit(answer, ANSWERS[name], called, view)

    decide.checked = True  # type: ignore[attr-defined]
    return decide


def asked_with(view: object, name: str) -> str:
    """What a decision is asked with besides the class itself, as the class that it comes from has it."""
    ours = next((vars(each)[name] for each in type(view).__mro__ if own(each) and name in vars(each)), None)
    names = [] if ours is None else [*signature(ours).parameters][1:]
    return ", ".join(f"`{each}`" for each in names) or "nothing more"


def fit(answer: object, wanted: Answer, called: str, view: object) -> object:
    """Return an answer that may go on.

    Raises:
        InputError: none, one of another shape, out of bounds, or not a number
    """
    if answer is None:
        raise InputError(f"{called} answered None: a `return` is missing, or nothing stands after it")
    if wanted.named:
        return reasons(answer, wanted, called, view)
    values = within(answer, wanted, f"{called} answered")
    if wanted.like is None:
        return answer
    shape = shaped(values, getattr(view, wanted.like), f"{called} answered")
    return np.broadcast_to(values, shape) if values.shape != shape else answer


def reasons(answer: object, wanted: Answer, called: str, view: object) -> Mapping[str, object]:
    """Reasons that may go on.

    Raises:
        InputError: what is no dict of them, and for one that is no number or of another shape
    """
    if not isinstance(answer, Mapping):
        raise InputError(
            f"{called} answered {shown(answer)}, where reasons are a dict of their names and numbers: "
            f"`return super().{called.strip('`').split('.')[-1]}() | {{'mine': ...}}`"
        )
    for reason, value in answer.items():
        said = f"{called} answered for {reason!r}"
        values = within(value, wanted, said)
        if wanted.like is not None:
            shaped(values, getattr(view, wanted.like), said)
    return answer


def shaped(values: Floats, like: Values, said: str) -> tuple[int, ...]:
    """Return the shape of those asked.

    Raises:
        InputError: values of another one that are not one number either
    """
    shape = np.shape(like)
    if values.shape not in ((), shape):
        raise InputError(f"{said} with shape {values.shape}; of those asked it must be {shape}, or one number")
    return shape


def within(answer: object, wanted: Answer, said: str) -> Floats:
    """Return an answer as numbers.

    Raises:
        InputError: with the first that is out of bounds, for what is none
    """
    try:
        values = np.asarray(np.asarray(answer) + 0.0, dtype=float)
    except (TypeError, ValueError):
        raise InputError(f"{said} {shown(answer)}, which is no number") from None
    bad = ~((values >= wanted.low - SLACK) & (values <= wanted.high + SLACK))
    if not bad.any():
        return values
    what = f"must lie between {wanted.low:g} and {wanted.high:g}" if np.isfinite(wanted.low) else "must be a number"
    what = f"must be at least {wanted.low:g}" if np.isfinite(wanted.low) and np.isinf(wanted.high) else what
    raise InputError(f"{said} {values[bad][0]:g}, and it {what}")


def unasked(decider: type) -> str:
    """What is wrong with the names of a user's methods, in one sentence: a decision misspelt; nothing if all is well."""
    known = decisions_of(decider)
    for name in _written(decider):
        near = max(known, key=lambda decision: _likeness(name, decision), default="")
        called = f"`{decider.__name__}.{name}`"
        if name in ("step", "advance"):
            return f"{called} is never called: phases ask for decisions, which are {', '.join(known)}"
        if near and _likeness(name, near) >= NEAR:
            return f"the model never calls {called}; did you mean `{near}`? (a method that only you call begins with _)"
    return ""


def _written(decider: type) -> list[str]:
    """Public methods that a user wrote in a class or what it comes from, decisions left out."""
    theirs = [
        each for each in decider.__mro__ if not own(each) and each.__module__.split(".")[0] not in ("mesa", "builtins")
    ]
    names = dict.fromkeys(name for each in theirs for name, value in vars(each).items() if isfunction(value))
    return [name for name in names if name[0] != "_" and name not in ANSWERS]


def _likeness(name: str, decision: str) -> float:
    """How like a name is to a decision's, or to the last words of it [share]."""
    words = decision.split("_")
    endings = ["_".join(words[place:]) for place in range(len(words))]
    return max(SequenceMatcher(None, name, ending).ratio() for ending in endings)
