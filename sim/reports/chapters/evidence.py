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
    """Return the chapter of assumptions: how many there are of each grade, those that are uncertain, and all.

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
    """Return a cell; empty where there is nothing.

    >>> text(float("nan")), text(0.25), text(3)
    ('', '0.25', '3')
    """
    if value is None or (isinstance(value, float) and value != value):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def references(table: pd.DataFrame, cited: Sequence[str]) -> Chapter:
    """Return the chapter of references.

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


def provenance(folders: Mapping[str, Mapping[str, Any]], page: Mapping[str, Any], package: str) -> Chapter:
    """Return the chapter of provenance: what each part was made with, and how to make everything again.

    Args:
        folders: what each folder says that it was made with, by its name
        page: `command` and `environment` of the report itself
        package: name and version of the package that is installed
    """
    cells = []
    for name, said in folders.items():
        made = said["environment"]
        failed = str(said.get("failures", "-"))
        cells.append([name, str(said["kind"]), made["model"], made["commit"][:10] or "-", made["python"], failed])
    header = ["folder", "holds", "model", "commit", "Python", "failed runs"]
    versions = next(iter(folders.values()))["environment"]["packages"]
    packages = ", ".join(f"{name} {version}" for name, version in versions.items())
    return Chapter("provenance", "How this was made, and how to make it again", [
        Rows("Results that the report rests on", header, cells),
        *(Prose(again) for again in steps([*folders.values(), page], package)),
        Prose(f"Packages: {packages}. The same commands give the same numbers, and the same results the same page, which is "
              "why it bears no date."),
    ])  # fmt: skip


def steps(made: Sequence[Mapping[str, Any]], package: str) -> list[str]:
    """Return how to make results again: what was made in a clone, then what was made with the installed package.

    Args:
        made: `command` and `environment` of each result, in their order
        package: name and version of the package

    >>> print(steps([{"command": "impact-lab compare", "environment": {"commit": ""}}], "lab 1.0")[0])
    With the package lab 1.0 installed, in any folder, this command makes it again:
    <BLANKLINE>
    ```
    impact-lab compare
    ```
    """
    parts: dict[str, list[str]] = {}
    for each in made:
        line, commit = str(each["command"]), str(each["environment"]["commit"])
        parts.setdefault(place_of(line, commit, package), []).append(line)
    return [f"{place}, {these(lines)}:\n\n```\n" + "\n".join(lines) + "\n```" for place, lines in parts.items()]


def place_of(line: str, commit: str, package: str) -> str:
    """Return where a command or a call is given: in a clone at a commit, or with the installed package.

    Args:
        line: the command or call
        commit: of the clone; empty where there is none
        package: name and version of the package

    >>> place_of("python -m experiments.compare", "0123456789abcdef", "")
    'In a clone of the repository at commit 0123456789, with its environment'
    """
    if commit:
        return f"In a clone of the repository at commit {commit[:10]}, with its environment"
    if line.startswith("python -m "):
        return "In the sources, of which no commit is on record, with their environment"
    return f"With the package {package} installed, in any folder"


def these(lines: Sequence[str]) -> str:
    """Return what is to be given to make results again, in words.

    >>> these(["sim.compare()"]), these(["impact-lab compare", "impact-lab report"])
    ('this call in Python (`import sim`) makes it again', 'these commands make everything again')
    """
    calls = [line.startswith("sim.") for line in lines]
    if len(lines) == 1:
        return f"{'this call in Python (`import sim`)' if all(calls) else 'this command'} makes it again"
    if all(calls):
        return "these calls in Python (`import sim`) make everything again"
    return f"these commands{', and calls in Python (`import sim`),' if any(calls) else ''} make everything again"
