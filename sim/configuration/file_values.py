"""Values of files of the user's own, checked where the name of the file is known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.dates import months
from sim.errors import InputError
from sim.parameters import checked
from sim.tables.paths import is_yaml


@contextmanager
def errors_naming(file: str) -> Iterator[None]:
    """Put the name of a file before the sentence of an input error, unless the sentence has the name already.

    Args:
        file: name of the file that a user wrote

    Raises:
        InputError: the same error with the name

    >>> with errors_naming("mine.yaml"):
    ...     raise InputError("`a` must be at most 1; got 3")
    Traceback (most recent call last):
    sim.errors.InputError: mine.yaml: `a` must be at most 1; got 3
    """
    try:
        yield
    except InputError as error:
        if file in str(error):
            raise
        raise InputError(f"{file}: {error}") from None


def with_checked_values(content: dict[str, Any], name: str, never: str) -> dict[str, Any]:
    """Return the content of a scenario file after a check of its parameters and timing, if it is a file of the user's own.

    Args:
        content: keys and values of the file
        name: of a scenario of the project, or the path of a file
        never: timing of a policy that never comes

    Raises:
        InputError: a parameter is unknown, or a value has the wrong type or is out of range; the sentence names the file
    """
    values, timing = content.get("set"), content.get("timing", 0)
    if not is_yaml(name):
        return content
    with errors_naming(Path(name).name):
        for key, value in (values if isinstance(values, dict) else {}).items():
            checked(key, value)
        if timing != never:
            months(timing)
    return content
