"""Folders of finished results: how they are opened, read, and checked against each other."""

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
"""Program that makes each kind of results."""


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
"""Main table of each kind of results; without it results are not finished."""


EARLIER = {"search": "optimisation", "study": "calibration"}
"""Kinds of results by their names of version 0.1, whose folders this version does not read."""


@dataclass(frozen=True)
class ResultFolder:
    """A folder of results.

    Args:
        folder: its path
        manifest: content of its manifest, which records how the results were made
    """

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def command(self) -> str:
        """Command that makes the results."""
        return str(self.manifest["command"])

    @property
    def name(self) -> str:
        """Name of the folder in a report."""
        return self.folder.name

    def require_ended(self, key: str) -> None:
        """Check that the work in the folder has ended.

        Args:
            key: of the manifest, which is written when the work ends

        Raises:
            InputError: the work has not ended
        """
        if key not in self.manifest:
            raise InputError(f"the {self.manifest['kind']} in {self.folder} has not ended: {self.command} resumes it")

    def table(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        """Return a table of the folder.

        Args:
            name: of the file
            columns: that it must have

        Raises:
            InputError: the file is missing or broken, lacks a column, or was changed after it was written
        """
        path = self.folder / name
        table = read_table(path, self.command)
        needs(table, columns, str(path))
        self._unchanged(name)
        return table

    def runs(self, name: str, columns: Sequence[str] = ()) -> pd.DataFrame:
        """Return a table of runs in Parquet, with every number as it was written.

        Args:
            name: of the file
            columns: that it must have

        Raises:
            InputError: the file is missing or broken, lacks a column, or was changed after it was written
        """
        path = self.folder / name
        if not path.is_file():
            raise InputError(f"{path} is missing: {self.command} writes it")
        try:
            table = pd.read_parquet(path)
        except (OSError, ValueError) as error:
            raise InputError(f"{path} is broken ({error}): {self.command} writes it again") from None
        needs(table, columns, str(path))
        self._unchanged(name)
        return table

    def _unchanged(self, name: str) -> None:
        """Check that a file was not changed after it was written.

        Raises:
            InputError: the file was changed
        """
        try:
            sums = (self.folder / SUMS).read_text(encoding="utf-8")
        except OSError:
            return  # a folder of an earlier version has no checksums; the report notes that it was not checked
        lines = [line.split("  ", 1) for line in sums.splitlines() if "  " in line]
        checksums = {name: checksum for checksum, name in lines}
        if name in checksums and checksums[name] != hashlib.sha256((self.folder / name).read_bytes()).hexdigest():
            raise InputError(f"{self.folder / name} was changed after it was written: {self.command} writes it again")

    def drawing(self, name: str) -> bytes:
        """Return the content of a figure of the folder.

        Raises:
            InputError: the file is missing, cannot be read, or was changed after it was written
        """
        try:
            drawing = (self.folder / name).read_bytes()
            self._unchanged(name)
            return drawing
        except OSError:
            raise InputError(f"{self.folder / name} is missing or cannot be read: {self.command} writes it") from None


def folder_with(folder: str | Path, kind: str) -> ResultFolder:
    """Return the results in a folder.

    Args:
        folder: its path
        kind: of the results

    Raises:
        InputError: the folder holds no results of this kind, its manifest is broken, or they are of an earlier version
    """
    path = path_of(folder)
    make = command(PROGRAMS[kind], [option("out", path)])
    if not (path / "manifest.json").is_file():
        raise InputError(f"there is no {kind} in {path}: `{make}` makes one")
    try:
        manifest = dict(json.loads((path / "manifest.json").read_text(encoding="utf-8")))
        present = str(manifest.get("kind") or "sweep")
        _ = manifest["command"], manifest["environment"]["model"]
    except (OSError, ValueError, TypeError, KeyError):
        raise InputError(f"{path / 'manifest.json'} is broken: `{make}` writes it again") from None
    if EARLIER.get(present) == kind:
        raise InputError(
            f"{path} holds {with_article(kind)} of version 0.1, which cannot be read any more; make it again with another "
            f"`out` ({manifest['command']} made it)"
        )
    if present != kind:
        raise InputError(f"{path} holds {with_article(present)}, not {with_article(kind)}; name another folder")
    if not {"baseline", "targets"} & {*manifest}:
        raise InputError(
            f"{path} was made by an earlier version and does not record its inputs: {manifest['command']} makes it again"
        )
    return ResultFolder(path, manifest)


def require_one_model(records: Mapping[str, Mapping[str, Any]]) -> None:
    """Check that all results were made with the present version of the model.

    Args:
        records: manifest of each result, by the name of its folder

    Raises:
        InputError: results were made with different versions, or with another one than the present; the message names them
    """
    present, versions = sources_hash(), {name: record["environment"]["model"] for name, record in records.items()}
    if len(set(versions.values())) > 1:
        named = ", ".join(f"{name} with {version}" for name, version in versions.items())
        raise InputError(
            f"the results were made with different model versions ({named}), but a report needs one; make them again"
        )
    for name, record in records.items():
        if versions[name] != present:
            commit = str(record["environment"].get("commit", ""))[:10]
            raise InputError(
                f"the results in {name} were made with model version {versions[name]}, and this is {present}; make "
                f"them again ({record['command']}){f', or go back to commit {commit}' if commit else ''}"
            )
