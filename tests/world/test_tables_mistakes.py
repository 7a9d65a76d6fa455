"""Tables of the setting, and files of other kinds than they should be: one sentence each, and `check` says the same."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from experiments.check import main
from sim.errors import InputError
from sim.world.facts import cells, cohort_points, data_path
from tests.offenders import each_of
from tests.world.files import ORGANISATIONS, SCHOOLS, TIES, scenario_with

POPULATION = data_path("school_population_2013.csv").read_text()
COHORTS = data_path("grade12_cohort.csv").read_text()

BAD_TABLES = {
    "no column": (
        cells,
        POPULATION.replace("takers_p50", "takers_p5o"),
        "there is no column `takers_p50`; is it misspelt as",
    ),
    "no such stream": (
        cells,
        POPULATION.replace("haredi,1,", "heredi,1,"),
        "'heredi' is not known; did you mean `haredi`?",
    ),
    "no such quintile": (cells, POPULATION.replace("haredi,1,", "haredi,9,"), "'9' is not known"),
    "half a school": (
        cells,
        POPULATION.replace("haredi,1,10,", "haredi,1,9.5,"),
        "column `schools`: 9.5 is not a whole",
    ),
    "no school": (
        cells,
        POPULATION.replace("haredi,1,10,", "haredi,1,0,"),
        "column `schools`: 0 must lie between 1 and",
    ),
    "negative": (cells, POPULATION.replace("353.0", "-353"), "column `takers_total`: -353 must not be negative"),
    "text": (cells, POPULATION.replace("353.0", "many"), "column `takers_total`: 'many' is not a number"),
    "no rows": (cells, POPULATION.splitlines()[0], "there is no row under the columns"),
    "empty": (cells, "", "is empty"),
    "years back": (cohort_points, COHORTS.replace("2010", "2001"), "column `year`: the years must rise"),
    "no students": (cohort_points, COHORTS.replace("98000", "0"), "column `students`: 0 must lie between 1 and"),
    "other table": (cohort_points, POPULATION, "there are no columns `year`, `students`"),
}


@each_of(("read", "text", "sentence"), BAD_TABLES.values(), ids=list(BAD_TABLES))
def test_a_bad_table_of_the_setting_is_refused(write, read, text, sentence):
    with pytest.raises(InputError) as mistake:
        read(write("table.csv", text))
    assert str(mistake.value).startswith("table.csv")
    assert sentence in str(mistake.value)
    assert "\n" not in str(mistake.value)


@pytest.fixture
def strange(tmp_path) -> Path:
    """Return a folder of files that are not what they seem."""
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "bytes.csv").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "nothing.csv").write_bytes(b"\0" * 500)
    (tmp_path / "wide.csv").write_text(ORGANISATIONS, encoding="utf-16")
    pd.read_csv(data_path("targets.csv")).to_parquet(tmp_path / "other.parquet")
    whole = (tmp_path / "other.parquet").read_bytes()
    (tmp_path / "cut.parquet").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "bytes.parquet").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "none.parquet").write_bytes(b"")
    return tmp_path


NAMES = ["folder.csv", "empty.csv", "bytes.csv", "nothing.csv", "wide.csv", "other.parquet",
         "cut.parquet", "bytes.parquet", "none.parquet", "absent.csv", "name.txt"]  # fmt: skip


@each_of("name", NAMES)
def test_a_file_of_another_kind_is_refused_by_check_and_by_every_setting(strange, name, capsys):
    path = str(strange / name)
    assert main([path]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("error: ")
    assert len(output.err.splitlines()) == 1
    for setting in ("schools", "organisations", "ties", "population", "cohorts"):
        with pytest.raises(InputError) as mistake:
            scenario_with(**{f"setting.{setting}": path})
        assert "\n" not in str(mistake.value)


@each_of(
    ("arguments", "sentence"),
    [
        ([], "the following arguments are required: FILE"),
        (["--year", "x", "a.csv"], "argument --year: invalid int value: 'x'"),
        (["--kind", "x", "a.csv"], "argument --kind: invalid choice: 'x'"),
        (["--nonsense", "a.csv"], "unrecognized arguments: --nonsense"),
        ([""], "the path of a file must be text; got ''"),
    ],
)
def test_check_refuses_a_wrong_option_in_one_sentence(arguments, sentence, capsys):
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert (output.out, len(output.err.splitlines())) == ("", 1)
    assert output.err.startswith(f"error: {sentence}")


def test_a_file_after_a_bad_one_is_not_described_either(write, capsys):
    assert main([write("o.csv", ORGANISATIONS), write("t.csv", TIES.replace("0.4", "1.4"))]) == 2
    assert capsys.readouterr().out == ""


def test_letters_before_the_first_column_do_not_matter(write, capsys):
    """A byte order mark, as spreadsheets write it."""
    assert main([write("s.csv", "\ufeff" + SCHOOLS)]) == 0
    assert "a school file of 7 rows" in capsys.readouterr().out
