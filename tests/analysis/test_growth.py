"""Memory along a sweep: its slope on runs, what was held at marks, and how many workers there were."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import linregress

from experiments.benchmarks.memory import growth, line_through, memory_of, worker_count


def watched(*workers: str, slope: float = 0.0, start: float = 100.0) -> pd.DataFrame:
    """A made-up sweep of 1,000 runs: a parent that holds 50 MB, workers that rise to `start` by the first tenth."""
    rows = []
    for second, runs in enumerate(range(0, 1001, 10)):
        rows.append((second, runs, "parent", 50.0))
        for place, name in enumerate(workers):
            warm = start if runs >= 100 else start * runs / 100
            rows.append((second, runs, name, warm + slope * runs / 1000 + place))
    return pd.DataFrame(rows, columns=["second", "runs", "process", "memory"])


def test_the_slope_and_its_error_are_those_of_ordinary_least_squares():
    x, luck = np.linspace(0, 10, 40), np.random.default_rng(1)
    y = 3.0 + 0.7 * x + luck.normal(size=40)
    line, expected = line_through(x, y), linregress(x, y)
    assert line.slope == pytest.approx(expected.slope)
    assert line.error == pytest.approx(expected.stderr)
    assert line.height == pytest.approx(expected.intercept)


@pytest.mark.parametrize(("x", "y"), [([1, 2], [1, 2]), ([3, 3, 3], [1, 2, 3]), ([], [])])
def test_there_is_no_slope_through_too_few_points(x, y):
    assert np.isnan([line_through(x, y).slope, line_through(x, y).error]).all()


def test_growth_is_that_after_the_first_tenth_in_megabytes_per_thousand_runs():
    grown = growth(watched("worker 1", "worker 2", slope=7.0))
    assert grown.loc["worker", "slope"] == pytest.approx(7.0)
    assert grown.loc["worker", "error"] == pytest.approx(0.0, abs=1e-9)
    assert grown.loc["parent", "slope"] == 0.0
    assert grown.loc["worker", ["0.1", "0.5", "1.0"]].tolist() == pytest.approx([101.2, 104.0, 107.5])
    assert grown.loc["worker", "most"] == 108.0


def test_what_rises_before_the_first_tenth_only_is_flat():
    assert growth(watched("worker 1"))["slope"].tolist() == pytest.approx([0.0, 0.0], abs=1e-9)


def test_a_sweep_in_one_process_has_no_workers():
    grown = growth(watched())
    assert list(grown.index) == ["parent"]
    assert worker_count(watched()) == 0
    assert memory_of(watched(), "worker").empty


def test_a_worker_that_took_the_place_of_another_is_counted():
    samples = watched("worker 1", "worker 2")
    late = samples["process"].eq("worker 2") & samples["runs"].gt(500)
    assert worker_count(samples.assign(process=samples["process"].mask(late, "worker 3"))) == 3
