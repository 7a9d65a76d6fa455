from __future__ import annotations

import pytest

from sim.analysis.doubling import CLAIM, Doubling
from sim.analysis.interaction import question_of
from sim.analysis.points import FACILITATION
from sim.analysis.reading import Reading, page_sentences
from tests.figures.invented import sweep

GOALS = (CLAIM, Doubling(), Doubling(by=2025))


def reading(frame) -> Reading:
    return Reading(frame, GOALS, GOALS[1], question_of(frame, "examinees_2020", 2020, 0.8), (0.8, "0"))


@pytest.fixture(scope="module")
def frame():
    return sweep(seeds=30)


def test_the_page_speaks_of_record_facilitation_ways_timing_interaction_and_arithmetic(frame):
    openings = [sentence.split()[0] for sentence in page_sentences(reading(frame))]
    assert openings == ["Near", "A", "In", "Windows", "Rescue?", "Waste?", "Arithmetic,"]


def test_an_effect_is_claimed_where_there_is_one(frame):
    assert "raises the probability of twice 2012's 8,869 by 2020" in page_sentences(reading(frame))[1]


def test_no_effect_is_claimed_where_there_is_none(frame):
    flat = frame.copy()
    same = flat[flat[FACILITATION] == 0.8].drop_duplicates(["timing", "seed"]).set_index(["timing", "seed"])
    keys = list(zip(flat["timing"], flat["seed"], strict=True))
    for column in [c for c in flat.columns if c.startswith(("examinees_", "month_"))]:
        flat[column] = same[column].reindex(keys).to_numpy()
    said = page_sentences(reading(flat))
    assert "has no effect that can be told" in said[1]
    assert "which of the two is more cannot be told" in said[2]
    assert not any("raises" in sentence for sentence in said[1:3])


def test_arithmetic_is_said_with_the_months_it_holds_for(frame):
    last = page_sentences(reading(frame))[-1]
    assert "by 2017, at +24 to +36 months no examination is under the policy (0% of runs decide sooner" in last
    assert "by 2020, at +36 only students already in grades 10-12 can move" in last


def test_runs_that_decide_sooner_than_dated_are_counted(frame):
    half = frame.assign(month_national=frame["month_national"].where(frame["seed"] > 15, 100))
    last = page_sentences(reading(half))[-1]
    assert "no examination is under the policy (50% of runs decide sooner, in time)" in last


def test_what_was_not_simulated_is_left_out():
    said = page_sentences(reading(sweep(seeds=10, until=2021)))
    assert "2025" not in said[0]
