"""Spellings of a table that must change nothing, and errors in a table that must be refused."""

from __future__ import annotations

import csv
import io
import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.tables.identity import is_number
from sim.tables.spreadsheet import escaped
from tests.tables.good_tables import Grid, Kind

SAME, REFUSED, REFUSED_BY_ROW = "the same result", "refused with the file", "refused with file and row"


@dataclass(frozen=True)
class Spoiler:
    """One way to write a table.

    Attributes:
        name: of the way
        gives: SAME, REFUSED or REFUSED_BY_ROW
        write: the content of the file, by the kind, a good table and a source of chance
        ending: of the file
        fits: whether a kind can be written so
    """

    name: str
    gives: str
    write: Callable[[Kind, Grid, random.Random], bytes]
    ending: str = ".csv"
    fits: Callable[[Kind], bool] = lambda kind: True


SPOILERS: dict[str, Spoiler] = {}
"""All ways, by name."""

Write = Callable[[Kind, Grid, random.Random], bytes]


def spoiler(
    gives: str, ending: str = ".csv", fits: Callable[[Kind], bool] = lambda kind: True
) -> Callable[[Write], Write]:
    def add(write: Write) -> Write:
        SPOILERS[write.__name__] = Spoiler(write.__name__, gives, write, ending, fits)
        return write

    return add


def text(head: Sequence[str], rows: Sequence[Sequence[str]], mark: str = ",", end: str = "\n", quoting: int = 0) -> str:
    """Return a table as the text of a CSV file, guarded against formulas as the program writes it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=mark, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([list(head), *([escaped(cell) for cell in row] for row in rows)])
    return stream.getvalue()


def good(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    """Return the plain CSV file with which the others are compared."""
    return text(grid.head, grid.rows).encode()


def changed(grid: Grid, column: str, change: Callable[[str], str], row: int | None = None) -> list[list[str]]:
    """Return the rows with the cells of a column changed, in one row or in all."""
    place = grid.head.index(column)
    return [
        [change(cell) if k == place and row in (None, number) else cell for k, cell in enumerate(cells)]
        for number, cells in enumerate(grid.rows)
    ]


def with_cell(kind: Kind, grid: Grid, column: str, value: str) -> bytes:
    """Return the CSV file with one value in the second row of a column."""
    return text(grid.head, changed(grid, column, lambda cell: value, 1)).encode()


# The same table, spelled otherwise


@spoiler(SAME)
def semicolons(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return text(grid.head, grid.rows, ";").encode()


@spoiler(SAME)
def tabs(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return text(grid.head, grid.rows, "\t").encode()


@spoiler(SAME)
def named_separator(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return ("sep=;\n" + text(grid.head, grid.rows, ";")).encode()


@spoiler(SAME)
def byte_order_mark(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return text(grid.head, grid.rows).encode("utf-8-sig")


@spoiler(SAME)
def windows_line_ends(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return text(grid.head, grid.rows, end="\r\n").encode()


@spoiler(SAME)
def old_line_ends(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return text(grid.head, grid.rows, end="\r").encode()


@spoiler(SAME)
def every_cell_quoted(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return text(grid.head, grid.rows, quoting=csv.QUOTE_ALL).encode()


@spoiler(SAME)
def blank_rows(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    lines = text(grid.head, grid.rows).splitlines(keepends=True)
    blank = "," * (len(grid.head) - 1) + "\n"
    return "".join([lines[0], "\n", lines[1], blank, *lines[2:], "\n", "  \n", blank]).encode()


@spoiler(SAME)
def padded(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    rows = [[f" {cell}\u00a0" for cell in map(escaped, row)] for row in grid.rows]
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows([[f"  {name} " for name in grid.head], *rows])
    return stream.getvalue().encode()


@spoiler(SAME)
def capitals(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return text([name.upper() for name in grid.head], grid.rows).encode()


@spoiler(SAME)
def another_order_of_columns(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    order = chance.sample(range(len(grid.head)), len(grid.head))
    return text([grid.head[k] for k in order], [[row[k] for k in order] for row in grid.rows]).encode()


@spoiler(SAME, fits=lambda kind: not kind.ordered)
def another_order_of_rows(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return text(grid.head, chance.sample(grid.rows, len(grid.rows))).encode()


@spoiler(SAME)
def decimals_behind_whole_numbers(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    rows: Sequence[Sequence[str]] = grid.rows
    for column in (*kind.wholes, *kind.texts[: kind.name == "schools"]):
        rows = changed(
            Grid(grid.head, tuple(map(tuple, rows))), column, lambda c: f"{c}.0" if c and is_number(c) else c
        )
    return text(grid.head, rows).encode()


@spoiler(SAME)
def decimal_commas(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    columns = {*grid.head} if kind.name in ("posterior", "population", "cohorts") else {*kind.numbers, "value"}
    rows = [
        [cell.replace(".", ",") if name in columns else cell for name, cell in zip(grid.head, row, strict=True)]
        for row in grid.rows
    ]
    return text(grid.head, rows, ";").encode()


@spoiler(SAME, fits=lambda kind: kind.others)
def junk_in_another_column(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    junk = ["\x08", "a\nb", "=1", "x" * 5000, ""]
    return text([*grid.head, "notes"], [[*row, chance.choice(junk)] for row in grid.rows]).encode()


@spoiler(SAME)
def a_separator_at_the_end_of_every_line(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return text([*grid.head, ""], [[*row, ""] for row in grid.rows]).encode()


@spoiler(SAME, fits=lambda kind: bool(kind.texts))
def other_unicode(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    rows: Sequence[Sequence[str]] = grid.rows
    for column in kind.texts:
        marked = Grid(grid.head, tuple(map(tuple, rows)))
        rows = changed(
            marked,
            column,
            lambda c: "\u200f" + unicodedata.normalize("NFD", escaped(c)).replace(" ", "\u00a0") + "\u200b",
        )
    plain = io.StringIO(newline="")
    csv.writer(plain, lineterminator="\n").writerows([list(grid.head), *rows])
    return plain.getvalue().encode()


def parquet(columns: dict[str, Any]) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def texts_of(grid: Grid) -> dict[str, list[str]]:
    return {name: [row[k] for row in grid.rows] for k, name in enumerate(grid.head)}


def typed(kind: Kind, grid: Grid, number: Callable[[str], Any], type_: Any) -> bytes:
    """Return a Parquet file with the columns of numbers, and of ids that are all numbers, of a type."""
    columns: dict[str, Any] = {}
    for name, cells in texts_of(grid).items():
        numeric = name in (*kind.numbers, *kind.wholes) or (name == "school_id" and all(map(is_number, cells)))
        columns[name] = pa.array([number(c) if c else None for c in cells], type_) if numeric else pa.array(cells)
    return parquet(columns)


@spoiler(SAME, ".parquet")
def parquet_of_text(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return parquet(texts_of(grid))


@spoiler(SAME, ".PARQUET")
def parquet_of_floats(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return typed(kind, grid, float, pa.float64())


@spoiler(SAME, ".parquet")
def parquet_of_decimals(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return typed(kind, grid, Decimal, pa.decimal128(30, 10))


@spoiler(SAME, ".parquet", lambda kind: bool(kind.wholes))
def parquet_of_whole_numbers(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    columns: dict[str, Any] = texts_of(grid)
    for name in kind.wholes:
        columns[name] = pa.array([int(cell) if cell else None for cell in columns[name]], pa.int32())
    return parquet(columns)


@spoiler(SAME, ".parquet")
def parquet_of_dictionaries(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return parquet({name: pa.array(cells).dictionary_encode() for name, cells in texts_of(grid).items()})


@spoiler(SAME, ".parquet")
def parquet_of_binary_text(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return parquet({name: pa.array([cell.encode() for cell in cells]) for name, cells in texts_of(grid).items()})


@spoiler(SAME, ".parquet")
def parquet_with_an_index(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    import pandas as pd

    stream = io.BytesIO()
    pd.DataFrame(texts_of(grid)).set_index(grid.head[0]).to_parquet(stream)
    return stream.getvalue()


@spoiler(SAME, ".parquet", lambda kind: kind.others)
def parquet_with_lists_in_another_column(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    rows = len(grid.rows)
    return parquet(texts_of(grid) | {"contacts": [["a", "b"]] * rows, "more": [{"x": 1}] * rows})


# Broken tables


@spoiler(REFUSED_BY_ROW)
def a_cell_too_few(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return text(grid.head, [grid.rows[0], grid.rows[1][:-1], *grid.rows[2:]]).encode()


@spoiler(REFUSED_BY_ROW)
def a_cell_too_many(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return text(grid.head, [grid.rows[0], [*grid.rows[1], "7"], *grid.rows[2:]]).encode()


@spoiler(REFUSED_BY_ROW)
def values_shifted_by_a_name_that_is_missing(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return text([name for k, name in enumerate(grid.head) if k != chance.randrange(1)], grid.rows).encode()


@spoiler(REFUSED_BY_ROW)
def values_without_a_name(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return text([*grid.head, " "], [[*row, "first try"] for row in grid.rows]).encode()


@spoiler(REFUSED)
def a_name_twice(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return text([*grid.head, grid.head[0].upper()], [[*row, row[0]] for row in grid.rows]).encode()


@spoiler(REFUSED, fits=lambda kind: kind.name != "points")
def a_column_missing(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    place = grid.head.index(kind.needed)
    return text([n for k, n in enumerate(grid.head) if k != place],
                [[c for k, c in enumerate(row) if k != place] for row in grid.rows]).encode()  # fmt: skip


@spoiler(REFUSED)
def a_column_misspelt(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return text([f"{n}x" if n == kind.needed else n for n in grid.head], grid.rows).encode()


@spoiler(REFUSED)
def another_encoding(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return text(grid.head, grid.rows).encode("utf-16")


@spoiler(REFUSED, fits=lambda kind: bool(kind.texts))
def letters_of_another_encoding(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return text(grid.head, changed(grid, kind.texts[0], lambda cell: "קמה", 1)).encode("cp1255", errors="replace")


@spoiler(REFUSED_BY_ROW)
def an_open_quote(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    lines = text(grid.head, grid.rows, quoting=csv.QUOTE_ALL).splitlines(keepends=True)
    return "".join([*lines[:-1], lines[-1].replace('"', "", 1)[:-2] + '"x\n']).encode()


@spoiler(REFUSED_BY_ROW)
def a_number_with_two_points(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return with_cell(kind, grid, (*kind.numbers, *kind.wholes)[-1], "12.5.1")


@spoiler(REFUSED_BY_ROW)
def a_word_for_a_number(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return with_cell(
        kind, grid, (*kind.numbers, *kind.wholes)[-1], chance.choice(["abc", "nan", "inf", "-inf", "1_000", "0x1"])
    )


@spoiler(REFUSED_BY_ROW)
def a_number_out_of_range(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return with_cell(kind, grid, kind.numbers[0], chance.choice(["-5", "1e300"]) if kind.name != "targets" else "-5")


@spoiler(REFUSED_BY_ROW)
def a_thousand_with_a_mark(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return with_cell(kind, grid, kind.numbers[0], "1,234")


@spoiler(REFUSED_BY_ROW)
def two_decimal_marks_in_a_column(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    rows = changed(grid, kind.numbers[0], lambda cell: "0,5", 0)
    rows[1][grid.head.index(kind.numbers[0])] = "0.5"
    return text(grid.head, rows, ";").encode()


@spoiler(REFUSED_BY_ROW)
def a_blank_that_must_be_filled(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return with_cell(kind, grid, kind.needed, " ")


@spoiler(REFUSED_BY_ROW, fits=lambda kind: bool(kind.key))
def a_row_twice(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return text(grid.head, [*grid.rows, grid.rows[-1]]).encode()


@spoiler(REFUSED_BY_ROW, fits=lambda kind: bool(kind.texts))
def text_that_outputs_cannot_hold(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    bad = chance.choice(["a\x08b", "a\x0bb", "a\nb", "a\tb", "a\u2028b", "a\ufffeb"])
    return with_cell(kind, grid, kind.texts[0], bad)


@spoiler(REFUSED_BY_ROW, fits=lambda kind: kind.name == "schools")
def an_id_shortened_by_a_spreadsheet(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    return with_cell(kind, grid, "school_id", "1.44929E+05")


@spoiler(REFUSED, ".parquet")
def parquet_cut_off(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    whole = parquet(texts_of(grid))
    return whole[: chance.randrange(len(whole))]


@spoiler(REFUSED, ".parquet")
def parquet_with_lists_in_a_column_of_its_own(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    columns: dict[str, Any] = texts_of(grid)
    return parquet(columns | {kind.needed: [[cell] for cell in columns[kind.needed]]})


@spoiler(REFUSED_BY_ROW, ".parquet")
def parquet_of_bytes_that_are_not_text(kind: Kind, grid: Grid, chance: random.Random) -> bytes:
    columns: dict[str, Any] = texts_of(grid)
    return parquet(columns | {kind.needed: pa.array([b"\xff\xfe"] * len(grid.rows))})
