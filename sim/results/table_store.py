"""Tables of many runs on disk: a Parquet dataset for each, partitioned by design point, with a file for each block of seeds."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.results.files import all_written, writable

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

TABLES, OTHERS = "tables", "earlier/tables"
"""Folders of the tables of a design, and of those of points that are not in the present design."""

RUNS_KEY = b"runs"
"""Key in the metadata of a file under which it has its point and the number of runs of each seed."""

PREFIX = "point="
"""Start of the name of a partition, which readers of datasets understand."""


@dataclass(frozen=True)
class TableStore:
    """Tables of runs beside the parts of a sweep.

    Args:
        folder: of the sweep
    """

    folder: Path

    def place(self, name: str, point: str) -> Path:
        """Return the partition of a point.

        Args:
            name: of the table
            point: its identity
        """
        return self.folder / TABLES / name / f"{PREFIX}{point}"

    def keep(self, point: str, tables: Mapping[str, pa.Table], runs: Mapping[int, int]) -> None:
        """Write tables of some runs of a point, all or none; runs of the same seeds in other files are removed.

        Args:
            point: its identity
            tables: with a column `seed`, by name
            runs: number of runs of each seed
        """
        file = f"{min(runs):06d}-{max(runs):06d}.parquet"
        for name in tables:
            writable(self.place(name, point))
        all_written({
            self.place(name, point) / file: _content(point, table, runs) for name, table in tables.items()
        })  # fmt: skip
        for name in tables:
            for path in self._files(name, point):
                if path.name != file:
                    _remove_seeds(path, point, set(runs))

    def stored_runs(self, points: Sequence[str], names: Sequence[str]) -> tuple[list[dict[int, int]], list[Path]]:
        """Return the number of runs of each point that all tables have, by seed, and the files that cannot be read.

        Args:
            points: their identities
            names: of the tables, at least one
        """
        counts, broken = [], list[Path]()
        for point in points:
            each = []
            for name in names:
                by_seed: dict[int, int] = {}
                for path in self._files(name, point):
                    runs = _runs_in(path, point)
                    by_seed.update(runs)
                    broken += [path] * (not runs)
                each.append(by_seed)
            seeds = set(each[0]).intersection(*each[1:])
            counts.append({seed: min(by_seed[seed] for by_seed in each) for seed in sorted(seeds)})
        return counts, broken

    def repair(self, points: Sequence[str], names: Sequence[str]) -> None:
        """Remove runs that an interruption left in two files of a table.

        Args:
            points: their identities
            names: of the tables
        """
        for name in names:
            for point in points:
                before = set[int]()
                for path in self._files(name, point):
                    seeds = set(_runs_in(path, point))
                    if seeds & before:
                        _remove_seeds(path, point, before)
                    before |= seeds

    def arrange(self, points: Iterable[str]) -> None:
        """Set tables of points aside that are not in a design, and take back those that are.

        Args:
            points: identities of the design
        """
        design = {f"{PREFIX}{point}" for point in points}
        for source, target, inside in ((TABLES, OTHERS, False), (OTHERS, TABLES, True)):
            for partition in sorted((self.folder / source).glob(f"*/{PREFIX}*")):
                if (partition.name in design) is inside:
                    place = self.folder / target / partition.parent.name / partition.name
                    writable(place.parent)
                    shutil.rmtree(place, ignore_errors=True)
                    partition.replace(place)

    def clear(self) -> None:
        """Remove all tables."""
        for place in (TABLES, OTHERS):
            shutil.rmtree(self.folder / place, ignore_errors=True)

    def read(self, name: str, design: Sequence[Mapping[str, Any]], first: int, last: int) -> Iterator[pa.Table]:
        """Yield a table of the runs of a design, file by file; each run once.

        Args:
            name: of the table
            design: points, as in the manifest of the sweep
            first: seed
            last: seed

        Raises:
            InputError: a file is broken
        """
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        for point in design:
            before = set[int]()
            for path in self._files(name, point["identity"]):
                seeds = [s for s in _runs_in(path, point["identity"]) if first <= s <= last and s not in before]
                before.update(seeds)
                try:
                    table = pq.read_table(path, partitioning=None, page_checksum_verification=True)
                except (OSError, pa.ArrowException) as error:
                    reason = str(error).partition("\n")[0]
                    raise InputError(f"{path} is broken ({reason}); delete it, and `resume` makes it again") from None
                yield table.filter(pc.field("seed").isin(seeds)) if seeds else table.slice(0, 0)

    def _files(self, name: str, point: str) -> list[Path]:
        return sorted(self.place(name, point).glob("[0-9]*.parquet"))


@dataclass(frozen=True)
class FolderTables:
    """Tables of the runs of a sweep in a folder.

    Args:
        folder: of the sweep
        manifest: of the sweep
    """

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the tables."""
        return tuple(self.manifest.get("keep", ()))

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table of all runs, point by point.

        Args:
            name: of the table

        Raises:
            InputError: a file is broken
        """
        import pandas as pd
        import pyarrow as pa

        store, seeds = TableStore(self.folder), self.manifest["seeds"]
        points = [_in_order(list(store.read(name, [point], *seeds))) for point in self.manifest["design"]]
        tables = [table for each in points for table in each]
        return pa.concat_tables(tables, promote_options="permissive").to_pandas() if tables else pd.DataFrame()


def _in_order(tables: list[pa.Table]) -> list[pa.Table]:
    """Return the rows of a point sorted by dates and seed, so that their order does not depend on the files they were in."""
    import pyarrow as pa

    if len(tables) < 2:
        return tables
    return [pa.concat_tables(tables, promote_options="permissive").sort_by([("dates", "ascending"), ("seed", "ascending")])]


def _content(point: str, table: pa.Table, runs: Mapping[int, int]) -> bytes:
    """Return the content of a file: rows, and the runs that they are of, since a run may have no row."""
    import pyarrow.parquet as pq

    record = json.dumps({"point": point, "runs": {str(seed): runs[seed] for seed in sorted(runs)}}).encode()
    buffer = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({RUNS_KEY: record}), buffer, write_page_checksum=True)
    return buffer.getvalue()


def _runs_in(path: Path, point: str) -> dict[int, int]:
    """Return the number of runs of each seed in a file; nothing if it cannot be read or is of another point."""
    import pyarrow.parquet as pq

    try:
        record = json.loads(pq.read_schema(path).metadata[RUNS_KEY])
        runs = {int(seed): int(count) for seed, count in record["runs"].items()}
    except Exception:
        return {}
    return runs if record.get("point") == point else {}


def _remove_seeds(path: Path, point: str, seeds: set[int]) -> None:
    """Remove the runs of some seeds from a file, and the file if no run is left."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    runs = _runs_in(path, point)
    rest = {seed: count for seed, count in runs.items() if seed not in seeds}
    if len(rest) == len(runs) and runs:
        return
    if not rest:
        path.unlink(missing_ok=True)
        return
    table = pq.read_table(path, partitioning=None).filter(pc.field("seed").isin(list(rest)))
    all_written({path: _content(point, table, rest)})
