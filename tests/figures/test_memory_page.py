"""The page of memory: from zero, every process a line, and the slopes in the legend."""

from __future__ import annotations

import pandas as pd

from experiments.benchmarks.memory import memory_page
from sim.figures.export import render


def invented(*processes: str) -> pd.DataFrame:
    """A sweep of 200 runs in which the parent grows by 5 MB per 1,000 runs and workers do not."""
    rows = [
        (k, 10 * k, name, 100.0 + (5 * k / 100 if name == "parent" else 50.0)) for k in range(21) for name in processes
    ]
    return pd.DataFrame(rows, columns=["second", "runs", "process", "memory"])


def test_the_page_shows_every_process_and_tells_the_slopes(tmp_path):
    page = memory_page(invented("parent", "worker 1", "worker 2"), "made here")
    ax = page.axes[0]
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == [
        "parent, which keeps the results",
        "parent: +5.00 ± 0.00 MB per 1,000 runs",
        "each of 2 workers",
        "mean of workers: +0.00 ± 0.00 MB per 1,000 runs",
    ]
    assert len(ax.lines) == 5
    assert ax.get_ylim()[0] == 0
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("runs done", "resident memory [MB]")
    assert any("made here" in text.get_text() for text in page.texts)
    assert all(render(page, tmp_path / "memory", ("svg", "png")).values())


def test_one_process_and_too_few_looks_make_no_slope():
    ax = memory_page(invented("parent").head(2), "made here").axes[0]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["parent, which keeps the results"]
