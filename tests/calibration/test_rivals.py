"""Rivals of the model: what of them the record can tell apart, and what informs a parameter."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("emcee", reason="needs the extra `calibration`")

from sim.analysis.distance import fact_columns
from sim.calibration.calibrate import calibrate
from sim.calibration.emulator import Draws, Emulator
from sim.calibration.information import DATES, information_table, strongest_patterns
from sim.calibration.rivals import rival_of, with_log_odds
from sim.calibration.stages import planned_stages
from sim.calibration.study import CalibrationStudy
from sim.design.mechanisms import RIVALS, mechanisms
from sim.errors import InputError
from sim.findings.calibration import rival_sentences
from tests.calibration.test_emulator import MEASURE, ROWS, drawn
from tests.calibration.test_stages import options

MODELS = pd.DataFrame(
    [
        ("the model", 5, 10.0, 9.0),
        ("far worse", 5, 2.0, 1.0),
        ("far worse, by one round only", 5, 2.0, 8.5),
        ("as good", 5, 10.5, 9.5),
        ("the schools alone", 3, 50.0, 50.0),
        ("better there", 3, 54.0, 55.0),
    ],
    columns=["model", "facts", "evidence", "before"],
)


def test_models_are_weighed_against_the_first_with_as_many_facts():
    table = with_log_odds(MODELS)
    assert list(table["log_odds"]) == [0.0, -8.0, -8.0, 0.5, 0.0, 4.0]
    assert list(table["against"]) == ["the model"] * 4 + ["the schools alone"] * 2


def test_the_record_speaks_only_where_both_rounds_do():
    assert rival_sentences(with_log_odds(MODELS).assign(backbone=np.nan)) == [
        "The record speaks against: far worse (against the model)",
        "The record speaks for: better there (against the schools alone)",
        "The record does not distinguish from the model: far worse, by one round only (against the model); "
        "as good (against the model)",
    ]


def test_the_backbone_is_told_by_the_models_that_cannot_be_told_apart():
    effects = pd.DataFrame(
        {"backbone": [5000.0, 1.0, 20.0, 40.0, np.nan, np.nan], "low": [4000.0, 0.5, -1.0, 30.0, np.nan, np.nan]}
    )
    text = rival_sentences(with_log_odds(MODELS).join(effects))[-1]
    assert "from 20 (far worse, by one round only) to 5,000 (the model)" in text
    assert text.endswith("an effect of zero cannot be excluded")
    surer = rival_sentences(with_log_odds(MODELS).join(effects.assign(low=effects["backbone"] - 0.5)))[-1]
    assert surer.endswith("examinees of 2020")


@pytest.mark.parametrize(
    ("rivals", "message"),
    [
        (["constnt_trust"], "unknown mechanism `constnt_trust`; did you mean `constant_trust`"),
        (["constant_trust", "constant_trust"], "`rivals` must be `all` or a list of different names"),
        (5, "`rivals` must be `all` or a list of different names"),
    ],
)
def test_a_rival_that_does_not_exist_is_refused_before_anything_is_drawn(rivals, message):
    with pytest.raises(InputError, match=message):
        calibrate(rivals=rivals)


@pytest.mark.heavy
def test_a_parameter_is_informed_by_the_figures_that_follow_it():
    draws = drawn(600, dated=2.0)
    emulator = Emulator.of(MEASURE, MEASURE, Draws(draws.scores, draws.figures))
    result = SimpleNamespace(emulator=emulator, chain=SimpleNamespace(scores=np.zeros((5, 3))))
    rows = information_table(result, SimpleNamespace(parameters=("one", "two", "three"), facts=(ROWS,)))
    table = rows.pivot(index="parameter", columns="pattern", values="information")
    assert table.loc["three", DATES] > 10 * table.loc["three", "share_5_units"]
    assert table.loc["one", "share_5_units"] == pytest.approx(0.05**2 / (0.03**2 + 0.01**2), rel=0.2)
    assert strongest_patterns(rows, 1)["parameter"].iloc[0] in ("one", "two")


def test_a_rival_with_scenarios_of_its_own_answers_for_no_facts_of_pairs(tmp_path):
    chosen = options("together", changed={"together": {"until": "2017-08"}}, repeats=0)
    study = CalibrationStudy(chosen, planned_stages(chosen), tmp_path)
    figures = tuple(np.arange(len(study.stages[0].measure.observed)) + k for k in range(2))
    study.__dict__["measured"] = (replace(study.stages[0], default_figures=figures),)
    same, trend, dates = (
        rival_of(study, each).stage
        for each in mechanisms(["constant_trust", "trend_only", "recorded_dates"], "rivals", RIVALS)
    )
    whole = fact_columns(study.stages[0].facts[0])
    assert fact_columns(same.facts[0]) == whole
    assert (
        fact_columns(trend.facts[0])
        == fact_columns(dates.facts[0])
        == [name for name in whole if not name.startswith("boys_gain")]
    )
    assert len(trend.facts[0]) == len(whole) - 1
    assert list(trend.default_figures[1]) == [k + 1 for k, name in enumerate(whole) if not name.startswith("boys_gain")]
    assert not any(trend.references)
