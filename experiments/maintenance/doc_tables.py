"""Bring the tables of the pages in docs/ up to date: python -m experiments.maintenance.doc_tables, or `make docs`.

The prose around the tables is written by hand; a test fails when a table is not what the code says.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import partial
from inspect import signature
from pathlib import Path

from sim.agents import KIND_CLASSES, decisions_of
from sim.analysis.fit import COUNT, EVENT, MONTH, PATTERNS, SHARE
from sim.catalogue import diff, targets
from sim.configuration import about_scenario, scenarios
from sim.declare import OUTCOMES
from sim.outcomes.groups import COUNTS, GENDERS, OF_STREAMS, PLACES, QUINTILES, YEARS
from sim.parameters import declared_parameters
from sim.runs.models_form import FORM as MODELS
from sim.runs.streams import escape_what_cannot_be_encoded
from sim.studies.later_facts import FACTS
from sim.tables.columns import Column, Form
from sim.world.facts import TARGETS
from sim.world.files.check import SETTING_FORMS
from sim.world.state import STAGES

from ..benchmarks.history import memories, speeds
from .odd_tables import DIRECTIONS, Tables, brought_up_to_date, first_line, table

ROOM = Path(__file__).resolve().parents[2] / "docs"
PAGES = (ROOM / "files.md", ROOM / "outcomes.md", ROOM / "decisions.md", ROOM / "scenarios.md", ROOM / "benchmarks.md")
"""Pages whose tables are made from the code, those of benchmarks from docs/benchmarks.csv."""

FILES = SETTING_FORMS | {TARGETS.name: TARGETS, MODELS.name: MODELS}
"""Files whose columns have a table of their own."""

UNITS = {COUNT: "as published", SHARE: "share", MONTH: "months", EVENT: "yes 1, no 0"}

KEYS = (
    ("scenario", "name of the scenario"),
    ("backbone.facilitation, timing, ...", "in a sweep: the factors, one column each, by the parameter's name"),
    ("dates", "emergent: the ministry decides by itself; held: its stages come in the months of the reference run"),
    ("seed", "of the luck; runs with the same seed are pairs"),
    ("parameter_set", "with `uncertainty`: number of the run's parameter set in its table"),
    ("structure", "with `uncertainty=structures`: the model of the run, one of `configs/data/models.csv`"),
)
"""Columns that say which run a row is, and their meaning."""

IN_YEARS = f"{', '.join(str(year) for year in YEARS[:-1])} and {YEARS[-1]}"
"""The years for which groups are counted, in words."""

PAID = (
    ("offered", "offered since the start, as `offered`"),
    ("delivered", "delivered in schools, as `delivered`"),
    ("overhead", "spent on the way, the backbone's own cost included"),
    ("transit", "still in purses or held as grants at the end"),
    ("unspent", "promised and lost on the way, as `unspent`"),
    (
        "refused",
        "programmes that owners of schools did not let in, as `refused`; in part unspent, in part delivered elsewhere",
    ),
    ("duplicated", "delivered where another did the same, as `duplicated`; a part of delivered"),
)
"""What becomes of money, told by its source, in words."""

DIVISIONS = (
    (
        "quintile",
        QUINTILES,
        "schools of a quintile of nurture, 1 strongest, 5 weakest; `unknown` where none is published",
    ),
    ("stream", OF_STREAMS, "schools of a stream"),
    ("place", PLACES, "schools outside and in the geographic periphery"),
    (
        "gender",
        GENDERS,
        "girls gain nothing by hours and classes, more by the science reserves; else as boys",
    ),
)
"""Groups by what divides them, in words; each division counts every examinee once."""

SERIES = (
    (
        "examinees_YEAR",
        "students",
        "examinees at five units in grade 12 of a school year, from 2006 to the last simulated",
    ),
    ("share_YEAR", "share", "the same as a share of grade 12"),
    ("examinees_YEAR/GROUP", "students", f"the examinees of {IN_YEARS} by group"),
    ("takers_YEAR/GROUP", "students", "maths takers in grade 12 of the same years by group of their school"),
    *(
        (f"{fate}/SOURCE", "NIS million", f"money {said}, by the kind of organisation that offered it")
        for fate, said in PAID
    ),
)
"""Columns that come once a year, group or source: name, unit, meaning."""


def keys() -> str:
    """Columns that say which run a row is."""
    return table(("column", "meaning"), [(f"`{name}`", about) for name, about in KEYS])


def results() -> str:
    """Every declared outcome and every yearly figure."""
    rows = [(f"`{item.name}`", item.unit, DIRECTIONS[item.better], item.about) for item in OUTCOMES.values()]
    rows += [(f"`{name}`", unit, "", about) for name, unit, about in SERIES]
    return table(("column", "unit", "better", "meaning"), rows)


def groups() -> str:
    """Return the groups of students, by what divides them."""
    rows = []
    for name, of, about in DIVISIONS:
        counted = ", ".join(what for what, there in COUNTS.items() if of[0] in there)
        rows.append((name, ", ".join(f"`{group}`" for group in of), counted, about))
    return table(("by", "GROUP", "counted", "meaning"), rows)


def record() -> str:
    """Every fact of the record as a run has it, beside what was published; not those of pairs of runs."""
    facts = targets()
    facts = facts[[name not in PATTERNS or not PATTERNS[name].paired for name in facts["pattern"]]]
    rows = [
        (f"`{fact.pattern}/{fact.year}/{fact.group}`", fact.unit, fact.value, PATTERNS[fact.pattern].about)
        for fact in facts[facts["use"] == "fit"].itertuples()
    ]
    return table(("column", "unit", "published", "meaning"), rows)


def decisions() -> str:
    """Every decision that a class may override: who takes it, where it is written, and what it answers."""
    rows = []
    for name in dict.fromkeys(name for decider in KIND_CLASSES.values() for name in decisions_of(decider)):
        kinds = {kind: getattr(decider, name) for kind, decider in KIND_CLASSES.items() if hasattr(decider, name)}
        method = next(iter(kinds.values()))
        place = method.__module__.split(".")[-1]
        rows.append((f"`{called(method)}`", ", ".join(kinds), f"`sim/agents/{place}.py`", first_line(method)))
    return table(("method", "kinds that have it", "written in", "what it answers"), rows)


def called(method: Callable[..., object]) -> str:
    """Return a decision as it is written in a call: its name, and what it is asked with besides the class itself.

    >>> from sim.agents import Foundation
    >>> called(Foundation.chance_of_leaving), called(Foundation.next_pledge)
    ('chance_of_leaving(trust)', 'next_pledge()')
    """
    return f"{method.__name__}({', '.join([*signature(method).parameters][1:])})"


MEASURE = "historical"
"""The scenario that the others are told by."""


def named_scenarios() -> str:
    """Every named scenario: what it is about, and what differs from the historical one."""
    order = sorted(scenarios(), key=lambda name: (name != MEASURE, name))
    return "\n\n".join(f"## `{name}`\n\n{about_scenario(name)}.\n\n{from_measure(name)}" for name in order)


def from_measure(name: str) -> str:
    """What differs in a scenario from the historical one, a point a difference."""
    if name == MEASURE:
        return "The others are told by what differs from it."
    return "\n".join(f"- {in_full(line)}" for line in diff(MEASURE, name).splitlines())


def in_full(difference: str) -> str:
    """Return a difference with the meaning of its parameter, and the name of a stage beside its number.

    >>> in_full("only in historical: from 2014-05 ministry.ordered = 2")
    'only in historical: from 2014-05 `ministry.ordered` = 2 (pilot); stage reached by date in the modes recorded and scheduled'
    """
    key = next(name for name in re.findall(r"\w+(?:\.\w+)+", difference) if name in declared_parameters())
    staged = re.sub(
        r"(?<=ministry\.ordered = )(\d)$", lambda found: f"{found[1]} ({STAGES[int(found[1])]})", difference
    )
    return f"{staged.replace(key, f'`{key}`', 1)}; {declared_parameters()[key][1].about}"


def columns(form: Form) -> str:
    """Return the columns that a file of users has, and the rules across them."""
    rows = [(f"`{column.name}`", needed_text(column), column.accepted, column.about) for column in form.columns]
    text = table(("column", "needed", "type and range", "meaning"), rows)
    rules = [f"- `{rule.column}`: {rule.about}" for rule in form.rules]
    return "\n".join([text, *(["", "Rules:", "", *rules] if rules else [])])


def needed_text(column: Column) -> str:
    """Return whether a file must have a column, and its cells a value."""
    if not column.needed:
        return "no"
    return "yes" if column.blank is None else "yes, may be blank"


FILES = SETTING_FORMS | {form.name: form for form in (TARGETS, MODELS, FACTS)}
"""The forms of files that users write, by name."""

TABLES: Tables = {
    "keys": keys, "results": results, "groups": groups, "record": record, "decisions": decisions, "scenarios": named_scenarios,
    "speeds": speeds, "memories": memories,
    **{f"{name}_file": partial(columns, form) for name, form in FILES.items()},
}  # fmt: skip
"""The tables of the pages by name."""


def main() -> int:
    """Write the pages anew where the code says otherwise; the exit code is 2, with one sentence, for a mistake."""
    escape_what_cannot_be_encoded()
    return brought_up_to_date(PAGES, TABLES)


if __name__ == "__main__":
    sys.exit(main())
