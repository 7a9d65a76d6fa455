"""A wrong command line ends with one sentence and exit code 2, and leaves nothing behind."""

from __future__ import annotations

import pytest

SMALL = ("backbone.facilitation=0.4", "timing=0", "seeds=1")

WRONG = {
    "misspelt key": (
        "sweep",
        ["backbone.faciltation=0.4"],
        "unknown key `backbone.faciltation`; did you mean `backbone.facilitation`?",
    ),
    "unknown key": ("run", ["colour=blue"], "unknown key `colour`"),
    "new key": ("sweep", ["+new.key=1"], "unknown key `new.key`"),
    "wrong type": ("sweep", ["backbone.facilitation=much"], "`backbone.facilitation` must be a number; got 'much'"),
    "one value out of range": (
        "sweep",
        ["backbone.facilitation=0,2"],
        "`backbone.facilitation` must lie between 0 and 1 [share]; got 2",
    ),
    "no such choice": (
        "run",
        ["ministry.mode=maybe"],
        "`ministry.mode` must be one of recorded, emergent, scheduled, never; got 'maybe'",
    ),
    "unknown scenario": ("run", ["scenario=historic"], "unknown scenario `historic`; did you mean `historical`?"),
    "timing in words": ("run", ["timing=soon"], "`timing` must be a whole number of months or never; got 'soon'"),
    "ends before it begins": (
        "run",
        ["setting.until=2001-08"],
        "the run would end (2001-08) before it begins (2005-09)",
    ),
    "date in words": ("run", ["setting.until=soon"], "a date is written YYYY-MM, for example 2014-05; got 'soon'"),
    "no such file": ("run", ["setting.schools=nowhere.csv"], "there is no file nowhere.csv"),
    "no such table": ("run", ["setting.population=nowhere.csv"], "nowhere.csv"),
    "not a September": ("run", ["setting.start=2005-10"], "September"),
    "doubling by nothing": ("run", ["doubling.factor=-1"], "must be above 0; got 8869 and -1"),
    "no seeds": ("sweep", [*SMALL[:2], "seeds=0"], "`seeds` must be a whole number from 1; got 0"),
    "seeds in words": ("run", ["seeds=two"], "`seeds` must be a whole number from 1; got 'two'"),
    "no place to write": ("sweep", [*SMALL, "out={file}/below"], "cannot be written: Not a directory"),
    "nothing to predict over": (
        "predict",
        ["uncertainty=point"],
        "predictions are over parameter sets: `uncertainty` is",
    ),
    "a posterior that is not here": (
        "run",
        ["uncertainty=posterior.csv"],
        "there is no posterior 'posterior.csv'",
    ),
    "ends before it predicts": ("predict", ["setting.until=2019-08"], "(2019-08) before the examination of"),
    "two scenarios in one run": ("run", ["scenario=historical,no_backbone"], "scenario"),
}


LATER = {"unknown key", "new key", "no such choice", "timing in words", "ends before it begins", "seeds in words",
         "two scenarios in one run", "no such table", "ends before it predicts"}  # fmt: skip
"""Cases much like others, left to `make test-all`."""


@pytest.mark.parametrize(
    ("program", "arguments", "sentence"),
    [pytest.param(*case, id=name, marks=[pytest.mark.slow] * (name in LATER)) for name, case in WRONG.items()],
)
def test_a_wrong_command_line_ends_with_one_sentence(command, tmp_path, program, arguments, sentence):
    (tmp_path / "file").write_text("")
    arguments = [each.format(file=tmp_path / "file") for each in arguments]
    if not any(each.startswith("out=") for each in arguments):
        arguments.append(f"out={tmp_path / 'out'}")
    done = command(program, *arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("error: "), done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert sentence in done.stderr
    assert not (tmp_path / "out").exists(), "something was left behind"
    assert (tmp_path / "file").read_text() == ""
