"""H6: the model can find that a backbone has no effect. Shown with one parameter set inside the declared ranges."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from sim import configuration
from sim.dates import month_of
from sim.design.points import Point
from sim.parameters import declared_parameters
from sim.runs.ensemble import ensemble, results
from sim.runs.seed_runs import rows_of
from sim.studies.expectations import expectations_of
from tests.offenders import each_of
from tests.stories.certainty import ERRORS, at_least

pytestmark = [pytest.mark.simulates, pytest.mark.slow]

MINISTRY_DOES_NOT_ASK = {
    "ministry.by_readiness": 0.0,
    "ministry.by_entrepreneurship": 0.0,
    "ministry.by_motion": 0.0,
    "school.readiness_irrelevance": 1.0,
    "school.complementarity": 0.0,
}
"""The ministry asks for nothing that a backbone makes, and policy works the same on any ground."""

PARTNERS_DO_NOTHING = MINISTRY_DOES_NOT_ASK | {
    "school.teaching": 0.0, "school.access": 0.0, "school.motivation": 0.0, "school.teaching_keeping": 0.0,
    "school.access_keeping": 0.0, "school.junior": 0.0, "staffing.by_access": 0.0, "staffing.supply_per_million": 0.0,
    "staffing.virtual_price": 1.0, "network.group_strength": 0.0, "deliberation.periphery_shift": 0.0,
    "package.periphery_matching": 0.0,
}  # fmt: skip
"""Neither does any programme of any partner make a student choose five units or stay."""

HELD = [(month_of("2014-05"), 1), (month_of("2014-07"), 2), (month_of("2015-05"), 3)]
SEEDS = list(range(1, 17))


@cache
def differences(ours: tuple[tuple[str, float], ...], held: bool) -> pd.DataFrame:
    """Return the difference of every outcome between facilitation 0.8 and 0, a row a seed."""
    free = configuration.scenario("historical_emergent", overrides=dict(ours) | {"setting.until": "2020-08"})
    scenario = free.held(HELD) if held else free
    points = [Point({"facilitation": f}, scenario.with_({"backbone.facilitation": f})) for f in (0.0, 0.8)]
    rows = rows_of(results(points, SEEDS, jobs=1))
    table = pd.DataFrame(rows).set_index(["facilitation", "seed"]).drop(columns=["scenario", "dates"]).sort_index()
    return table.loc[0.8] - table.loc[0.0]


def of(values: dict[str, float], outcome: str, held: bool = True) -> np.ndarray:
    return differences(tuple(values.items()), held)[outcome].to_numpy()


@each_of("name", PARTNERS_DO_NOTHING)
def test_the_parameter_set_lies_inside_the_declared_ranges(name):
    _, declared = declared_parameters()[name]
    assert declared.low <= PARTNERS_DO_NOTHING[name] <= declared.high


def test_at_the_defaults_a_backbone_has_an_effect():
    assert at_least(of({}, "examinees_2020")) > 100.0  # at given dates, with teachers and taste that have limits


def test_there_is_a_parameter_set_in_which_it_has_none():
    effect = of(PARTNERS_DO_NOTHING, "examinees_2020")
    error = effect.std(ddof=1) / np.sqrt(len(effect))
    assert abs(effect.mean()) <= ERRORS * error, f"{effect.mean():.1f} +- {error:.1f}"
    assert error < 5.0


def test_in_it_there_is_trust_and_money_all_the_same():
    assert at_least(of(PARTNERS_DO_NOTHING, "trust_across")) > 0.02
    assert (
        at_least(of(PARTNERS_DO_NOTHING, "delivered")) > 5.0
    )  # unaided partners deliver more since delivery is a ceiling


@pytest.mark.parametrize("outcome", ["month_joined", "month_pilot", "month_national", "stage_reached"])
def test_a_ministry_that_does_not_ask_comes_when_it_comes(outcome):
    moved = of(MINISTRY_DOES_NOT_ASK, outcome, held=False)
    assert (moved[~np.isnan(moved)] == 0.0).all()


def test_readiness_that_does_not_matter_takes_part_of_the_effect_away():
    assert at_least(of({}, "examinees_2020") - of(MINISTRY_DOES_NOT_ASK, "examinees_2020")) > 0.0


NOTHING_MOVES = {
    **{f"kinds.{kind}.number": 0 for kind in ("foundation", "business", "ngo", "academia", "local_authority")},
    "ministry.mode": "never", "backbone.facilitation": 0.0, "conditions.common_agenda": 0.0,
    "school.readiness_irrelevance": 1.0,
}  # fmt: skip
"""No partner, a backbone without hours, a ministry that never moves, and schools on which nothing needs to be prepared."""


def test_there_is_a_set_in_which_no_item_of_the_case_has_any_effect():
    items = expectations_of("case")
    scenario = replace(configuration.scenario("historical"), name="base").with_(NOTHING_MOVES)
    scenarios = [scenario, *(replace(item.switched_off(scenario), name=item.name) for item in items)]
    frame = ensemble(scenarios, seeds=[1], progress=False).frame.set_index("scenario")
    for item in items:
        for outcome in {item.outcome, "examinees_2020"}:
            with_it, without = frame.loc["base", outcome], frame.loc[item.name, outcome]
            assert with_it == without or (np.isnan(with_it) and np.isnan(without)), (item.name, outcome)
