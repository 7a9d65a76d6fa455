"""Memory along a sweep: the parent and every worker against the runs done, and the lines by which it is called flat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sim.figures import style

from .memory_growth import MARKS, PARENT, WORKER, growth, workers_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOOKS = {PARENT: style.ORANGE, WORKER: style.BLUE}
MEAN = {PARENT: "parent", WORKER: "mean of workers"}


def memory_page(samples: pd.DataFrame, made: str) -> Figure:
    """The page: one panel, from zero, so that what is flat looks flat.

    Args:
        samples: a row a moment and process, as `experiments.benchmarks.memory_growth.held` takes them
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
