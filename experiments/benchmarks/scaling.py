"""Time and memory of larger models: organisations at equal degree and schools by factors, each size in a new process."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, NamedTuple

from sim.errors import InputError, shown
from sim.model import CollaborationModel
from sim.outcomes import all_outcomes
from sim.policy import Scenario
from sim.world.organisations import KINDS

ORGANISATIONS = ("foundation", "business", "ngo", "academia", "local_authority")
"""Kinds whose number grows; there is one ministry and one backbone."""

ALL = "all"
"""Word for the sizes of the documentation."""


class Factors(NamedTuple):
    """Size of a model over that of its scenario."""

    organisations: int
    schools: int


SIZES = tuple(Factors(*pair) for pair in ((1, 1), (3, 1), (10, 1), (1, 10), (1, 100), (10, 100)))
"""Sizes of the documentation."""


class Size(NamedTuple):
    """A model, and what a run of it takes."""

    organisations: int
    schools: int
    ties: int  # at the end of the run
    seconds: float  # CPU of a run with its outcomes, rules compiled before [s]
    peak: float  # greatest resident memory of the process [MB]


def sizes_in(value: Any) -> tuple[Factors, ...]:
    """Return the sizes that an option asks for.

    Args:
        value: `all`, or a list of pairs of factors

    Raises:
        InputError: it is neither

    >>> sizes_in([[1, 1], [10, 100]])
    (Factors(organisations=1, schools=1), Factors(organisations=10, schools=100))
    """
    if value == ALL:
        return SIZES
    pairs = value if isinstance(value, list) else [None]
    if not pairs or not all(isinstance(pair, list) and len(pair) == 2 and all(map(is_factor, pair)) for pair in pairs):
        raise InputError(
            f"`scale` must be `{ALL}` or pairs of factors on organisations and schools from 1 to 100, such as "
            f"[[1,1],[10,100]]; got {shown(value)}"
        )
    return tuple(Factors(*pair) for pair in pairs)


def is_factor(value: Any) -> bool:
    """Return whether a value is a whole number from 1 to 100."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 100


def larger(scenario: Scenario, factors: Factors) -> Scenario:
    """Return a scenario with more organisations at equal degree, and with more schools.

    Args:
        scenario: to be enlarged
        factors: on organisations and on schools
    """
    numbers = {
        f"kinds.{kind}.number": factors.organisations * scenario.parameters[f"kinds.{kind}.number"]
        for kind in KINDS
        if kind in ORGANISATIONS
    }
    schools = factors.schools * scenario.parameters["setting.scale"]
    name = f"{factors.organisations} x organisations, {factors.schools} x schools"
    return scenario.with_(numbers | {"setting.scale": schools}, name)


def measured_size(scenario: Scenario, factors: Factors) -> Size:
    """Return what a run takes in this process, whose memory must not have been used for anything else.

    Args:
        scenario: of one year and more
        factors: on organisations and on schools

    Raises:
        InputError: this system does not count the memory of processes
    """
    try:
        import resource
    except ImportError:
        raise InputError("`scale` needs Linux or macOS, which count the greatest memory of a process") from None
    CollaborationModel(scenario, 0).run_until_month(scenario.last_month + 1)  # compiles
    enlarged, began = larger(scenario, factors), time.process_time()
    world = CollaborationModel(enlarged, 1).run_until_month(enlarged.last_month + 1).world
    all_outcomes(world)
    seconds, unit = time.process_time() - began, 1.0 if sys.platform == "darwin" else 1024.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    return Size(len(world.organisations), len(world.schools), len(world.ties), seconds, peak)


def measured_sizes(scenario: Scenario, sizes: Sequence[Factors]) -> list[Size]:
    """Return what runs of several sizes take, each in a process of its own, one after the other.

    Args:
        scenario: to be enlarged
        sizes: factors on organisations and on schools
    """
    out, start = [], multiprocessing.get_context("spawn")
    for factors in sizes:
        with ProcessPoolExecutor(1, mp_context=start) as process:
            out.append(process.submit(measured_size, scenario, factors).result())
    return out


def scaling_table(rows: Sequence[Size]) -> str:
    """Return sizes as a table for a page: numbers, CPU time and memory, and both over those of the first row.

    Args:
        rows: sizes, the smallest first

    >>> print(scaling_table([Size(121, 881, 2000, 0.1, 300.0), Size(1211, 881, 20000, 0.9, 310.0)]).splitlines()[-1])
    | 1,211 | 881 | 20,000 | 0.90 | 9.0 | 310 | 10 |
    """
    first = rows[0]
    head = "organisations", "schools", "ties at the end", "CPU of a run [s]", "over the first"
    columns = [*head, "peak memory [MB]", "over the first [MB]"]
    lines = [f"| {' | '.join(columns)} |", f"| {' | '.join(['---:'] * len(columns))} |"]
    for row in rows:
        counts = f"| {row.organisations:,} | {row.schools:,} | {row.ties:,} | {row.seconds:.2f} "
        lines.append(f"{counts}| {row.seconds / first.seconds:.1f} | {row.peak:.0f} | {row.peak - first.peak:.0f} |")
    return "\n".join(lines)
