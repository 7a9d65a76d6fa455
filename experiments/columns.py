"""Outcomes as columns of runs: which there are, which a configuration asks for, and what they are called with their unit."""

from __future__ import annotations

from collections.abc import Sequence

from omegaconf import DictConfig

from sim import outcomes
from sim.analysis.headlines import DOUBLED
from sim.dates import school_year
from sim.errors import Mistake, suggestion
from sim.outcomes.groups import YEARS, group_columns
from sim.outcomes.money import source_columns
from sim.policy import Scenario

YEARLY = {"examinees": "students", "share": "share of the grade"}
"""Outcomes of every year, with their unit."""

COUNTED, PAID = "students", "NIS million"
"""Units of the figures of groups of students, and of money by its source."""


def listed(cfg: DictConfig, key: str) -> list[str]:
    """A key that holds one name, several or none."""
    said = cfg[key]
    return [] if said is None else [said] if isinstance(said, str) else [str(name) for name in said]


def columns_of(case: Scenario) -> list[str]:
    """Outcomes that runs of a scenario have."""
    years = range(school_year(case.first_month), school_year(case.last_month) + 1)
    yearly = [f"{what}_{year}" for what in YEARLY for year in years]
    return [*outcomes()["name"], *yearly, *group_columns(year for year in YEARS if year in years), *source_columns()]


def asked_of(cfg: DictConfig, known: Sequence[str]) -> list[str]:
    """The outcomes that a configuration names. Raises Mistake for none, and for one that is not among those known."""
    asked = listed(cfg, "outcomes")
    for name in asked:
        if name not in known:
            raise Mistake(
                f"there is no outcome `{name}`{suggestion(name, list(known)) or '; docs/outcomes.md lists them'}"
            )
    if not asked:
        raise Mistake("nothing is asked for: `outcomes` names columns of a run")
    return asked


NAMED = {
    DOUBLED: "doubling", "month_joined": "month of joining", "month_pilot": "month of the pilot",
    "month_national": "month of the national programme", "stage_reached": "stage of the ministry at the end",
    "trust_across": "trust across sectors", "gap_quintiles": "gap between strongest and weakest quintile",
    "gap_periphery": "gap between centre and periphery", "gap_streams": "gap between state and non-Jewish schools",
    "ratio_quintiles": "ratio of strongest to weakest quintile", "concentration": "concentration over quintiles",
    "girls": "girls among examinees", "share": "share of the grade", "excellent": "share excellent in any subject",
    "cost_per_additional": "cost per additional examinee (all growth)", "additional": "additional examinees up to",
    "delivered": "resources delivered", "offered": "resources offered", "unspent": "resources unspent",
    "duplicated": "resources duplicated", "transparency": "shared measurement",
    "collaboration": "collaboration index", "members": "members at the end",
}  # fmt: skip
"""Outcomes in words, their year left out, where their name is not words enough."""


def words_of(name: str) -> str:
    """An outcome in words, for sentences.

    >>> words_of("examinees_2020"), words_of("gap_quintiles_2017"), words_of("share_5_units/2015/stream haredi")
    ('examinees in 2020', 'gap between strongest and weakest quintile in 2017', 'share at five units in 2015, stream haredi')
    """
    if "/" in name:
        what, year, *group = name.replace("share_5_units", "share at five units").split("/")
        return ", ".join([f"{what.replace('_', ' ')} in {year}" if year.isdigit() else f"{what}, {year}", *group])
    what, _, year = name.rpartition("_")
    if not year.isdigit():
        return NAMED.get(name, name.replace("_", " "))
    return f"{NAMED.get(what, what.replace('_', ' '))} in {year}"


def label_of(name: str) -> str:
    """An outcome in words with its unit.

    >>> label_of("examinees_2020"), label_of("offered/ngo")
    ('Examinees 2020 [students]', 'Offered/ngo [NIS million]')
    """
    units = dict(zip(outcomes()["name"], outcomes()["unit"], strict=True)) | {DOUBLED: "share of runs"}
    units |= dict.fromkeys(group_columns(), COUNTED) | dict.fromkeys(source_columns(), PAID)
    unit = units.get(name) or YEARLY.get(name.rpartition("_")[0], "")
    return f"{name.capitalize().replace('_', ' ')} [{unit}]".removesuffix(" []")
