"""Seeds that are enough, against variances that are known; what pairing saves, against a correlation that is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.replications import replications, seeds_needed
from sim.errors import InputError
from sim.figures.replications import replications_page
from sim.findings.sensitivity import saved_text

SEEDS = 4000


def runs(correlation: float) -> pd.DataFrame:
    """Two points with standard deviation 10 around 100 and 103, whose seeds correlate."""
    luck = np.random.default_rng(1).standard_normal((2, SEEDS))
    other = correlation * luck[0] + np.sqrt(1 - correlation**2) * luck[1]
    frames = [pd.DataFrame({"arm": arm, "seed": range(SEEDS), "y": mean + 10 * z})
              for arm, mean, z in (("a", 100, luck[0]), ("b", 103, other))]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
def test_pairing_saves_the_share_that_is_the_correlation(correlation):
    (row,) = replications(runs(correlation), ["arm"], ["y"], 0.01).to_dict("records")
    assert row["saved"] == pytest.approx(correlation, abs=0.04)
    assert row["correlation"] == pytest.approx(correlation, abs=0.04)
    assert row["apart"] == pytest.approx(2 * (1.96 * 10 / 1.015) ** 2, rel=0.08)
    assert row["paired"] == pytest.approx((1 - correlation) * row["apart"], abs=0.06 * row["apart"])
    assert row["mean"] == pytest.approx(row["apart"] / 2, rel=0.06)


def test_so_many_seeds_give_an_interval_of_that_reach():
    n = seeds_needed(10.0, 0.5)
    means = 100 + 10 * np.random.default_rng(2).standard_normal((2000, n)).mean(axis=1)
    assert (np.abs(means - 100) < 0.5).mean() == pytest.approx(0.95, abs=0.02)


def test_what_cannot_be_told_is_said():
    frame = runs(0.5)
    with pytest.raises(InputError, match="above 0; got 0"):
        replications(frame, ["arm"], ["y"], 0)
    for less in (frame[frame["arm"] == "a"], frame[frame["seed"] < 2], frame.assign(y=1.0)):
        with pytest.raises(InputError, match="three seeds and two points or more"):
            replications(less, ["arm"], ["y"], 0.1)


def test_the_page_and_the_words_say_both_numbers_of_seeds():
    table = replications(runs(0.9), ["arm"], ["y"], 0.01)
    page = replications_page(table, "made here")
    reached = [line.get_xdata()[0] for line in page.axes[0].lines if line.get_marker() == "o"]
    assert reached == [table["apart"][0], table["paired"][0]]
    assert f"{table['paired'][0]:,} seeds in place of {table['apart'][0]:,}" in saved_text(table)
