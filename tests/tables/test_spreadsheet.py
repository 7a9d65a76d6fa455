"""Text that begins like a formula, written to CSV and read back."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.results.files import bytes_of
from sim.tables.spreadsheet import escaped, needs_apostrophe, unescaped
from tests.offenders import each_of

TEXTS = st.one_of(st.text(alphabet="'=+-@1.eE ax,\"\n", max_size=8), st.text(st.characters(codec="utf-8"), max_size=12))
CELLS = TEXTS.filter(lambda text: "\0" not in text)


@given(TEXTS)
def test_what_is_escaped_is_read_back(text):
    assert unescaped(escaped(text)) == text


@given(TEXTS)
def test_no_escaped_text_begins_a_formula(text):
    held = escaped(text)
    assert held[:1] not in set("=+-@") or float(held) == float(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_finite_number_stays_as_it_is(number):
    assert escaped(repr(number)) == repr(number)


@each_of("text", ["-inf", "+nan", "-1_000", "-18 ", "+1e999", "-", "-٣", "--1", "=1", "@a", "'-18"])
def test_what_is_not_a_plain_finite_number_needs_an_apostrophe(text):
    assert needs_apostrophe(text)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


@given(st.lists(CELLS, min_size=1, max_size=5), CELLS)
def test_a_table_with_any_text_is_read_back_from_its_file(cells, name):
    frame = pd.DataFrame({name: cells, "number": range(len(cells))})
    if name == "number":
        return
    header, *rows = read(bytes_of(frame, "csv"))
    assert [unescaped(cell) for cell in header] == [name, "number"]
    assert [unescaped(row[0]) for row in rows] == cells


@pytest.mark.parametrize("dtype", ["object", "string", "category", "string[pyarrow]"])
def test_a_column_of_any_kind_of_text_is_escaped(dtype):
    frame = pd.DataFrame({"name": pd.Series(["=x", "plain", "-18"], dtype=dtype)})
    assert bytes_of(frame, "csv") == b"name\n'=x\nplain\n-18\n"
    assert list(frame["name"]) == ["=x", "plain", "-18"], "the frame itself stays as it is"


def test_mixed_columns_and_numbers_do_not_change():
    frame = pd.DataFrame(
        {"timing": ["-18", "never", -18], "gain": [-1.5, 0.1, float("-inf")], "blank": [None, "", "a"]}
    )
    assert bytes_of(frame, "csv") == frame.to_csv(index=False).encode()


def test_names_of_columns_are_escaped_even_when_two_are_alike():
    frame = pd.DataFrame([["=a", 1]], columns=["@x", "@x"])
    assert bytes_of(frame, "csv") == b"'@x,'@x\n'=a,1\n"


def test_numbers_can_be_shortened():
    assert bytes_of(pd.DataFrame({"a": [1 / 3]}), "csv", "%.8g") == b"a\n0.33333333\n"
