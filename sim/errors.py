"""Errors of input, each one sentence on what is wrong and what to do; and what such sentences need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from numbers import Integral, Real
from typing import Any


def is_one_of(name: Any, names: Iterable[str]) -> bool:
    """Return whether a value is text and one of some names."""
    return isinstance(name, str) and name in names


LAST_SEED = 2**31 - 1
"""Greatest seed, which fits into every table and file."""


def whole_number(name: str, value: Any, low: int, high: int = 999_999) -> int:
    """Return a whole number between bounds.

    Args:
        name: of the number, for messages
        value: to be checked
        low: least number
        high: greatest number

    Raises:
        InputError: the value is not a whole number, or out of bounds
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < low:
        raise InputError(f"{name} must be a whole number from {low}; got {shown(value)}")
    if int(value) > high:
        raise InputError(f"{name} must be at most {high}; got {shown(value)}")
    return int(value)


def flag(name: str, value: bool) -> bool:
    """Return an option that is true or false.

    Raises:
        InputError: the value is neither true nor false
    """
    if not isinstance(value, bool):
        raise InputError(f"`{name}` must be true or false; got {shown(value)}")
    return value


def shown(value: Any) -> str:
    """Return a value as a message quotes it: on one line, and shortened if it is long."""
    try:
        text = str(value) if isinstance(value, Real) else repr(value)
    except ValueError:  # Python writes no number of more than some thousand digits
        return "a number of thousands of digits"
    text = " ".join(text.split())
    return text if len(text) <= 100 else f"{text[:80]}... ({len(text)} characters)"


class InputError(ValueError):
    """Wrong input, described in one sentence on one line. Commands print the sentence and exit with code 2."""

    def __init__(self, sentence: str) -> None:
        line = " ".join(sentence.splitlines())
        super().__init__(line if len(line) <= LONGEST else f"{line[: LONGEST // 2]} ... {line[-LONGEST // 2 :]}")


class OutcomeError(InputError):
    """An outcome of the user's own that failed: it ends the program, since it is not the run that is wrong."""


LONGEST = 600
"""Most characters of a sentence; a longer one is shortened in the middle."""


def suggestion(name: object, names: list[str]) -> str:
    """Return a question with the nearest name, or no text if none is near."""
    name = str(name)
    near = get_close_matches(name, names, n=1, cutoff=0.6)
    if not near:
        near = [k for k in names if k.split(".")[-1] == name.split(".")[-1]][:1]
    return f"; did you mean `{near[0]}`?" if near else ""


def nearest(word: str, words: list[str]) -> str:
    """Return a question with the nearest of some words, or no text if none is near."""
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    return f"; did you mean `{near[0]}`?" if near else ""


def counted(number: int, word: str) -> str:
    """Return a number with its word, in the plural unless it is one.

    >>> counted(1, "tie"), counted(1200, "tie")
    ('1 tie', '1,200 ties')
    """
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def listed(words: Sequence[Any], most: int = 12) -> str:
    """Return words with commas between them, only the first ones of many.

    Args:
        words: to be listed
        most: greatest number of words that are listed
    """
    return ", ".join(str(word) for word in words[:most]) + (", ..." if len(words) > most else "")
