"""Dull forecasts, on series whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t

from sim.analysis.forecasts import DAMPED, DAMPING, FORECASTS, LAST, TREND, forecast, past_errors

YEARS = np.array([2010.0, 2012.0, 2013.0, 2014.0])
LINE = 3.0 + 0.5 * (YEARS - 2010.0)


def no_error(value: float) -> float:
    return 0.0


def made(name: str, values: np.ndarray, year: float = 2017.0, error: float = 0.0):
    return forecast(name, YEARS, values, year, lambda value: error)


def test_the_three_go_on_from_the_last_value_flat_straight_and_ever_flatter():
    ends = {name: [FORECASTS[name][0](YEARS, LINE, year) for year in (2015, 2016, 2040)] for name in FORECASTS}
    assert ends[LAST] == [5.0, 5.0, 5.0]
    assert ends[TREND] == pytest.approx([5.5, 6.0, 18.0])
    rises = np.diff([5.0, *ends[DAMPED][:2]])
    assert rises[1] == pytest.approx(DAMPING * rises[0])
    assert LINE[-1] < ends[DAMPED][2] < ends[TREND][2]


def test_a_damped_trend_of_two_values_is_the_sum_of_its_damped_steps():
    steps = sum(DAMPING**k for k in range(1, 6))
    assert FORECASTS[DAMPED][0](YEARS[:2], LINE[:2], 2017.0) == pytest.approx(LINE[1] + 0.5 * steps)


def test_a_damped_trend_follows_the_newest_change_in_part():
    bent = np.array([0.0, 0.0, 0.0, 1.0])
    rise = FORECASTS[DAMPED][0](YEARS, bent, 2015.0) - 1.0
    assert 0.0 < rise < DAMPING
    assert rise == pytest.approx(DAMPING * 0.5)


def test_misses_are_of_values_with_enough_before_them():
    values = np.array([1.0, 2.0, 4.0, 4.0])
    assert past_errors(LAST, YEARS, values).tolist() == [1.0, 2.0, 0.0]
    assert past_errors(TREND, YEARS, values).tolist() == pytest.approx([1.5, -2.0])
    assert len(past_errors(DAMPED, YEARS, values)) == 2


def test_the_spread_is_that_of_past_misses_a_year_and_grows_with_the_root_of_the_years_ahead():
    values = np.array([1.0, 2.0, 4.0, 4.0])
    yearly = np.sqrt(np.mean(np.array([1.0 / np.sqrt(2.0), 2.0, 0.0]) ** 2))
    one, four = made(LAST, values, 2015.0), made(LAST, values, 2018.0)
    assert one.scale == pytest.approx(yearly)
    assert four.scale == pytest.approx(2.0 * yearly)
    assert (one.middle, one.degrees) == (4.0, 3)
    assert one.log_density(5.0) == pytest.approx(t.logpdf(5.0, 3, loc=4.0, scale=yearly))


def test_the_spread_is_no_smaller_than_the_error_of_measurement():
    assert made(TREND, LINE, 2015.0, error=0.2).scale == pytest.approx(0.2)
    assert made(TREND, LINE, 2018.0, error=0.2).scale == pytest.approx(0.4)


@pytest.mark.parametrize(("name", "fewest"), [(LAST, 2), (TREND, 3), (DAMPED, 3)])
def test_a_series_without_a_past_miss_has_no_forecast(name, fewest):
    assert forecast(name, YEARS[: fewest - 1], LINE[: fewest - 1], 2017.0, no_error) is None
    assert forecast(name, YEARS[:fewest], LINE[:fewest], 2017.0, no_error).degrees == 1
