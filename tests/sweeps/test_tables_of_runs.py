"""Tables of many runs: the rows of each run once, on disk or in memory, whatever happened on the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest

import sim
from sim.design.points import Point
from sim.errors import InputError
from sim.results.store import Store
from sim.results.table_store import FolderTables, TableStore
from sim.runs.keep import TABLES, table_names
from sim.sweeps.options import SweepOptions
from sim.sweeps.result import Sweep, in_folder
from sim.sweeps.stored_sweep import StoredSweep

SHORT = {"setting.until": "2013-12", "setting.burn_in": 0}
OPTIONS = {"seeds": 3, "block": 2, "jobs": 1}
GRID = {"levers": {"backbone.facilitation": [0.2, 0.8]}, "overrides": SHORT, "doubling": {"by": 2013}, "jobs": 1,
        "progress": False}  # fmt: skip


def point(facilitation: float) -> Point:
    """Return a point of a short design."""
    scenario = sim.scenario("historical_emergent", overrides=SHORT | {"backbone.facilitation": facilitation})
    return Point({"backbone.facilitation": facilitation, "timing": "0"}, scenario)


def stored_in(folder: Path, *points: Point, keep: tuple[str, ...] = ("months",), **changes) -> StoredSweep:
    """Return a sweep in a folder."""
    options = SweepOptions(**OPTIONS | changes, keep=keep, configuration={"doubling": {"by": 2013}})
    return StoredSweep(options, points, Store.at(folder), progress=None)


def swept_in(folder: Path, *points: Point, **options) -> tuple[Sweep, StoredSweep]:
    """Return a sweep that has run in a folder, and what it did."""
    stored = stored_in(folder, *points, **options)
    return in_folder(stored), stored


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted((folder / "tables").rglob("*.parquet"))}


def rows_by_run(frame: pd.DataFrame) -> Counter[tuple]:
    return Counter(map(tuple, frame[["backbone.facilitation", "dates", "seed"]].itertuples(index=False)))


# Names


@pytest.mark.parametrize(
    ("keep", "sentence"),
    [
        ("month", "^'month' is not a table to keep; did you mean `months`"),
        (["months", "months"], "^`keep` must name each table once"),
        (3, r"^`keep` must be a list of tables \(months, organisations, ties, schools\); got 3"),
        ([["months"]], "is not a table to keep"),
    ],
)
def test_wrong_tables_are_refused_in_one_sentence_before_anything_runs(tmp_path, keep, sentence) -> None:
    for refused in (
        lambda: sim.ensemble("historical", 1, 1, keep=keep),
        lambda: sim.compare("historical", "no_backbone", 2, 1, keep=keep),
        lambda: sim.sweep("grid", keep=keep, out=tmp_path / "out", **GRID),
    ):
        with pytest.raises(InputError, match=sentence):
            refused()
    assert not (tmp_path / "out").exists()


def test_tables_are_in_one_order_and_none_is_none() -> None:
    assert table_names(["ties", "months"]) == ("months", "ties")
    assert table_names("schools") == ("schools",)
    assert table_names(None) == table_names([]) == ()


# In memory


@pytest.mark.simulates
def test_an_ensemble_and_a_comparison_have_the_tables_of_each_run() -> None:
    scenarios = [sim.scenario(name, overrides=SHORT) for name in ("historical_emergent", "no_backbone")]
    many = sim.ensemble(scenarios, 2, 1, progress=False, keep=TABLES)
    for name in TABLES:
        rows = many.tables(name)
        assert list(rows.columns[:3]) == ["scenario", "dates", "seed"]
        one = getattr(sim.simulate(scenarios[0], 2), name).drop(columns=["scenario", "seed"], errors="ignore")
        of_one = rows[(rows["scenario"] == "historical_emergent") & (rows["seed"] == 2)].reset_index(drop=True)
        for column in one:
            values = one[column].astype(str) if column == "id" else one[column]
            assert of_one[column].tolist() == values.tolist() or of_one[column].equals(
                values.astype(of_one[column].dtype)
            )
    pairs = sim.compare(scenarios[0], scenarios[1], 2, 1, progress=False, keep="months", doubling={"by": 2013})
    pd.testing.assert_frame_equal(pairs.tables("months"), many.tables("months"))
    with pytest.raises(InputError, match=r"made without the table `ties`; make them with `keep=\['ties'\]`"):
        pairs.tables("ties")
    with pytest.raises(InputError, match="did you mean `months`"):
        many.tables("month")


# On disk


@pytest.mark.simulates
def test_a_sweep_writes_a_dataset_beside_its_table(tmp_path) -> None:
    out = tmp_path / "out"
    swept = sim.sweep("grid", seeds=2, keep=TABLES, out=out, reference_facilitation=0.8, **GRID)
    runs = set(map(tuple, swept.frame[["backbone.facilitation", "dates", "seed"]].itertuples(index=False)))
    whole = sim.sweep("grid", seeds=2, keep=TABLES, reference_facilitation=0.8, **GRID)
    for name in TABLES:
        rows = swept.tables(name)
        assert set(rows_by_run(rows)) == runs
        read = pd.read_parquet(out / "tables" / name)
        keys = ["backbone.facilitation", "dates", "seed"]  # points come in the order of their identities
        in_order = read.drop(columns="point").sort_values(keys, kind="stable", ignore_index=True)
        pd.testing.assert_frame_equal(in_order, rows.sort_values(keys, kind="stable", ignore_index=True))
        assert pyarrow.dataset.dataset(out / "tables" / name, partitioning="hive").count_rows() == len(rows)
        pd.testing.assert_frame_equal(whole.tables(name), rows)
        pd.testing.assert_frame_equal(Sweep.load(out).tables(name), rows)
    whole.save(tmp_path / "saved")
    assert files(tmp_path / "saved") == files(out)


@pytest.mark.simulates
def test_a_run_before_the_launch_has_no_row_of_months_and_counts_as_one_that_has_them(tmp_path) -> None:
    scenario = sim.scenario("historical_emergent", overrides={"setting.until": "2010-12", "setting.burn_in": 0})
    early = Point({"backbone.facilitation": 0.8, "timing": "0"}, scenario)
    for runs in (1, 0):
        stored = stored_in(tmp_path, early, keep=("months", "ties"), seeds=1)
        stored.describe()
        stored.run()
        assert stored.spent["runs"] == runs
    rows = FolderTables(tmp_path, stored.store.manifest()).frame("months")
    assert len(rows) == 0
    later = sim.ensemble(sim.scenario("historical_emergent", overrides=SHORT), 1, 1, progress=False, keep="months")
    assert later.tables("months").dtypes.to_dict().items() <= rows.dtypes.to_dict().items()


@pytest.mark.simulates
def test_samples_have_tables_by_number_of_the_sample(tmp_path) -> None:
    options = {"vary": ["trust.gain"], "n": 3, "overrides": SHORT, "jobs": 1, "progress": False, "keep": ["months"]}
    swept = sim.sweep("lhs", seeds=2, out=tmp_path / "out", **options)
    rows = swept.tables("months")
    assert "trust.gain" not in rows
    assert set(map(tuple, rows[["sample", "seed"]].to_numpy().tolist())) == {(s, k) for s in range(3) for k in (1, 2)}
    joined = rows.merge(swept.frame[["sample", "dates", "seed", "trust.gain"]], on=["sample", "dates", "seed"])
    assert len(joined) == len(rows)
    sim.sweep("lhs", seeds=2, **options).save(tmp_path / "saved")
    assert files(tmp_path / "saved") == files(tmp_path / "out")


# Going on


@pytest.mark.simulates
def test_more_seeds_write_only_their_own_tables_and_another_table_is_made_for_all(tmp_path, capsys) -> None:
    swept_in(tmp_path, point(0.2), point(0.8), seeds=2)
    before = files(tmp_path)
    _, grown = swept_in(tmp_path, point(0.2), point(0.8), seeds=3)
    assert grown.spent["runs"] == 2
    assert before.items() <= files(tmp_path).items()
    swept, more = swept_in(tmp_path, point(0.2), point(0.8), seeds=3, keep=("months", "ties"), block=3)
    assert more.spent["runs"] == 6
    assert "6 runs on disk without a table of `keep`; simulated again" in capsys.readouterr().err
    assert set(rows_by_run(swept.tables("ties"))) == set(rows_by_run(swept.tables("months")))
    fresh, _ = swept_in(tmp_path / "fresh", point(0.2), point(0.8), seeds=3, keep=("months", "ties"), block=3)
    for name in ("months", "ties"):  # runs of blocks of other sizes are in one file now, and none is in two
        assert rows_by_run(pd.read_parquet(tmp_path / "tables" / name)) == rows_by_run(fresh.tables(name))
    pd.testing.assert_frame_equal(swept.frame, fresh.frame)
    assert swept_in(tmp_path, point(0.2), point(0.8), seeds=3, keep=())[1].spent["runs"] == 0


@pytest.mark.simulates
def test_an_interrupted_sweep_stores_the_seeds_that_ended_whatever_its_block(tmp_path, monkeypatch) -> None:
    held = [replace(point(value), reference=point(0.8).scenario) for value in (0.2, 0.4)]
    design = {"seeds": 4, "block": 5, "keep": ("months",)}
    whole, _ = swept_in(tmp_path / "whole", *held, **design)
    simulated = StoredSweep.simulated

    def interrupted(self, lacking):
        for number, result in enumerate(simulated(self, lacking)):
            if number == 2:
                raise KeyboardInterrupt
            yield result

    monkeypatch.setattr(StoredSweep, "simulated", interrupted)
    with pytest.raises(KeyboardInterrupt):
        swept_in(tmp_path / "out", *held, **design)
    monkeypatch.undo()
    assert set(Sweep.load(tmp_path / "out").frame["seed"]) == {1, 2}
    again, stored = swept_in(tmp_path / "out", *held, **design)
    assert stored.spent["runs"] == len(whole.frame) / 2
    pd.testing.assert_frame_equal(again.frame, whole.frame)
    pd.testing.assert_frame_equal(again.tables("months"), whole.tables("months"))
    assert (tmp_path / "out" / "table.parquet").read_bytes() == (tmp_path / "whole" / "table.parquet").read_bytes()


@pytest.mark.simulates
def test_a_torn_or_missing_file_is_made_again_and_a_run_in_two_files_counts_once(tmp_path, capsys) -> None:
    swept, _ = swept_in(tmp_path, point(0.2), point(0.8))
    before = files(tmp_path)
    torn, lost, twice = sorted((tmp_path / "tables" / "months").rglob("*.parquet"))[:3]
    content = lost.read_bytes()
    torn.write_bytes(torn.read_bytes()[:-30])
    lost.unlink()
    twice.with_name("000009-000009.parquet").write_bytes(twice.read_bytes())
    again, mended = swept_in(tmp_path, point(0.2), point(0.8))
    assert f"{torn.name} cannot be read; simulated again" in capsys.readouterr().err
    assert mended.spent["runs"] == 3
    assert lost.read_bytes() == content
    assert files(tmp_path) == before
    pd.testing.assert_frame_equal(again.tables("months"), swept.tables("months"))
    middle = bytearray(torn.read_bytes())
    middle[40:60] = bytes(20)
    torn.write_bytes(bytes(middle))
    with pytest.raises(InputError, match=r"is broken \(.*\); delete it, and `resume` makes it again"):
        again.tables("months")


@pytest.mark.simulates
def test_an_interruption_between_run_and_tables_costs_that_block_alone(tmp_path, monkeypatch) -> None:
    calls = iter(range(100))
    write = TableStore.keep

    def stopped(self, *about):
        if next(calls) == 1:
            raise KeyboardInterrupt
        write(self, *about)

    monkeypatch.setattr(TableStore, "keep", stopped)
    with pytest.raises(KeyboardInterrupt):
        swept_in(tmp_path, point(0.2), point(0.8))
    monkeypatch.undo()
    swept, again = swept_in(tmp_path, point(0.2), point(0.8))
    assert again.spent["runs"] == 4  # of six; one point had both runs of the first block
    assert rows_by_run(swept.tables("months")) == rows_by_run(
        swept_in(tmp_path / "new", point(0.2), point(0.8))[0].tables("months")
    )
    assert not list(tmp_path.rglob("*.tmp"))


@pytest.mark.simulates
def test_a_disk_that_is_full_ends_in_one_sentence_and_leaves_no_half_file(tmp_path, monkeypatch) -> None:
    from sim.results import files as results_files

    sync = results_files.os.fsync
    calls = iter(range(100))

    def full(number: int) -> None:
        if next(calls) == 4:
            raise OSError(28, "No space left on device")
        sync(number)

    monkeypatch.setattr(results_files.os, "fsync", full)
    sentence = (
        r"cannot be written: No space left on device; [123] of 6 runs are stored; make room, and the same command "
        "continues$"
    )
    with pytest.raises(InputError, match=sentence):
        swept_in(tmp_path, point(0.2), point(0.8))
    monkeypatch.undo()
    assert all(pq.read_table(path, partitioning=None).num_rows for path in tmp_path.rglob("tables/*/*/*"))
    assert len(swept_in(tmp_path, point(0.2), point(0.8))[0].frame) == 6


@pytest.mark.simulates
def test_tables_of_another_design_are_set_aside_and_taken_back(tmp_path) -> None:
    swept_in(tmp_path, point(0.2), seeds=2)
    before = files(tmp_path)
    swept, _ = swept_in(tmp_path, point(0.8), seeds=2)
    assert set(pd.read_parquet(tmp_path / "tables" / "months")["backbone.facilitation"]) == {0.8}
    assert set(swept.tables("months")["backbone.facilitation"]) == {0.8}
    _, back = swept_in(tmp_path, point(0.2), seeds=2)
    assert back.spent["runs"] == 0
    assert files(tmp_path) == before
