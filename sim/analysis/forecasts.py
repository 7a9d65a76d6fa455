"""Simple forecasts of a published series from its own past: last value, last year plus trend, damped trend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

LAST, TREND, DAMPED = "last value", "last year plus trend", "damped trend"
"""Forecasts: the last value; the last value plus its last change per year; the same with a damped trend."""

DAMPING = 0.8
"""Part of a damped trend that remains after a year [share]."""

NEWEST = 0.5
"""Weight of the newest change in a damped trend against the earlier ones, per year [share]."""


def last_value(years: Any, values: Any, year: float) -> float:
    """Return the last value of a series for any year.

    Args:
        years: rising; shape (values,)
        values: of the series; shape (values,)
        year: that is forecast
    """
    return float(values[-1])


def last_trend(years: Any, values: Any, year: float) -> float:
    """Return the last value of a series plus its last change per year, times the years since.

    Args:
        years: rising, two at least; shape (values,)
        values: of the series; shape (values,)
        year: that is forecast

    >>> last_trend([2006, 2010], [1.0, 3.0], 2012)
    4.0
    """
    slope = (values[-1] - values[-2]) / (years[-1] - years[-2])
    return float(values[-1] + slope * (year - years[-1]))


def damped_trend(years: Any, values: Any, year: float) -> float:
    """Return the forecast of Holt's damped trend: the last value plus a trend that is multiplied by DAMPING each year.

    The level is the last value. The trend begins as the first change per year; each later change gets the weight NEWEST per
    year. Nothing is fitted, since published series are short. Years may be missing.

    Args:
        years: rising, two at least; shape (values,)
        values: of the series; shape (values,)
        year: that is forecast

    Source: gardner_mckenzie_1985

    >>> damped_trend([2017, 2018], [1.0, 2.0], 2019), damped_trend([2017, 2018], [1.0, 2.0], 2020)
    (2.8, 3.44)
    """
    gaps, changes = np.diff(years), np.diff(values)
    slope = changes[0] / gaps[0]
    for gap, change in zip(gaps[1:], changes[1:], strict=True):
        before = (1.0 - NEWEST) ** gap
        slope = before * DAMPING**gap * slope + (1.0 - before) * change / gap
    ahead = year - years[-1]
    return float(values[-1] + slope * DAMPING * (1.0 - DAMPING**ahead) / (1.0 - DAMPING))


FORECASTS: dict[str, tuple[Callable[[Any, Any, float], float], int]] = {
    LAST: (last_value, 1),
    TREND: (last_trend, 2),
    DAMPED: (damped_trend, 2),
}
"""Each forecast by name, with the number of values that it needs."""


def past_errors(name: str, years: Any, values: Any) -> Any:
    """Return the errors of past forecasts: each value less its forecast from the values before it.

    Args:
        name: of a forecast
        years: rising; shape (values,)
        values: of the series; shape (values,)

    Returns:
        shape (values - needed,), in the unit of the values

    >>> past_errors(TREND, np.array([2006, 2010, 2012]), np.array([1.0, 3.0, 4.5])).tolist()
    [0.5]
    """
    function, needed = FORECASTS[name]
    return np.array([values[k] - function(years[:k], values[:k], years[k]) for k in range(needed, len(values))])


@dataclass(frozen=True)
class Forecast:
    """A forecast as a distribution: Student's t around a middle.

    Args:
        middle: forecast value
        scale: of the distribution, in the unit of the values
        degrees: of freedom, the number of past errors behind the scale
    """

    middle: float
    scale: float
    degrees: int

    def log_density(self, value: float) -> float:
        """Return the log density of a value."""
        from scipy.stats import t

        return float(t.logpdf(value, self.degrees, loc=self.middle, scale=self.scale))


def forecast(name: str, years: Any, values: Any, year: float, error: Callable[[float], float]) -> Forecast | None:
    """Return a forecast of a later year with the spread of its own past errors.

    An error over several years is divided by the root of their number. The scale is the root mean square of these errors, or
    the error of measurement if that is larger, times the root of the years ahead. The distribution is Student's t with as
    many degrees of freedom as errors.

    Args:
        name: of a forecast
        years: rising; shape (values,)
        values: of the series; shape (values,)
        year: that is forecast, after the last
        error: returns the error of measurement at a value, in the unit of the values

    Returns:
        The forecast; None if the series has no past error to estimate the spread.
    """
    function, needed = FORECASTS[name]
    if len(values) <= needed:
        return None
    yearly = past_errors(name, years, values) / np.sqrt(np.diff(years)[needed - 1 :])
    middle = function(years, values, year)
    scale = max(float(np.sqrt(np.mean(yearly**2))), error(middle)) * np.sqrt(year - years[-1])
    return Forecast(middle, float(scale), len(yearly))
