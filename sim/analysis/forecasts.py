"""Dull forecasts of a published series from its own past: last value, last year plus trend, damped trend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

LAST, TREND, DAMPED = "last value", "last year plus trend", "damped trend"
"""Forecasts: the last value; the last value plus its last change a year; the same with a trend that dies out."""

DAMPING = 0.8
"""Part of a damped trend that is left after a year [share]."""

NEWEST = 0.5
"""Weight of the newest change in a damped trend, against those before it, a year [share]."""


def last_value(years: Any, values: Any, year: float) -> float:
    """Return the last value of a series, whatever the year.

    Args:
        years: rising; shape (values,)
        values: of the series; shape (values,)
        year: that is forecast
    """
    return float(values[-1])


def last_trend(years: Any, values: Any, year: float) -> float:
    """Return the last value of a series plus its last change a year, for each year since.

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
    """Return the damped trend of Holt's method: the last value plus a trend of which DAMPING is left each year.

    The level is the last value. The trend begins as the first change a year; each later change takes the weight NEWEST a
    year of it. Nothing is fitted, since published series are short. Years may be missing.

    Args:
        years: rising, two at least; shape (values,)
        values: of the series; shape (values,)
        year: that is forecast

    Methods: Gardner & McKenzie (1985), Management Science 31, 1237-1246.

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
"""Every forecast by name, with the fewest values that it needs."""


def misses(name: str, years: Any, values: Any) -> Any:
    """Return how far each value lies from its forecast by the values before it, for those that have enough before.

    Args:
        name: of a forecast
        years: rising; shape (values,)
        values: of the series; shape (values,)

    Returns:
        shape (values - fewest,), in the unit of the values

    >>> misses(TREND, np.array([2006, 2010, 2012]), np.array([1.0, 3.0, 4.5])).tolist()
    [0.5]
    """
    function, fewest = FORECASTS[name]
    return np.array([values[k] - function(years[:k], values[:k], years[k]) for k in range(fewest, len(values))])


@dataclass(frozen=True)
class Forecast:
    """A forecast as a distribution: Student's t about a middle.

    Args:
        middle: forecast value
        scale: of the distribution, in the unit of the values
        degrees: of freedom, as many as misses that the scale is taken from
    """

    middle: float
    scale: float
    degrees: int

    def log_density(self, value: float) -> float:
        """Return the log density of a value."""
        from scipy.stats import t

        return float(t.logpdf(value, self.degrees, loc=self.middle, scale=self.scale))


def forecast(name: str, years: Any, values: Any, year: float, error: Callable[[float], float]) -> Forecast | None:
    """Return a forecast of a later year with the spread of its own past misses.

    A miss over some years counts as that of one year after division by the root of their number. The scale is the root
    mean square of these misses, or the error of measurement if that is larger, times the root of the years ahead. Few misses
    tell little of a spread: the distribution is Student's t with as many degrees of freedom.

    Args:
        name: of a forecast
        years: rising; shape (values,)
        values: of the series; shape (values,)
        year: that is forecast, after the last
        error: of measurement at a value, in the unit of the values

    Returns:
        The forecast; None where the series has no miss, so that nothing tells the spread.
    """
    function, fewest = FORECASTS[name]
    if len(values) <= fewest:
        return None
    yearly = misses(name, years, values) / np.sqrt(np.diff(years)[fewest - 1 :])
    middle = function(years, values, year)
    scale = max(float(np.sqrt(np.mean(yearly**2))), error(middle)) * np.sqrt(year - years[-1])
    return Forecast(middle, float(scale), len(yearly))
