"""Parameter sets that stand in for a posterior: near the record in every national count, and made by what is here."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.calibration.screening import screened
from sim.configuration import configs
from sim.errors import InputError
from tests.offenders import each_of


@pytest.mark.slow
@pytest.mark.parametrize(
    ("structure", "file"),
    [
        ("damped_taste", "posterior.csv"),
        ("teachers_limit", "posterior_teachers_limit.csv"),
        ("aspiration", "posterior_aspiration.csv"),
        ("ministry_does_not_ask", "posterior_ministry_does_not_ask.csv"),
        ("constant_trust", "posterior_constant_trust.csv"),
    ],
)
def test_the_sets_of_the_project_are_what_screening_makes(structure: str, file: str) -> None:
    made = screened(structure, sets=5, progress=False)
    stored = pd.read_csv(configs() / "data" / file).head(5)
    pd.testing.assert_frame_equal(made, stored[list(made)], check_exact=False, rtol=1e-7)


@each_of(
    ("options", "sentence"),
    [
        (
            {"structure": "damped"},
            "unknown structure 'damped'; there are damped_taste, teachers_limit, aspiration, additive_window, ",
        ),
        ({"sets": 0}, "`sets` must be a whole number from 1; got 0"),
        ({"sets": 1.5}, "`sets` must be a whole number from 1; got 1.5"),
        ({"tolerance": 0.0}, "`tolerance` must be a number between 0 and 1; got 0.0"),
        ({"tolerance": "x"}, "`tolerance` must be a number between 0 and 1; got 'x'"),
        ({"jobs": 0}, "`jobs` must be a whole number from 1; got 0"),
    ],
)
def test_what_cannot_be_screened_is_said_in_a_sentence(options: dict[str, object], sentence: str) -> None:
    with pytest.raises(InputError) as error:
        screened(**options)  # type: ignore[arg-type]
    assert str(error.value).startswith(sentence)
