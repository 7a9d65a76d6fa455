"""Parts: rows of one design point in a Parquet file, with a checksum that is verified when they are read."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.results.outcome_versions import dropped_outcomes, missing_outcomes, outcome_versions

if TYPE_CHECKING:
    import pandas as pd

CHECKSUM_KEY = b"part"
"""Key in the metadata of a file under which a part has the identity of its point and the checksum of its rows."""


class BrokenPartError(Exception):
    """A file is not a part that can be trusted; its text is the reason in a few words."""


def name_of(point: str, rows: pd.DataFrame) -> str:
    """Return the name of the file of a point's rows; parts without a common seed have different names."""
    return f"{point}-{rows['seed'].min():06d}-{rows['seed'].max():06d}.parquet"


def point_in(name: str) -> str:
    """Return the identity of a point from the name of its part.

    >>> point_in("3f2ah0p8-000001-000005.parquet")
    '3f2ah0p8'
    """
    return name.rsplit("-", 2)[0]


class StoredRuns(NamedTuple):
    """Runs of some points on disk.

    Attributes:
        runs: number of runs of each point, by seed
        broken: files that are not parts to be trusted, each with the reason
        outdated: number of further runs that lack the present version of an outcome
        lacking: names of these outcomes
        without_tables: number of further runs that lack a table that is kept
    """

    runs: list[dict[int, int]]
    broken: dict[Path, str]
    outdated: int = 0
    lacking: tuple[str, ...] = ()
    without_tables: int = 0


class Part(NamedTuple):
    """Content of a part.

    Attributes:
        rows: a row a run
        outcomes: versions of the outcomes that its rows have, by name
    """

    rows: pd.DataFrame
    outcomes: Mapping[str, str]

    def columns_for(self, wanted: Mapping[str, str] | None) -> pd.DataFrame:
        """Return the rows with the outcomes of a sweep; no rows if they lack one of them.

        Args:
            wanted: versions of the outcomes of the sweep, by name; None for the outcomes that the part has
        """
        if wanted is None:
            return self.rows
        rows = self.rows.drop(columns=dropped_outcomes(self.outcomes, wanted), errors="ignore")
        return rows.iloc[:0] if missing_outcomes(self.outcomes, wanted) else rows


def content_of(point: str, rows: pd.DataFrame) -> bytes:
    """Return the content of a part's file, with the versions of the present outcomes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table, buffer = pa.Table.from_pandas(rows, preserve_index=False), io.BytesIO()
    metadata = json.dumps({"point": point, "rows": checksum(rows), "outcomes": outcome_versions()}).encode()
    pq.write_table(table.replace_schema_metadata({**table.schema.metadata, CHECKSUM_KEY: metadata}), buffer)
    return buffer.getvalue()


def checksum(rows: pd.DataFrame) -> str:
    """Return a hash of the names of columns and of every value, bit for bit."""
    numbers, words = rows.select_dtypes(["number", "bool"]), rows.select_dtypes(exclude=["number", "bool"])
    text = repr((list(rows.columns), words.to_numpy(dtype=object).tolist()))
    return hashlib.sha256(text.encode() + numbers.to_numpy(dtype=float).tobytes()).hexdigest()[:16]


def read_part(part: Path) -> Part:
    """Return the content of a part.

    Raises:
        BrokenPartError: the file cannot be read, or its rows are not those that were written for its point
    """
    import pyarrow.parquet as pq

    try:
        with part.open("rb") as file:
            table = pq.ParquetFile(file).read()
        rows, metadata = table.to_pandas(), table.schema.metadata or {}
    except Exception:
        raise BrokenPartError("cannot be read") from None
    if CHECKSUM_KEY not in metadata:
        raise BrokenPartError("has no checksum")
    try:
        expected, point = json.loads(metadata[CHECKSUM_KEY]), point_in(part.name)
        outcomes = dict(expected["outcomes"])
        if expected != {"point": point, "rows": checksum(rows), "outcomes": outcomes}:
            other_point = expected.get("point") != point
            raise BrokenPartError("holds another point" if other_point else "holds other rows than were written")
        if part.name != name_of(point, rows) or rows.loc[:, :"seed"].duplicated().any():
            raise BrokenPartError("holds other seeds than its name has, or one seed twice")
    except (KeyError, ValueError, TypeError, AttributeError):
        raise BrokenPartError("holds no runs") from None
    return Part(rows, outcomes)


def rows_of(part: Path, outcomes: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return the rows of a part; no rows if it cannot be trusted, or lacks an outcome.

    Args:
        part: its file
        outcomes: versions of the outcomes that the rows are to have, by name; None for those that the part has
    """
    import pandas as pd

    try:
        return read_part(part).columns_for(outcomes)
    except BrokenPartError:
        return pd.DataFrame({"seed": []})


def runs_of(
    point: Mapping[str, Any],
    parts: Sequence[Path],
    first: int,
    last: int,
    outcomes: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return the runs of a design point with some seeds; its factors have the names of the design.

    Args:
        point: as the manifest of the sweep has it
        parts: its files
        first: seed
        last: seed
        outcomes: versions of the outcomes that the runs are to have, by name; None for those that a part has
    """
    import pandas as pd

    frames = [frame for path in parts if len(frame := rows_of(path, outcomes))]
    if not frames:
        return pd.DataFrame()
    rows = pd.concat(frames, ignore_index=True)
    rows = rows[rows["seed"].between(first, last)]
    if "samples" in point:  # several points of a sampled design, whose rows have their factors
        return rows
    rows = rows.drop_duplicates(["dates", "seed"], ignore_index=True)
    factors = {name: value for name, value in point.items() if name != "identity"}
    results = rows.loc[:, "dates":].drop(
        columns=[*factors], errors="ignore"
    )  # the part may have been written before a key was varied
    return pd.concat([pd.DataFrame(factors, index=rows.index), results], axis=1)
