"""A wrong command line ends with one sentence and exit code 2, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PROGRAMS = {path.stem for path in Path(__file__).parents[2].glob("experiments/[a-z]*.py")}

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
        "the run would end (2001-08) before it begins (2005-09); set a later `setting.until`",
    ),
    "date in words": ("run", ["setting.until=soon"], "a date must be written YYYY-MM, for example 2014-05; got 'soon'"),
    "no such file": ("run", ["setting.schools=nowhere.csv"], "there is no file nowhere.csv"),
    "no such table": ("run", ["setting.population=nowhere.csv"], "nowhere.csv"),
    "not a September": ("run", ["setting.start=2005-10"], "September"),
    "doubling by nothing": ("run", ["doubling.factor=-1"], "must be above 0; got 8869 and -1"),
    "no seeds": ("sweep", [*SMALL[:2], "seeds=0"], "`seeds` must be a whole number from 1; got 0"),
    "seeds in words": ("run", ["seeds=two"], "`seeds` must be a whole number from 1; got 'two'"),
    "no place to write": ("sweep", [*SMALL, "out={file}/below"], "cannot be written: Not a directory"),
    "a file as a folder": ("sweep", [*SMALL, "out={file}"], "/file is a file; give another `out`"),
    "nothing to predict over": (
        "predict",
        ["uncertainty=point"],
        "predictions need parameter sets; `uncertainty` must be",
    ),
    "a posterior that is not here": (
        "run",
        ["uncertainty=posterior.csv"],
        "the posterior 'posterior.csv' does not exist",
    ),
    "ends before it predicts": ("predict", ["setting.until=2019-08"], "(2019-08) before the examination of"),
    "an arm that does not exist": (
        "compare",
        ["arms=[no_bakbone]"],
        "unknown scenario `no_bakbone`; did you mean `no_backbone`?",
    ),
    "a baseline compared with itself": (
        "compare",
        ["arms=[no_backbone,historical_emergent]"],
        "`historical_emergent` is compared with itself",
    ),
    "an arm named twice": (
        "compare",
        ["arms=[no_backbone,no_backbone]"],
        "`no_backbone` is listed twice; list each scenario once",
    ),
    "too few pairs for an interval": (
        "compare",
        ["seeds=1"],
        "an interval needs at least 2 pairs of runs; got `seeds` 1",
    ),
    "another posterior than the parameters": (
        "compare",
        ["uncertainty={posterior}"],
        "`trust.gian` is not an uncertain parameter; did you mean `trust.gain`?",
    ),
    "an outcome that does not exist": (
        "compare",
        ["outcomes=[examinees_2020,gap_quintile_2020]"],
        "unknown outcome `gap_quintile_2020`; did you mean `gap_quintiles_2020`?",
    ),
    "no precision": (
        "compare",
        ["precision=-1"],
        "`precision` must be a number above 0, in the outcome's unit; got -1",
    ),
    "two scenarios in one run": ("run", ["scenario=historical,no_backbone"], "scenario"),
}


LATER = {"unknown key", "new key", "no such choice", "timing in words", "ends before it begins", "seeds in words",
         "two scenarios in one run", "no such table", "ends before it predicts", "an arm named twice",
         "a baseline compared with itself", "an outcome that does not exist", "no precision",
         "too few pairs for an interval", "another posterior than the parameters"}  # fmt: skip
"""Cases much like others, left to `make test-all`."""


@pytest.mark.program
@pytest.mark.parametrize(
    ("program", "arguments", "sentence"),
    [pytest.param(*case, id=name, marks=[pytest.mark.release] * (name in LATER)) for name, case in WRONG.items()],
)
def test_a_wrong_command_line_ends_with_one_sentence(command, tmp_path, program, arguments, sentence):
    (tmp_path / "file").write_text("")
    (tmp_path / "posterior.csv").write_text("trust.gian\n0.1\n")
    arguments = [each.format(file=tmp_path / "file", posterior=tmp_path / "posterior.csv") for each in arguments]
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


OF_EVERY_PROGRAM = {
    "animate": ("by=year", "`by` must be one of quarter, month; got 'year'"),
    "archive": ("nowhere", "'nowhere' cannot be read; write options as `key=value`"),
    "attribute": ("game=conditionss", "unknown game `conditionss`; did you mean `conditions`?"),
    "calibrate": ("draws=1", "`draws` must be a whole number from 2; got 1"),
    "case": ("case=irland", "unknown case 'irland'; there are ireland and plan_2009; did you mean `ireland`?"),
    "check": ("nowhere.csv", "there is no file nowhere.csv"),
    "compare": ("batch=0", "`batch` must be a whole number from 2; got 0"),
    "did": ("programme=partner", "`programme` must be one of partners, pilot; got 'partner'"),
    "equity": ("year=1900", "1900"),
    "mechanisms": ("expectations=cse", "unknown expectation `cse`; did you mean `case`?"),
    "optimise": ("robust=best", "`robust` must be one of mean, worst_quarter; got 'best'"),
    "panel": ("schools=nowhere.csv", "there is no file nowhere.csv"),
    "predict": ("sets=0", "`sets` must be a whole number from 3; got 0"),
    "report": ("seed=-1", "nothing to report yet"),
    "results": (
        "stattus",
        "the first word must be one of status, resume, extend, rerun, collect; got 'stattus'; did you mean `status`?",
    ),
    "robust": ("seeds=1", "`seeds` must be a whole number from 2; got 1"),
    "run": ("first_seed=-1", "`first_seed` must be a whole number from 0; got -1"),
    "scenarios": ("scenarios=[histoical]", "unknown scenario `histoical`; did you mean `historical`?"),
    "sensitivity": ("within=0", "`within` must be a share of an outcome's mean, above 0; got 0"),
    "validate": ("file=nowhere.csv", "there is no file nowhere.csv"),
    "sweep": ("trust.gain=5", "`trust.gain` must lie between 0.02 and 0.2 [share]; got 5"),
}
"""A value that may not be, for each program."""

MISSPELT = {"check": "nowhere.csv --sedes=3", "results": "sedes=3"}
"""A word that means nothing; `sedes=3` for the others."""


def test_every_program_has_a_wrong_value() -> None:
    assert OF_EVERY_PROGRAM.keys() == PROGRAMS


@pytest.mark.program
@pytest.mark.release
@pytest.mark.parametrize("program", sorted(OF_EVERY_PROGRAM))
def test_every_program_refuses_a_wrong_value_and_a_misspelt_key(command, tmp_path, program):
    wrong, sentence = OF_EVERY_PROGRAM[program]
    for word, message in ((wrong, sentence), (MISSPELT.get(program, "sedes=3"), "sedes")):
        done = command(program, *word.split(), folder=tmp_path)
        assert done.returncode == 2, done.stdout + done.stderr
        assert done.stdout == ""
        assert done.stderr.startswith("error: "), done.stderr
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert message in done.stderr, word
        assert list(tmp_path.iterdir()) == [], "something was left behind"
