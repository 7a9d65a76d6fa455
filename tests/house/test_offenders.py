"""A test over many examples goes through all of them, and names every one that fails, with the reason."""

from __future__ import annotations

import os
from inspect import signature
from pathlib import Path

import pytest

from tests.offenders import each_of


def report_of(test, **fixtures) -> str:
    with pytest.raises(pytest.fail.Exception) as failure:
        test(**fixtures)
    return str(failure.value)


def test_every_example_that_fails_is_named_with_its_reason() -> None:
    seen = []

    @each_of(("one", "other"), [(1, 1), (1, 2), (3, 4), ("x", 0)], ids=["alike", "near", "far", "no number"])
    def equal(one, other):
        seen.append((one, other))
        if one != other:
            raise AssertionError(f"they differ by {one - other}")

    report = report_of(equal)
    assert seen == [(1, 1), (1, 2), (3, 4), ("x", 0)]
    first, near, far, *no_number = report.splitlines()
    assert first == "3 of 4 examples fail:"
    assert near.startswith("near: AssertionError (test_offenders.py:")
    assert near.endswith("): they differ by -1")
    assert far.startswith("far: AssertionError (test_offenders.py:")
    assert no_number[0].startswith("no number: TypeError (test_offenders.py:")


def test_examples_that_pass_say_nothing() -> None:
    each_of("number", [1, 2])(lambda number: None)()


def test_a_failure_by_hand_counts_too() -> None:
    assert "2: Failed (test_offenders.py:" in report_of(each_of("number", [2])(lambda number: pytest.fail("by hand")))


def test_two_tables_are_crossed() -> None:
    @each_of("row", "ab")
    @each_of("column", [1, 2])
    def only_b_2(row, column):
        if (row, column) != ("b", 2):
            raise AssertionError("another example")

    report = report_of(only_b_2)
    assert [line.strip().split(":")[0] for line in report.splitlines()] == [
        "2 of 2 examples fail",
        "a",
        "1",
        "2",
        "b",
        "1",
    ]


def test_each_example_has_a_folder_and_patches_of_its_own(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("EXAMPLE", "outside")
    folders = []

    @each_of("name", ["first", "second"])
    def alone(name, tmp_path, monkeypatch, capsys):
        folders.append(tmp_path)
        assert list(tmp_path.iterdir()) == []
        (tmp_path / "file").touch()
        monkeypatch.setenv("EXAMPLE", name)
        print(name)  # noqa: T201
        assert capsys.readouterr().out == f"{name}\n"
        print(name)  # noqa: T201

    alone(tmp_path=tmp_path, monkeypatch=monkeypatch, capsys=capsys)
    assert len(set(folders)) == 2
    assert all(folder.parent == tmp_path for folder in folders)
    assert os.environ["EXAMPLE"] == "outside"


def test_fixtures_are_asked_for_and_examples_are_not() -> None:
    def plain(number, tmp_path: Path): ...

    assert list(signature(each_of("number", [1])(plain)).parameters) == ["tmp_path"]


@pytest.mark.parametrize(
    ("names", "examples", "sentence"),
    [
        ("number", [], "there are no examples"),
        ("number, other", [(1, 2), (1,)], "an example has other values than"),
        ("no_such", [1], "does not take"),
    ],
)
def test_a_table_that_fits_no_test_is_a_mistake(names, examples, sentence) -> None:
    with pytest.raises(AssertionError, match=sentence):
        each_of(names, examples)(lambda number: None)
