"""Predictions model by model, and the part of their spread that lies between models."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.backbone_effect import AVERAGE
from sim.analysis.clusters import STRUCTURE
from sim.analysis.doubling import Doubling
from sim.analysis.predictions_by_model import (
    EFFECT,
    doublings_by_model,
    effect_by_model,
    predicted_by_model,
    variances,
)
from sim.findings.predictions_by_model import (
    TOO_FEW,
    by_model_in_text,
    effects_in_text,
    sets_sentence,
    variance_sentences,
)

WEIGHTS = {"one": 0.75, "two": 0.25}


def runs() -> pd.DataFrame:
    """Forty runs of two scenarios, three of four of the first model, which has 10,000 examinees; the second has 20,000."""
    draws = np.random.default_rng(4)
    rows = []
    for name, extra in (("a", 0.0), ("b", 500.0)):
        for seed in range(40):
            model = "two" if seed % 4 == 3 else "one"
            count = {"one": 10000.0, "two": 20000.0}[model] + extra + draws.normal(0.0, 100.0)
            years = {f"examinees_{year}": count for year in range(2013, 2021)}
            rows.append({"scenario": name, "seed": seed, STRUCTURE: model, **years})
    return pd.DataFrame(rows)


def pairs() -> pd.DataFrame:
    return pd.DataFrame({STRUCTURE: ["one"] * 30 + ["two"] * 4, "effect": [100.0, 200.0] * 15 + [0.0, 10.0] * 2})


def test_each_model_stands_beside_the_average_of_all_runs():
    table = predicted_by_model(runs(), [2018, 2020, 2025], WEIGHTS)
    assert table["year"].unique().tolist() == [2018, 2020]
    first = table[(table["scenario"] == "a") & (table["year"] == 2020)].set_index("model")
    assert list(first.index) == ["one", "two", AVERAGE]
    assert first["n"].tolist() == [30, 10, 40]
    assert first.loc["two", "median"] == pytest.approx(20000.0, rel=0.01)
    assert first.loc[AVERAGE, "high_90"] > 19000.0
    doubled = doublings_by_model(runs(), Doubling(), [2018, 2020], WEIGHTS)
    shares = doubled[(doubled["scenario"] == "a") & (doubled["by"] == 2020)].set_index("model")["p"]
    assert shares.to_dict() == {"one": 0.0, "two": 1.0, AVERAGE: 0.25}
    text = by_model_in_text(table[table["scenario"] == "a"], doubled[doubled["scenario"] == "a"])
    assert list(text) == ["model", "weight", "2018", "2020", "doubled by 2018", "doubled by 2020", "n"]


def test_the_spread_lies_between_models_where_they_differ():
    table = variances(runs(), pairs(), [2020], WEIGHTS)
    assert table["scenario"].tolist() == ["a", "b", EFFECT]
    assert (table["between"][:2] > 0.99).all()
    assert table["sd"].iloc[0] == pytest.approx(np.sqrt(0.75 * 0.25) * 10000.0, rel=0.02)
    texts = variance_sentences(table)
    assert texts[0].startswith("Of the variance of the examinees of 2020 in a, 100% lies between models")
    assert texts[2].startswith("Of the variance of the backbone's effect on examinees of 2020, ")


def test_an_interval_of_few_pairs_is_not_told():
    text = effects_in_text(effect_by_model(pairs(), WEIGHTS)).set_index("model")
    assert text.loc["two", "95% interval"] == "-"
    assert text.loc["one", "95% interval"] != "-"
    assert "10 pairs" in TOO_FEW


def test_sets_of_several_models_name_their_weights():
    record = {"sets": 12, "uncertainty": "structures", "structures": ["one", "two", "one"]}
    words = sets_sentence(record | {"weights": "weights: prior, no calibration yet"})
    assert words.startswith("12 parameter sets of 2 models")
    assert "(weights: prior, no calibration yet)" in words
    assert sets_sentence({"sets": 12, "uncertainty": "posterior"}) == "12 parameter sets of posterior."
