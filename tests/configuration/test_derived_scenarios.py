"""A scenario is derived from another one: what is given differs, all else holds, and wrong keys are one sentence."""

from __future__ import annotations

import pytest

import sim
from tests.offenders import each_of


def test_what_is_given_differs_and_the_first_stays():
    first = sim.scenario("historical_emergent", overrides={"backbone.facilitation": 0.4})
    second = sim.scenario(first, overrides={"trust.gain": 0.1}, name="warmer")
    assert second.name == "warmer"
    assert second.explicit - first.explicit == {"trust.gain"}
    assert second.parameters["backbone.facilitation"] == 0.4
    assert first.parameters["trust.gain"] != 0.1
    assert sim.scenario(first) == first


def test_timing_is_that_of_the_dates_and_not_of_the_scenario():
    first = sim.scenario("historical_emergent")
    late = sim.scenario(first, timing=24)
    assert late == sim.scenario("historical_emergent", timing=24)
    assert late.timing == 24
    assert sim.scenario(late, timing=0) == first
    assert sim.scenario(late, overrides={"trust.gain": 0.1}).timing == 24
    assert sim.scenario(first, timing="never") == sim.scenario("historical_emergent", timing="never")


def test_never_can_be_taken_back():
    first = sim.scenario("historical_emergent")
    never = sim.scenario(first, timing="never")
    assert sim.scenario(never, timing=0) == first
    assert sim.scenario(never, timing=12) == sim.scenario(first, timing=12)
    assert sim.scenario(sim.scenario("historical", timing="never"), timing=0) == sim.scenario("historical")
    twice = sim.scenario(sim.scenario(never, timing="never"), overrides={"setting.until": "2018-08"})
    assert twice.parameters["ministry.mode"] == "never"
    assert sim.scenario(twice, timing=0).parameters["ministry.mode"] == "emergent"
    assert sim.scenario("ministry_never_joins", timing=0).parameters["ministry.mode"] == "never"
    scheduled = sim.scenario(never, overrides={"ministry.mode": "scheduled"})
    assert sim.scenario(scheduled, timing=6).parameters["ministry.mode"] == "scheduled"


@each_of(
    ("options", "sentence"),
    [
        ({"overrides": {"trust.gian": 0.1}}, "unknown key `trust.gian`; did you mean `trust.gain`?"),
        ({"overrides": {"trust.gain": "x"}}, "`trust.gain` must be a number; got 'x'"),
        ({"overrides": [1]}, r"`overrides` must hold keys and values; got \[1\]"),
        ({"name": " "}, "`name` must be a name, some text"),
        ({"timing": "soon"}, "soon"),
        ({"overrides": {"ministry.leadership": 3}}, "would not last: the policy of `historical_emergent` changes it"),
    ],
)
def test_wrong_input_is_one_sentence(options, sentence):
    with pytest.raises(sim.InputError, match=sentence) as mistake:
        sim.scenario(sim.scenario("historical_emergent"), **options)
    assert "\n" not in str(mistake.value)
