"""Results on disk: identity by content, Parquet parts written whole or not at all, manifest, collect."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.analysis.clusters import with_clusters
from sim.errors import InputError
from sim.results.files import bytes_of, text_of, writable, written
from sim.results.identity import environment
from sim.results.parts import Torn, content_of, name_of, point_in, rows_in, runs_of

if TYPE_CHECKING:
    import pandas as pd



PRODUCTS = ("table.parquet", "summary.txt", "timing.json", "page.*", "failures/*.json", "sensitivity*.*")
"""What a sweep makes of its parts; it is of one design."""

OF_A_DESIGN = ("design", "seeds")
"""What of a manifest says which runs a table has."""


class Found(NamedTuple):
    """What is on disk of some points: how many runs each has by seed, and what is no part to be trusted, and why."""

    runs: list[dict[int, int]]
    torn: dict[Path, str]


@dataclass(frozen=True)
class Store:
    """A folder of results: parts (a design point x a block of seeds), a manifest, failures and the collected table."""

    folder: Path

    @staticmethod
    def at(folder: str | Path) -> Store:
        """The store in a folder, made if need be.

        Raises:
            InputError: it cannot be written
        """
        path = writable(folder)
        writable(path / "parts")
        return Store(path)

    def parts(self) -> dict[str, list[Path]]:
        """The files of each point, by its identity, whatever they are worth."""
        found: dict[str, list[Path]] = {}
        for path in sorted((self.folder / "parts").glob("*.parquet")):
            found.setdefault(point_in(path.name), []).append(path)
        return found

    def found(self, points: Sequence[str]) -> Found:
        """What is on disk of these points; every part is read to the end."""
        parts, runs, torn = self.parts(), [dict[int, int]() for _ in points], dict[Path, str]()
        for point, known in zip(points, runs, strict=True):
            for path in parts.get(point, []):
                try:
                    known.update(Counter(map(int, rows_in(path)["seed"])))
                except Torn as why:
                    torn[path] = str(why)
        return Found(runs, torn)

    def keep(self, point: str, rows: pd.DataFrame) -> Path:
        """Write a part.

        Raises:
            InputError: in one sentence, when the disk does not take it
        """
        return written(self.folder / "parts" / name_of(point, rows), content_of(point, rows))

    def fail(self, point: str, failures: Sequence[Mapping[str, Any]]) -> None:
        """Write the failures of a point in place of those on record; none clears the record.

        Args:
            point: its identity, which each record says too
            failures: factors, seed and traceback of each
        """
        path = self._record(point)
        if failures:
            writable(path.parent)
            written(path, json.dumps([{"identity": point, **each} for each in failures], indent=1, default=str).encode())
        else:
            path.unlink(missing_ok=True)

    def _record(self, point: str) -> Path:
        """The file of a point's failures; earlier versions named it in the same way."""
        return self.folder / "failures" / f"{hashlib.sha256(point.encode()).hexdigest()[:16]}.json"

    @property
    def begun(self) -> float:
        """When the last sweep here was begun [s], by the clock of the file system."""
        return (self.folder / "manifest.json").stat().st_mtime

    def failures(self, since: float = 0.0) -> list[dict[str, Any]]:
        """Return every failure on record, or those since some time [s]: identity of the point, factors, seed, traceback.

        Raises:
            InputError: a record is broken
        """
        paths = sorted((self.folder / "failures").glob("*.json"))
        return [failure for path in paths for failure in _failures_in(path, since)]

    def failures_of(self, point: str) -> list[dict[str, Any]]:
        """Return the failures on record of a point, by its identity.

        Raises:
            InputError: the record is broken
        """
        path = self._record(point)
        return _failures_in(path) if path.is_file() else []

    def describe(self, manifest: Mapping[str, Any]) -> None:
        """Write what makes these results: design, seeds, configuration, versions, platform, commit.

        Args:
            manifest: `design`, a list of the `identity`, `scenario` and factors of each point; `seeds`, first and last;
                and whatever else is worth keeping
        """
        written(self.folder / "manifest.json", text_of({**manifest, "environment": environment()}).encode())

    def manifest(self) -> dict[str, Any]:
        """What `describe` wrote.

        Raises:
            InputError: there is none, or none that can be read
        """
        path = self.folder / "manifest.json"
        try:
            found = dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            raise InputError(f"{path} is missing or broken: there is no sweep in {self.folder}") from None
        design, seeds = found.get("design", []), found.get("seeds", [1, 1])
        points = isinstance(design, list) and all(isinstance(point, dict) and "identity" in point for point in design)
        if not points or not isinstance(seeds, list) or len(seeds) != 2:
            raise InputError(f"{path} is missing or broken: there is no sweep in {self.folder}")
        if "design" not in found:
            raise InputError(
                f"there is no sweep in {self.folder}; it was made by `{found.get('command', 'another program')}`"
            )
        return found

    def clear(self) -> None:
        """Remove all that sweeps left here, manifest and parts too."""
        for name in (*PRODUCTS, "manifest.json", "parts/*.parquet"):
            for path in self.folder.glob(name):
                path.unlink()

    def outdated(self, manifest: Mapping[str, Any]) -> list[Path]:
        """What a sweep of another design or other seeds left here besides its parts, which may be of use again."""
        try:
            before = self.manifest()
        except InputError:
            return []  # what is here is of no sweep
        now = json.loads(text_of(manifest))
        if all(before.get(key) == now[key] for key in OF_A_DESIGN):
            return []
        return sorted(path for name in PRODUCTS for path in self.folder.glob(name) if path.is_file())

    def collect(self) -> pd.DataFrame:
        """The runs of the design in the manifest, one tidy table, sorted; also written as table.parquet.

        Parts of other designs, seeds of others, and parts that cannot be trusted are left out; a run in two parts
        counts once.

        Raises:
            InputError: there is no run, or no design
        """
        import pandas as pd

        manifest, parts = self.manifest(), self.parts()
        frames = [runs_of(point, parts.get(point["identity"], []), *manifest["seeds"]) for point in manifest["design"]]
        frames = [frame for frame in frames if len(frame)]
        if not frames:
            raise InputError(f"there are no results in {self.folder}")
        table = pd.concat(frames, ignore_index=True)
        columns = list(table.columns)
        table = table.sort_values(columns[: columns.index("seed") + 1], ignore_index=True)
        table = with_clusters(table, manifest.get("parameter_sets", 0), manifest.get("structures", ()))
        self.replace(bytes_of(table, "parquet"))
        return table

    def replace(self, content: bytes) -> None:
        """Write the table, if it is another one; what was made of the one before is removed, since it says something else."""
        path = self.folder / "table.parquet"
        if path.is_file() and path.read_bytes() == content:
            return
        for analysis in self.folder.glob("sensitivity*.*"):
            analysis.unlink()
        written(path, content)


def _failures_in(path: Path, since: float = 0.0) -> list[dict[str, Any]]:
    """The failures in a file that was written since some time [s].

    Raises:
        InputError: it is broken
    """
    try:
        if path.stat().st_mtime < since:
            return []
        return list(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise InputError(f"{path} is broken: delete it, and sweep again") from None
