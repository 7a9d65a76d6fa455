"""Parts: rows of one design point in a Parquet file, with a checksum that is verified when they are read."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


def content_of(point: str, rows: pd.DataFrame) -> bytes:
    """Return the content of a part's file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table, buffer = pa.Table.from_pandas(rows, preserve_index=False), io.BytesIO()
    metadata = json.dumps({"point": point, "rows": checksum(rows)}).encode()
    pq.write_table(table.replace_schema_metadata({**table.schema.metadata, CHECKSUM_KEY: metadata}), buffer)
    return buffer.getvalue()


def checksum(rows: pd.DataFrame) -> str:
    """Return a hash of the names of columns and of every value, bit for bit."""
    numbers, words = rows.select_dtypes(["number", "bool"]), rows.select_dtypes(exclude=["number", "bool"])
    text = repr((list(rows.columns), words.to_numpy(dtype=object).tolist()))
    return hashlib.sha256(text.encode() + numbers.to_numpy(dtype=float).tobytes()).hexdigest()[:16]


def rows_in(part: Path) -> pd.DataFrame:
    """Return the rows of a part.

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
        if expected != {"point": point, "rows": checksum(rows)}:
            other_point = expected.get("point") != point
            raise BrokenPartError("holds another point" if other_point else "holds other rows than were written")
        if part.name != name_of(point, rows) or rows.loc[:, :"seed"].duplicated().any():
            raise BrokenPartError("holds other seeds than its name has, or one seed twice")
    except (KeyError, ValueError, TypeError, AttributeError):
        raise BrokenPartError("holds no runs") from None
    return rows


def rows_of(part: Path) -> pd.DataFrame:
    """Return the rows of a part; no rows if it cannot be trusted."""
    import pandas as pd

    try:
        return rows_in(part)
    except BrokenPartError:
        return pd.DataFrame({"seed": []})


def runs_of(point: Mapping[str, Any], parts: Sequence[Path], first: int, last: int) -> pd.DataFrame:
    """Return the runs of a design point with some seeds; its factors have the names of the design."""
    import pandas as pd

    frames = [frame for path in parts if len(frame := rows_of(path))]
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
