"""What each stage asks and what of the record answers; one draw of it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hydra import compose, initialize_config_dir

import experiments.command_line.entry  # noqa: F401  registers the schema of parameters
from experiments.calibrating import Simulation, free, planned, range_of, value_of
from experiments.studying import Study, spread_over
from sim.analysis.distance import LIMIT, columns
from sim.configuration import configs
from sim.errors import Mistake
from sim.parameters import uncertain
from sim.results.store import Store


def configuration(*overrides: str):
    with initialize_config_dir(str(configs() / "experiment"), version_base="1.3"):
        return compose("calibrate", list(overrides))


@pytest.fixture(scope="module")
def stages():
    return planned(configuration())


def test_the_school_side_is_asked_first_and_then_everything(stages):
    schools, together = stages
    assert set(together.asked) == set(uncertain())
    assert set(schools.asked) < set(together.asked)
    assert all(name.split(".")[0] in ("school", "staffing", "examination") for name in schools.asked)


def test_the_last_stage_answers_for_the_whole_record(stages):
    schools, together = (
        {(free(case), column) for case, rows in zip(stage.cases, stage.rows, strict=True) for column in columns(rows)}
        for stage in stages
    )
    assert schools < together
    assert (True, "ministry_goes_national/2015/network") in together


def test_nothing_after_2017_answers_nor_the_network_where_dates_are_recorded(stages):
    for stage in stages:
        for case, rows in zip(stage.cases, stage.rows, strict=True):
            assert rows["year"].max() <= 2017
            assert free(case) or "network" not in set(rows["group"])
    late = planned(configuration("stages=[together]", "stage.together.until=2020-08"))[0]
    assert max(rows["year"].max() for rows in late.rows) == 2017


def test_a_parameter_given_on_the_command_line_is_not_asked():
    stage = planned(configuration("trust.gain=0.1"))[-1]
    assert "trust.gain" not in stage.asked
    assert [case.drawn({"trust.gain": 0.2}).parameters["trust.gain"] for case in stage.cases] == [0.1, 0.1]


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("stages=[school]", "unknown stage `school`; did you mean `schools`?"),
        ("stages=[]", "`stages` names no stage"),
        ("stage.schools.parameters=[scool]", "`scool` is no uncertain parameter, nor a section with one"),
        ("stage.schools.parameters=[]", "stage `schools` has no parameter of its own"),
        ("stage.schools.scenarios=[historic]", "unknown scenario `historic`"),
        ("stage.schools.until=2005-08", "the run would end"),
        ("targets=nowhere.csv", "there is no table nowhere.csv"),
        ("targets=cities.yaml", "there is no table cities.yaml"),
        ("targets=README.md", "README.md must end in .csv or .parquet"),
        ("targets=grade12_cohort.csv", "grade12_cohort.csv, line 1: there is no column `pattern`"),
        ("stages=schools", "`stages` is a list of different names; got 'schools'"),
        ("stages=[schools,schools]", "`stages` is a list of different names; got ['schools', 'schools']"),
        ("stage.schools.scenarios=historical", "`scenarios` is a list of different names; got 'historical'"),
        ("stage.schools.parameters=5", "`parameters` is a list of different names; got 5"),
        ("stage.schools.later=school", "`later` is a list of different names; got 'school'"),
    ],
)
def test_a_stage_that_makes_no_sense_is_refused(override, sentence):
    with pytest.raises(Mistake) as mistake:
        planned(configuration(override))
    assert sentence in str(mistake.value)


@pytest.mark.parametrize(
    ("part", "change", "sentence"),
    [
        ("model", lambda _: "another", "another model version (another, now "),
        (
            "parameters",
            lambda p: p | {"trust.gain": [0.0, 1.0]},
            "other uncertain parameters or ranges (trust.gain: [0.0",
        ),
        (
            "targets",
            lambda t: t | {"historical: partners/2013/network": [61.0, 0.1]},
            "other targets (historical: partners",
        ),
        ("fixed", lambda _: {"trust.ratio": 2.0}, "other fixed parameters (trust.ratio: 2.0, now None)"),
        ("configuration", lambda c: c | {"draws": 99}, "another configuration (draws: 99, now 1500)"),
    ],
)
def test_a_study_that_was_begun_with_something_else_is_refused(tmp_path, part, change, sentence):
    cfg = configuration("stages=[schools]")
    study, manifest = Study(cfg, tuple(planned(cfg)), tmp_path), tmp_path / "manifest.json"
    study.begin()
    study.begin()
    said = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(said | {part: change(said[part])}))
    before = manifest.read_bytes()
    with pytest.raises(Mistake) as mistake:
        study.begin()
    assert sentence in str(mistake.value)
    assert manifest.read_bytes() == before


def test_a_broken_manifest_is_no_study(tmp_path):
    cfg = configuration("stages=[schools]")
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(Mistake, match="is broken: there is no study in"):
        Study(cfg, tuple(planned(cfg)), tmp_path).begin()


def test_a_score_runs_through_the_prior_range_evenly():
    low, high = range_of("trust.gain")
    assert value_of("trust.gain", 0.0) == pytest.approx((low + high) / 2.0)
    assert value_of("trust.gain", -1.6448536269514722) == pytest.approx(low + 0.05 * (high - low))
    assert [value_of("trust.gain", score) for score in (-40.0, 40.0)] == pytest.approx([low, high])


def test_a_draw_gives_the_figures_of_its_facts_and_the_same_again():
    stage = planned(configuration("stages=[schools]", "stage.schools.until=2007-08"))[0]
    scores = dict.fromkeys(stage.asked, 0.1)
    one, again, other = (Simulation(stage)({**scores, "staffing.rate": s}) for s in (0.1, 0.1, 0.2))
    assert one.tolist() == again.tolist() != other.tolist()
    assert len(one) == len(stage.measure.observed)
    assert np.isfinite(one).all()


def test_a_draw_that_fails_lies_far_away_and_is_kept_and_one_at_the_defaults_ends_everything(tmp_path, monkeypatch):
    stage = planned(configuration("stages=[schools]", "stage.schools.until=2007-08"))[0]
    monkeypatch.setattr("sim.runs.shared_history.CollaborationModel", lambda *_: 1 / 0)
    figures = Simulation(stage, folder=tmp_path)(dict.fromkeys(stage.asked, 0.1))
    assert np.isnan(figures).all()
    assert stage.measure.distance(figures) == LIMIT
    kept = Store(tmp_path).failures()
    assert [("ZeroDivisionError" in one["traceback"], "staffing.rate" in one) for one in kept] == [(True, True)]
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        stage.figures({}, 1)


def test_sets_are_used_in_turn():
    assert [each["n"] for each in spread_over([{"n": 0.0}, {"n": 1.0}], 3)] == [0.0, 1.0, 0.0]
