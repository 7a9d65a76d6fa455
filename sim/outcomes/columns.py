"""Columns of outcomes in a table of runs."""

from __future__ import annotations

from sim.dates import school_year
from sim.declare import OUTCOMES
from sim.outcomes.groups import YEARS, group_columns
from sim.outcomes.money import source_columns
from sim.policy import Scenario

YEARLY = {"examinees": "students", "share": "share of the grade"}
"""Outcomes of every year, with their unit."""


def columns_of(scenario: Scenario) -> list[str]:
    """Return the names of the outcomes that runs of a scenario have, in the order of a table of runs."""
    years = range(school_year(scenario.first_month), school_year(scenario.last_month) + 1)
    yearly = [f"{what}_{year}" for what in YEARLY for year in years]
    return [*OUTCOMES, *yearly, *group_columns(year for year in YEARS if year in years), *source_columns()]
