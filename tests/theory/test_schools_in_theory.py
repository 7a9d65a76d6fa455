"""Schools as in the record, and their stability when nothing happens."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.stats import norm, t

from sim import configuration
from sim.dates import month_of
from sim.draws import Luck
from sim.model import CollaborationModel
from sim.outcomes import examinations
from sim.runs.run import simulate
from sim.world.facts import cells
from sim.world.setting import SettingParameters
from sim.world.synthetic_schools import DrawingParameters, drawn_population
from tests.theory.conftest import Say

ALARM = 1e-3
SEEDS = 30
USUAL = SettingParameters().burn_in
DRAWS = 400


# The draw of 2013


@cache
def draws() -> np.ndarray:
    """Return schools, maths takers, takers at five units and tracks, by seed."""
    rows = []
    for seed in range(1, DRAWS + 1):
        drawn = drawn_population(SettingParameters(), DrawingParameters(), Luck(seed), 30)
        five = (drawn.track * drawn.takers * drawn.share).sum()
        rows.append((len(drawn.id), drawn.takers.sum(), five, drawn.track.sum()))
    return np.array(rows, dtype=float)


@pytest.mark.heavy
@pytest.mark.parametrize(("column", "what", "published"), [(0, "schools", 881), (1, "maths takers", 73_641)])
def test_each_draw_has_the_schools_and_takers_of_the_record(column: int, what: str, published: int, say: Say) -> None:
    got = draws()[:, column]
    say(f"synthetic draw: {what}, each of {DRAWS} seeds", f"{published:,}", f"{got.min():,.0f} to {got.max():,.0f}")
    assert np.abs(got - published).max() < 1e-6


@pytest.mark.heavy
@pytest.mark.parametrize(("column", "what", "published"), [(2, "takers at five units", 8872), (3, "tracks", 452)])
def test_draws_have_the_tracks_and_five_units_of_the_record_within_error(
    column: int, what: str, published: int, say: Say
) -> None:
    got = draws()[:, column]
    spread = got.std(ddof=1)
    error = spread / np.sqrt(DRAWS)
    say(
        f"synthetic draw: {what}, mean of {DRAWS} seeds",
        f"{published:,}",
        f"{got.mean():,.1f} (s.e. {error:.1f}; one draw +- {spread:.0f})",
    )
    assert abs(got.mean() - published) < norm.isf(ALARM / 4) * error
    assert np.abs(got - published).max() < norm.isf(ALARM / DRAWS / 4) * spread
    assert spread < 0.025 * published


@pytest.mark.simulates
def test_simulated_schools_of_2013_have_the_spread_of_shares_of_the_record(say: Say) -> None:
    published, rows = np.array([7.0, 13.2, 25.0]), []
    for seed in range(1, 11):
        world = simulate(configuration.scenario("no_initiative", overrides={"setting.until": "2013-08"}), seed).world
        figure = examinations(world)[2013]
        counted = figure["examinees"] >= 5  # the school file counts no smaller group
        rows.append(100.0 * np.quantile(figure["examinees"][counted] / figure["takers"][counted], (0.1, 0.5, 0.9)))
    got = np.mean(rows, axis=0)
    say(
        "simulated 2013: 10, 50 and 90% quantiles of schools' shares, by the file's own rule",
        ", ".join(f"{value:.1f}%" for value in published),
        ", ".join(f"{value:.1f}%" for value in got),
    )
    assert np.abs(got / published - 1.0).max() < 0.1  # two numbers, a level and a spread, stand for three


@pytest.mark.heavy
def test_draws_have_the_takers_at_five_units_of_each_quintile(say: Say) -> None:
    table = cells("school_population_2013.csv")
    published = {q: table["five_unit_takers"][table["nurture_quintile"] == str(q)].sum() for q in range(1, 6)}
    drawn = [drawn_population(SettingParameters(), DrawingParameters(), Luck(seed), 30) for seed in range(1, 101)]
    for quintile, total in published.items():
        expected = [(one.track_chance * one.takers * one.share)[one.quintile == quintile].sum() for one in drawn]
        say(f"synthetic draw: expected at five units, quintile {quintile}", f"{total:,.0f}", f"{expected[0]:,.1f}")
        assert np.abs(np.array(expected) / total - 1.0).max() < 1e-3


@pytest.mark.simulates
def test_cohorts_of_a_school_differ_in_size_as_in_the_record(say: Say) -> None:
    published, rows = 0.208, []  # root of minus the covariance of two successive changes of the log, 2013 to 2015
    for seed in range(1, 6):
        figures = examinations(
            simulate(configuration.scenario("no_initiative", overrides={"setting.until": "2015-08"}), seed).world
        )
        takers = np.stack([figures[year]["takers"] for year in (2013, 2014, 2015)])
        changes = np.diff(np.log(takers[:, (takers >= 5).all(axis=0)]), axis=0)
        rows.append(np.sqrt(-np.cov(changes)[0, 1]))
    got = float(np.mean(rows))
    say("simulated 2013-2015: passing differences of a school's log takers, sd", f"{published:.3f}", f"{got:.3f}")
    assert abs(got / published - 1.0) < 0.1


# When nothing happens


@cache
def steady(burn_in: int) -> np.ndarray:
    """Return the log of examinees by seed and year, without support, policy, trend or growth of cohorts."""
    scenario = configuration.scenario("no_initiative", overrides={"school.steady": True, "setting.burn_in": burn_in})
    scenario = replace(
        scenario, policy=scenario.policy.without("commitment.independent", "ministry.plan_budget", "school.reserves")
    )
    runs = [simulate(scenario, seed) for seed in range(1, SEEDS + 1)]
    assert all(float(run.world.ledger.offered.sum()) == 0.0 for run in runs)
    return np.log([run.years["examinees"].to_numpy() for run in runs])


def slopes(series: np.ndarray) -> np.ndarray:
    """Return the slope of each row over years."""
    years = np.arange(series.shape[1]) - (series.shape[1] - 1) / 2.0
    return series @ years / (years @ years)


@pytest.mark.simulates
def test_when_nothing_happens_enrolment_jumps_in_no_year(say: Say) -> None:
    steps = np.diff(steady(USUAL), axis=1)
    error = steps.std(axis=0, ddof=1) / np.sqrt(SEEDS)
    margin = t.isf(ALARM / 2 / steps.shape[1], SEEDS - 1) * error
    worst = int(np.abs(steps.mean(axis=0)).argmax())
    say(
        f"nothing happens: largest mean change in a year, {SEEDS} seeds, 15 years",
        "0",
        f"{100 * steps.mean(axis=0)[worst]:+.2f}% (s.e. {100 * error[worst]:.2f}%)",
    )
    assert (np.abs(steps.mean(axis=0)) < margin).all()
    assert (np.abs(steps.mean(axis=0)) + margin < 0.025).all()
    assert np.abs(steps).max() < 0.08  # no single run jumps either: a year's spread is about 1.5%


@pytest.mark.simulates
def test_after_a_long_burn_in_enrolment_has_no_trend(say: Say) -> None:
    slope = slopes(steady(12))
    error = slope.std(ddof=1) / np.sqrt(SEEDS)
    say(
        f"nothing happens: trend over 15 years, burn-in of 12 years, {SEEDS} seeds",
        "0",
        f"{100 * slope.mean():+.3f}% a year (s.e. {100 * error:.3f}%)",
    )
    assert abs(slope.mean()) < t.isf(ALARM / 2, SEEDS - 1) * error


@pytest.mark.simulates
def test_after_the_usual_burn_in_what_is_left_of_the_start_is_small(say: Say) -> None:
    series = steady(USUAL)
    slope, start = slopes(series), series[:, :2].mean(axis=1) - series[:, -8:].mean(axis=1)
    say(
        f"the same, burn-in of {USUAL} years as by default, {SEEDS} seeds",
        "0; within 0.2% a year",
        f"{100 * slope.mean():+.3f}% a year; first two years {100 * start.mean():+.2f}% off the last eight",
    )
    assert abs(slope.mean()) + 4.0 * slope.std(ddof=1) / np.sqrt(SEEDS) < 0.002
    assert abs(start.mean()) + 4.0 * start.std(ddof=1) / np.sqrt(SEEDS) < 0.025


@pytest.mark.simulates
def test_virtual_classes_are_about_as_large_as_the_record_has_them() -> None:
    # 290 students of 56 schools in the last year before the initiative; the model's money arrives a year later.
    model = CollaborationModel(configuration.scenario("historical"), 2).run_until_month(month_of("2014-10"))
    seats = model.world.schools.virtual
    assert not seats[model.world.schools.track].any()
    assert 28 < (seats >= 1.0).sum() < 112
    assert 145 < seats.sum() < 580
