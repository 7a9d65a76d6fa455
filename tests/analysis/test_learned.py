"""Summary of a posterior against its prior."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.posterior_summary import central_set, correlations, posterior_summary
from sim.catalogue import uncertain
from sim.design.factors import prior_value

EVEN = np.linspace(0.0, 1.0, 101)
POSTERIOR = pd.DataFrame({"wide": EVEN, "narrow": 2.0 + 0.1 * EVEN, "mirror": 1.0 - EVEN, "other": EVEN * (1.0 - EVEN)})
PRIORS = pd.DataFrame({
    "name": ["wide", "narrow", "mirror", "other", "not asked"], "default": 0.5,
    "low": [0.0, 1.0, 0.0, 0.0, 0.0], "high": [1.0, 3.0, 1.0, 1.0, 1.0],
})  # fmt: skip


def test_a_posterior_that_is_the_prior_has_its_width_and_has_not_moved():
    row = posterior_summary(POSTERIOR, PRIORS).set_index("name").loc["wide"]
    assert (row["width"], row["moved"]) == pytest.approx((1.0, 0.0))


def test_the_most_narrowed_come_first_and_what_moved_is_told_in_halves_of_the_range():
    table = posterior_summary(POSTERIOR, PRIORS)
    assert table["name"].iloc[0] == "narrow"
    assert table["width"].iloc[0] == pytest.approx(0.05)
    assert table["moved"].iloc[0] == pytest.approx(0.05)
    assert "not asked" not in set(table["name"])


def test_the_strongest_correlation_comes_first_whatever_its_sign():
    table = correlations(POSTERIOR.drop(columns="narrow"))
    assert set(table.loc[0, ["one", "other"]]) == {"wide", "mirror"}
    assert table["correlation"].iloc[0] == pytest.approx(-1.0)
    assert len(correlations(POSTERIOR, most=2)) == 2


def test_the_central_member_is_good_and_in_the_middle():
    values = pd.DataFrame({"one": EVEN, "other": EVEN[::-1]})
    assert central_set(values, pd.Series(np.zeros(101))) == 50
    assert central_set(values, pd.Series(1.0 - np.abs(EVEN - 0.5))) in (25, 75)


def test_where_the_prior_is_a_half_normal_its_own_quantiles_are_what_is_narrowed():
    shares = (np.arange(2000) + 0.5) / 2000
    drawn = pd.DataFrame({"package.bonus": prior_value("package.bonus", shares)})
    row = posterior_summary(drawn, uncertain().query("name == 'package.bonus'"), prior_value).iloc[0]
    assert row["width"] == pytest.approx(1.0, abs=0.01)
    assert row["moved"] == pytest.approx(0.0, abs=0.01)
