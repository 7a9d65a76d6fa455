"""Store of runs in a folder: Parquet parts, manifest, failures and the collected table."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.clusters import with_clusters
from sim.errors import InputError
from sim.results.files import bytes_of, text_of, writable, written
from sim.results.identity import environment
from sim.results.outcome_versions import missing_outcomes, outcome_versions
from sim.results.parts import BrokenPartError, StoredRuns, content_of, name_of, point_in, read_part, runs_of
from sim.results.table_store import TableStore

if TYPE_CHECKING:
    import pandas as pd


PRODUCTS = ("table.parquet", "summary.txt", "timing.json", "page.*", "appendix.*", "failures/*.json", "sensitivity*.*")
"""Files that a sweep makes from its parts; they belong to one design."""

EARLIER = "earlier"
"""Folder for what a sweep of another design left."""

OF_A_DESIGN = ("design", "seeds")
"""Keys of a manifest that decide which runs the table has."""


@dataclass(frozen=True)
class Store:
    """Folder of results: parts (a design point x a block of seeds), a manifest, failures and the collected table.

    Args:
        folder: its path
    """

    folder: Path

    @staticmethod
    def at(folder: str | Path) -> Store:
        """Return the store in a folder, which is made if need be.

        Raises:
            InputError: the folder cannot be written
        """
        path = writable(folder)
        writable(path / "parts")
        return Store(path)

    def parts(self) -> dict[str, list[Path]]:
        """Return the files of each point, by its identity; they are not checked."""
        files: dict[str, list[Path]] = {}
        for path in sorted((self.folder / "parts").glob("*.parquet")):
            files.setdefault(point_in(path.name), []).append(path)
        return files

    def stored_runs(self, points: Sequence[str]) -> StoredRuns:
        """Return the runs of some points on disk that have the present outcomes; every part is read and checked.

        Args:
            points: their identities
        """
        parts, runs, broken = self.parts(), [dict[int, int]() for _ in points], dict[Path, str]()
        wanted, outdated, lacking = outcome_versions(), 0, set[str]()
        for point, by_seed in zip(points, runs, strict=True):
            earlier = dict[int, int]()
            for path in parts.get(point, []):
                try:
                    part = read_part(path)
                except BrokenPartError as reason:
                    broken[path] = str(reason)
                    continue
                missing = missing_outcomes(part.outcomes, wanted)
                (earlier if missing else by_seed).update(Counter(map(int, part.rows["seed"])))
                lacking.update(missing)
            outdated += sum(count for seed, count in earlier.items() if seed not in by_seed)
        return StoredRuns(runs, broken, outdated, tuple(sorted(lacking)) if outdated else ())

    def keep(self, point: str, rows: pd.DataFrame) -> Path:
        """Write rows of a point as a part, and return its file.

        Args:
            point: its identity
            rows: a row a run

        Raises:
            InputError: the file cannot be written
        """
        return written(self.folder / "parts" / name_of(point, rows), content_of(point, rows))

    def record_failures(self, point: str, failures: Sequence[Mapping[str, Any]]) -> None:
        """Write the failures of a point in place of the recorded ones; an empty list removes the record.

        Args:
            point: its identity, which is added to each failure
            failures: factors, seed and traceback of each
        """
        path = self._record(point)
        if failures:
            writable(path.parent)
            written(
                path, json.dumps([{"identity": point, **each} for each in failures], indent=1, default=str).encode()
            )
        else:
            path.unlink(missing_ok=True)

    def _record(self, point: str) -> Path:
        """Return the file of a point's failures; earlier versions used the same name."""
        return self.folder / "failures" / f"{hashlib.sha256(point.encode()).hexdigest()[:16]}.json"

    @property
    def start_time(self) -> float:
        """Time at which the last sweep in the folder was started [s], by the clock of the file system."""
        return (self.folder / "manifest.json").stat().st_mtime

    def failures(self, since: float = 0.0) -> list[dict[str, Any]]:
        """Return the recorded failures: identity of the point, factors, seed and traceback of each.

        Args:
            since: time of the earliest record [s]

        Raises:
            InputError: a record is broken
        """
        paths = sorted((self.folder / "failures").glob("*.json"))
        return [failure for path in paths for failure in _failures_in(path, since)]

    def failures_of(self, point: str) -> list[dict[str, Any]]:
        """Return the recorded failures of a point, by its identity.

        Raises:
            InputError: the record is broken
        """
        path = self._record(point)
        return _failures_in(path) if path.is_file() else []

    def describe(self, manifest: Mapping[str, Any]) -> None:
        """Write the manifest, with versions, platform and commit added.

        Args:
            manifest: `design`, a list of the `identity`, `scenario` and factors of each point; `seeds`, first and last;
                and further keys
        """
        written(self.folder / "manifest.json", text_of({**manifest, "environment": environment()}).encode())

    def manifest(self) -> dict[str, Any]:
        """Return the manifest that `describe` wrote.

        Raises:
            InputError: the manifest is missing or broken, or is not that of a sweep
        """
        path = self.folder / "manifest.json"
        try:
            content = dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            raise InputError(f"{path} is missing or broken: there is no sweep in {self.folder}") from None
        design, seeds = content.get("design", []), content.get("seeds", [1, 1])
        points = isinstance(design, list) and all(isinstance(point, dict) and "identity" in point for point in design)
        if not points or not isinstance(seeds, list) or len(seeds) != 2:
            raise InputError(f"{path} is missing or broken: there is no sweep in {self.folder}")
        if "design" not in content:
            raise InputError(
                f"there is no sweep in {self.folder}; it was made by `{content.get('command', 'another program')}`"
            )
        return content

    def clear(self) -> None:
        """Remove all files that sweeps left in the folder, manifest and parts included."""
        for name in (*PRODUCTS, "manifest.json", "parts/*.parquet"):
            for path in self.folder.glob(name):
                path.unlink()
        TableStore(self.folder).clear()

    def outdated(self, manifest: Mapping[str, Any]) -> list[Path]:
        """Return the files, besides parts, that a sweep of another design or with other seeds left in the folder.

        Args:
            manifest: of the present sweep
        """
        try:
            before = self.manifest()
        except InputError:
            return []  # the folder holds no sweep
        now = json.loads(text_of(manifest))
        if all(before.get(key) == now[key] for key in OF_A_DESIGN):
            return []
        return sorted(path for name in PRODUCTS for path in self.folder.glob(name) if path.is_file())

    def set_aside(self, manifest: Mapping[str, Any]) -> tuple[list[Path], Path | None]:
        """Clear the folder of files of another design or of other seeds.

        If the present sweep has all runs of that design, they are removed, since it makes them anew with more runs. Otherwise they go to
        a folder of their own, together with their manifest.

        Args:
            manifest: of the present sweep

        Returns:
            The files, and the folder that holds them now; None if they are removed.
        """
        outdated = self.outdated(manifest)
        if not outdated:
            return [], None
        place = None if self._extends(manifest) else self._free_place()
        if place is not None:
            writable(place)
            (place / "manifest.json").write_bytes((self.folder / "manifest.json").read_bytes())
        for path in outdated:
            if place is None:
                path.unlink()
            else:
                writable((place / path.relative_to(self.folder)).parent)
                path.replace(place / path.relative_to(self.folder))
        return outdated, place

    def _extends(self, manifest: Mapping[str, Any]) -> bool:
        """Return true if the design of a manifest has all points and seeds of the one in the folder."""
        before, now = self.manifest(), json.loads(text_of(manifest))
        points = {point["identity"] for point in now["design"]}
        (first, last), (low, high) = before["seeds"], now["seeds"]
        return low <= first and last <= high and all(point["identity"] in points for point in before["design"])

    def _free_place(self) -> Path:
        """Return the first folder for results of an earlier design that does not exist."""
        number = 1
        while (place := self.folder / EARLIER / f"{number:03d}").exists():
            number += 1
        return place

    def collect(self) -> pd.DataFrame:
        """Return the runs of the design in the manifest as one sorted table; it is also written to table.parquet.

        Parts of other designs, other seeds, and parts that cannot be trusted are left out. A run in two parts counts once.

        Raises:
            InputError: the folder has no manifest, or no run of its design
        """
        import pandas as pd

        manifest, parts = self.manifest(), self.parts()
        (first, last), outcomes = manifest["seeds"], manifest.get("outcomes")
        frames = [runs_of(p, parts.get(p["identity"], []), first, last, outcomes) for p in manifest["design"]]
        frames = [frame for frame in frames if len(frame)]
        if not frames:
            raise InputError(f"there are no results in {self.folder}")
        table = pd.concat(frames, ignore_index=True)
        columns = list(table.columns)
        table = table.sort_values(columns[: columns.index("seed") + 1], ignore_index=True)
        table = with_clusters(table, manifest.get("parameter_sets", 0), manifest.get("structures", ()))
        self.write_table(bytes_of(table, "parquet"))
        return table

    def write_table(self, content: bytes) -> None:
        """Write the table if it has changed, and remove analyses of the one before.

        Args:
            content: of the file
        """
        path = self.folder / "table.parquet"
        if path.is_file() and path.read_bytes() == content:
            return
        for analysis in self.folder.glob("sensitivity*.*"):
            analysis.unlink()
        written(path, content)


def _failures_in(path: Path, since: float = 0.0) -> list[dict[str, Any]]:
    """Return the failures in a file; none if it was written before some time [s].

    Raises:
        InputError: the file is broken
    """
    try:
        if path.stat().st_mtime < since:
            return []
        return list(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise InputError(f"{path} is broken; delete it and sweep again") from None
