"""Frozen tables: a change is a copy with some columns replaced."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Self

_new, _set = object.__new__, object.__setattr__


class Table:
    """A frozen record of columns or of other tables. Subclasses are frozen dataclasses."""

    def with_(self, **columns: Any) -> Self:
        """Return the same table with these columns replaced.

        Raises:
            AttributeError: the table does not have the column
        """
        before = self.__dict__
        state = {**before, **columns}  # quicker than `|`; phases call this thousands of times a run
        if len(state) != len(before):
            unknown = set(columns) - {item.name for item in fields(self)}  # type: ignore[arg-type]
            raise AttributeError(f"{type(self).__name__} has no column {', '.join(sorted(unknown))}")
        new = _new(self.__class__)
        _set(new, "__dict__", state)
        return new


def replaced(column: Any, rows: Any, values: Any) -> Any:
    """Return a column with the values of some rows replaced.

    Args:
        column: before
        rows: whose values are replaced [row]
        values: new values
    """
    new = column.copy()
    new[rows] = values
    return new
