"""A memory for values that are worked out from parts which are replaced and never edited."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from operator import is_not
from typing import Any


class Memo:
    """Keep values with the parts that they were made from; another part gives another value.

    Parts are compared by identity, so they must be things that nobody edits: tables, parameters, arrays of a world.
    A copy of a memo, and one read from a pickle, is empty: what it held is made again when it is needed.

    >>> memo, part = Memo(), (1, 2)
    >>> memo.get("sum", (part,), lambda: sum(part)), memo.get("sum", (part,), lambda: 0), memo.get("sum", ((),), lambda: 0)
    (3, 3, 0)
    """

    def __init__(self) -> None:
        self._values: dict[Hashable, tuple[tuple[object, ...], Any]] = {}

    def get(self, name: Hashable, parts: tuple[object, ...], make: Callable[[], Any]) -> Any:
        """Return a value, made anew when a part is not the one that it was made from.

        Args:
            name: of the value; always with as many parts
            parts: that the value depends on
            make: makes the value
        """
        kept = self._values.get(name)
        if kept is not None and (kept[0] is parts or not any(map(is_not, kept[0], parts))):
            return kept[1]
        value = make()
        self._values[name] = (parts, value)
        return value

    def __reduce__(self) -> tuple[type[Memo], tuple[()]]:
        """Copy and pickle as an empty memo."""
        return Memo, ()
