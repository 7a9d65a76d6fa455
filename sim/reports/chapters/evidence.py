"""Chapters on the basis of a report: assumptions with their evidence, references, and provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.reports.blocks import Chapter, Folded, Prose, Rows

GRADES = {
    "measured": "counted or published",
    "estimated": "fitted to data or derived from them",
    "expert": "stated by an expert",
    "assumed": "chosen by the authors; nothing was measured",
}
"""Meaning of the grades of evidence, the best first."""

SHOWN = ["name", "about", "default", "unit", "low", "high", "evidence", "source"]
"""Columns of a table of assumptions."""


def assumptions(table: pd.DataFrame) -> Chapter:
    """Return the chapter of assumptions: the number of each grade, the uncertain ones, and all.

    Args:
        table: as `sim.assumptions` returns it
    """
    counts = table["evidence"].value_counts()
    grades = [[grade, str(int(counts.get(grade, 0))), meaning] for grade, meaning in GRADES.items()]
    uncertain = table[table["uncertain"].astype(bool)]
    assumed = int(counts.get("assumed", 0))
    sentence = (f"The model has {len(table)} declared numbers and choices; {assumed} of them are assumed. "
             f"{len(uncertain)} have a range from which sets are drawn; a policy may change the levers.")  # fmt: skip
    return Chapter("assumptions", "Assumptions and their evidence", [
        Prose(sentence),
        Rows("Evidence", ["grade", "number", "meaning"], grades),
        Folded(f"The {len(uncertain)} uncertain parameters", [assumption_table("Uncertain parameters with their "
                                                                               "ranges", uncertain)]),
        Folded(f"All {len(table)} numbers and choices", [assumption_table("Every declared number and choice", table)], False),
    ])  # fmt: skip


def assumption_table(caption: str, table: pd.DataFrame) -> Rows:
    """Return assumptions as a table."""
    cells = [[cell_text(row[name]) for name in SHOWN] for _, row in table.iterrows()]
    return Rows(caption, ["name", "meaning", "default", "unit", "from", "to", "evidence", "source"], cells)


def cell_text(value: Any) -> str:
    """Return a cell as text; empty for a missing value.

    >>> cell_text(float("nan")), cell_text(0.25), cell_text(3)
    ('', '0.25', '3')
    """
    if value is None or (isinstance(value, float) and value != value):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def references(table: pd.DataFrame, cited: Sequence[str]) -> Chapter:
    """Return the chapter of references.

    Args:
        table: as `sim.references` returns it
        cited: keys of the references that assumptions cite
    """
    rows = table[table["key"].isin(cited)]
    cells = [[cell_text(row["key"]), *(cell_text(row[name]) for name in ("authors", "year", "title", "published")), doubts(row)]
             for _, row in rows.iterrows()]  # fmt: skip
    header = ["key", "authors", "year", "title", "published", "not certain"]
    return Chapter("references", "References", [Rows("Sources of the numbers", header, cells)])


def doubts(row: Any) -> str:
    """Return the uncertain parts of a reference, in words."""
    unsure = row.get("unsure")
    return ", ".join(unsure) if isinstance(unsure, list) else cell_text(unsure).strip("[]")


def provenance(folders: Mapping[str, Mapping[str, Any]], page: Mapping[str, Any], package: str) -> Chapter:
    """Return the chapter of provenance: the origin of each part, and the commands that build everything again.

    Args:
        folders: record of each results folder, by its name
        page: `command` and `environment` of the report itself
        package: name and version of the installed package
    """
    cells = []
    for name, record in folders.items():
        environment = record["environment"]
        failed = str(record.get("failures", "-"))
        cells.append(
            [
                name,
                str(record["kind"]),
                environment["model"],
                environment["commit"][:10] or "-",
                environment["python"],
                failed,
            ]
        )
    header = ["folder", "holds", "model", "commit", "Python", "failed runs"]
    versions = next(iter(folders.values()))["environment"]["packages"]
    packages = ", ".join(f"{name} {version}" for name, version in versions.items())
    return Chapter("provenance", "Provenance and reproduction", [
        Rows("Results in this report", header, cells),
        *(Prose(step) for step in steps([*folders.values(), page], package)),
        Prose(f"Packages: {packages}. The same commands give the same numbers, and the same results the same page, which is "
              "why it bears no date."),
    ])  # fmt: skip


def steps(records: Sequence[Mapping[str, Any]], package: str) -> list[str]:
    """Return instructions to build results again: those made in a clone, then those of the installed package.

    Args:
        records: `command` and `environment` of each result, in order
        package: name and version of the package

    >>> print(steps([{"command": "impact-lab compare", "environment": {"commit": ""}}], "lab 1.0")[0])
    With the package lab 1.0 installed, in any folder, this command makes it again:
    <BLANKLINE>
    ```
    impact-lab compare
    ```
    """
    parts: dict[str, list[str]] = {}
    for record in records:
        line, commit = str(record["command"]), str(record["environment"]["commit"])
        parts.setdefault(where_to_run(line, commit, package), []).append(line)
    return [f"{place}, {what_to_run(lines)}:\n\n```\n" + "\n".join(lines) + "\n```" for place, lines in parts.items()]


def where_to_run(line: str, commit: str, package: str) -> str:
    """Return where to run a command or a call: in a clone at a commit, or with the installed package.

    Args:
        line: the command or call
        commit: of the clone; may be empty
        package: name and version of the package

    >>> where_to_run("python -m experiments.compare", "0123456789abcdef", "")
    'In a clone of the repository at commit 0123456789, with its environment'
    """
    if commit:
        return f"In a clone of the repository at commit {commit[:10]}, with its environment"
    if line.startswith("python -m "):
        return "In the source tree (no commit is recorded), with its environment"
    return f"With the package {package} installed, in any folder"


def what_to_run(lines: Sequence[str]) -> str:
    """Return the kind of commands or calls that build results again, in words.

    >>> what_to_run(["sim.compare()"]), what_to_run(["impact-lab compare", "impact-lab report"])
    ('this call in Python (`import sim`) makes it again', 'these commands make everything again')
    """
    calls = [line.startswith("sim.") for line in lines]
    if len(lines) == 1:
        return f"{'this call in Python (`import sim`)' if all(calls) else 'this command'} makes it again"
    if all(calls):
        return "these calls in Python (`import sim`) make everything again"
    return f"these commands{', and calls in Python (`import sim`),' if any(calls) else ''} make everything again"
