"""Tables of many runs: made where a run ends, sent to the parent process as bytes, and joined there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sim.design.chunks import SAMPLE
from sim.errors import InputError, is_one_of, shown, suggestion
from sim.phases.record import network
from sim.policy import Scenario
from sim.runs.run_tables import RunTables
from sim.world.state import World

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

TABLES = ("months", "organisations", "ties", "schools")
"""Tables of a run that can be stored for many runs."""


WHOLE = (SAMPLE, "seed")
"""Keys of a run that are whole numbers."""


Keep = str | Iterable[str] | None
"""Option `keep`: names of tables, one name, or no table."""


def table_names(keep: Keep) -> tuple[str, ...]:
    """Return the tables that `keep` names, in the order of TABLES.

    Args:
        keep: names of tables, one name, or None for no table

    Raises:
        InputError: a name is not that of a table, or is listed twice; the message has the nearest name
    """
    listed = [] if keep is None else [keep] if isinstance(keep, str) else keep
    if not isinstance(listed, Iterable) or isinstance(listed, bytes | Mapping):
        raise InputError(f"`keep` must be a list of tables ({', '.join(TABLES)}); got {shown(keep)}")
    names = list(listed)
    for name in names:
        require_table(name)
    if len(set(names)) < len(names):
        raise InputError(f"`keep` must name each table once; got {shown(names)}")
    return tuple(name for name in TABLES if name in names)


def require_table(name: Any) -> str:
    """Return the name of a table after a check that runs can have it.

    Raises:
        InputError: the name is not that of a table; the message has the nearest name
    """
    if not is_one_of(name, TABLES):
        raise InputError(
            f"{shown(name)} is not a table to keep{suggestion(name, list(TABLES))}; use {', '.join(TABLES)}"
        )
    return str(name)


def encoded_tables(world: World, scenario: Scenario, seed: int, names: Sequence[str]) -> dict[str, bytes]:
    """Return tables of a run as compressed Arrow streams, by name.

    Args:
        world: after the last month
        scenario: of the run
        seed: of its random draws
        names: of the tables
    """
    run = RunTables(scenario, seed, world, {})
    return {name: _encoded(_arrow_table(run, name)) for name in names}


def _arrow_table(run: RunTables, name: str) -> pa.Table:
    """Return a table of a run with types that do not depend on its rows; ids are text."""
    import pandas as pd
    import pyarrow as pa

    frame: pd.DataFrame = getattr(run, name)
    if name == "months":
        if not len(frame):  # the initiative was not launched: no row, and the types of those that others have
            frame = pd.DataFrame([{"month": 0, "date": "", **network(run.world)}]).iloc[:0]
        frame = frame.drop(columns=["scenario", "seed"], errors="ignore")
    if "id" in frame:
        frame = frame.assign(id=frame["id"].astype(str))
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    fields = [
        pa.field(field.name, pa.string())
        if pa.types.is_null(field.type) or pa.types.is_large_string(field.type)
        else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))


def _encoded(table: pa.Table) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


@dataclass(frozen=True)
class EncodedRun:
    """Tables of one run, encoded.

    Args:
        keys: scenario, factors, `dates` and `seed` of the run, in this order
        contents: Arrow stream of each table, by name
    """

    keys: Mapping[str, Any]
    contents: Mapping[str, bytes]

    def table(self, name: str, without: Iterable[str] = ()) -> pa.Table:
        """Return a table of the run, with its keys as first columns.

        Args:
            name: of the table
            without: keys that are left out
        """
        import pyarrow as pa

        rows = pa.ipc.open_stream(self.contents[name]).read_all()
        keys = {key: _key(key, value) for key, value in self.keys.items() if key not in without}
        columns = {key: pa.repeat(value, len(rows)) for key, value in keys.items()}
        return pa.table(columns | dict(zip(rows.column_names, rows.columns, strict=True)))


def _key(name: str, value: Any) -> pa.Scalar:
    """Return a key of a run with a type that it has in all runs: true or false, a number or text."""
    import pyarrow as pa

    if isinstance(value, bool | str):
        return pa.scalar(value)
    try:
        return pa.scalar(int(value) if name in WHOLE else float(value))
    except (TypeError, ValueError):
        return pa.scalar(str(value))


def joined(runs: Sequence[EncodedRun], name: str, without: Iterable[str] = ()) -> pa.Table:
    """Return a table of some runs, sorted by dates and seed.

    Args:
        runs: at least one
        name: of the table
        without: keys that are left out
    """
    import pyarrow as pa

    ordered = sorted(runs, key=lambda run: (run.keys["dates"], run.keys["seed"]))
    return pa.concat_tables([run.table(name, without) for run in ordered], promote_options="permissive")


class TableSource(Protocol):
    """Place that has tables of many runs."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the tables."""

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table of all runs, with scenario, factors, dates and seed of each as first columns."""


@dataclass(frozen=True)
class MemoryTables:
    """Tables of runs in memory, compressed.

    Args:
        names: of the tables
        runs: each with the number of its point
    """

    names: tuple[str, ...]
    runs: Sequence[tuple[int, EncodedRun]]

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table of all runs, point by point.

        Args:
            name: of the table
        """
        import pandas as pd

        numbers = sorted({number for number, _ in self.runs})
        points: dict[int, list[EncodedRun]] = {number: [] for number in numbers}
        for number, run in self.runs:
            points[number].append(run)
        if not points:
            return pd.DataFrame()
        import pyarrow as pa

        tables = [joined(runs, name) for runs in points.values()]
        return pa.concat_tables(tables, promote_options="permissive").to_pandas()


def table_from(source: TableSource | None, name: Any) -> pd.DataFrame:
    """Return a table of many runs.

    Args:
        source: of the tables; None if none was kept
        name: of the table

    Raises:
        InputError: the name is not that of a table, or the runs were made without this table
    """
    checked = require_table(name)
    if source is None or checked not in source.names:
        raise InputError(f"these runs were made without the table `{checked}`; make them with `keep=['{checked}']`")
    return source.frame(checked)
