"""Memory of this process and of its workers, looked at while something else is done."""

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
"""What stands in the command of a process that joblib keeps beside its workers."""

MB = 1e6
"""Bytes."""


def reader() -> ModuleType:
    """Return the library that knows the memory of processes.

    Raises:
        InputError: it is not installed
    """
    try:
        import psutil
    except ImportError:
        why = f"it needs the extra `dev`: {install('dev')}"
        raise InputError(f"memory is read by psutil, which is not installed; {why}") from None
    return psutil


class Watch:
    """Looks at the resident memory of this process and of its workers every so often, from entering to leaving.

    Args:
        done: how many runs are done by now
        every: pause between two looks [s]

    Raises InputError where psutil is not installed.
    """

    def __init__(self, done: Callable[[], float], every: float = 0.5) -> None:
        self.psutil, self.done, self.every = reader(), done, every
        self.parent = self.psutil.Process()
        self.names: dict[Any, str] = {}
        self.rows: list[tuple[float, int, str, float]] = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.looking, daemon=True)

    def __enter__(self) -> Watch:
        """Begin to look."""
        self.began = time.perf_counter()
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look once more, and end."""
        self.ended.set()
        self.thread.join()
        self.look()

    def looking(self) -> None:
        """Look, and look again, until it is over."""
        self.look()
        while not self.ended.wait(self.every):
            self.look()

    def look(self) -> None:
        """Note what every process holds now."""
        second, runs = time.perf_counter() - self.began, int(self.done())
        for process in (self.parent, *self.parent.children()):
            try:
                name = self.name_of(process)
                if name:
                    self.rows.append((second, runs, name, process.memory_info().rss / MB))
            except self.psutil.Error:  # it has ended meanwhile
                continue

    def name_of(self, process: Any) -> str:
        """Return a process by its role, workers in the order in which they were seen; empty for one that does not simulate."""
        if process not in self.names:
            workers = sum(name.startswith(WORKER) for name in self.names.values())
            helping = NO_WORKER in " ".join(process.cmdline())
            self.names[process] = PARENT if process == self.parent else "" if helping else f"{WORKER} {workers + 1}"
        return self.names[process]

    @property
    def samples(self) -> pd.DataFrame:
        """What was seen: a row a moment and process, columns `second` [s], `runs`, `process`, `memory` [MB].

        A process that had ended before any run was done simulated none (it compiled), and is left out.
        """
        seen = pd.DataFrame(self.rows, columns=["second", "runs", "process", "memory"])
        if not seen["runs"].any():
            return seen
        return seen[seen.groupby("process")["runs"].transform("max") > 0].reset_index(drop=True)


MARKS = (0.1, 0.5, 1.0)
"""Shares of the runs at which memory is told; it may grow up to the first of them and is watched from there."""

PARENT, WORKER = "parent", "worker"
"""How the process that keeps the results is called, and how the names of those that simulate begin."""


@dataclass(frozen=True)
class Line:
    """A straight line by ordinary least squares: its height at zero, its slope, and the slope's standard error."""

    height: float
    slope: float
    error: float


def line_through(x: Any, y: Any) -> Line:
    """Return the line through points; shape (points,) each. All NaN where fewer than three points, or no two x, leave it open.

    >>> line_through([0, 1, 2, 3], [5, 7, 9, 11])
    Line(height=5.0, slope=2.0, error=0.0)
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if len(x) < 3 or not np.ptp(x):
        return Line(nan, nan, nan)
    across, up = x - x.mean(), y - y.mean()
    spread = float((across**2).sum())
    slope = float((across * up).sum()) / spread
    left = up - slope * across
    return Line(float(y.mean() - slope * x.mean()), slope, sqrt(float((left**2).sum()) / (len(x) - 2) / spread))


def held(samples: pd.DataFrame, of: str) -> pd.DataFrame:
    """What the parent, or a worker in the mean over workers, held at each moment: columns `second`, `runs`, `memory`.

    Args:
        samples: a row a moment and process: `second` [s], `runs` done, `process`, `memory` [MB]
        of: PARENT or WORKER
    """
    mine = samples[samples["process"].str.startswith(of)]
    return mine.groupby("second", as_index=False).agg(runs=("runs", "first"), memory=("memory", "mean"))


def growth(samples: pd.DataFrame) -> pd.DataFrame:
    """Memory of the parent and of a worker at each of MARKS, its greatest value, and how it grows after the first mark.

    Args:
        samples: as `held` takes them

    Returns a row each for PARENT and, where there are workers, WORKER, with columns `0.1`, `0.5`, `1.0` and `most` [MB],
    `height` [MB], `slope` and `error` [MB per 1,000 runs]; `most` is that of the one worker that held most.
    """
    total, rows = samples["runs"].max(), {}
    for of in (PARENT, WORKER):
        mine = held(samples, of)
        if mine.empty:
            continue
        late = mine[mine["runs"] >= MARKS[0] * total]
        line = line_through(late["runs"] / 1000.0, late["memory"])
        at = {str(mark): _first(mine, mark * total) for mark in MARKS}
        most = samples.loc[samples["process"].str.startswith(of), "memory"].max()
        rows[of] = {**at, "most": most, "height": line.height, "slope": line.slope, "error": line.error}
    return pd.DataFrame.from_dict(rows, orient="index")


def _first(mine: pd.DataFrame, runs: float) -> float:
    """Memory when so many runs were done for the first time that it was seen; where it was not, at the end [MB]."""
    reached = mine.loc[mine["runs"] >= runs, "memory"]
    return float(reached.iloc[0] if len(reached) else mine["memory"].iloc[-1])


def workers_in(samples: pd.DataFrame) -> int:
    """How many processes simulated, all told: more than were at work at once where some were replaced."""
    return int(samples.loc[samples["process"].str.startswith(WORKER), "process"].nunique())


LOOKS = {PARENT: style.ORANGE, WORKER: style.BLUE}
MEAN = {PARENT: "parent", WORKER: "mean of workers"}


def memory_page(samples: pd.DataFrame, made: str) -> Figure:
    """Return the page: one panel, from zero, so that what is flat looks flat.

    Args:
        samples: a row a moment and process, as `experiments.benchmarks.memory.held` takes them
        made: provenance, for the foot
    """
    fig = style.sheet(8.6, 5.4)
    with style.applied():
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
        style.caption(
            fig,
            "What the system counts as resident, libraries that processes share in each of them. Slope: least squares "
            f"from {MARKS[0]:.0%} of the runs on, ± its standard error; workers: the mean over workers. {made}",
        )
    return fig


def series(samples: pd.DataFrame, ax: Axes) -> None:
    """Every process as a thin line, and the line through the parent and through the mean of the workers."""
    grown, total = growth(samples), samples["runs"].max()
    for of, row in grown.iterrows():
        mine = samples[samples["process"].str.startswith(str(of))]
        name = "parent, which keeps the results" if of == PARENT else f"each of {workers_in(samples)} workers"
        for number, (_, one) in enumerate(mine.groupby("process", sort=False)):
            ax.plot(one["runs"], one["memory"], color=LOOKS[str(of)], linewidth=1.1, label="_" if number else name)
        if pd.notna(row["slope"]):
            ends = pd.Series([MARKS[0] * total, total])
            said = style.signed(f"{row['slope']:+.2f}")
            ax.plot(
                ends, row["height"] + row["slope"] * ends / 1000.0, color=style.INK, linewidth=1.4,
                linestyle="--" if of == PARENT else ":", zorder=4,
                label=f"{MEAN[str(of)]}: {said} ± {row['error']:.2f} MB per 1,000 runs",
            )  # fmt: skip
