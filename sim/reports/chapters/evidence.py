"""What a report rests on: assumptions with their evidence, references, and how everything was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.reports.blocks import Chapter, Folded, Prose, Rows

GRADES = {
    "measured": "counted or published",
    "estimated": "fitted to data, or worked out from them",
    "expert": "said by somebody who knows",
    "assumed": "chosen by the authors; nothing was measured",
}
"""What the grades of evidence mean, the best first."""

SHOWN = ["name", "about", "default", "unit", "low", "high", "evidence", "source"]
"""Columns of a table of assumptions."""


def assumptions(table: pd.DataFrame) -> Chapter:
    """The chapter of assumptions: how many there are of each grade, those that are uncertain, and all.

    Args:
        table: as `sim.assumptions` gives it
    """
    counts = table["evidence"].value_counts()
    grades = [[grade, str(int(counts.get(grade, 0))), meaning] for grade, meaning in GRADES.items()]
    uncertain = table[table["uncertain"].astype(bool)]
    assumed = int(counts.get("assumed", 0))
    words = (f"The model has {len(table)} declared numbers and choices; {assumed} of them are assumed. "
             f"{len(uncertain)} carry a range from which sets are drawn; levers are what a policy may change.")  # fmt: skip
    return Chapter("assumptions", "Assumptions and their evidence", [
        Prose(words),
        Rows("Evidence", ["grade", "number", "meaning"], grades),
        Folded(f"The {len(uncertain)} uncertain parameters", [listed("Uncertain parameters with their ranges", uncertain)]),
        Folded(f"All {len(table)} numbers and choices", [listed("Every declared number and choice", table)], False),
    ])  # fmt: skip


def listed(caption: str, table: pd.DataFrame) -> Rows:
    """Assumptions as rows."""
    cells = [[text(row[name]) for name in SHOWN] for _, row in table.iterrows()]
    return Rows(caption, ["name", "meaning", "default", "unit", "from", "to", "evidence", "source"], cells)


def text(value: Any) -> str:
    """A cell; empty where there is nothing.

    >>> text(float("nan")), text(0.25), text(3)
    ('', '0.25', '3')
    """
    if value is None or (isinstance(value, float) and value != value):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def references(table: pd.DataFrame, cited: Sequence[str]) -> Chapter:
    """The chapter of references.

    Args:
        table: as `sim.references` gives it
        cited: keys of those that the assumptions name
    """
    rows = table[table["key"].isin(cited)]
    cells = [[text(row["key"]), *(text(row[name]) for name in ("authors", "year", "title", "published")), doubt(row)]
             for _, row in rows.iterrows()]  # fmt: skip
    header = ["key", "authors", "year", "title", "published", "not certain"]
    return Chapter("references", "References", [Rows("Sources that the numbers name", header, cells)])


def doubt(row: Any) -> str:
    """What is not certain of a source."""
    said = row.get("unsure")
    return ", ".join(said) if isinstance(said, list) else text(said).strip("[]")


def provenance(folders: Mapping[str, Mapping[str, Any]], command: str) -> Chapter:
    """The chapter of provenance: what each part was made with, and how to make everything again.

    Args:
        folders: what each folder says that it was made with, by its name
        command: that makes the report
    """
    cells = []
    for name, said in folders.items():
        made = said["environment"]
        failed = str(said.get("failures", "-"))
        cells.append([name, str(said["kind"]), made["model"], made["commit"][:10] or "-", made["python"], failed])
    header = ["folder", "holds", "model", "commit", "Python", "failed runs"]
    again = "\n".join([*(str(said["command"]) for said in folders.values()), command])
    in_python = any(line.startswith("sim.") for line in again.splitlines())
    what = "these commands, and calls in Python (`import sim`)," if in_python else "these commands"
    versions = next(iter(folders.values()))["environment"]["packages"]
    packages = ", ".join(f"{name} {version}" for name, version in versions.items())
    return Chapter("provenance", "How this was made, and how to make it again", [
        Rows("Results that the report rests on", header, cells),
        Prose(f"In a clone of the repository at that commit, with its environment, {what} make everything again:\n\n"
              f"```\n{again}\n```\n\nPackages: {packages}. The same commands give the same numbers, and the same results the "
              "same page, which is why it bears no date."),
    ])  # fmt: skip
