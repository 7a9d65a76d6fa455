"""Folders of finished results: found, checked against each other, and read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis.sweep_grid import needs
from sim.commands import command, option
from sim.errors import InputError
from sim.results.files import path_of
from sim.results.folder import SUMS, with_article
from sim.results.identity import sources_hash
from sim.results.read_back import read_table

PROGRAMS = {
    "comparison": "compare",
    "attribution": "attribute",
    "study of equity": "equity",
    "test of robustness": "robust",
    "test of mechanisms": "mechanisms",
    "optimisation": "optimise",
    "calibration": "calibrate",
    "study of a programme": "did",
    "comparison with a school file": "panel",
    "prediction": "predict",
    "backbone effect": "predict",
    "validation": "validate",
    "case": "case",
    "comparison of scenarios": "scenarios",
    "run": "run",
}
"""The program that leaves each kind of results."""


MAIN = {
    "comparison": "differences.csv",
    "attribution": "attribution.csv",
    "study of equity": "equity.csv",
    "test of robustness": "robust.csv",
    "test of mechanisms": "mechanisms.csv",
    "optimisation": "candidates.csv",
    "calibration": "posterior.csv",
    "study of a programme": "studies.csv",
    "comparison with a school file": "beside.csv",
    "prediction": "predictions.csv",
    "backbone effect": "effects.csv",
    "validation": "predictions.csv",
    "case": "beside.csv",
    "comparison of scenarios": "table.parquet",
    "run": "summary.txt",
}
"""The table without which results are not finished."""


EARLIER = {"search": "optimisation", "study": "calibration"}
"""Kinds of results as version 0.1 called them, whose folders this version does not read."""


@dataclass(frozen=True)
class ResultFolder:
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

    def require_ended(self, key: str) -> None:
        """See that the work in the folder has ended.

        Args:
            key: of the manifest, which is written when the work ends

        Raises:
            InputError: the work was begun and has not ended
        """
        if key not in self.said:
            raise InputError(f"the {self.said['kind']} in {self.folder} has not ended: {self.command} goes on with it")

    def table(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        """A table of the folder.

        Raises:
            InputError: there is none, it cannot be read, or a column is missing
        """
        path = self.folder / name
        table = read_table(path, self.command)
        needs(table, columns, str(path))
        self._unchanged(name)
        return table

    def runs(self, name: str, columns: Sequence[str] = ()) -> pd.DataFrame:
        """Return a table of runs of the folder, in Parquet, with every number as it was written.

        Args:
            name: of the file
            columns: that it must have

        Raises:
            InputError: there is none, it cannot be read, a column is missing, or it was changed since
        """
        path = self.folder / name
        if not path.is_file():
            raise InputError(f"{path} is missing: {self.command} writes it")
        try:
            table = pd.read_parquet(path)
        except (OSError, ValueError) as error:
            raise InputError(f"{path} is broken ({error}): {self.command} writes it anew") from None
        needs(table, columns, str(path))
        self._unchanged(name)
        return table

    def _unchanged(self, name: str) -> None:
        """Raises InputError for a file that is not as it was written."""
        try:
            sums = (self.folder / SUMS).read_text(encoding="utf-8")
        except OSError:
            return  # of an earlier version; the report says that it was not checked
        lines = [line.split("  ", 1) for line in sums.splitlines() if "  " in line]
        known = {name: checksum for checksum, name in lines}
        if name in known and known[name] != hashlib.sha256((self.folder / name).read_bytes()).hexdigest():
            raise InputError(f"{self.folder / name} is not as it was written: {self.command} writes it anew")

    def drawing(self, name: str) -> bytes:
        """A drawing of the folder.

        Raises:
            InputError: there is none
        """
        try:
            drawing = (self.folder / name).read_bytes()
            self._unchanged(name)
            return drawing
        except OSError:
            raise InputError(f"{self.folder / name} is missing or cannot be read: {self.command} writes it") from None


def folder_with(folder: str | Path, kind: str) -> ResultFolder:
    """The results in a folder.

    Raises:
        InputError: there are none, or of another kind
    """
    path = path_of(folder)
    make = command(PROGRAMS[kind], [option("out", path)])
    if not (path / "manifest.json").is_file():
        raise InputError(f"there is no {kind} in {path}: `{make}` makes one")
    try:
        said = dict(json.loads((path / "manifest.json").read_text(encoding="utf-8")))
        there = str(said.get("kind") or "sweep")
        _ = said["command"], said["environment"]["model"]
    except (OSError, ValueError, TypeError, KeyError):
        raise InputError(f"{path / 'manifest.json'} is broken: `{make}` writes it anew") from None
    if EARLIER.get(there) == kind:
        raise InputError(
            f"{path} holds {with_article(kind)} of version 0.1, which is not read any more: make it again with another `out` "
            f"({said['command']} made it)"
        )
    if there != kind:
        raise InputError(f"{path} holds {with_article(there)}, and {with_article(kind)} is asked for")
    if not {"baseline", "targets"} & {*said}:
        raise InputError(
            f"{path} does not say what it was made with, as folders of earlier versions: {said['command']} says it"
        )
    return ResultFolder(path, said)


def require_one_model(records: Mapping[str, Mapping[str, Any]]) -> None:
    """See that all results are of the model that is here.

    Args:
        records: what each was made with, by the name of its folder

    Raises:
        InputError: naming what is of which version
    """
    here, versions = sources_hash(), {name: record["environment"]["model"] for name, record in records.items()}
    if len(set(versions.values())) > 1:
        named = ", ".join(f"{name} with {version}" for name, version in versions.items())
        raise InputError(
            f"the results were made with different model versions ({named}): a report is of one; make them again"
        )
    for name, record in records.items():
        if versions[name] != here:
            commit = str(record["environment"].get("commit", ""))[:10]
            raise InputError(
                f"the results in {name} were made with model version {versions[name]}, and this is {here}: make "
                f"them again ({record['command']}){f', or go back to commit {commit}' if commit else ''}"
            )
