"""The backbone's effect over few sets, and messages for wrong input."""

from __future__ import annotations

import pytest

import sim
from sim.analysis.backbone_effect import AVERAGE
from sim.configuration import scenario
from sim.errors import InputError
from sim.findings.mediation import WHOLE
from sim.runs.models import fixed_in, weights_by_model
from sim.runs.posterior import structure_sets
from sim.studies.backbone_effect import backbone_effect, uses_off
from sim.world.state import entries, path_of
from tests.offenders import each_of
from tests.studies.round_trip import check_result

TINY = {"effect_sets": 2, "effect_seeds": 1, "mediation_pairs": 2, "jobs": 1, "progress": False}


@pytest.mark.release
def test_it_says_what_the_backbone_adds_and_can_be_saved_loaded_and_shown(tmp_path):
    result = backbone_effect(**TINY)
    text = " ".join(result.summary().split())
    assert "Averaged over 7 models (weights: prior, no calibration yet), " in text
    assert "Not identified: " in text
    assert list(dict.fromkeys(result.tables["effects"]["model"])) == [*weights_by_model(), AVERAGE]
    assert set(result.tables["mediation"]["hours"]) == {
        "convening", "introductions", "shared data", "mediation", "winning the ministry", "recruiting", WHOLE,
    }  # fmt: skip
    held = result.hours[result.hours["dates"] == "held"].set_index("seed")
    assert set(held["scenario"]) == {*(f"hours for {use}" for use in result.tables["mediation"]["hours"] if use != WHOLE),
                                     "no_backbone"}  # fmt: skip
    folder = tmp_path / "out"
    result.save(folder)
    left = {path.name for path in folder.iterdir()}
    assert {f"{name}.{form}" for name in ("backbone_effect", "mediation") for form in ("pdf", "svg", "png")} <= left
    check_result(result, folder, "effects.csv")


def test_each_use_of_the_hours_is_switched_off_alone():
    base = scenario("historical_emergent")
    off = uses_off(base, {})
    tasks = {"convene", "broker", "transparency", "mediate", "couple", "recruit"}
    switched = [
        [task for task in tasks if scenario.parameters[f"backbone.{task}"] == 0.0]
        for use, scenario in off.items()
        if use != WHOLE
    ]
    assert sorted(task for tasks_off in switched for task in tasks_off) == sorted(tasks)
    assert [len(each) for each in switched] == [1] * 6
    assert off[WHOLE].parameters["backbone.present"] is False


@pytest.mark.simulates
def test_no_hours_of_the_backbone_make_the_problem_urgent():
    own = {"setting.until": "2016-08"}
    talk = [
        [line.fields["salience"] for line in entries(sim.simulate(scenario(arm, overrides=own), 1).world, "network")]
        for arm in ("historical_emergent", "no_backbone")
    ]
    assert talk[0] == talk[1]
    assert max(talk[0]) > 0.0


@pytest.mark.simulates
@pytest.mark.parametrize("name", ["ministry_does_not_ask", "constant_trust_ministry_does_not_ask"])
def test_a_ministry_that_does_not_ask_has_the_same_dates_with_and_without_a_backbone(name):
    own = {"setting.until": "2016-08", **fixed_in(name)}
    values = structure_sets(name)[0]
    for seed in (1, 2, 3):
        paths = [
            path_of(sim.simulate(scenario(arm, overrides=own).drawn(values), seed).world)
            for arm in ("historical_emergent", "no_backbone")
        ]
        assert paths[0] == paths[1]
        assert paths[0]


@pytest.mark.heavy
@each_of(
    ("keys", "sentence"),
    [
        ({"uncertainty": "point"}, "mediation needs parameter sets; `uncertainty` must be structures, posterior, or"),
        ({"effect_sets": 1}, "`effect_sets` must be a whole number from 2; got 1"),
        ({"effect_sets": 1000}, "`effect_sets` must be at most 300, the number of sets of `damped_taste`; got 1000"),
        ({"effect_seeds": 0}, "`effect_seeds` must be a whole number from 1; got 0"),
        ({"mediation_pairs": 1}, "`mediation_pairs` must be a whole number from 2; got 1"),
        (
            {"overrides": {"trust.rule": "constant"}},
            "`trust.rule` is held fixed by the model `constant_trust`, so it",
        ),
        ({"overrides": {"setting.until": "2019-08"}}, "the run ends (2019-08) before the examination of"),
        ({"doubling": {"to": 2}}, "`doubling` must be a mapping with the keys base, factor, of, by; got {'to': 2}"),
        ({"jobs": 0}, "`jobs` "),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_before_anything_is_simulated(keys, sentence):
    with pytest.raises(InputError) as mistake:
        backbone_effect(**(TINY | keys))
    assert str(mistake.value).startswith(sentence)
    assert "\n" not in str(mistake.value)
