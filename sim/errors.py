"""Errors of input: one sentence that says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from numbers import Integral, Real
from typing import Any


def is_one_of(name: Any, known: Iterable[str]) -> bool:
    """Whether something is one of some names; what is no text at all is none of them."""
    return isinstance(name, str) and name in known


LAST_SEED = 2**31 - 1
"""The greatest seed: every table and file has room for it."""


def whole_number(name: str, value: Any, low: int, high: int = 999_999) -> int:
    """Return a whole number between bounds.

    Raises:
        InputError: with the name of what it is, for anything else
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < low:
        raise InputError(f"{name} must be a whole number from {low}; got {shown(value)}")
    if int(value) > high:
        raise InputError(f"{name} must be at most {high}; got {shown(value)}")
    return int(value)


def flag(name: str, value: bool) -> bool:
    """Return an option that is true or false.

    Raises:
        InputError: it is neither
    """
    if not isinstance(value, bool):
        raise InputError(f"`{name}` must be true or false; got {shown(value)}")
    return value


def shown(value: Any) -> str:
    """Return a value as a sentence quotes it: in one line, and not at any length."""
    try:
        said = str(value) if isinstance(value, Real) else repr(value)
    except ValueError:  # Python writes no number of more than some thousand digits
        return "a number of thousands of digits"
    said = " ".join(said.split())
    return said if len(said) <= 100 else f"{said[:80]}... ({len(said)} letters)"


class InputError(ValueError):
    """A wrong input, said in one sentence on one line; commands end with it and exit code 2."""

    def __init__(self, sentence: str) -> None:
        line = " ".join(sentence.splitlines())
        super().__init__(line if len(line) <= LONGEST else f"{line[: LONGEST // 2]} ... {line[-LONGEST // 2 :]}")


LONGEST = 600
"""Letters of the longest sentence: who gives a book as a value does not get it back."""


def suggestion(name: object, known: list[str]) -> str:
    """Return the nearest known name as a question, or nothing."""
    name = str(name)
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    if not near:
        near = [k for k in known if k.split(".")[-1] == name.split(".")[-1]][:1]
    return f"; did you mean `{near[0]}`?" if near else ""


def nearest(word: str, known: list[str]) -> str:
    """Return the nearest of some words as a question, or nothing."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean `{near[0]}`?" if near else ""


def counted(number: int, word: str) -> str:
    """Return a number with its word, in the plural unless it is one.

    >>> counted(1, "tie"), counted(1200, "tie")
    ('1 tie', '1,200 ties')
    """
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def listed(words: Sequence[Any], most: int = 12) -> str:
    """Return words with commas between them, the first few of many."""
    return ", ".join(str(word) for word in words[:most]) + (", ..." if len(words) > most else "")
