"""Size is checked before content: what is too large is refused at once."""

from __future__ import annotations

import sys
import time
import tracemalloc

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.errors import InputError
from sim.tables import csv_file, parquet_file, read
from sim.tables.read import sheet_of
from sim.world.files.check import problems
from sim.world.files.schools import MOST_SCHOOLS, SCHOOLS, Authorities, school_rows
from sim.world.files.ties import TIES

ONE = {"school_id": 7, "year": 2013, "sector": "jewish", "supervision": "state", "nurture_quintile": 1,
       "maths_takers": 100, "maths_5unit_takers": 20}  # fmt: skip


def write_rows(path, batches, rows):
    table = pa.table({name: pa.array([value] * rows) for name, value in ONE.items()})
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for _ in range(batches):
            writer.write_table(table, row_group_size=rows)
    return path


@pytest.mark.heavy
def test_a_small_file_that_declares_thirty_million_rows_is_refused_at_once(tmp_path):
    path = write_rows(tmp_path / "large.parquet", 30, 1_000_000)
    assert path.stat().st_size < 1_000_000
    tracemalloc.start()
    begin = time.perf_counter()
    sentences = problems(path)
    seconds, (_, peak) = time.perf_counter() - begin, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sentences == ["large.parquet declares 30,000,000 rows; a file of this kind may have at most 1,000,000"]
    assert seconds < 5.0
    assert peak + pa.default_memory_pool().bytes_allocated() < 50_000_000


def test_a_csv_file_with_too_many_rows_stops_while_it_is_read(tmp_path):
    path = tmp_path / "ties.csv"
    path.write_text("source,target,trust\n" + "a,b,0.5\n" * 50)
    with pytest.raises(InputError, match=r"ties\.csv has more than 49 rows"):
        csv_file.csv_sheet(path, TIES.names, 49)
    assert len(csv_file.csv_sheet(path, TIES.names, 50)) == 50


def test_a_footer_that_declares_fewer_rows_than_there_are_is_seen(tmp_path, monkeypatch):
    path = write_rows(tmp_path / "lies.parquet", 2, 1000)
    monkeypatch.setattr(parquet_file, "_check_size", lambda *_: None)
    with pytest.raises(InputError, match="has more than 1,500 rows"):
        parquet_file.parquet_sheet(path, SCHOOLS.names, 1500)


@pytest.mark.parametrize(
    ("module", "name", "sentence"),
    [
        (read, "MOST_BYTES", "a file may have at most 0 MB"),
        (parquet_file, "MOST_UNCOMPRESSED", "a file may have at most 0 MB"),
        (sys.modules["sim.tables.head"], "MOST_COLUMNS", "has 7 columns; a file may have at most 1"),
    ],
)
def test_what_is_too_large_in_another_way_is_refused(tmp_path, monkeypatch, module, name, sentence):
    path = write_rows(tmp_path / "schools.parquet", 1, 10)
    monkeypatch.setattr(module, name, 1)
    with pytest.raises(InputError, match=sentence):
        sheet_of(path, SCHOOLS)


def test_a_name_that_is_a_book_and_a_cell_that_is_larger_still_are_refused(tmp_path):
    path = tmp_path / "ties.csv"
    path.write_text("source,target,trust\n" + "a" * 5000 + ",b,0.5\n")
    sheet = sheet_of(path, TIES)
    TIES.values(sheet)
    assert "the text has 5,000 characters; write at most 1,000" in str(sheet.faults[0].error)
    path.write_text("source,target,trust\n" + "a" * 200_000 + ",b,0.5\n")
    with pytest.raises(InputError, match="line 2: the file cannot be read as csv: field larger than field limit"):
        sheet_of(path, TIES)


def test_more_schools_than_any_country_has_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules["sim.world.files.schools"], "MOST_SCHOOLS", 1)
    table = {name: [value, value] for name, value in ONE.items()} | {"school_id": [1, 2]}
    pq.write_table(pa.table(table), tmp_path / "schools.parquet")
    with pytest.raises(InputError, match="has 2 schools; a school file may have at most 1"):
        school_rows(sheet_of(tmp_path / "schools.parquet", SCHOOLS), Authorities(1))
    assert MOST_SCHOOLS == 200_000
