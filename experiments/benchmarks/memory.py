"""Memory of this process and of its workers, sampled while other code runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import nan, sqrt
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.commands import install
from sim.errors import InputError
from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


NO_WORKER = "resource_tracker"
"""Part of the command of a joblib process that is not a worker."""

MB = 1e6
"""Bytes in a megabyte."""


def reader() -> ModuleType:
    """Return psutil, which reads the memory of processes.

    Raises:
        InputError: psutil is not installed
    """
    try:
        import psutil
    except ImportError:
        install_hint = f"it needs the extra `dev`: {install('dev')}"
        raise InputError(f"memory is read by psutil, which is not installed; {install_hint}") from None
    return psutil


class Watch:
    """Context manager that samples the resident memory of this process and its workers.

    Args:
        count_done: returns the number of finished runs
        every: pause between two samples [s]

    Raises:
        InputError: psutil is not installed
    """

    def __init__(self, count_done: Callable[[], float], every: float = 0.5) -> None:
        self.psutil, self.done, self.every = reader(), count_done, every
        self.parent = self.psutil.Process()
        self.names: dict[Any, str] = {}
        self.rows: list[tuple[float, int, str, float]] = []
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def __enter__(self) -> Watch:
        """Start sampling."""
        self.started = time.perf_counter()
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take a last sample and stop."""
        self.stopped.set()
        self.thread.join()
        self.take_sample()

    def watch(self) -> None:
        """Take samples until stopped."""
        self.take_sample()
        while not self.stopped.wait(self.every):
            self.take_sample()

    def take_sample(self) -> None:
        """Store the memory of every process."""
        second, runs = time.perf_counter() - self.started, int(self.done())
        for process in (self.parent, *self.parent.children()):
            try:
                name = self.role_of(process)
                if name:
                    self.rows.append((second, runs, name, process.memory_info().rss / MB))
            except self.psutil.Error:  # the process has ended
                continue

    def role_of(self, process: Any) -> str:
        """Return a process's role, with workers numbered as they appear; empty for a process that does not simulate."""
        if process not in self.names:
            workers = sum(name.startswith(WORKER) for name in self.names.values())
            is_helper = NO_WORKER in " ".join(process.cmdline())
            self.names[process] = PARENT if process == self.parent else "" if is_helper else f"{WORKER} {workers + 1}"
        return self.names[process]

    @property
    def samples(self) -> pd.DataFrame:
        """Samples: a row for each moment and process, columns `second` [s], `runs`, `process`, `memory` [MB].

        A process that ended before the first run only compiled and is left out.
        """
        samples = pd.DataFrame(self.rows, columns=["second", "runs", "process", "memory"])
        if not samples["runs"].any():
            return samples
        return samples[samples.groupby("process")["runs"].transform("max") > 0].reset_index(drop=True)


MARKS = (0.1, 0.5, 1.0)
"""Shares of the runs at which memory is reported; growth is measured after the first of them."""

PARENT, WORKER = "parent", "worker"
"""Name of the process that stores the results, and first word of the names of processes that simulate."""


@dataclass(frozen=True)
class Line:
    """A straight line by ordinary least squares: its height at zero, its slope, and the slope's standard error."""

    height: float
    slope: float
    error: float


def line_through(x: Any, y: Any) -> Line:
    """Return the line through points; shape (points,) each; NaN for fewer than three points or equal x.

    >>> line_through([0, 1, 2, 3], [5, 7, 9, 11])
    Line(height=5.0, slope=2.0, error=0.0)
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if len(x) < 3 or not np.ptp(x):
        return Line(nan, nan, nan)
    x_centred, y_centred = x - x.mean(), y - y.mean()
    squares = float((x_centred**2).sum())
    slope = float((x_centred * y_centred).sum()) / squares
    residuals = y_centred - slope * x_centred
    return Line(float(y.mean() - slope * x.mean()), slope, sqrt(float((residuals**2).sum()) / (len(x) - 2) / squares))


def memory_of(samples: pd.DataFrame, role: str) -> pd.DataFrame:
    """Return memory of the parent, or mean memory of the workers, at each moment: columns `second`, `runs`, `memory`.

    Args:
        samples: a row for each moment and process: `second` [s], `runs` done, `process`, `memory` [MB]
        role: PARENT or WORKER
    """
    rows = samples[samples["process"].str.startswith(role)]
    return rows.groupby("second", as_index=False).agg(runs=("runs", "first"), memory=("memory", "mean"))


def growth(samples: pd.DataFrame) -> pd.DataFrame:
    """Return memory of the parent and of a worker at each of MARKS, the maximum, and the growth after the first mark.

    Args:
        samples: as for `memory_of`

    Returns:
        A row for PARENT and, if there are workers, one for WORKER, with columns `0.1`, `0.5`, `1.0` and `most` [MB],
        `height` [MB], `slope` and `error` [MB per 1,000 runs]; `most` is the maximum over workers.
    """
    total, rows = samples["runs"].max(), {}
    for role in (PARENT, WORKER):
        memory = memory_of(samples, role)
        if memory.empty:
            continue
        later = memory[memory["runs"] >= MARKS[0] * total]
        line = line_through(later["runs"] / 1000.0, later["memory"])
        at_marks = {str(mark): memory_at(memory, mark * total) for mark in MARKS}
        most = samples.loc[samples["process"].str.startswith(role), "memory"].max()
        rows[role] = {**at_marks, "most": most, "height": line.height, "slope": line.slope, "error": line.error}
    return pd.DataFrame.from_dict(rows, orient="index")


def memory_at(memory: pd.DataFrame, runs: float) -> float:
    """Return memory at the first sample with so many runs; at the end if there is none [MB]."""
    reached = memory.loc[memory["runs"] >= runs, "memory"]
    return float(reached.iloc[0] if len(reached) else memory["memory"].iloc[-1])


def worker_count(samples: pd.DataFrame) -> int:
    """Return the number of processes that simulated; more than ran at once if some were replaced."""
    return int(samples.loc[samples["process"].str.startswith(WORKER), "process"].nunique())


LOOKS = {PARENT: style.ORANGE, WORKER: style.BLUE}
MEAN = {PARENT: "parent", WORKER: "mean of workers"}


def memory_page(samples: pd.DataFrame, provenance: str) -> Figure:
    """Return the page: one panel, with an axis from zero, so that constant memory looks constant.

    Args:
        samples: a row for each moment and process, as for `memory_of`
        provenance: for the foot of the page
    """
    fig = style.sheet(8.6, 5.4)
    with style.figure_style():
        runs = int(samples["runs"].max())
        fig.suptitle(
            f"Memory over a sweep of {runs:,} runs", x=0.025, y=0.975, ha="left", fontsize=style.TITLE,
            fontweight="bold",
        )  # fmt: skip
        ax = fig.add_subplot()
        fig.subplots_adjust(left=0.085, right=0.975, top=0.82, bottom=0.2)
        series(samples, ax)
        ax.set(xlim=(0, runs), xlabel="runs done", ylabel="resident memory [MB]")
        ax.set_ylim(0, 1.08 * samples["memory"].max())
        style.thousands(ax.xaxis)
        ax.grid(axis="y", color=style.GROUND)
        ax.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, borderaxespad=0.3)
        style.add_caption(
            fig,
            "Resident memory; shared libraries count for each process. Slope: least squares "
            f"from {MARKS[0]:.0%} of the runs on, ± its standard error; workers: the mean over workers. {provenance}",
        )
    return fig


def series(samples: pd.DataFrame, ax: Axes) -> None:
    """Draw every process as a thin line, and the lines through the parent and through the mean of the workers."""
    growth_rows, total = growth(samples), samples["runs"].max()
    for role, row in growth_rows.iterrows():
        rows = samples[samples["process"].str.startswith(str(role))]
        name = "parent, which keeps the results" if role == PARENT else f"each of {worker_count(samples)} workers"
        for number, (_, process_rows) in enumerate(rows.groupby("process", sort=False)):
            ax.plot(
                process_rows["runs"],
                process_rows["memory"],
                color=LOOKS[str(role)],
                linewidth=1.1,
                label="_" if number else name,
            )
        if pd.notna(row["slope"]):
            ends = pd.Series([MARKS[0] * total, total])
            slope = style.signed(f"{row['slope']:+.2f}")
            ax.plot(
                ends, row["height"] + row["slope"] * ends / 1000.0, color=style.INK, linewidth=1.4,
                linestyle="--" if role == PARENT else ":", zorder=4,
                label=f"{MEAN[str(role)]}: {slope} ± {row['error']:.2f} MB per 1,000 runs",
            )  # fmt: skip
