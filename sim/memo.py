"""Cache of values that are computed from immutable parts."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from operator import is_not
from typing import Any


class Memo:
    """Cache of values with the parts that they were computed from; a new part gives a new value.

    Parts are compared by identity, so they must never be edited: tables, parameters, arrays of a world. A copy of a memo,
    and one read from a pickle, is empty; its values are computed again when they are needed.

    >>> memo, part = Memo(), (1, 2)
    >>> memo.get("sum", (part,), lambda: sum(part)), memo.get("sum", (part,), lambda: 0), memo.get("sum", ((),), lambda: 0)
    (3, 3, 0)
    """

    def __init__(self) -> None:
        self._values: dict[Hashable, tuple[tuple[object, ...], Any]] = {}

    def get(self, name: Hashable, parts: tuple[object, ...], make: Callable[[], Any]) -> Any:
        """Return a value from the cache; compute it again if a part has been replaced.

        Args:
            name: of the value; always used with the same number of parts
            parts: that the value depends on
            make: computes the value
        """
        cached = self._values.get(name)
        if cached is not None and (cached[0] is parts or not any(map(is_not, cached[0], parts))):
            return cached[1]
        value = make()
        self._values[name] = (parts, value)
        return value

    def __reduce__(self) -> tuple[type[Memo], tuple[()]]:
        """Copy and pickle as an empty memo."""
        return Memo, ()
