"""Parts: rows of one design point in a Parquet file, with the promise by which they are trusted when read again."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

PROMISE = b"part"
"""Where, in a file's own metadata, a part says whose rows it holds and what they are."""


class Torn(Exception):
    """A file is no part that can be trusted; says why in a few words."""


def name_of(point: str, rows: pd.DataFrame) -> str:
    """The file of a point's rows: two parts without a seed in common never have the same."""
    return f"{point}-{rows['seed'].min():06d}-{rows['seed'].max():06d}.parquet"


def point_in(name: str) -> str:
    """The identity of the point that a part is named after.

    >>> point_in("3f2ah0p8-000001-000005.parquet")
    '3f2ah0p8'
    """
    return name.rsplit("-", 2)[0]


def content_of(point: str, rows: pd.DataFrame) -> bytes:
    """The content of a part's file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table, buffer = pa.Table.from_pandas(rows, preserve_index=False), io.BytesIO()
    promise = json.dumps({"point": point, "rows": checksum(rows)}).encode()
    pq.write_table(table.replace_schema_metadata({**table.schema.metadata, PROMISE: promise}), buffer)
    return buffer.getvalue()


def checksum(rows: pd.DataFrame) -> str:
    """A hash of the names of columns and of every value, bit for bit."""
    numbers, words = rows.select_dtypes(["number", "bool"]), rows.select_dtypes(exclude=["number", "bool"])
    text = repr((list(rows.columns), words.to_numpy(dtype=object).tolist()))
    return hashlib.sha256(text.encode() + numbers.to_numpy(dtype=float).tobytes()).hexdigest()[:16]


def rows_in(part: Path) -> pd.DataFrame:
    """The rows of a part. Raises Torn where they are not those that were kept for the point it is named after."""
    import pyarrow.parquet as pq

    try:
        with part.open("rb") as file:
            table = pq.ParquetFile(file).read()
        rows, metadata = table.to_pandas(), table.schema.metadata or {}
    except Exception:
        raise Torn("cannot be read") from None
    if PROMISE not in metadata:
        raise Torn("does not say what it holds")
    try:
        promise, point, alike = json.loads(metadata[PROMISE]), point_in(part.name), checksum(rows)
        if promise != {"point": point, "rows": alike}:
            raise Torn("holds another point" if promise.get("point") != point else "holds other rows than were kept")
        if part.name != name_of(point, rows) or rows.loc[:, :"seed"].duplicated().any():
            raise Torn("holds other seeds than it says, or one twice")
    except (KeyError, ValueError, TypeError, AttributeError):
        raise Torn("holds no runs") from None
    return rows


def rows_of(part: Path) -> pd.DataFrame:
    """The rows of a part; none where it cannot be trusted."""
    import pandas as pd

    try:
        return rows_in(part)
    except Torn:
        return pd.DataFrame({"seed": []})


def runs_of(point: Mapping[str, Any], parts: Sequence[Path], first: int, last: int) -> pd.DataFrame:
    """The runs of a point of the design with some seeds; its factors are called as the design calls them."""
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
    )  # a part may be of before a key was varied
    return pd.concat([pd.DataFrame(factors, index=rows.index), results], axis=1)
