"""Facts of pairs: a run compared with the same run with some levers changed, as in two separate runs."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.analysis.fit import PATTERNS as COMPARED
from sim.analysis.fit import fit
from sim.catalogue import targets
from sim.configuration import scenario
from sim.dates import month_of, september
from sim.declare import Fact
from sim.errors import InputError
from sim.outcomes.paired import BOYS, HOURS, PAIRED, as_recorded_in_pairs, boys_gain_by_hours, references_of
from sim.outcomes.record import Record
from sim.outcomes.schools import examinations
from sim.policy import Change, Scenario
from sim.runs.run import simulate
from sim.runs.shared_history import Histories

GAIN, COUNT = Fact("boys_gain_by_hours", 2017, "policy"), Fact("maths5_examinees", 2017, "national")

NO_EFFECT = {
    "school.teaching": 0.0,
    "school.access": 0.0,
    "school.motivation": 0.0,
    "school.teaching_keeping": 0.0,
    "school.access_keeping": 0.0,
    "staffing.seats_per_hour": 0.0,
    "staffing.supply_per_million": 0.0,
    "staffing.by_access": 0.0,
    "staffing.minimum_lowered": 15.0,
}
"""Hours and classes that bring nothing."""


def scenario_with(**values: object) -> Scenario:
    return scenario("historical", overrides={"setting.until": "2017-08", **values})


def paired(one: Scenario, seed: int = 1) -> dict[str, float]:
    """Return the figures of a run and its reference, from their shared history."""
    world, other = Histories(seed).worlds([one, HOURS.beside(one)])
    return as_recorded_in_pairs(world, [GAIN, COUNT], {HOURS: other})


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    return paired(scenario_with())


@pytest.mark.simulates
def test_the_effect_is_that_of_two_separate_runs(figures):
    without = [
        Change(month_of("2014-09"), "ministry.pilot_budget", 0.0),
        Change(month_of("2014-09"), "ministry.national_budget", 0.0),
        Change(month_of("2014-09"), "package.lower_minimum", False),
    ]
    other = replace(scenario_with(), policy=scenario_with().policy.also(without))
    shares = []
    for each in (scenario_with(), other):
        figure = examinations(simulate(each, 1).world)[2017]
        shares.append((figure["examinees"].sum() - figure["girls"]) / (BOYS * figure["grade"]))
    assert figures[GAIN.column] == pytest.approx(shares[0] - shares[1], abs=1e-12)
    assert 0.002 < figures[GAIN.column] < 0.05


@pytest.mark.simulates
def test_a_fact_of_one_run_stands_beside_it_as_ever(figures):
    assert list(figures) == [GAIN.column, COUNT.column]
    assert figures[COUNT.column] == examinations(simulate(scenario_with(), 1).world)[2017]["examinees"].sum()


@pytest.mark.simulates
def test_the_effect_is_nothing_where_hours_and_classes_bring_nothing():
    assert paired(scenario_with(**NO_EFFECT))[GAIN.column] == 0.0


@pytest.mark.simulates
def test_a_reference_costs_the_months_after_the_first_hours_alone():
    histories, one = Histories(1), scenario_with()
    histories.worlds([one])
    alone, both = histories.months, Histories(1)
    both.worlds([one, HOURS.beside(one)])
    assert both.months - alone == month_of("2017-08") + 1 - month_of("2014-09")


def record(five: list[float], support: list[float], girls: float) -> Record:
    """Return three invented schools in 2017, with the ministry's support of each."""
    figure = {"examinees": np.array(five), "takers": np.array([100.0, 60.0, 40.0]), "grade": 250.0, "girls": girls}
    schools = SimpleNamespace(policy_support=np.array(support)[:, None] * np.ones(3))
    return Record(SimpleNamespace(schools=schools, month=september(2018)), {2017: figure}, {})


def test_the_share_is_of_boys_in_schools_that_received_hours():
    one, other = (
        record([30.0, 10.0, 10.0], [2.0, 1.0, 1.0], girls=20.0),
        record([20.0, 10.0, 10.0], [1.0] * 3, girls=18.0),
    )
    with_hours, without = 30.0 * (1 - 20 / 50), 20.0 * (1 - 18 / 40)  # boys at five units in the first school
    boys = 0.5 * 250.0 * 100 / 200  # its boys in grade 12
    assert boys_gain_by_hours(one, other, 2017, "policy") == pytest.approx((with_hours - without) / boys)


def test_where_no_school_received_hours_there_is_no_effect_to_tell():
    one = record([20.0, 10.0, 10.0], [1.0] * 3, girls=18.0)
    assert math.isnan(boys_gain_by_hours(one, one, 2017, "policy"))


def test_a_year_that_one_of_the_runs_does_not_reach_is_not_a_number():
    function, reference = PAIRED[GAIN.pattern]
    one, other = record([30.0, 10.0, 10.0], [2.0, 1.0, 1.0], 20.0), record([20.0, 10.0, 10.0], [1.0] * 3, 18.0)
    assert not math.isnan(function(one, other, 2017, "policy"))
    assert math.isnan(function(one, replace(other, figures={}), 2017, "policy"))
    assert references_of([GAIN, COUNT, GAIN]) == (reference,) == (HOURS,)
    assert references_of([COUNT]) == ()


def test_a_scenario_that_cannot_be_paired_says_why():
    later = scenario_with()
    later = replace(later, policy=later.policy.also([Change(month_of("2016-09"), "ministry.national_budget", 10.0)]))
    with pytest.raises(
        InputError, match=r"^`historical` changes `ministry.national_budget` in 2016-09, so it cannot be paired"
    ):
        HOURS.beside(later)
    already = {"ministry.pilot_budget": 0.0, "ministry.national_budget": 0.0, "package.lower_minimum": False}
    with pytest.raises(
        InputError,
        match=r"^`historical` already has ministry.pilot_budget=0.0, .* would be the same run; leave out the facts",
    ):
        HOURS.beside(scenario_with(**already))


def test_every_pattern_of_pairs_can_be_compared_and_stands_in_no_table_of_single_runs():
    assert set(PAIRED) == {name for name, pattern in COMPARED.items() if pattern.paired}
    record = targets()
    frame = pd.DataFrame({COUNT.column: [16000.0, 16100.0]})
    assert GAIN.pattern in set(record["pattern"])
    assert GAIN.pattern not in set(fit(frame, record)["pattern"])
    row = fit(frame.assign(**{GAIN.column: 0.01}), record).set_index("pattern").loc[GAIN.pattern]
    assert row["deviation"] == pytest.approx(-2.0), "in points"
