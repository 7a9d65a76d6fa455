"""Count what makes a test slow: months of the model that it simulates, and processes that it starts.

Tests that do so carry a marker, `simulates` or `program`, and `make quick` leaves them out. There the watch counts, and a test
without the marker fails, so that the quick tests stay quick. In other runs nothing is said: tests share what they simulate, and
which of them comes first depends on the choice of tests and on the number of workers.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

MONTHS = 30
"""As many months may be simulated without the marker: two school years and a half, a second or two uncompiled."""

QUICK = {"git", "uname", "lscpu"}
"""Programs that answer at once: they say what is tracked, and what the machine is."""

TOOL = 4
"""A number for `sys.monitoring` that debuggers, coverage and profilers leave free."""


@dataclass
class Counts:
    """Months simulated, and names of the programs that were started."""

    months: int = 0
    programs: list[str] = field(default_factory=list)

    def copied(self) -> Counts:
        return Counts(self.months, [*self.programs])

    def since(self, before: Counts) -> Counts:
        return Counts(self.months - before.months, self.programs[len(before.programs) :])


TOTAL = Counts()
"""Of this process, from the beginning."""


def begin() -> None:
    """Count steps of the model and processes from now on."""
    from sim.model import CollaborationModel

    if sys.monitoring.get_tool(TOOL) is not None:
        return
    sys.monitoring.use_tool_id(TOOL, "tests")
    sys.monitoring.register_callback(TOOL, sys.monitoring.events.PY_START, _count_month)
    sys.monitoring.set_local_events(TOOL, CollaborationModel.step.__code__, sys.monitoring.events.PY_START)
    sys.addaudithook(_count_program)
    with suppress(ImportError):  # joblib starts its workers past the audit
        import _posixsubprocess

        plain = _posixsubprocess.fork_exec

        def fork_exec(*words: Any) -> int:
            TOTAL.programs.append("a worker of a pool")
            return plain(*words)

        _posixsubprocess.fork_exec = fork_exec


def _count_month(*_: Any) -> None:
    TOTAL.months += 1


def _count_program(event: str, details: tuple[Any, ...]) -> None:
    if event == "subprocess.Popen":
        executable, words = details[:2]
        first = executable or (words if isinstance(words, (str, bytes, os.PathLike)) else words[0])
        if (name := os.path.basename(os.fsdecode(first))) not in QUICK:
            TOTAL.programs.append(name)
    elif event in ("os.fork", "os.forkpty", "os.posix_spawn", "os.system"):
        TOTAL.programs.append(event)


def complaint(item: pytest.Item, done: Counts, left_out: set[str]) -> str:
    """Return a sentence for a test that does what other tests are left out for; nothing where there is no fault.

    Args:
        item: the test
        done: by the test
        left_out: markers of the tests that are not run
    """
    faults = []
    if done.months > MONTHS and "simulates" in left_out:
        faults.append(f"the test simulates {done.months} months: mark it `simulates`, or simulate at most {MONTHS}")
    if done.programs and "program" in left_out:
        faults.append(f"the test starts a process ({done.programs[0]}): mark it `program`")
    return "; ".join(faults)
