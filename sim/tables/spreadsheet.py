"""Text in CSV files that a spreadsheet program must not read as a formula.

A cell that begins with `=`, `+`, `-` or `@` is a formula in spreadsheet programs. One apostrophe before it makes it text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_FORMULA = re.compile(r"'*[=+\-@]")
_PREFIXED = re.compile(r"'+[=+\-@]")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def needs_apostrophe(text: str) -> bool:
    """Return whether a cell needs an apostrophe: it begins like a formula and is not a finite number.

    Apostrophes before the sign count as part of the beginning, so that `unescaped` can undo `escaped`.

    Args:
        text: of a cell

    >>> [needs_apostrophe(text) for text in ("=1+1", "-18", "-Inf", "'+x", "a=b", "'tis")]
    [True, False, True, True, False, False]
    """
    return bool(_FORMULA.match(text)) and not _is_finite_number(text)


def _is_finite_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and isfinite(float(text))


def escaped(text: str) -> str:
    """Return the text as a CSV file holds it: with one apostrophe more where it needs one.

    Args:
        text: of a cell

    >>> escaped("=SUM(A1)"), escaped("-18"), escaped("'=x"), escaped("never")
    ("'=SUM(A1)", '-18', "''=x", 'never')
    """
    return f"'{text}" if needs_apostrophe(text) else text


def unescaped(text: str) -> str:
    """Return the text that a cell of a CSV file means: without the apostrophe that `escaped` added.

    Args:
        text: of a cell

    >>> unescaped("'=SUM(A1)"), unescaped("-18"), unescaped("''=x"), unescaped("'tis")
    ('=SUM(A1)', '-18', "'=x", "'tis")
    """
    return text[1:] if _PREFIXED.match(text) else text


def escaped_all(values: Iterable[object]) -> list[object]:
    """Return the values with every text escaped; what is not text stays as it is.

    Args:
        values: of cells

    >>> escaped_all(["=x", -18, None, "-18"])
    ["'=x", -18, None, '-18']
    """
    return [escaped(value) if isinstance(value, str) else value for value in values]


def without_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its texts and names of columns as a CSV file holds them; other columns are not touched.

    Args:
        frame: the table
    """
    safe = frame.copy(deep=False)
    for place, dtype in enumerate(frame.dtypes):
        if getattr(dtype, "kind", "O") not in "OU":
            continue
        cells = list(frame.iloc[:, place])
        held = escaped_all(cells)
        if any(after is not before for before, after in zip(cells, held, strict=True)):
            safe.isetitem(place, held)
    names = escaped_all(frame.columns)
    if names != list(frame.columns):
        safe.columns = names
    return safe
