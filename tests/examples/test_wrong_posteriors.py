"""A posterior that does not fit the parameters ends every counterfactual program with one sentence, and nothing written."""

from __future__ import annotations

import pytest

from sim.runs.posterior import posterior

pytestmark = pytest.mark.program

PROGRAMS = ("compare", "attribute", "robust")


def unlike(change: str) -> str:
    """Two sets of the project's posterior, with something wrong, as the text of a file."""
    table = posterior().head(2).astype(object)
    if change == "missing":
        table = table.drop(columns="trust.gain")
    elif change == "unknown":
        table = table.assign(**{"trust.gian": 0.1})
    elif change == "empty":
        return ""
    elif change == "no rows":
        table = table.head(0)
    else:
        table.loc[1, "trust.gain"] = change
    return table.to_csv(index=False)


WRONG = {
    "missing": "posterior.csv has no column `trust.gain`",
    "unknown": "posterior.csv: `trust.gian` is not an uncertain parameter; did you mean `trust.gain`?",
    "3.0": "posterior.csv, line 3, column `trust.gain`: must lie between 0.02 and 0.2 [share]; got 3.0",
    "nan": "posterior.csv, line 3, column `trust.gain`: 'nan' is not a number",
    "much": "posterior.csv, line 3, column `trust.gain`: 'much' is not a number",
    "empty": "posterior.csv is empty",
    "no rows": "the posterior posterior.csv has no parameter set",
}


@pytest.mark.program
@pytest.mark.parametrize(
    ("program", "change"),
    [
        pytest.param(program, change, marks=() if program == "compare" and change == "nan" else pytest.mark.release)
        for program in PROGRAMS
        for change in WRONG
    ],
)
def test_a_posterior_that_does_not_fit_is_refused_before_a_folder_is_made(command, tmp_path, program, change):
    file, out = tmp_path / "posterior.csv", tmp_path / "out"
    file.write_text(unlike(change))
    done = command(program, f"uncertainty={file}", "jobs=1", f"out={out}")
    assert (done.returncode, done.stderr, done.stdout) == (2, f"error: {WRONG[change]}\n", "")
    assert not out.exists()
