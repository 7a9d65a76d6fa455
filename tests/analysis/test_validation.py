"""Scores of later facts, on runs and series whose answers are known; every figure is made up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from sim.analysis.fit import AGREED, COUNT, EVENT, HALF, MOST, OUTSIDE, SHARE, UNKNOWN, facts
from sim.analysis.forecasts import DAMPED, FORECASTS, LAST, TREND
from sim.analysis.scores import MODEL
from sim.analysis.validation import (
    CORRELATION,
    Measurement,
    coverage,
    prediction,
    predictions,
    rival_forecasts,
    scored_by_all,
    totals,
)
from tests.offenders import each_of

COUNTED = Measurement("maths5_examinees", COUNT, 0.02)
SHARED = Measurement("share_5_units", SHARE, 0.01)
YEARS = (2012, 2013, 2014, 2015)


def rows(pattern: str = "maths5_examinees", years=YEARS, values=(100.0, 110.0, 120.0, 135.0)) -> pd.DataFrame:
    """Facts of one series."""
    table = pd.DataFrame({"pattern": pattern, "year": years, "group": "national", "value": values})
    return facts(table.assign(unit="students", reliability="A", use="fit"))


def later(years=(2019, 2020), values=(150.0, 160.0), **more) -> pd.DataFrame:
    """Later facts of the same series."""
    return rows(years=years, values=values).assign(later=True, **more)


def runs(middle: dict[int, float], spread: float, n: int = 400) -> pd.DataFrame:
    """Runs whose logs are normal about a middle in each year, as evenly as can be."""
    steps = spread * norm.ppf((np.arange(n) + 0.5) / n)
    columns = {f"maths5_examinees/{year}/national": value * np.exp(steps) for year, value in middle.items()}
    return pd.DataFrame(columns).assign(scenario="historical", seed=np.arange(n))


# Scales


@pytest.mark.parametrize(
    ("measurement", "figures"),
    [(COUNTED, [1.0, 18000.0]), (SHARED, [0.1, 0.9]), (Measurement(CORRELATION, SHARE, 0.01), [-0.4, 0.0, 0.85])],
)
def test_a_figure_comes_back_from_its_scale(measurement, figures):
    assert measurement.figures(measurement.scaled(figures)) == pytest.approx(figures)


def test_shares_at_their_ends_lie_half_a_tolerance_within():
    assert SHARED.figures(SHARED.scaled([0.0, 1.0])) == pytest.approx([0.005, 0.995])
    assert COUNTED.figures(COUNTED.scaled([0.0])) == pytest.approx([0.5])


@pytest.mark.parametrize("measurement", [SHARED, Measurement(CORRELATION, SHARE, 0.01)])
def test_the_error_on_the_scale_of_a_share_is_its_tolerance_there(measurement):
    for figure in (0.2, 0.5, 0.8):
        low, high = measurement.scaled([figure - 0.001, figure + 0.001])
        assert measurement.error(measurement.scaled(figure)) == pytest.approx(0.01 * (high - low) / 0.002, rel=1e-3)
    assert COUNTED.error(3.0) == pytest.approx(0.02)


# One fact


def test_intervals_and_rank_are_those_of_the_runs_with_the_error_of_measurement():
    figures = runs({2019: 150.0}, 0.03)["maths5_examinees/2019/national"]
    wide = np.hypot(0.03, 0.02)
    predicted = prediction(figures, 150.0 * np.exp(wide), COUNTED)
    assert predicted["median"] == pytest.approx(150.0, rel=1e-3)
    ends = [predicted[name] for name in ("low_90", "low_50", "high_50", "high_90")]
    assert np.log(np.array(ends) / 150.0) == pytest.approx(wide * norm.ppf([0.05, 0.25, 0.75, 0.95]), rel=0.02)
    assert predicted["rank"] == pytest.approx(norm.cdf(1.0), abs=0.01)
    assert predicted["lies"] == MOST
    assert predicted["score"] == pytest.approx(norm.logpdf(wide, 0.0, wide), abs=0.02)
    assert predicted["n"] == 400


@each_of(("off", "lies"), [(0.0, HALF), (1.2, MOST), (-1.2, MOST), (2.5, OUTSIDE), (-2.5, OUTSIDE)])
def test_a_fact_lies_where_its_interval_says(off, lies):
    figures = runs({2019: 150.0}, 0.03)["maths5_examinees/2019/national"]
    assert prediction(figures, 150.0 * np.exp(off * np.hypot(0.03, 0.02)), COUNTED)["lies"] == lies


def test_what_is_predicted_does_not_depend_on_the_fact():
    figures = np.linspace(0.1, 0.2, 50)
    ends = [{k: v for k, v in prediction(figures, fact, SHARED).items() if k.startswith(("low", "high", "median"))}
            for fact in (0.15, 0.99)]  # fmt: skip
    assert ends[0] == ends[1]


def test_runs_without_a_figure_are_left_out_and_one_run_has_no_score():
    predicted = prediction([150.0, np.nan], 150.0, COUNTED)
    assert (predicted["n"], predicted["lies"]) == (1, HALF)
    assert np.isnan(predicted["score"])
    nothing = prediction([np.nan, np.nan], 150.0, COUNTED)
    assert (nothing["n"], nothing["lies"]) == (0, UNKNOWN)
    assert np.isnan([nothing["median"], nothing["rank"], nothing["score"]]).all()


def test_a_yes_is_scored_by_its_probability():
    event = Measurement("physics_follows", EVENT, np.nan)
    predicted = prediction([1.0, 1.0, 1.0, 0.0], 1.0, event)
    assert (predicted["median"], predicted["lies"]) == (0.75, AGREED)
    assert predicted["score"] == pytest.approx(np.log(3.5 / 5.0))
    assert prediction([1.0, 1.0, 1.0, 0.0], 0.0, event)["lies"] == OUTSIDE
    assert np.isnan(predicted["rank"])


# All facts


def test_rivals_know_the_earlier_facts_that_were_fitted_and_no_others():
    fitted = pd.concat([rows(), rows("physics5_examinees"), rows(years=[2020], values=[999.0])], ignore_index=True)
    forecasts = rival_forecasts(later(), fitted).set_index(["year", "rival"])
    assert forecasts.loc[(2019, LAST), "predicted"] == pytest.approx(135.0)
    growth = np.log(135.0 / 120.0)
    assert forecasts.loc[(2019, TREND), "predicted"] == pytest.approx(135.0 * np.exp(4 * growth))
    assert forecasts.loc[(2020, TREND), "predicted"] == pytest.approx(135.0 * np.exp(5 * growth))
    assert 135.0 < forecasts.loc[(2020, DAMPED), "predicted"] < forecasts.loc[(2020, TREND), "predicted"]
    assert set(forecasts["earlier"]) == {4}
    assert (forecasts["low_90"] < forecasts["predicted"]).all()
    assert (forecasts["predicted"] < forecasts["high_90"]).all()


def test_a_short_series_and_a_yes_have_no_rival():
    assert set(rival_forecasts(later(), rows(years=[2012, 2013], values=[100.0, 110.0]))["rival"]) == {LAST}
    assert rival_forecasts(later(), rows("physics5_examinees")).empty
    event = later(years=[2019], values=[1.0]).assign(pattern="physics_follows", scale=EVENT)
    assert rival_forecasts(event, rows("physics_follows", values=[1.0, 1.0, 1.0, 1.0])).empty


def test_a_model_that_is_right_beats_its_rivals_and_one_that_is_wrong_does_not():
    truth = {year: 135.0 + 3.0 * (year - 2015) for year in range(2019, 2026)}
    tests = later(tuple(truth), tuple(truth.values()))
    others = rival_forecasts(tests, rows())
    good, bad = (totals(predictions(runs(middle, 0.02), tests), others).set_index("rival")
                 for middle in (truth, {year: 1.6 * value for year, value in truth.items()}))  # fmt: skip
    assert (good["difference"] > 0.0).all()
    assert (good["low"] > 0.0).all()
    assert (bad["difference"] < 0.0).all()
    assert set(good["facts"]) == {7}
    assert set(good["series"]) == {1}
    assert good["difference"].to_numpy() == pytest.approx((good["mean_model"] - good["mean_rival"]).to_numpy())


def test_totals_are_over_later_facts_that_all_score():
    tests = pd.concat([later(), later(years=[2013], values=[108.0]).assign(later=False)], ignore_index=True)
    short = later(years=[2019], values=[150.0]).assign(pattern="english5_takers")
    tests = pd.concat([tests, short], ignore_index=True)
    frame = runs({2013: 108.0, 2019: 150.0, 2020: 160.0}, 0.05).assign(**{"english5_takers/2019/national": 150.0})
    table, others = predictions(frame, tests), rival_forecasts(tests, rows())
    scored = scored_by_all(table, others)
    assert scored["year"].tolist() == [2019, 2020]
    assert scored[[MODEL, *FORECASTS]].notna().all(axis=None)
    assert set(totals(table, others)["facts"]) == {2}
    assert totals(table[~table["later"]], others).empty


def test_several_series_are_resampled_whole_so_that_the_interval_is_no_narrower():
    tests, fitted = later(tuple(range(2019, 2026)), np.linspace(140.0, 190.0, 7)), rows()
    frame = runs(dict.fromkeys(range(2019, 2026), 150.0), 0.1)
    pair = [each.assign(pattern=name) for name in ("maths5_examinees", "english5_takers") for each in (tests,)]
    both, past = pd.concat(pair, ignore_index=True), pd.concat([fitted, fitted.assign(pattern="english5_takers")])
    renamed = {name: name.replace("maths5_examinees", "english5_takers") for name in frame if "/" in name}
    frame = frame.assign(**{new: 1.1 * frame[old] for old, new in renamed.items()})
    table, others = predictions(frame, both), rival_forecasts(both, past)
    row = totals(table, others).iloc[0]
    alone = scored_by_all(table, others)
    from sim.analysis.scores import score_difference

    apart = score_difference(alone, row["rival"])
    assert row["series"] == 2
    assert row["low"] <= apart.low
    assert row["high"] >= apart.high


def test_coverage_counts_later_facts_in_both_intervals():
    wide = np.hypot(0.03, 0.02)
    values = [150.0 * np.exp(off * wide) for off in (0.0, 0.1, 1.2, 2.5)]
    tests = later((2019, 2020, 2021, 2022), values)
    table = predictions(runs(dict.fromkeys((2019, 2020, 2021, 2022), 150.0), 0.03), tests)
    shares = coverage(table).set_index("interval")
    assert shares["inside"].to_dict() == {"50%": 2, "90%": 3}
    assert shares["share"].to_dict() == {"50%": 0.5, "90%": 0.75}
    assert (shares["low"] < shares["share"]).all()
    assert coverage(table.assign(later=False)).empty
