"""Results that other programs left in folders: found, checked against each other, and read for a report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.arguments import command, option
from experiments.keeping import SUMS, article
from sim.analysis.sweep_grid import needs
from sim.errors import Mistake, shown
from sim.results.store import path_of, sources_hash
from sim.tables.read import sheet_of
from sim.tables.sheet import PLAIN_NUMBER, Sheet

NUMBERS = frozenset({
    "difference", "effect", "value", "low", "high", "n", "points", "points_low", "points_high", "level", "caused", "per_caused",
    "extra_per_caused", "holds", "of", "offered", "share",
})  # fmt: skip
"""Columns of results that hold numbers."""

TEXTS = frozenset({
    "arm", "against", "baseline", "by", "dates", "gap", "group", "measure", "mechanism", "outcome", "part", "player",
    "scenario", "source", "unit", "verdict",
})  # fmt: skip
"""Columns of results that hold text, whatever it looks like: an arm may be called `NA`, `null` or `007`."""

PROGRAMS = {
    "comparison": "compare",
    "attribution": "attribute",
    "study of equity": "equity",
    "test of robustness": "robust",
}
"""The program that leaves each kind of results."""


MAIN = {
    "comparison": "differences.csv",
    "attribution": "attribution.csv",
    "study of equity": "equity.csv",
    "test of robustness": "robust.csv",
}
"""The table without which results are not finished."""


@dataclass(frozen=True)
class Found:
    """A folder of results.

    Args:
        folder: where they are
        said: what the folder says they were made with
    """

    folder: Path
    said: Mapping[str, Any]

    @property
    def command(self) -> str:
        """The command that makes them."""
        return str(self.said["command"])

    @property
    def name(self) -> str:
        """Of the folder, as it is known in a report."""
        return self.folder.name

    def table(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        """A table of the folder. Raises Mistake where there is none, it cannot be read, or a column is missing."""
        path = self.folder / name
        table = read_table(path, self.command)
        needs(table, columns, str(path))
        self._unchanged(name)
        return table

    def _unchanged(self, name: str) -> None:
        """Raises Mistake for a file that is not as it was written."""
        try:
            sums = (self.folder / SUMS).read_text(encoding="utf-8")
        except OSError:
            return  # of an earlier version; the report says that it was not checked
        known = dict(reversed(line.split("  ", 1)) for line in sums.splitlines() if "  " in line)
        if name in known and known[name] != hashlib.sha256((self.folder / name).read_bytes()).hexdigest():
            raise Mistake(f"{self.folder / name} is not as it was written: {self.command} writes it anew")

    def drawing(self, name: str) -> bytes:
        """A drawing of the folder. Raises Mistake where there is none."""
        try:
            drawing = (self.folder / name).read_bytes()
            self._unchanged(name)
            return drawing
        except OSError:
            raise Mistake(f"{self.folder / name} is missing or cannot be read: {self.command} writes it") from None


def read_table(path: Path, command: str) -> pd.DataFrame:
    """Return a table as it was written: text columns as text, numbers as numbers, blank numbers as NaN.

    Columns that are not known are numbers, or true and false, where every cell is one; otherwise text.

    Raises:
        Mistake: the file is missing, empty or broken, with the command that writes it
    """
    if not path.is_file():
        raise Mistake(f"{path} is missing: {command} writes it")
    try:
        sheet = sheet_of(path)
    except Mistake as mistake:
        raise Mistake(f"{path} is broken ({mistake}): {command} writes it") from None
    if not len(sheet):
        raise Mistake(f"{path} holds no row: {command} writes it")
    return pd.DataFrame({name: column_of(path, sheet, name) for name in sheet.cells})


def column_of(path: Path, sheet: Sheet, name: str) -> Any:
    """Return a column of a table of results as text, numbers, or true and false.

    Raises:
        Mistake: a cell of a column of numbers is not one; with file and row
    """
    cells = [str(cell) for cell in sheet.cells[name]]
    if name in TEXTS:
        return pd.Series(cells, dtype="str")
    if set(cells) <= {"True", "False"}:
        return pd.Series([cell == "True" for cell in cells])
    numbers = [number_in(cell) for cell in cells]
    strange = [place for place, number in enumerate(numbers) if number is None]
    if strange and name in NUMBERS:
        line, cell = sheet.place[strange[0]], cells[strange[0]]
        raise Mistake(f"{path}, row {line}: `{name}` must be a number; got {shown(cell)}")
    if strange:
        return pd.Series(cells, dtype="str")
    whole = all(cell.lstrip("-").isdecimal() and len(cell) < 16 for cell in cells)
    return pd.Series(numbers, dtype="int64" if whole else "float64")


def number_in(cell: str) -> float | None:
    """Return the number that a cell holds, NaN where it is blank; None where it holds something else.

    >>> number_in("-1.5"), number_in(""), number_in("inf"), number_in("1_000"), number_in("NA")
    (-1.5, nan, inf, None, None)
    """
    return float(cell or "nan") if cell in ("", "inf", "-inf") or PLAIN_NUMBER.fullmatch(cell) else None


def found(folder: str | Path, kind: str) -> Found:
    """The results in a folder. Raises Mistake where there are none, or of another kind."""
    path = path_of(folder)
    make = command(PROGRAMS[kind], [option("out", path)])
    if not (path / "manifest.json").is_file():
        raise Mistake(f"there is no {kind} in {path}: `{make}` makes one")
    try:
        said = dict(json.loads((path / "manifest.json").read_text(encoding="utf-8")))
        there = str(said.get("kind", "sweep"))
        _ = said["command"], said["environment"]["model"]
    except (OSError, ValueError, TypeError, KeyError):
        raise Mistake(f"{path / 'manifest.json'} is broken: `{make}` writes it anew") from None
    if there != kind:
        raise Mistake(f"{path} holds {article(there)}, and {article(kind)} is asked for")
    if "baseline" not in said:
        raise Mistake(
            f"{path} does not say what it was made with, as folders of earlier versions: {said['command']} says it"
        )
    return Found(path, said)


def wanted(said: Any, key: str, kind: str, usual: Sequence[Path]) -> list[Found]:
    """The results that a key names, or those in the usual folders where it names none.

    Args:
        said: a folder, several, none ([]), or None
        key: of the configuration
        kind: of the results
        usual: folders that are taken where they hold results

    Raises Mistake for a folder that is named and holds none, and one named twice.
    """
    if said is None:
        return [found(folder, kind) for folder in usual if (folder / MAIN[kind]).is_file()]
    folders = [said] if isinstance(said, str) else said
    if (
        not isinstance(folders, list)
        or not all(isinstance(folder, str) for folder in folders)
        or len(set(folders)) < len(folders)
    ):
        raise Mistake(f"`{key}` is a list of different folders, or null; got {shown(said)}")
    return [found(folder, kind) for folder in folders]


def of_one_model(results: Sequence[Found]) -> None:
    """See that all results are of the model that is here. Raises Mistake, naming what is of which version."""
    here, versions = sources_hash(), {each.folder: each.said["environment"]["model"] for each in results}
    if len(set(versions.values())) > 1:
        said = ", ".join(f"{folder} with {version}" for folder, version in versions.items())
        raise Mistake(
            f"the results were made with different model versions ({said}): a report is of one; make them again"
        )
    for each in results:
        if versions[each.folder] != here:
            raise Mistake(
                f"the results in {each.folder} were made with model version {versions[each.folder]}, and this is {here}: make "
                f"them again ({each.command}), or go back to commit {each.said['environment']['commit'][:10]}"
            )
