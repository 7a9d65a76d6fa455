"""Outcomes as columns of runs: which there are, which a configuration asks for, and what they are called with their unit."""

from __future__ import annotations

from omegaconf import DictConfig

from sim import outcomes
from sim.analysis.headlines import DOUBLED
from sim.dates import school_year
from sim.policy import Scenario

YEARLY = {"examinees": "students", "share": "share of the grade"}
"""Outcomes of every year, with their unit."""


def listed(cfg: DictConfig, key: str) -> list[str]:
    """A key that holds one name, several or none."""
    said = cfg[key]
    return [] if said is None else [said] if isinstance(said, str) else [str(name) for name in said]


def columns_of(case: Scenario) -> list[str]:
    """Outcomes that runs of a scenario have."""
    years = range(school_year(case.first_month), school_year(case.last_month) + 1)
    return [*outcomes()["name"], *(f"{what}_{year}" for what in YEARLY for year in years)]


def label_of(name: str) -> str:
    """An outcome in words with its unit.

    >>> label_of("examinees_2020"), label_of("offered")
    ('Examinees 2020 [students]', 'Offered [NIS million]')
    """
    units = dict(zip(outcomes()["name"], outcomes()["unit"], strict=True)) | {DOUBLED: "share of runs"}
    unit = units.get(name) or YEARLY.get(name.rpartition("_")[0], "")
    return f"{name.capitalize().replace('_', ' ')} [{unit}]".removesuffix(" []")
