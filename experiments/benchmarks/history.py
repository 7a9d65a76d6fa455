"""The history of the benchmark: a row a version in docs/benchmarks.csv, and the tables that the page shows of it."""

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

HISTORY = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.csv"

RATES = re.compile(r"1=\S+( \d+=\S+)*")
"""Runs a second by the number of processes, as a cell has them."""


@dataclass(frozen=True)
class Measured:
    """What of a benchmark goes into the history.

    Args:
        run: a run, warm, on one core [ms]
        yardstick: the yardstick, taken by turns with it [ms]
        rates: runs a second by the number of processes
        cold: a sweep that started its workers
        warm: a sweep that found them at work
        long: a sweep over which memory was watched, if one was asked for
    """

    run: float
    yardstick: float
    rates: Mapping[int, float]
    cold: Trial
    warm: Trial
    long: Trial | None = None


def row_of(measured: Measured) -> dict[str, str]:
    """Return the row of this version, a cell a column of COLUMNS."""
    about, watched = environment(), measured.long or measured.warm
    grown = watched.growth
    row = {
        "version": sim.__version__,
        "commit": about["commit"][:10] or "unknown",
        "model": about["model"],
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "python": about["python"],
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
    for of in (PARENT, WORKER):
        there = of in grown.index
        row[f"{of}_mb"] = f"{grown.loc[of, 'most']:.1f}" if there else ""
        steady = there and measured.long is not None and isfinite(grown.loc[of, "error"])
        row[f"{of}_growth"] = f"{grown.loc[of, 'slope']:.3f}" if steady else ""
        row[f"{of}_growth_error"] = f"{grown.loc[of, 'error']:.3f}" if steady else ""
    return row


def _word(cell: str) -> bool:
    return bool(cell)


def _whole(cell: str) -> bool:
    return cell.isdecimal()


def _number(cell: str) -> bool:
    try:
        return isfinite(float(cell))
    except ValueError:
        return False


def _number_or_none(cell: str) -> bool:
    return not cell or _number(cell)


def _by_processes(cell: str) -> bool:
    return bool(RATES.fullmatch(cell)) and all(
        _number(rate) and float(rate) > 0 for _, _, rate in (pair.partition("=") for pair in cell.split())
    )


COLUMNS: dict[str, Callable[[str], bool]] = (
    dict.fromkeys(("version", "commit", "model", "date", "python", "platform"), _word)
    | dict.fromkeys(("run_ms", "yardstick_ms", "run_over_yardstick"), _number)
    | {"runs_a_second": _by_processes}
    | {"sweep_runs": _whole, "overhead": _number, "overhead_with_start": _number}
    | {"memory_runs": _whole, "memory_replaced": _whole, "parent_mb": _number}
    | dict.fromkeys(("parent_growth", "parent_growth_error"), _number_or_none)
    | dict.fromkeys(("worker_mb", "worker_growth", "worker_growth_error"), _number_or_none)
)
"""The columns of the history, in order, and whether what stands in a cell can be."""


def lines_of(path: Path = HISTORY) -> list[tuple[str, dict[str, str]]]:
    """Return the history line by line: as it is written, and as a row; the first is the header, a row of its own names.

    Raises:
        InputError: a file that cannot be read, other columns, a cell that cannot be, or a version twice
    """
    try:
        lines = path.read_bytes().decode("utf-8").splitlines(keepends=True)
        rows = [next(csv.reader([line], strict=True), []) for line in lines]
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror or error}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path.name} is no CSV file of lines: {error}") from None
    if not rows or rows[0] != list(COLUMNS):
        raise InputError(f"{path.name} must begin with the columns {', '.join(COLUMNS)}")
    seen = set[str]()
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(COLUMNS):
            raise InputError(f"{path.name}, line {number}: {len(row)} cells, there must be {len(COLUMNS)}")
        wrong = [(name, cell) for (name, may), cell in zip(COLUMNS.items(), row, strict=True) if not may(cell)]
        if wrong:
            raise InputError(f"{path.name}, line {number}: `{wrong[0][0]}` cannot be {shown(wrong[0][1])}")
        if row[0] in seen:
            raise InputError(f"{path.name}, line {number}: version {row[0]} stands there twice")
        seen.add(row[0])
    return [(line, dict(zip(COLUMNS, row, strict=True))) for line, row in zip(lines, rows, strict=True)]


def recorded(row: Mapping[str, str], path: Path = HISTORY) -> bool:
    """Write the row of a version in place of the one it had, or at the end; whether it had one. Others stay as they are.

    Raises:
        InputError: as `lines_of` does, and where the file cannot be written
    """
    before = lines_of(path)
    buffer = io.StringIO()
    csv.DictWriter(buffer, list(COLUMNS), lineterminator="\n").writerow(row)
    mine = buffer.getvalue()
    there = any(known["version"] == row["version"] for _, known in before[1:])
    lines = [mine if known["version"] == row["version"] else line for line, known in before]
    if not there:
        lines = [*lines[:-1], lines[-1].rstrip("\r\n") + "\n" if not lines[-1].endswith("\n") else lines[-1], mine]
    written(path, "".join(lines).encode())
    return there


def history(path: Path = HISTORY) -> list[dict[str, str]]:
    """Return the rows of the history, a version each.

    Raises:
        InputError: as `lines_of` does
    """
    return [row for _, row in lines_of(path)[1:]]


def speeds() -> str:
    """Return the history's times, ratios and rates as a table."""
    header = ("version", "commit", "date", "machine", "Python", "a run [ms]", "run / yardstick",
              "runs a second, by processes", "efficiency", "overhead of a sweep", "with the start of workers")  # fmt: skip
    return table(header, [speed(row) for row in history()])


def speed(row: Mapping[str, str]) -> Sequence[str]:
    """Return a row of that table."""
    found = {int(number): float(rate) for number, rate in (pair.split("=") for pair in row["runs_a_second"].split())}
    return (
        row["version"], f"`{row['commit']}`", row["date"], row["platform"], row["python"], row["run_ms"],
        row["run_over_yardstick"], ", ".join(f"{number}: {rate:.2f}" for number, rate in found.items()),
        ", ".join(f"{number}: {share:.0%}" for number, share in efficiency(found).items()),
        *(f"{float(row[name]):.1%} of {int(row['sweep_runs']):,} runs" for name in ("overhead", "overhead_with_start")),
    )  # fmt: skip


def memories() -> str:
    """Return the history's memory as a table."""
    header = ("version", "runs watched", "workers replaced", "parent, most [MB]", "a worker, most [MB]",
              "growth of the parent [MB per 1,000 runs]", "growth of a worker [MB per 1,000 runs]")  # fmt: skip
    rows = [
        (row["version"], f"{int(row['memory_runs']):,}", row["memory_replaced"], row["parent_mb"], row["worker_mb"],
         *(_with_error(row[f"{of}_growth"], row[f"{of}_growth_error"]) for of in (PARENT, WORKER)))
        for row in history()
    ]  # fmt: skip
    return table(header, rows)


def _with_error(value: str, error: str) -> str:
    return f"{value} ± {error}" if value else "not asked"
