"""Update the tables of the README and of docs/reference: python -m experiments.maintenance.doc_tables, or `make docs`.

The text around the tables is written by hand; a test fails if a table differs from the code.
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
from .answer import answer, basis, headlines_table, plain_answer
from .odd_tables import DIRECTIONS, Tables, first_line, table, update_pages
from .pictures import settings_text
from .reference_pages import programs_table

ROOT = Path(__file__).resolve().parents[2]
REFERENCE_PAGES = ("files", "outcomes", "decisions", "scenarios", "benchmarks", "programs")
PAGES = (
    ROOT / "README.md",
    ROOT / "docs" / "explanation" / "results.md",
    ROOT / "docs" / "tutorials" / "page_in_pictures.md",
    *(ROOT / "docs" / "reference" / f"{name}.md" for name in REFERENCE_PAGES),
)
"""Pages with tables made from the code, from docs/reference/benchmarks.csv or from configs/data/headlines.csv."""

FILES = SETTING_FORMS | {TARGETS.name: TARGETS, MODELS.name: MODELS}
"""Files whose columns have a table of their own."""

UNITS = {COUNT: "as published", SHARE: "share", MONTH: "months", EVENT: "yes 1, no 0"}

KEYS = (
    ("scenario", "name of the scenario"),
    ("backbone.facilitation, timing, ...", "in a sweep: the factors, one column each, by the parameter's name"),
    ("dates", "emergent: the ministry decides by itself; held: its stages come in the months of the reference run"),
    ("seed", "of random events; runs with the same seed are pairs"),
    ("parameter_set", "with `uncertainty`: number of the run's parameter set in its table"),
    ("structure", "with `uncertainty=structures`: the model of the run, one of `configs/data/models.csv`"),
)
"""Columns that identify a run, and their meaning."""

IN_YEARS = f"{', '.join(str(year) for year in YEARS[:-1])} and {YEARS[-1]}"
"""Years for which groups are counted, in words."""

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
"""Fates of money, reported by source, in words."""

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
"""Divisions of students into groups, in words; each division counts every examinee once."""

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
        (f"{fate}/SOURCE", "NIS million", f"money {fate_text}, by the kind of organisation that offered it")
        for fate, fate_text in PAID
    ),
)
"""Columns for each year, group or source: name, unit, meaning."""


def keys() -> str:
    """Return the columns that identify a run."""
    return table(("column", "meaning"), [(f"`{name}`", about) for name, about in KEYS])


def results() -> str:
    """Return every declared outcome and every yearly figure."""
    rows = [(f"`{item.name}`", item.unit, DIRECTIONS[item.better], item.about) for item in OUTCOMES.values()]
    rows += [(f"`{name}`", unit, "", about) for name, unit, about in SERIES]
    return table(("column", "unit", "better", "meaning"), rows)


def groups() -> str:
    """Return the groups of students, by division."""
    rows = []
    for name, members, about in DIVISIONS:
        counted_in = ", ".join(outcome for outcome, groups_counted in COUNTS.items() if members[0] in groups_counted)
        rows.append((name, ", ".join(f"`{group}`" for group in members), counted_in, about))
    return table(("by", "GROUP", "counted", "meaning"), rows)


def record() -> str:
    """Return every fact of the record as a column of a run, beside the published value; facts of pairs are left out."""
    facts = targets()
    facts = facts[[name not in PATTERNS or not PATTERNS[name].paired for name in facts["pattern"]]]
    rows = [
        (f"`{fact.pattern}/{fact.year}/{fact.group}`", fact.unit, fact.value, PATTERNS[fact.pattern].about)
        for fact in facts[facts["use"] == "fit"].itertuples()
    ]
    return table(("column", "unit", "published", "meaning"), rows)


def decisions() -> str:
    """Return every decision that a class may override: its kinds, its module, and its meaning."""
    rows = []
    for name in dict.fromkeys(name for decider in KIND_CLASSES.values() for name in decisions_of(decider)):
        kinds = {kind: getattr(decider, name) for kind, decider in KIND_CLASSES.items() if hasattr(decider, name)}
        method = next(iter(kinds.values()))
        place = method.__module__.split(".")[-1]
        rows.append((f"`{call_text(method)}`", ", ".join(kinds), f"`sim/agents/{place}.py`", first_line(method)))
    return table(("method", "kinds that have it", "written in", "what it answers"), rows)


def call_text(method: Callable[..., object]) -> str:
    """Return a decision as a call: its name, and its arguments without self.

    >>> from sim.agents import Foundation
    >>> call_text(Foundation.chance_of_leaving), call_text(Foundation.next_pledge)
    ('chance_of_leaving(trust)', 'next_pledge()')
    """
    return f"{method.__name__}({', '.join([*signature(method).parameters][1:])})"


REFERENCE = "historical"
"""Scenario from which differences of the others are described."""


def named_scenarios() -> str:
    """Return every named scenario with its description and its differences from the historical one."""
    order = sorted(scenarios(), key=lambda name: (name != REFERENCE, name))
    return "\n\n".join(f"## `{name}`\n\n{about_scenario(name)}.\n\n{differences_text(name)}" for name in order)


def differences_text(name: str) -> str:
    """Return the differences of a scenario from the historical one as a list."""
    if name == REFERENCE:
        return "The other scenarios are described by their differences from it."
    return "\n".join(f"- {with_meaning(line)}" for line in diff(REFERENCE, name).splitlines())


def with_meaning(difference: str) -> str:
    """Return a difference with the meaning of its parameter, and the name of a stage beside its number.

    >>> with_meaning("only in historical: from 2014-05 ministry.ordered = 2")
    'only in historical: from 2014-05 `ministry.ordered` = 2 (pilot); stage reached by date in the modes recorded and scheduled'
    """
    key = next(name for name in re.findall(r"\w+(?:\.\w+)+", difference) if name in declared_parameters())
    with_stage = re.sub(
        r"(?<=ministry\.ordered = )(\d)$", lambda match: f"{match[1]} ({STAGES[int(match[1])]})", difference
    )
    return f"{with_stage.replace(key, f'`{key}`', 1)}; {declared_parameters()[key][1].about}"


def columns(form: Form) -> str:
    """Return the columns of a user's file, and the rules across them."""
    rows = [(f"`{column.name}`", needed_text(column), column.accepted, column.about) for column in form.columns]
    text = table(("column", "needed", "type and range", "meaning"), rows)
    rules = [f"- `{rule.column}`: {rule.about}" for rule in form.rules]
    return "\n".join([text, *(["", "Rules:", "", *rules] if rules else [])])


def needed_text(column: Column) -> str:
    """Return whether a file must have a column and its cells must have a value, in words."""
    if not column.needed:
        return "no"
    return "yes" if column.blank is None else "yes, may be blank"


FILES = SETTING_FORMS | {form.name: form for form in (TARGETS, MODELS, FACTS)}
"""Forms of files that users write, by name."""

TABLES: Tables = {
    "keys": keys, "results": results, "groups": groups, "record": record, "decisions": decisions, "scenarios": named_scenarios,
    "speeds": speeds, "memories": memories, "answer": answer, "basis": basis,
    "plain_answer": plain_answer, "headlines": headlines_table,
    "settings": settings_text, "programs": programs_table,
    **{f"{name}_file": partial(columns, form) for name, form in FILES.items()},
}  # fmt: skip
"""Tables of the pages by name."""


def main() -> int:
    """Update the pages if their tables differ from the code.

    Returns:
        Exit code; 2 with a sentence after an input error.
    """
    escape_what_cannot_be_encoded()
    return update_pages(PAGES, TABLES)


if __name__ == "__main__":
    sys.exit(main())
