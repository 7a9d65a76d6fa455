"""Sentences on the backbone's effect claim nothing where the interval includes zero."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.backbone_effect import EXAMINEES, POSTERIOR, PRIOR, effects
from sim.analysis.mediation import DIRECT, THROUGH, TOTAL
from sim.findings.backbone_effect import (
    by_model_sentence,
    doubling_sentence,
    effects_in_text,
    headline,
    prior_sentence,
    variance_sentence,
)
from sim.findings.mediation import WHOLE, mediation_sentences
from sim.findings.models import PRIOR as NOT_CALIBRATED
from sim.findings.numbers import Unit

OUTCOMES = [EXAMINEES, "doubled_2020"]


def table(first: float, second: float) -> pd.DataFrame:
    """Effects of two models with these means, of equal weight."""
    draws = np.random.default_rng(2)
    means = {"one": first, "two": second}
    rows = [(over, model, number, number, mean + draws.normal(0.0, 20.0), 0.0)
            for over in (PRIOR, POSTERIOR) for model, mean in means.items() for number in range(30)]  # fmt: skip
    pairs = pd.DataFrame(rows, columns=["over", "model", "set", "seed", *OUTCOMES])
    weights = {"one": 0.5, "two": 0.5}
    return effects(pairs, OUTCOMES, {PRIOR: weights, POSTERIOR: weights})


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (3000.0, 100.0, "the backbone adds 1,5"),
        (-3000.0, -100.0, "the backbone takes away 1,5"),
        (2.0, -2.0, "the effect of the backbone on examinees of 2020 cannot be distinguished from zero: "),
    ],
)
def test_the_headline_claims_what_the_interval_allows_and_names_the_weights(first, second, words):
    text = headline(table(first, second), NOT_CALIBRATED)
    assert text.startswith(f"Averaged over 2 models (weights: prior, no calibration yet), {words}")
    assert "95% interval" in text
    assert ("adds" in text or "takes away" in text) == ("cannot be distinguished" not in text)


def test_models_in_which_there_may_be_nothing_are_named_with_their_weight():
    text = by_model_sentence(table(3000.0, 0.0))
    assert "The interval includes zero in models with 50% of the weight: two." in text
    assert "in none of them does the interval include zero" in by_model_sentence(table(3000.0, 500.0))


def test_the_smallest_model_comes_before_the_largest():
    first, second = by_model_sentence(table(3000.0, 500.0)), by_model_sentence(table(500.0, 3000.0))
    assert first.index("(two)") < first.index("(one)")
    assert second.index("(one)") < second.index("(two)")


def test_prior_variance_and_doubling_are_said():
    effect = table(3000.0, 0.0)
    assert "times as wide" in prior_sentence(effect)
    average = effect[(effect["model"] == "average") & (effect["over"] == POSTERIOR)].iloc[0]
    assert "lies between models (95% interval" in variance_sentence(average, "the effect")
    assert doubling_sentence(effect, 2020).startswith(
        "The effect on the probability of doubling by 2020 cannot be distinguished from zero: 0"
    )


def test_uses_without_an_effect_are_named_and_the_rest_is_not():
    rows = [
        (hours, EXAMINEES, part, effect, effect - 5.0, effect + 5.0, 60)
        for hours, total, direct in (("convening", 1.0, 2.0), ("shared data", 300.0, 3.0), (WHOLE, 400.0, 100.0))
        for part, effect in ((TOTAL, total), (DIRECT, direct), (THROUGH, total - direct))
    ]
    whole, free, held = mediation_sentences(
        pd.DataFrame(rows, columns=["hours", "outcome", "part", "effect", "low", "high", "n"])
    )
    assert "Of the +400 (+395 to +405) examinees of 2020 that a whole backbone adds, +100 (+95" in whole
    assert free.endswith("with a free ministry: convening.")
    assert held.endswith("with the dates held: convening, shared data.")


def test_tables_put_prior_beside_posterior_and_name_each_model():
    text = effects_in_text(table(3000.0, 0.0), EXAMINEES, Unit(1.0, "students"))
    assert text["model"].tolist() == ["one", "two", "average"]
    assert list(text)[1:] == [
        "prior: mean [95%]",
        "prior: middle 90%",
        "posterior: mean [95%]",
        "posterior: middle 90%",
    ]
    assert text["posterior: mean [95%]"].iloc[0].startswith("+2,99")
