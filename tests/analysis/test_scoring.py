"""Scores of the model and its dull rivals, on answers that are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, t

from sim.analysis.effects import Estimate
from sim.analysis.forecasts import TREND, past_errors
from sim.analysis.scores import (
    CURVE,
    MODEL,
    curve_scores,
    model_scores,
    national_counts,
    normal_log_density,
    score_difference,
    score_sentence,
    scores,
    trend_scores,
)
from sim.errors import InputError

YEARS = np.array([2006, 2010, 2012, 2013, 2014])
COUNTS = np.array([12900.0, 10500.0, 8869.0, 9100.0, 9718.0])


def targets(years=YEARS, counts=COUNTS) -> pd.DataFrame:
    """A record of national counts, beside one fact of another kind."""
    rows = pd.DataFrame({"pattern": "maths5_examinees", "year": years, "group": "national", "value": counts})
    other = pd.DataFrame({"pattern": ["partners"], "year": [2013], "group": ["network"], "value": [30.0]})
    return pd.concat([other, rows]).assign(unit="students", reliability="A", use="fit", tolerance=0.03)


def runs(spread: float, n: int = 3) -> pd.DataFrame:
    """Runs whose logs lie evenly about the record's, a spread apart."""
    steps = spread * (np.arange(n) - (n - 1) / 2.0)
    columns = [f"maths5_examinees/{year}/national" for year in YEARS]
    return pd.DataFrame(COUNTS * np.exp(steps)[:, None], columns=columns)


def test_the_log_density_is_that_of_the_normal_distribution():
    assert normal_log_density(1.7, 0.4, 2.25) == pytest.approx(norm.logpdf(1.7, 0.4, 1.5))


def test_the_model_is_scored_by_the_spread_of_its_runs_and_the_tolerance_of_the_count():
    assert model_scores(runs(0.04), targets()) == pytest.approx(norm.logpdf(0.0, 0.0, np.hypot(0.04, 0.03)))


def test_the_model_is_not_scored_on_less_than_two_runs():
    with pytest.raises(InputError, match="scores need at least two runs"):
        model_scores(runs(0.04, n=1), targets())


def test_a_curve_through_exact_data_is_sure_of_them():
    parabola = 9.0 + 0.1 * (YEARS - 2010) - 0.02 * (YEARS - 2010) ** 2
    assert (curve_scores(YEARS, parabola) > 20.0).all()
    bent = parabola + np.where(YEARS == 2012, 0.1, 0.0)
    assert (curve_scores(YEARS, bent) < 5.0).all()


def test_the_curve_predicts_by_students_t_about_the_least_squares_with_its_leverage():
    logs = np.log(COUNTS)
    design = np.column_stack([np.ones(5), YEARS - 2010.0, (YEARS - 2010.0) ** 2])
    fitted = design @ np.linalg.lstsq(design, logs, rcond=None)[0]
    hat = np.diag(design @ np.linalg.inv(design.T @ design) @ design.T)
    variance = ((logs - fitted) ** 2).sum() / 2
    expected = t.logpdf(logs, 2, loc=fitted, scale=np.sqrt(variance * (1.0 + hat)))
    assert curve_scores(YEARS, logs) == pytest.approx(expected)


def test_last_year_plus_trend_misses_nothing_on_a_line_whatever_the_years_between():
    assert past_errors(TREND, YEARS, 9.0 - 0.05 * (YEARS - 2006)) == pytest.approx(0.0)
    off = past_errors(TREND, YEARS, np.log(COUNTS))
    assert trend_scores(YEARS, np.log(COUNTS)) == pytest.approx(norm.logpdf(off, 0.0, np.sqrt(np.mean(off**2))))


def test_all_are_scored_on_the_counts_that_all_can_score():
    table = scores(runs(0.04), targets())
    assert table["year"].tolist() == [2012, 2013, 2014]
    assert table[[MODEL, CURVE, TREND]].notna().all(axis=None)
    gain = score_difference(table, TREND)
    assert gain.mean == pytest.approx((table[MODEL] - table[TREND]).mean())
    assert gain.low <= gain.mean <= gain.high


def test_a_record_too_short_for_a_curve_is_refused():
    with pytest.raises(InputError, match="3 national counts are too few"):
        national_counts(targets(YEARS[:3], COUNTS[:3]))


@pytest.mark.parametrize(
    ("estimated", "claim"),
    [
        (Estimate(1.0, 0.2, 1.8, 6), "The model scores better than the curve"),
        (Estimate(-1.0, -1.8, -0.2, 6), "The model scores worse than the curve"),
        (Estimate(1.0, -0.2, 1.8, 6), "Model and the curve cannot be told apart"),
        (Estimate(1.0, np.nan, np.nan, 1), "Model and the curve cannot be told apart"),
    ],
)
def test_the_sentence_claims_no_more_than_the_interval(estimated, claim):
    assert score_sentence(estimated, "the curve").startswith(f"{claim} on these {estimated.n} counts: ")
