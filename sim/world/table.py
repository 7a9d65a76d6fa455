"""Frozen tables: a change is a copy with some columns replaced."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Self


class Table:
    """A frozen record of columns or of other tables. Subclasses are frozen dataclasses."""

    def with_(self, **columns: Any) -> Self:
        """Return the same table with these columns replaced.

        Raises:
            AttributeError: the table does not have the column
        """
        state = self.__dict__ | columns
        if len(state) != len(self.__dict__):
            unknown = set(columns) - {item.name for item in fields(self)}  # type: ignore[arg-type]
            raise AttributeError(f"{type(self).__name__} has no column {', '.join(sorted(unknown))}")
        new = object.__new__(type(self))
        object.__setattr__(new, "__dict__", state)
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
