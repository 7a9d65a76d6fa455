"""Predictions over few sets, and the parameter sets of their runs."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.design.factors import prior_value
from sim.errors import InputError
from sim.findings.prediction import openness_sentence, score_sentences, scores_in_text
from sim.parameters import declared, uncertain
from sim.runs.models import weights_by_model
from sim.runs.posterior import parameter_sets, posterior, set_of
from sim.studies.hypotheses import prior_sets, seeds_of_sets
from sim.studies.prediction import predict
from sim.studies.prediction_tables import OPEN, backbone_pairs, labels_of, thirds_of, widths_of
from tests.offenders import each_of
from tests.studies.round_trip import check_result

TINY = {"sets": 8, "hypothesis_sets": 2, "hypothesis_seeds": 1, "jobs": 1, "progress": False}


@pytest.fixture(scope="module")
def prediction():
    """Predict over few sets."""
    return predict(**TINY, overrides={"setting.until": "2021-08", "ministry.by_readiness": 1.0})


@pytest.mark.release
def test_it_says_what_is_predicted_and_can_be_saved_loaded_and_shown(prediction, tmp_path):
    text = " ".join(prediction.summary().split())
    assert "Nothing after 2018 was fitted to" in text
    assert "All three were fitted to these counts" in text
    assert "8 parameter sets of 7 models, each model by its weight (weights: prior, no calibration yet)" in text
    assert "historical: examinees at five units by model" in text
    assert "lies between models" in text
    folder = tmp_path / "out"
    prediction.save(folder)
    left = {path.name for path in folder.iterdir()}
    assert {"predictions.csv", "scores.csv", "thirds.csv", "hypotheses.csv", "prior.csv", "table.parquet"} <= left
    assert {f"{name}.{form}" for name in ("backbone", "predictions") for form in ("pdf", "svg", "png")} <= left
    assert len(posterior(folder / "prior.csv")) == 2
    check_result(prediction, folder, "predictions.csv")


@pytest.mark.release
def test_years_that_were_not_simulated_are_not_predicted(prediction):
    table = prediction.tables["predictions"]
    assert sorted(set(table["year"])) == [2018, 2019, 2020, 2021]
    assert set(table["n"]) == {8}
    assert set(prediction.tables["doublings"]["by"]) == {2018, 2020}


@pytest.mark.release
def test_each_judged_run_has_a_set_of_its_table_and_luck_of_its_own(prediction):
    judged = prediction.judged
    assert judged.groupby(["over", "set", "scenario"]).size().unique().tolist() == [1]
    assert (judged.groupby("over")["set"].nunique() == 2).all()


def test_prior_sets_lie_in_the_declared_ranges_and_differ():
    table = prior_sets(50, 1)
    assert list(table) == uncertain()
    for name in table:
        _, declaration = declared(name)
        assert table[name].between(declaration.low, declaration.high).all(), name
        quarter, middle, three = (prior_value(name, share) for share in (0.25, 0.5, 0.75))
        assert abs(table[name].median() - middle) < 0.6 * (three - quarter), name
    assert not table.duplicated().any()
    assert not prior_sets(50, 2).equals(table)


def test_each_set_has_its_own_seeds():
    seeds = seeds_of_sets(3, 4, 300)
    assert len(set(seeds)) == 12
    assert [set_of(range(300), seed) for seed in seeds] == [0, 1, 2] * 4


@each_of(
    ("keys", "sentence"),
    [
        ({"uncertainty": "point"}, "predictions need parameter sets; `uncertainty` must be structures, "),
        ({"sets": 10**5}, "`sets` must be at most "),
        ({"sets": 2}, "`sets` must be a whole number from 3; got 2"),
        ({"hypothesis_sets": 10**5}, "`hypothesis_sets` must be at most "),
        ({"hypothesis_seeds": 0}, "`hypothesis_seeds` must be a whole number from 1; got 0"),
        ({"overrides": {"setting.until": "2019-08"}}, "the run ends (2019-08) before the examination of"),
        ({"overrides": "trust.gain"}, "`overrides` must hold parameters by dotted name; got 'trust.gain'"),
        ({"doubling": {"to": 2}}, "`doubling` must be a mapping with the keys base, factor, of, by; got {'to': 2}"),
        ({"jobs": 0}, "`jobs` "),
        ({"prior_seed": "one"}, "`prior_seed` must be a whole number from 0; got 'one'"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_before_anything_is_simulated(keys, sentence):
    with pytest.raises(InputError) as mistake:
        predict(**(TINY | keys))
    assert str(mistake.value).startswith(sentence)
    assert "\n" not in str(mistake.value)


def effects() -> pd.DataFrame:
    """Return pairs of runs of three seeds, in which a backbone adds 10, 20 and 30 examinees."""
    names = {"historical_emergent": 10.0, "no_backbone": 0.0}
    rows = [{"scenario": name, "seed": s, "examinees_2020": by * s} for name, by in names.items() for s in (1, 2, 3)]
    return pd.DataFrame(rows)


def test_an_effect_stands_beside_the_parameters_of_its_own_set():
    pairs = backbone_pairs(effects(), parameter_sets("posterior"), {})
    assert pairs["effect"].tolist() == [10.0, 20.0, 30.0]
    sets = posterior()
    for name in OPEN:
        assert pairs[name].tolist() == sets[name].iloc[1:4].tolist()
    assert list(labels_of(pairs)) == list(OPEN)
    assert thirds_of(pairs)["thirds"]["parameter"].tolist() == [name for name in OPEN for _ in range(3)]
    assert "(1: the record has no information): school.complementarity 0.99" in openness_sentence(
        {"school.complementarity": 0.99}
    )


@pytest.mark.simulates
def test_a_parameter_that_a_model_holds_is_left_out_of_its_thirds_and_widths():
    sets = parameter_sets("structures")
    seeds = list(range(1, 17))
    rows = [{"scenario": name, "seed": s, "examinees_2020": by * s}
            for name, by in {"historical_emergent": 10.0, "no_backbone": 0.0}.items() for s in seeds]  # fmt: skip
    pairs = backbone_pairs(pd.DataFrame(rows), sets, {})
    deaf = pairs["structure"].str.endswith("ministry_does_not_ask")
    weight = sum(share for name, share in weights_by_model().items() if name.endswith("ministry_does_not_ask"))
    assert abs(deaf.sum() - 16 * weight) < 2.0
    assert 0 < deaf.sum() < 16
    assert (pairs["ministry.by_readiness"].isna() == deaf).all()
    assert pairs["school.complementarity"].notna().all()
    thirds = thirds_of(pairs)["thirds"].groupby("parameter")["n"].sum()
    assert thirds["ministry.by_readiness"] == 16 - deaf.sum()
    assert thirds["school.complementarity"] == 16
    drawn = [each["ministry.by_readiness"] for each in sets if each["ministry.by_readiness"] > 0.0]
    assert widths_of(sets, ["ministry.by_readiness"])["ministry.by_readiness"] > 0.5 * (max(drawn) - min(drawn)) / 3.0


def test_a_parameter_that_is_held_has_no_thirds():
    pairs = backbone_pairs(effects(), parameter_sets("posterior"), {"ministry.by_readiness": 0.0})
    assert "ministry.by_readiness" not in pairs
    assert "ministry.by_readiness" not in labels_of(pairs)
    assert thirds_of(backbone_pairs(effects(), parameter_sets("posterior"), dict.fromkeys(OPEN, 0.0))) == {}


def test_the_scores_say_who_has_seen_what_and_with_how_many_parameters():
    from sim.analysis.scores import national_counts, scores
    from sim.catalogue import targets

    counts = national_counts(targets())
    columns = {
        f"maths5_examinees/{y}/national": [0.99 * v, v, 1.01 * v] for y, v in counts[["year", "value"]].to_numpy(int)
    }
    table = scores(pd.DataFrame(columns).assign(scenario="historical"), targets())
    text = " ".join(score_sentences(table, len(uncertain())))
    assert (
        f"{len(uncertain())} uncertain parameters, and its parameter sets were chosen with these counts in view" in text
    )
    assert scores_in_text(table)["year"].tolist() == [str(year) for year in counts["year"].tolist()[2:]]
    assert text.count("on these 7 counts: ") == 2
