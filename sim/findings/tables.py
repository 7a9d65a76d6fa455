"""Tables of numbers as tables of text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

type Format = Callable[[Any], str]
"""A function that returns a number as text."""


def in_text(frame: pd.DataFrame, number: Format, formats: Mapping[str, Format] | None = None) -> pd.DataFrame:
    """Return a table with cells of text; missing values are `-`, whole numbers are unchanged.

    Args:
        frame: the table
        number: format of numbers with decimals
        formats: format of the numbers of some columns, by name

    >>> in_text(pd.DataFrame({"a": [1.5, float("nan")], "n": [1, 2]}), "{:.2f}".format).to_numpy().tolist()
    [['1.50', '1'], ['-', '2']]
    """
    by_column = formats or {}
    columns = {}
    for name, column in frame.items():
        write = by_column.get(str(name), number if pd.api.types.is_float_dtype(column) else str)
        columns[name] = ["-" if pd.isna(value) else write(value) for value in column]
    return pd.DataFrame(columns, columns=frame.columns, index=frame.index, dtype=object)


def short_number(value: float) -> str:
    """Return a number as text: a whole number from 100, else four digits.

    >>> short_number(0.293612), short_number(12345.6)
    ('0.2936', '12,346')
    """
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.4g}"
