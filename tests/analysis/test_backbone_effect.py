"""The backbone's effect in numbers: averages over models, spreads, and the parts of an effect."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.backbone_effect import (
    AVERAGE,
    EXAMINEES,
    POSTERIOR,
    PRIOR,
    effects,
    paired_effects,
    with_doublings,
)
from sim.analysis.doubling import Doubling
from sim.analysis.mediation import DIRECT, THROUGH, TOTAL, mediation, with_decisions

WEIGHTS = {PRIOR: {"a": 0.5, "b": 0.5}, POSTERIOR: {"a": 0.9, "b": 0.1}}


def pairs(
    mean: dict[str, float], sets: int = 40, runs: int = 2, between: float = 30.0, luck: float = 10.0
) -> pd.DataFrame:
    draws = np.random.default_rng(3)
    rows = []
    for over in (PRIOR, POSTERIOR):
        for model in ("a", "b"):
            own = mean[model] + draws.normal(0.0, between, sets)
            rows += [(over, model, number, number + sets * run, own[number] + draws.normal(0.0, luck))
                     for number in range(sets) for run in range(runs)]  # fmt: skip
    return pd.DataFrame(rows, columns=["over", "model", "set", "seed", EXAMINEES])


def row(table: pd.DataFrame, over: str, model: str) -> pd.Series:
    return table[(table["over"] == over) & (table["model"] == model)].iloc[0]


def test_the_average_weighs_models_before_and_after_the_calibration():
    table = effects(pairs({"a": 0.0, "b": 1000.0}), [EXAMINEES], WEIGHTS)
    assert list(table["model"]) == ["a", "b", AVERAGE] * 2
    assert row(table, PRIOR, AVERAGE)["effect"] == pytest.approx(500.0, abs=15.0)
    assert row(table, POSTERIOR, AVERAGE)["effect"] == pytest.approx(100.0, abs=15.0)
    between = row(table, POSTERIOR, AVERAGE)["between"]
    assert between == pytest.approx(0.09 * 1e6 / (0.09 * 1e6 + 30.0**2 + 50.0), abs=0.01)
    for over in (PRIOR, POSTERIOR):
        one = row(table, over, AVERAGE)
        assert one["low"] < one["effect"] < one["high"]
        assert one["high"] - one["low"] < 40.0  # a mean over many sets, not the spread over models
        assert one["low_90"] < 0.0 + 60.0
        assert one["high_90"] > 900.0
    assert row(table, PRIOR, "a")["weight"] == 0.5
    assert row(table, POSTERIOR, "b")["weight"] == 0.1


def test_spread_between_sets_is_told_apart_from_luck():
    table = effects(pairs({"a": 0.0, "b": 0.0}, sets=300), [EXAMINEES], WEIGHTS)
    one = row(table, POSTERIOR, "a")
    assert one["sd_sets"] == pytest.approx(30.0, rel=0.15)
    assert one["sd_random"] == pytest.approx(10.0, rel=0.15)
    assert (one["sets"], one["pairs"]) == (300, 600)
    single = effects(pairs({"a": 0.0, "b": 0.0}, runs=1), [EXAMINEES], WEIGHTS)
    assert np.isnan(row(single, POSTERIOR, "a")["sd_sets"])


@pytest.mark.heavy
def test_the_interval_of_a_mean_holds_the_truth_about_as_often_as_it_says():
    held = 0
    for seed in range(200):
        draws = np.random.default_rng(seed)
        frame = pd.DataFrame({"over": POSTERIOR, "model": "a", "set": range(8), "seed": range(8)})
        frame = pd.concat([frame, frame.assign(over=PRIOR)], ignore_index=True)
        frame[EXAMINEES] = draws.normal(5.0, 1.0, len(frame))
        one = row(effects(frame, [EXAMINEES], {PRIOR: {"a": 1.0}, POSTERIOR: {"a": 1.0}}), POSTERIOR, "a")
        held += one["low"] < 5.0 < one["high"]
    assert 180 <= held <= 199


def test_pairs_are_of_one_set_and_seed():
    runs = pd.DataFrame({
        "over": POSTERIOR, "model": "a", "set": [0, 0, 1, 1], "seed": [0, 0, 1, 1],
        "scenario": ["with", "without"] * 2, EXAMINEES: [10.0, 4.0, 20.0, np.nan],
    })  # fmt: skip
    assert paired_effects(runs, ("with", "without"), [EXAMINEES])[["set", EXAMINEES]].to_numpy().tolist() == [[0, 6.0]]


def test_a_programme_that_never_came_has_no_months_and_is_not_left_out():
    frame = with_decisions(pd.DataFrame({"month_national": [100.0, np.nan]}), 179)
    assert frame["national_months"].tolist() == [80.0, 0.0]
    years = {f"examinees_{year}": [9e3, 2e4] for year in range(2013, 2019)}
    counts = with_doublings(pd.DataFrame(years), Doubling(), [2018])
    assert counts["doubled_2018"].tolist() == [0.0, 1.0]


def test_the_parts_of_an_effect_sum_to_the_whole_over_the_same_pairs():
    draws = np.random.default_rng(1)
    rows = []
    for seed in range(50):
        luck = draws.normal(0.0, 100.0)
        base = {"seed": seed, "dates": "emergent", "month": 1.0}
        rows.append(base | {"scenario": "all", EXAMINEES: 1000.0 + luck})
        rows.append(base | {"scenario": "less", EXAMINEES: 700.0 + luck + draws.normal(0.0, 5.0)})
        if seed:  # one run failed
            rows.append(base | {"scenario": "less", "dates": "held", EXAMINEES: 960.0 + luck + draws.normal(0.0, 5.0)})
    table = mediation(pd.DataFrame(rows), "all", {"less": "hours"}, [EXAMINEES]).set_index("part")
    assert table["n"].tolist() == [49, 49, 49]
    assert table.loc[TOTAL, "effect"] == pytest.approx(300.0, abs=3.0)
    assert table.loc[DIRECT, "effect"] == pytest.approx(40.0, abs=3.0)
    assert table.loc[TOTAL, "effect"] == pytest.approx(table.loc[[DIRECT, THROUGH], "effect"].sum())
    assert (table["high"] - table["low"] < 10.0).all()  # paired: the luck that runs share is gone
