"""History of the benchmark: a row for each version in docs/reference/benchmarks.csv, and the tables of its page."""

from __future__ import annotations

import csv
import io
import platform
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import sim
from sim.errors import InputError, shown
from sim.results.files import written
from sim.results.identity import environment
from sim.runs.parallel import cores

from ..maintenance.odd_tables import table
from .memory import PARENT, WORKER
from .timing import efficiency

if TYPE_CHECKING:
    from .sweep_trial import Trial

HISTORY = Path(__file__).resolve().parents[2] / "docs" / "reference" / "benchmarks.csv"

RATES = re.compile(r"1=\S+( \d+=\S+)*")
"""Format of a cell with runs a second by the number of processes."""


@dataclass(frozen=True)
class Measured:
    """Measurements of a benchmark for the history.

    Args:
        run: a run, warm, on one core [ms]
        yardstick: the yardstick, measured by turns with the run [ms]
        rates: runs a second by the number of processes
        cold: a sweep that started its workers
        warm: a sweep with workers already started
        long: a sweep with measured memory, if requested
    """

    run: float
    yardstick: float
    rates: Mapping[int, float]
    cold: Trial
    warm: Trial
    long: Trial | None = None


def row_of(measured: Measured) -> dict[str, str]:
    """Return the row of this version, a cell for each of COLUMNS."""
    environment_now, watched = environment(), measured.long or measured.warm
    growth = watched.growth
    row = {
        "version": sim.__version__,
        "commit": environment_now["commit"][:10] or "unknown",
        "model": environment_now["model"],
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "python": environment_now["python"],
        "platform": f"{cores()} cores, {platform.machine()}",
        "run_ms": f"{measured.run:.1f}",
        "yardstick_ms": f"{measured.yardstick:.2f}",
        "run_over_yardstick": f"{measured.run / measured.yardstick:.2f}",
        "runs_a_second": " ".join(f"{number}={rate:.2f}" for number, rate in measured.rates.items()),
        "sweep_runs": str(measured.warm.runs),
        "overhead": f"{measured.warm.overhead:.4f}",
        "overhead_with_start": f"{measured.cold.overhead:.4f}",
        "memory_runs": str(watched.runs),
        "memory_replaced": str(watched.replaced),
    }
    for role in (PARENT, WORKER):
        is_measured = role in growth.index
        row[f"{role}_mb"] = f"{growth.loc[role, 'most']:.1f}" if is_measured else ""
        steady = is_measured and measured.long is not None and isfinite(growth.loc[role, "error"])
        row[f"{role}_growth"] = f"{growth.loc[role, 'slope']:.3f}" if steady else ""
        row[f"{role}_growth_error"] = f"{growth.loc[role, 'error']:.3f}" if steady else ""
    return row


def _is_word(cell: str) -> bool:
    return bool(cell)


def _is_whole(cell: str) -> bool:
    return cell.isdecimal()


def _is_number(cell: str) -> bool:
    try:
        return isfinite(float(cell))
    except ValueError:
        return False


def _is_number_or_empty(cell: str) -> bool:
    return not cell or _is_number(cell)


def _is_rates(cell: str) -> bool:
    return bool(RATES.fullmatch(cell)) and all(
        _is_number(rate) and float(rate) > 0 for _, _, rate in (pair.partition("=") for pair in cell.split())
    )


COLUMNS: dict[str, Callable[[str], bool]] = (
    dict.fromkeys(("version", "commit", "model", "date", "python", "platform"), _is_word)
    | dict.fromkeys(("run_ms", "yardstick_ms", "run_over_yardstick"), _is_number)
    | {"runs_a_second": _is_rates}
    | {"sweep_runs": _is_whole, "overhead": _is_number, "overhead_with_start": _is_number}
    | {"memory_runs": _is_whole, "memory_replaced": _is_whole, "parent_mb": _is_number}
    | dict.fromkeys(("parent_growth", "parent_growth_error"), _is_number_or_empty)
    | dict.fromkeys(("worker_mb", "worker_growth", "worker_growth_error"), _is_number_or_empty)
)
"""Columns of the history in order, with the check of their cells."""


def lines_of(path: Path = HISTORY) -> list[tuple[str, dict[str, str]]]:
    """Return the lines of the history with their rows; the first is the header, whose row has the names as cells.

    Raises:
        InputError: the file cannot be read, has other columns, an invalid cell, or a version twice
    """
    try:
        lines = path.read_bytes().decode("utf-8").splitlines(keepends=True)
        rows = [next(csv.reader([line], strict=True), []) for line in lines]
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror or error}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path.name} is not a CSV file with one row a line: {error}") from None
    if not rows or rows[0] != list(COLUMNS):
        raise InputError(f"{path.name} must begin with the columns {', '.join(COLUMNS)}")
    seen = set[str]()
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(COLUMNS):
            raise InputError(f"{path.name}, line {number}: {len(row)} cells instead of {len(COLUMNS)}")
        invalid = [
            (name, cell) for (name, is_valid), cell in zip(COLUMNS.items(), row, strict=True) if not is_valid(cell)
        ]
        if invalid:
            raise InputError(f"{path.name}, line {number}: `{invalid[0][0]}` cannot be {shown(invalid[0][1])}")
        if row[0] in seen:
            raise InputError(f"{path.name}, line {number}: version {row[0]} is in the file twice")
        seen.add(row[0])
    return [(line, dict(zip(COLUMNS, row, strict=True))) for line, row in zip(lines, rows, strict=True)]


def write_row(row: Mapping[str, str], path: Path = HISTORY) -> bool:
    """Write the row of a version, in place of its earlier row or at the end; return true if it had one.

    Raises:
        InputError: as `lines_of` does, or the file cannot be written
    """
    stored_lines = lines_of(path)
    buffer = io.StringIO()
    csv.DictWriter(buffer, list(COLUMNS), lineterminator="\n").writerow(row)
    text = buffer.getvalue()
    exists = any(stored["version"] == row["version"] for _, stored in stored_lines[1:])
    lines = [text if stored["version"] == row["version"] else line for line, stored in stored_lines]
    if not exists:
        lines = [*lines[:-1], lines[-1].rstrip("\r\n") + "\n" if not lines[-1].endswith("\n") else lines[-1], text]
    written(path, "".join(lines).encode())
    return exists


def history(path: Path = HISTORY) -> list[dict[str, str]]:
    """Return the rows of the history, one for each version.

    Raises:
        InputError: as `lines_of` does
    """
    return [row for _, row in lines_of(path)[1:]]


def speeds() -> str:
    """Return a table of times, ratios and rates of the history."""
    header = ("version", "commit", "date", "machine", "Python", "a run [ms]", "run / yardstick",
              "runs a second, by processes", "efficiency", "overhead of a sweep", "with the start of workers")  # fmt: skip
    return table(header, [speed(row) for row in history()])


def speed(row: Mapping[str, str]) -> Sequence[str]:
    """Return a row of the table of speeds."""
    rates = {int(number): float(rate) for number, rate in (pair.split("=") for pair in row["runs_a_second"].split())}
    return (
        row["version"], f"`{row['commit']}`", row["date"], row["platform"], row["python"], row["run_ms"],
        row["run_over_yardstick"], ", ".join(f"{number}: {rate:.2f}" for number, rate in rates.items()),
        ", ".join(f"{number}: {share:.0%}" for number, share in efficiency(rates).items()),
        *(f"{float(row[name]):.1%} of {int(row['sweep_runs']):,} runs" for name in ("overhead", "overhead_with_start")),
    )  # fmt: skip


def memories() -> str:
    """Return a table of the memory in the history."""
    header = ("version", "runs watched", "workers replaced", "parent, most [MB]", "a worker, most [MB]",
              "growth of the parent [MB per 1,000 runs]", "growth of a worker [MB per 1,000 runs]")  # fmt: skip
    rows = [
        (row["version"], f"{int(row['memory_runs']):,}", row["memory_replaced"], row["parent_mb"], row["worker_mb"],
         *(_with_error(row[f"{role}_growth"], row[f"{role}_growth_error"]) for role in (PARENT, WORKER)))
        for row in history()
    ]  # fmt: skip
    return table(header, rows)


def _with_error(value: str, error: str) -> str:
    return f"{value} ± {error}" if value else "not measured"
