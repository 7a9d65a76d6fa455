"""Bring the tables of docs/outcomes.md and docs/decisions.md up to date: python -m experiments.docs, or `make docs`.

The prose around the tables is written by hand; a test fails when a table is not what the code says.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from experiments.odd import DIRECTIONS, filled, first_line, table
from sim.agents import KIND_CLASSES, decisions_of
from sim.analysis.fit import COUNT, EVENT, MONTH, PATTERNS, SHARE
from sim.declare import OUTCOMES, Mistake
from sim.plotting import targets

ROOM = Path(__file__).resolve().parents[1] / "docs"
PAGES = (ROOM / "outcomes.md", ROOM / "decisions.md")
"""Pages whose tables are made from the code."""

UNITS = {COUNT: "as published", SHARE: "share", MONTH: "months", EVENT: "yes 1, no 0"}

KEYS = (
    ("scenario", "name of the scenario"),
    ("backbone.facilitation, timing, ...", "in a sweep: the factors, one column each, by the parameter's name"),
    ("dates", "emergent: the ministry decides by itself; held: its stages come in the months of the reference run"),
    ("seed", "of the luck; runs with the same seed are pairs"),
)
"""Columns that say which run a row is, and their meaning."""

SERIES = (
    (
        "examinees_YEAR",
        "students",
        "examinees at five units in grade 12 of a school year, from 2006 to the last simulated",
    ),
    ("share_YEAR", "share", "the same as a share of grade 12"),
)
"""Columns that come once a year: name, unit, meaning."""


def keys() -> str:
    """Columns that say which run a row is."""
    return table(("column", "meaning"), [(f"`{name}`", about) for name, about in KEYS])


def results() -> str:
    """Every declared outcome and every yearly figure."""
    rows = [(f"`{item.name}`", item.unit, DIRECTIONS[item.better], item.about) for item in OUTCOMES.values()]
    rows += [(f"`{name}`", unit, "", about) for name, unit, about in SERIES]
    return table(("column", "unit", "better", "meaning"), rows)


def record() -> str:
    """Every fact of the record as a run has it, beside what was published."""
    facts = targets()
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
        rows.append((f"`{name}`", ", ".join(kinds), f"`sim/agents/{place}.py`", first_line(method)))
    return table(("method", "kinds that have it", "written in", "what it answers"), rows)


TABLES: dict[str, Callable[[], str]] = {"keys": keys, "results": results, "record": record, "decisions": decisions}
"""The tables of the pages by name."""


def main() -> int:
    """Write the pages anew where the code says otherwise; the exit code is 2, with one sentence, for a mistake."""
    for page in PAGES:
        before = page.read_text(encoding="utf-8")
        try:
            after = filled(before, TABLES)
        except Mistake as mistake:
            print(f"error: {page.name}: {mistake}", file=sys.stderr)
            return 2
        if after != before:
            page.write_text(after, encoding="utf-8")
        print(f"{page.name}: {'brought up to date' if after != before else 'is up to date'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
