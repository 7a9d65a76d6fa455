"""Tables of results read back: names that look like missing values, numbers or formulas stay what they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim
from sim.analysis.paired_differences import differences, effect_parts, year_columns
from sim.catalogue import targets
from sim.errors import InputError
from sim.results.files import bytes_of
from sim.results.read_back import TEXTS, read_table
from sim.runs.compare import compare
from sim.tables.identity import normalised, unprintable
from sim.world.facts import data_path
from tests.offenders import each_of
from tests.report.conftest import game, runs, written
from tests.report.test_page import report_of

NAMES = {"base": "null", "weaker": "NA", "stronger": "1", "noisy": "=x", "never": "nan", "alike": "007"}
"""What scenarios are called in these tests, by their names in the invented runs."""

COMMAND = "python -m experiments.compare"
SHORT = {"setting.until": "2008-08", "setting.burn_in": 0}


def read(folder: Path, table: pd.DataFrame) -> pd.DataFrame:
    (folder / "table.csv").write_bytes(bytes_of(table, "csv"))
    return read_table(folder / "table.csv", COMMAND)


@pytest.mark.simulates
def test_scenarios_called_like_missing_values_come_back_from_a_comparison(tmp_path):
    cases = [SHORT | {"backbone.facilitation": k / 10} for k in range(len(NAMES))]
    baseline, *arms = [
        sim.scenario("historical", name=n, overrides=c) for n, c in zip(NAMES.values(), cases, strict=True)
    ]
    pairs = compare(baseline, arms, range(1, 3), jobs=1)
    assert set(pairs.frame["scenario"]) == set(NAMES.values())
    table = differences(pairs.frame, pairs.baseline, pairs.arms, year_columns(pairs.frame)[:3])
    again = read(tmp_path, table)
    assert list(again["arm"]) == list(table["arm"])
    assert set(again["baseline"]) == {"null"}
    numbers = table.select_dtypes("number").columns
    pd.testing.assert_frame_equal(again[numbers], table[numbers], check_dtype=False, check_exact=True)


@pytest.mark.heavy
def test_a_report_names_arms_as_they_are_called(tmp_path):
    frame = runs().assign(scenario=lambda f: f["scenario"].map(NAMES))
    base, *arms = NAMES.values()
    table = differences(frame, base, arms, ["examinees_2020", "doubled"]).assign(by="outcome")
    cases = {name: {"about": "", "differs": ""} for name in NAMES.values()}
    about = {"asks": "What arms do", "baseline": base, "arms": arms, "set": {}, "cases": cases, "uncertainty": "point",
             "posterior": "", "pairs": 30, "failures": 0}  # fmt: skip
    folder = written(tmp_path / "compare", "comparison", about, ("compare",), differences=table, table=frame)
    for name, rows in {"differences": table, "parts": effect_parts(frame, base, arms, "examinees_2020")}.items():
        (folder / f"{name}.csv").write_bytes(bytes_of(rows, "csv"))
    attribution = game(tmp_path / "attribute_conditions")
    keys = {"comparisons": [str(folder)], "attributions": [str(attribution)], "equity": [], "robust": []}
    made = report_of(tmp_path, **keys).html
    for arm in arms:
        assert f">{arm}<" in made or f"{arm}</" in made, arm
    assert "'=x" not in made


HARD = st.sampled_from(
    [*NAMES.values(), "None", "", "true", "True", "1.0", "-18", "-inf", "'=x", "a,b", 'q"', "N/A", "1e5"]
)
TEXT = (
    (HARD | st.text(st.characters(codec="utf-8"), max_size=6))
    .map(normalised)
    .filter(lambda text: not unprintable(text))
)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(TEXT, st.floats(), st.integers(-(10**9), 10**9)), min_size=1, max_size=5))
def test_texts_come_back_as_texts_and_numbers_as_numbers(tmp_path, rows):
    table = pd.DataFrame(rows, columns=["arm", "low", "seed"])
    again = read(tmp_path, table)
    assert list(again["arm"]) == [arm for arm, *_ in rows]
    np.testing.assert_array_equal(again["low"].to_numpy(), table["low"].to_numpy())
    assert list(again["seed"]) == list(table["seed"])
    assert again["seed"].dtype == np.int64


def test_what_is_true_or_false_and_what_is_not_known_come_back(tmp_path):
    table = pd.DataFrame({"enough": [True, False], "word": ["1", "x"], "count": [1, 2], "half": [0.5, np.nan]})
    pd.testing.assert_frame_equal(read(tmp_path, table), table, check_dtype=False)


GOOD = "arm,low,note\nNA,1.5,x\nb,,y\n"


@each_of(
    ("content", "reason"),
    [
        (GOOD.replace("b,,y", "b,,y,z"), "line 3: there are 4 cells under 3 columns"),
        (GOOD.replace("b,,y", "b"), "line 3: there are 1 cells under 3 columns"),
        (GOOD.replace("1.5", "high"), ", row 2: `low` must be a number; got 'high'"),
        (GOOD.replace("1.5", "1_5"), ", row 2: `low` must be a number; got '1_5'"),
        (GOOD.replace("low", "arm"), "has two columns `arm`"),
        (GOOD.replace("x\n", '"x\n'), "a quote is opened and never closed"),
        (GOOD.encode("utf-16"), "is not text in UTF-8"),
        ("arm,low\n", "has no rows"),
        ("", "differences.csv is empty"),
    ],
)
def test_a_broken_table_is_one_sentence_with_its_row(tmp_path, content, reason):
    path = tmp_path / "differences.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        read_table(path, COMMAND)
    assert reason in str(caught.value)
    assert str(path) in str(caught.value)


def test_text_columns_and_number_columns_are_not_the_same():
    assert {"arm", "scenario", "baseline"} <= TEXTS


@each_of(
    ("old", "new", "reason"),
    [
        ("maths5_examinees,2006,", "maths5_examinees,soon,", "line 2, column `year`: 'soon' is not a number"),
        ("maths5_examinees,2006,", "maths5_examinees,2006.5,", "line 2, column `year`: 2006.5 is not a whole number"),
        (",12900,", ",many,", "line 2, column `value`: 'many' is neither a number nor a month as YYYY-MM"),
        (",12900,", ",,", "line 2, column `value`: the cell is empty"),
        (",12900,", ",12900,0,", "line 2: there are 10 cells under 9 columns"),
        ("pattern,year,", "pattern,years,", "there is no column `year`; is it misspelt as `years`?"),
    ],
)
def test_a_table_of_facts_that_cannot_be_used_is_one_sentence(tmp_path, old, new, reason):
    text = data_path("targets.csv").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "mine.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        targets(str(tmp_path / "mine.csv"))
    assert reason in str(caught.value)
    assert "mine.csv" in str(caught.value)


def test_facts_keep_their_texts(tmp_path):
    text = data_path("targets.csv").read_text(encoding="utf-8").replace(",national,12900,", ",NA,12900,", 1)
    (tmp_path / "mine.csv").write_text(text, encoding="utf-8")
    assert targets(str(tmp_path / "mine.csv"))["group"].iloc[0] == "NA"
