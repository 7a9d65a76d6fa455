"""Labels of outcomes, in words and with their unit."""

from __future__ import annotations

from sim.analysis.headlines import DOUBLED
from sim.declare import OUTCOMES
from sim.outcomes.columns import YEARLY
from sim.outcomes.groups import group_columns
from sim.outcomes.money import source_columns

COUNTED, PAID = "students", "NIS million"
"""Units of counts of students by group, and of money by source."""


STREAMS = {"state_religious": "state-religious", "haredi": "Haredi", "non_jewish": "non-Jewish"}
"""Streams of schools in words, if these differ from their names."""


NAMED = {
    DOUBLED: "doubling", "month_joined": "month of joining", "month_pilot": "month of the pilot",
    "month_national": "month of the national programme", "stage_reached": "stage of the ministry at the end",
    "trust_across": "trust across sectors", "gap_quintiles": "gap between strongest and weakest quintile",
    "gap_periphery": "gap between centre and periphery", "gap_streams": "gap between state and non-Jewish schools",
    "ratio_quintiles": "ratio of strongest to weakest quintile", "concentration": "concentration over quintiles",
    "growth_2017": "growth since 2017",
    "girls": "girls among examinees", "share": "share of the grade", "excellent": "share excellent in any subject",
    "cost_per_additional": "cost per additional examinee (all growth)", "additional": "additional examinees up to",
    "delivered": "resources delivered", "offered": "resources offered", "unspent": "resources unspent",
    "duplicated": "resources duplicated", "transparency": "shared measurement",
    "collaboration": "collaboration index", "members": "members at the end", "members_2014": "members in September 2014",
    "agenda_months": "months to the common agenda", "attendance": "attendance at meetings, a month",
    "readiness_network": "readiness of the network", "trust_ministry_end": "trust between ministry and partners at the end",
    "trust_ministry_2014": "trust with the ministry in September 2014",
    "refused": "programmes that schools refused",
    "offered_partners": "resources of partners offered", "delivered_partners": "resources of partners delivered",
    "delivered_periphery": "part of all resources that went to the periphery",
    "money_on_mathematics": "part of partners' resources for mathematics",
}  # fmt: skip
"""Outcomes in words, without their year, if the name alone is not clear."""


def words_of(name: str) -> str:
    """Return an outcome in words, for sentences.

    >>> words_of("examinees_2020"), words_of("gap_quintiles_2017"), words_of("share_5_units/2015/stream haredi")
    ('examinees in 2020', 'gap between strongest and weakest quintile in 2017', 'share at five units in 2015, stream Haredi')
    """
    if "/" in name:
        what, year, *group = name.replace("share_5_units", "share at five units").split("/")
        figure = f"{what.replace('_', ' ')} in {year}" if year.isdigit() else f"{what}, {year}"
        return ", ".join([figure, *map(group_words, group)])
    what, _, year = name.rpartition("_")
    if name in NAMED or not year.isdigit():
        return NAMED.get(name, name.replace("_", " "))
    return f"{NAMED.get(what, what.replace('_', ' '))} in {year}"


def group_words(group: str) -> str:
    """Return a group of students in words.

    >>> group_words("stream state_religious"), group_words("periphery")
    ('stream state-religious', 'periphery')
    """
    kind, _, name = group.rpartition(" ")
    return f"{kind} {STREAMS.get(name, name)}".strip()


def label_of(name: str) -> str:
    """Return an outcome in words with its unit.

    >>> label_of("examinees_2020"), label_of("offered/ngo")
    ('Examinees 2020 [students]', 'Offered/ngo [NIS million]')
    """
    units = {name: item.unit for name, item in OUTCOMES.items()} | {DOUBLED: "share of runs"}
    units |= dict.fromkeys(group_columns(), COUNTED) | dict.fromkeys(source_columns(), PAID)
    unit = units.get(name) or YEARLY.get(name.rpartition("_")[0], "")
    what, slash, group = name.rpartition("/")
    words = f"{what}{slash}{group_words(group)}".replace("_", " ")
    return f"{words[:1].upper()}{words[1:]} [{unit}]".removesuffix(" []")
