"""Read Parquet: first its declared size, then only the wanted columns, as the text a CSV file would have."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError, counted
from sim.tables.head import checked_head, wanted_columns
from sim.tables.identity import normalised
from sim.tables.sheet import Sheet

MOST_UNCOMPRESSED = 2_000_000_000
"""Declared size of the content of the largest file, uncompressed [bytes]."""

ROWS_AT_ONCE = 65_536
"""Rows that are read at a time."""

EXACT = 1 << 53
"""Whole numbers from here on lose digits when they are stored as decimals."""


def parquet_sheet(file: Path, wanted: Collection[str] | None, most_rows: int) -> Sheet:
    """Return the sheet in a Parquet file; named index levels are columns like others.

    Args:
        file: path of the file
        wanted: names of the columns to be read; None for all
        most_rows: more rows are refused [rows]

    Raises:
        InputError: the file declares too many rows or columns, or a wanted column holds lists or other nested values
        OSError, ValueError: it cannot be read as Parquet (both from pyarrow)
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as content:
        _check_size(file.name, content.metadata, most_rows)
        head = _head(file.name, content.schema_arrow)
        places = wanted_columns(head, wanted)
        fields = [content.schema_arrow.field(place) for place in places]
        for field in fields:
            _check_type(file.name, field)
        columns: list[list[Any]] = [[] for _ in places]
        rows = 0
        for batch in content.iter_batches(ROWS_AT_ONCE, columns=[field.name for field in fields] or None):
            rows += batch.num_rows
            if rows > most_rows:
                raise InputError(f"{file.name} has more than {most_rows:,} rows; a file of this kind may have no more")
            if not fields:
                break
            for cells, field in zip(columns, fields, strict=True):
                cells.append(_texts(file.name, field.name, batch.column(field.name), rows - batch.num_rows))
    return _without_blank_rows(file.name, head, {head[p]: c for p, c in zip(places, columns, strict=True)})


def parquet_head(file: Path) -> tuple[str, ...]:
    """Return the names of the columns of a Parquet file.

    Args:
        file: the file

    Raises:
        InputError: two columns have the same name
        OSError, ValueError: it cannot be read as Parquet (both from pyarrow)
    """
    import pyarrow.parquet as pq

    return _head(file.name, pq.read_schema(file))


def _head(name: str, schema: Any) -> tuple[str, ...]:
    """Return the names of columns; an index without a name has an empty one."""
    return checked_head(name, ["" if re.fullmatch(r"__index_level_\d+__", each) else each for each in schema.names])


def _check_size(name: str, metadata: Any, most_rows: int) -> None:
    """Check that a file declares no more than may be read.

    Raises:
        InputError: it declares more
    """
    if metadata.num_rows > most_rows:
        raise InputError(
            f"{name} declares {counted(metadata.num_rows, 'row')}; a file of this kind may have at most {most_rows:,}"
        )
    size = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    if size > MOST_UNCOMPRESSED:
        most = f"{MOST_UNCOMPRESSED / 1e6:,.0f} MB"
        raise InputError(f"{name} declares {size / 1e6:,.0f} MB of content; a file may have at most {most}")


def _check_type(name: str, field: Any) -> None:
    """Check that a column does not hold lists, records or maps.

    Raises:
        InputError: it does
    """
    import pyarrow.types as types

    inner = field.type.value_type if types.is_dictionary(field.type) else field.type
    if types.is_nested(inner):
        raise InputError(f"{name}, column `{field.name}` holds {inner}; it must hold numbers or text")


def _texts(name: str, column: str, values: Any, before: int) -> Any:
    """Return a batch of a column as texts, blank where there is no value; shape (rows,).

    Raises:
        InputError: binary text is not UTF-8
    """
    import pyarrow as pa

    values = values.storage if isinstance(values, pa.ExtensionArray) else values
    coded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    places = coded.indices.cast(pa.int64())  # the place of a missing value may lie above what small types can hold
    texts = np.full(len(coded.dictionary) + 1, "", dtype=object)  # the last is that of a missing value
    for place, value in enumerate(coded.dictionary.to_pylist()):
        try:
            texts[place] = text_of(value)
        except UnicodeDecodeError:
            row = before + 1 + places.to_pylist().index(place)
            raise InputError(f"{name}, row {row}, column `{column}`: the text is not UTF-8") from None
    return texts[places.fill_null(len(coded.dictionary)).to_numpy(zero_copy_only=False)]


def text_of(value: Any) -> str:
    """Return a value as a CSV file would have it; whole numbers without a point, blank where there is none.

    Whole numbers whose last digits are lost keep their exponent, by which an id of that kind is refused.

    Args:
        value: of a cell

    >>> text_of(30.0), text_of(0.5), text_of(float("nan")), text_of(b"a "), text_of(True)
    ('30', '0.5', '', 'a', 'true')
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bytes):
        return normalised(value.decode("utf-8"))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | Decimal) and math.isfinite(value) and value == int(value):
        lost = isinstance(value, float) and abs(value) >= EXACT
        return f"{value:.16e}" if lost else str(int(value))
    return normalised(str(value))


def _without_blank_rows(name: str, head: tuple[str, ...], columns: dict[str, list[Any]]) -> Sheet:
    """Return the sheet of some columns, in batches, without the rows in which all of them are blank."""
    nothing = np.zeros(0, dtype=object)
    arrays = {key: np.concatenate([nothing, *batches]) for key, batches in columns.items()}
    rows = max((len(column) for column in arrays.values()), default=0)
    filled = np.zeros(rows, dtype=bool)
    for column in arrays.values():
        filled |= column != ""
    cells = {key: column[filled] for key, column in arrays.items()}
    return Sheet(name, head, cells, np.arange(1, rows + 1)[filled], "row")
