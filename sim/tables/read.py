"""Read a user's table from CSV or Parquet; its size is checked before its content."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from os.path import isfile
from pathlib import Path

from sim.errors import InputError, shown
from sim.tables.columns import Form
from sim.tables.csv_file import csv_head, csv_sheet
from sim.tables.parquet_file import parquet_head, parquet_sheet
from sim.tables.paths import expanded_path
from sim.tables.sheet import Sheet

MOST_BYTES = 500_000_000
"""Size of the largest file [bytes]."""

MOST_ROWS = 5_000_000
"""Rows of the longest file of any kind."""


def sheet_of(path: str | Path, form: Form | None = None) -> Sheet:
    """Return the sheet in a CSV or Parquet file, by its extension; blank rows are left out.

    Args:
        path: of the file; `~` is the home folder
        form: of the table: only its columns are read, up to its limit of rows; None reads every column

    Raises:
        InputError: the file does not exist, is of another kind, cannot be read, is empty, is too large, or has uneven rows,
            values without a name, or a name twice
    """
    file = path_of(path)
    wanted = None if form is None else form.names
    most = MOST_ROWS if form is None else form.most_rows
    with _errors_in_a_sentence(file):
        return (csv_sheet if file.suffix.lower() == ".csv" else parquet_sheet)(file, wanted, most)


def column_names(path: str | Path, likely: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names of the columns of a file in their normalised form, without reading its rows.

    Args:
        path: of the file
        likely: names that tell the separator of a CSV file

    Raises:
        InputError: the file cannot be read, as for `sheet_of`
    """
    file = path_of(path)
    with _errors_in_a_sentence(file):
        return csv_head(file, likely) if file.suffix.lower() == ".csv" else parquet_head(file)


@contextmanager
def _errors_in_a_sentence(file: Path) -> Iterator[None]:
    try:
        yield
    except InputError:
        raise
    except UnicodeDecodeError:
        raise InputError(f"{file.name} is not text in UTF-8; save it as CSV UTF-8") from None
    except (OSError, ValueError, TypeError, ArithmeticError, NotImplementedError, MemoryError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
        raise InputError(f"{file.name} cannot be read as {file.suffix.lower()[1:]}: {reason}") from None


def path_of(path: str | Path) -> Path:
    """Return the path of a file that can be read: it exists, its extension is known, and it is not too large.

    Args:
        path: of the file

    Raises:
        InputError: it does not exist, has another extension or is too large
    """
    if not isinstance(path, str | Path) or not str(path) or "\0" in str(path):
        raise InputError(f"the path of a file must be text; got {shown(path)}")
    file = expanded_path(path)
    if file.suffix.lower() not in (".csv", ".parquet"):
        raise InputError(f"{file.name or file} must end in .csv or .parquet")
    if not isfile(file):
        raise InputError(f"there is no file {file}")
    size = file.stat().st_size
    if size > MOST_BYTES:
        raise InputError(f"{file.name} has {size / 1e6:,.0f} MB; a file may have at most {MOST_BYTES / 1e6:,.0f} MB")
    return file
