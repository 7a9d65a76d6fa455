"""The table of models: prior weights, evidence, and messages for wrong tables."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.design.mechanisms import ITSELF, RIVALS, mechanism
from sim.errors import InputError
from sim.findings.models import BY_EVIDENCE, NEAR_PRIOR, PRIOR, weights_words
from sim.runs.models import calibrated, fixed_in, models, weighed, weights_by_model
from sim.runs.posterior import structure_sets
from tests.offenders import each_of

TRUST, ASKS = {"trust.rule": "constant"}, "ministry.by_readiness"


def test_trust_that_is_inert_and_a_ministry_that_does_not_ask_have_the_prior_of_their_opposites():
    prior = models().set_index("model")["prior"]
    inert = [name for name in prior.index if fixed_in(name).get("trust.rule") == "constant"]
    deaf = [name for name in prior.index if fixed_in(name).get(ASKS) == 0.0]
    assert prior[inert].sum() == prior[deaf].sum() == 0.5
    assert prior[[name for name in inert if name in deaf]].sum() == 0.25
    as_modelled = [name for name in prior.index if name not in {*inert, *deaf}]
    assert set(prior[as_modelled]) == {1 / 16}
    assert as_modelled == [ITSELF, "teachers_limit", "aspiration", "additive_window"]


def test_both_holds_what_each_of_the_two_holds():
    both = fixed_in("constant_trust_ministry_does_not_ask")
    assert both == fixed_in("constant_trust") | fixed_in("ministry_does_not_ask")


def test_every_model_is_fitted_by_a_calibration_and_has_a_posterior():
    for name in weights_by_model():
        assert name == ITSELF or name in RIVALS
        sets = structure_sets(name)
        assert len(sets) >= 40
        assert fixed_in(name).items() <= sets[0].items()


@pytest.mark.parametrize(
    ("log", "error", "words"),
    [
        ([float("nan")] * 2, [float("nan")] * 2, PRIOR),
        ([-100.0, -100.3], [0.3, 0.2], NEAR_PRIOR),
        ([-100.0, -104.0], [0.3, 0.2], BY_EVIDENCE),
    ],
)
def test_the_words_say_what_weights_rest_on(log, error, words):
    rows = weighed(pd.DataFrame({"model": ["a", "b"], "prior": [0.5, 0.5], "log_evidence": log, "error": error}))
    assert weights_words(rows) == words
    assert calibrated(rows) == (words != PRIOR)
    assert rows["weight"].sum() == pytest.approx(1.0)


def rows(**changes):
    table = {"model": [ITSELF, "constant_trust"], "prior": [0.5, 0.5], "log_evidence": [None, None],
             "error": [None, None], "weight": [0.5, 0.5]}  # fmt: skip
    return pd.DataFrame(table | changes)


@each_of(
    ("changes", "sentence"),
    [
        ({"model": [ITSELF, "constant_trsut"]}, "did you mean `constant_trust`"),
        ({"model": [ITSELF, ITSELF]}, "`damped_taste`"),
        ({"model": [ITSELF, "trend_only"]}, "the mechanism `trend_only` holds no parameter fixed"),
        ({"prior": [0.5, 0.4]}, "the prior weights sum to 0.9; they must sum to 1"),
        ({"log_evidence": [-3.0, None], "error": [0.1, None]}, "must be filled for all models or for none"),
        ({"weight": [0.6, 0.4]}, "the weight of `damped_taste` is 0.6, but 0.5 follows from prior and evidence"),
        ({"prior": [0.5, -0.5]}, "column `prior`"),
    ],
)
def test_a_wrong_table_ends_in_one_sentence(tmp_path, changes, sentence):
    path = tmp_path / "models.csv"
    rows(**changes).to_csv(path, index=False)
    with pytest.raises(InputError) as mistake:
        models(path)
    assert sentence in str(mistake.value)
    assert "\n" not in str(mistake.value)


def test_weights_of_a_table_follow_from_its_evidence(tmp_path):
    table = weighed(rows(log_evidence=[-10.0, -12.0], error=[0.1, 0.1]))
    table.round(6).to_csv(tmp_path / "models.csv", index=False)
    assert models(tmp_path / "models.csv")["weight"].tolist() == pytest.approx(table["weight"].tolist(), abs=1e-5)
    with pytest.raises(InputError, match=r"the table of models .nowhere\.csv. does not exist"):
        models("nowhere.csv")


def test_the_mechanisms_of_the_models_are_those_of_the_project():
    assert mechanism("ministry_does_not_ask").values["ministry.cooling_by_trust"] == 0.0
