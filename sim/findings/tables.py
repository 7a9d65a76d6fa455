"""Tables of numbers as tables of text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

type Format = Callable[[Any], str]
"""How a number is written."""


def in_text(frame: pd.DataFrame, number: Format, formats: Mapping[str, Format] | None = None) -> pd.DataFrame:
    """Return a table whose cells are text; what is missing is `-`, whole numbers are written as they are.

    Args:
        frame: the table
        number: how numbers with decimals are written
        formats: how the numbers of some columns are written, by name

    >>> in_text(pd.DataFrame({"a": [1.5, float("nan")], "n": [1, 2]}), "{:.2f}".format).to_numpy().tolist()
    [['1.50', '1'], ['-', '2']]
    """
    own = formats or {}
    columns = {}
    for name, column in frame.items():
        write = own.get(str(name), number if pd.api.types.is_float_dtype(column) else str)
        columns[name] = ["-" if pd.isna(value) else write(value) for value in column]
    return pd.DataFrame(columns, columns=frame.columns, index=frame.index, dtype=object)


def short_number(value: float) -> str:
    """Return a number with four digits if it is small, and as a whole number if it is large.

    >>> measured(0.293612), measured(12345.6)
    ('0.2936', '12,346')
    """
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.4g}"
