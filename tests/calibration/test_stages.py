"""Stages of a calibration: their parameters, facts and draws."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from sim.analysis.distance import LIMIT, fact_columns
from sim.calibration.calibrate import calibrate
from sim.calibration.options import CalibrationOptions, project_stages, stages_with
from sim.calibration.stages import Draw, ministry_decides_freely, planned_stages, value_of
from sim.calibration.study import CalibrationStudy
from sim.declare import Fact
from sim.design.factors import prior_range
from sim.errors import InputError
from sim.outcomes import all_outcomes
from sim.outcomes.paired import HOURS, as_recorded_in_pairs
from sim.parameters import uncertain
from sim.results.store import Store
from sim.runs.shared_history import Histories
from tests.offenders import each_of


def options(*stages: str, changed: dict | None = None, **values) -> CalibrationOptions:
    """Options of a calibration in stages of the project, in which some keys of a stage are changed."""
    stage = project_stages()
    for name, keys in (changed or {}).items():
        stage[name] = {**stage[name], **keys}
    return CalibrationOptions(stages or tuple(stage), stage, **values)


@pytest.fixture(scope="module")
def stages():
    return planned_stages(options())


def test_the_school_side_is_asked_first_and_then_everything(stages):
    schools, together = stages
    assert set(together.parameters) == set(uncertain())
    assert set(schools.parameters) < set(together.parameters)
    assert all(name.split(".")[0] in ("school", "staffing", "examination") for name in schools.parameters)


def test_the_last_stage_answers_for_the_whole_record(stages):
    schools, together = (
        {
            (ministry_decides_freely(scenario), column)
            for scenario, rows in zip(stage.scenarios, stage.facts, strict=True)
            for column in fact_columns(rows)
        }
        for stage in stages
    )
    assert schools < together
    assert (True, "ministry_goes_national/2015/network") in together


GAIN = "boys_gain_by_hours/2017/policy"


def test_the_measured_effect_of_hours_is_asked_of_pairs_at_the_recorded_dates(stages):
    schools, together = stages
    assert [len(own) for own in schools.references] == [0]
    assert dict(zip((scenario.name for scenario in together.scenarios), together.references, strict=True)) == {
        "historical": (HOURS,),
        "historical_emergent": (),
    }
    assert [scenario.name for scenario in together.of_pairs.scenarios] == ["historical"]
    assert [fact_columns(rows) for rows in together.of_pairs.facts] == [[GAIN]]


@pytest.mark.simulates
def test_a_draw_has_the_effect_of_hours_beside_the_figures_of_its_runs():
    (stage,) = planned_stages(options("together", changed={"together": {"scenarios": ["historical"]}}))
    names, values = fact_columns(stage.facts[0]), {"school.teaching_keeping": 1.5}
    figures = dict(zip(names, stage.figures(values, 3), strict=True))
    scenario = stage.scenarios[0].drawn(values)
    one, other = Histories(3).worlds([scenario, HOURS.beside(scenario)])
    gain = Fact("boys_gain_by_hours", 2017, "policy")
    assert figures[GAIN] == as_recorded_in_pairs(one, [gain], {HOURS: other})[GAIN] != 0.0
    assert figures["maths5_examinees/2017/national"] == all_outcomes(one)["examinees_2017"]
    assert stage.of_pairs.figures(values, 3).tolist() == [figures[GAIN]]


@pytest.mark.simulates
def test_where_no_run_has_a_figure_the_fact_is_named(tmp_path):
    chosen = options(
        "together", changed={"together": {"scenarios": ["no_initiative"], "until": "2017-08"}}, repeats=2, jobs=1
    )
    study = CalibrationStudy(replace(chosen, progress=False), planned_stages(chosen), tmp_path)
    with pytest.raises(InputError) as mistake:
        assert study.measured
    assert str(mistake.value) == (
        f"stage `together`: no run at the defaults has a figure for no_initiative: {GAIN}; remove this fact from the targets"
    )


def test_nothing_after_2018_answers_nor_the_network_where_dates_are_recorded(stages):
    for stage in stages:
        for scenario, rows in zip(stage.scenarios, stage.facts, strict=True):
            assert rows["year"].max() <= 2018
            assert ministry_decides_freely(scenario) or "network" not in set(rows["group"])
    late = planned_stages(options("together", changed={"together": {"until": "2020-08"}}))[0]
    assert max(rows["year"].max() for rows in late.facts) == 2018


def test_a_parameter_that_is_held_fixed_is_not_estimated():
    stage = planned_stages(options(overrides={"trust.gain": 0.1}))[-1]
    assert "trust.gain" not in stage.parameters
    assert [scenario.drawn({"trust.gain": 0.2}).parameters["trust.gain"] for scenario in stage.scenarios] == [0.1, 0.1]


def changed(**keys):
    """The stage of schools with some keys changed, as an option of `calibrate`."""
    return {"stage": {"schools": {**project_stages()["schools"], **keys}}}


def test_keys_of_a_stage_that_are_not_given_stay_as_they_are():
    own = project_stages()
    assert stages_with({"schools": {"until": "2007-08"}}, ["schools", "together"]) == own | {
        "schools": own["schools"] | {"until": "2007-08"}
    }
    assert list(stages_with({"own": {"until": "2007-08"}}, ["own"])) == ["own"]


WRONG = [
    ({"stages": ["school"]}, "unknown stage `school`; did you mean `schools`?"),
    ({"stages": ["x"]}, "unknown stage `x`; there are schools, together"),
    ({"stage": {"schools": {"until": "soon"}}}, "soon"),
    ({"progress": 1}, "`progress` must be true or false; got 1"),
    ({"stages": []}, "`stages` is empty"),
    ({"stages": "schools"}, "`stages` must be a list of different names; got 'schools'"),
    ({"stages": ["schools"] * 2}, "`stages` must be a list of different names; got ['schools', 'schools']"),
    ({"stage": 5}, "`stage` must be a mapping of stages by name; got 5"),
    ({"stage": {"../out": {}}}, "the name of a stage must consist of letters, digits, `_` and `-`"),
    ({"stage": {"own": 5}}, "stage `own` must be a mapping with `scenarios`, `until` and `parameters`; got 5"),
    ({"stage": {"own": {"scenarios": ["historical"], "until": "2014-08"}}}, "stage `own` has no `parameters`"),
    (changed(parameter=["school"]), "unknown key `parameter` in stage `schools`; did you mean `parameters`?"),
    (changed(parameters=["scool"]), "`scool` is not an uncertain parameter or a section that has one"),
    (changed(parameters=[]), "stage `schools` has no parameters to estimate; change its"),
    (changed(parameters=5), "`parameters` must be a list of different names; got 5"),
    (changed(later="school"), "`later` must be a list of different names; got 'school'"),
    (changed(scenarios=["historic"]), "unknown scenario `historic`"),
    (changed(scenarios="historical"), "`scenarios` must be a list of different names; got 'historical'"),
    (changed(until="2005-08"), "the run would end"),
    (changed(until="soon"), "soon"),
    (
        {"overrides": {"ministry.pilot_budget": 0, "ministry.national_budget": 0, "package.lower_minimum": False}},
        "`historical` already has ministry.pilot_budget=0.0, ministry.national_budget=0.0, package.lower_minimum=False, so",
    ),
    ({"targets": "nowhere.csv"}, "there is no table nowhere.csv"),
    ({"targets": "cities.yaml"}, "there is no table cities.yaml"),
    ({"targets": "README.md"}, "README.md must end in .csv or .parquet"),
    ({"targets": "grade12_cohort.csv"}, "grade12_cohort.csv, line 1: there are no columns `pattern`"),
    ({"overrides": {"trust.gian": 1}}, "did you mean `trust.gain`"),
    ({"overrides": [1]}, "`overrides` must be a mapping of parameters by dotted name; got [1]"),
    ({"draws": 1}, "`draws` must be a whole number from 2; got 1"),
    ({"rounds": 0}, "`rounds` must be a whole number from 1; got 0"),
    ({"extra_rounds": -1}, "`extra_rounds` must be a whole number from 0; got -1"),
    ({"largest_error": 0}, "`largest_error` must be a number above 0; got 0"),
    ({"largest_error": "small"}, "`largest_error` must be a number above 0; got 'small'"),
    ({"sets": 2.5}, "`sets` must be a whole number from 1; got 2.5"),
    ({"truths": -1}, "`truths` must be a whole number from 0; got -1"),
    ({"rival_rounds": 1}, "`rival_rounds` must be a whole number from 2; got 1"),
    ({"jobs": 0}, "`jobs` must be a whole number from 1; got 0"),
    ({"posterior": "sets.txt"}, "`posterior` must be the path of a table, such as posterior.csv; got 'sets.txt'"),
]


@pytest.mark.program
@each_of(("values", "sentence"), WRONG, ids=[sentence for _, sentence in WRONG])
def test_an_option_that_has_no_meaning_is_refused_and_nothing_is_written(values, sentence, tmp_path):
    pytest.importorskip("emcee", reason="needs the extra `calibration`")
    with pytest.raises(InputError) as mistake:
        calibrate(**values, out=tmp_path / "out")
    assert sentence in str(mistake.value)
    assert "\n" not in str(mistake.value)
    assert list(tmp_path.iterdir()) == []


def test_without_its_libraries_a_calibration_names_the_extra(monkeypatch, tmp_path):
    monkeypatch.setattr("sim.calibration.emulator.find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"^calibration needs emcee and scikit-learn; install the extra `calibration`"):
        calibrate(out=tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def study_in(folder):
    """A calibration of the schools alone, not begun yet."""
    chosen = options("schools")
    return CalibrationStudy(chosen, planned_stages(chosen), folder)


@each_of(
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
        ("configuration", lambda c: c | {"draws": 99}, "another configuration (draws: 99, now 1200)"),
    ],
)
def test_a_study_that_was_begun_with_something_else_is_refused(tmp_path, part, change, sentence):
    study, manifest = study_in(tmp_path), tmp_path / "manifest.json"
    study.begin("a command")
    study.begin("another command")
    manifest_content = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(manifest_content | {part: change(manifest_content[part])}))
    before = manifest.read_bytes()
    with pytest.raises(InputError) as mistake:
        study.begin("a command")
    assert sentence in str(mistake.value)
    assert manifest.read_bytes() == before


def test_a_broken_manifest_is_refused(tmp_path):
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(InputError, match="is broken: there is no calibration in"):
        study_in(tmp_path).begin("a command")


def test_a_score_runs_through_the_prior_range_evenly():
    low, high = prior_range("trust.gain")
    assert value_of("trust.gain", 0.0) == pytest.approx((low + high) / 2.0)
    assert value_of("trust.gain", -1.6448536269514722) == pytest.approx(low + 0.05 * (high - low))
    assert [value_of("trust.gain", score) for score in (-40.0, 40.0)] == pytest.approx([low, high])


@pytest.mark.simulates
def test_a_draw_gives_the_figures_of_its_facts_and_the_same_again():
    stage = planned_stages(options("schools", changed={"schools": {"until": "2007-08"}}))[0]
    scores = dict.fromkeys(stage.parameters, 0.1)
    one, again, other = (Draw(stage)({**scores, "staffing.rate": s}) for s in (0.1, 0.1, 0.2))
    assert one.tolist() == again.tolist() != other.tolist()
    assert len(one) == len(stage.measure.observed)
    assert np.isfinite(one).all()


def test_a_draw_that_fails_lies_far_away_and_is_kept_and_one_at_the_defaults_ends_everything(tmp_path, monkeypatch):
    stage = planned_stages(options("schools", changed={"schools": {"until": "2007-08"}}))[0]
    monkeypatch.setattr("sim.runs.shared_history.CollaborationModel", lambda *_: 1 / 0)
    figures = Draw(stage, folder=tmp_path)(dict.fromkeys(stage.parameters, 0.1))
    assert np.isnan(figures).all()
    assert stage.measure.distance(figures) == LIMIT
    failures = Store(tmp_path).failures()
    assert [("ZeroDivisionError" in one["traceback"], "staffing.rate" in one) for one in failures] == [(True, True)]
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        stage.figures({}, 1)
