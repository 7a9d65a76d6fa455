from __future__ import annotations

import pytest

from sim.analysis.doubling import CLAIM, Doubling
from sim.analysis.sweep_grid import FACILITATION
from sim.findings.interaction import question_of
from sim.findings.sweep import SweepFindings, page_sentences
from tests.figures.invented import sweep

pytestmark = pytest.mark.heavy

GOALS = (CLAIM, Doubling(), Doubling(by=2025))


def reading(frame) -> SweepFindings:
    return SweepFindings(frame, GOALS, GOALS[1], question_of(frame, "examinees_2020", 2020, 0.8), (0.8, "0"))


@pytest.fixture(scope="module")
def frame():
    return sweep(seeds=30)


def test_the_page_speaks_of_record_facilitation_ways_timing_interaction_and_arithmetic(frame):
    openings = [sentence.split()[0] for sentence in page_sentences(reading(frame))]
    assert openings == ["Near", "With", "A", "In", "Windows", "Does", "Is", "Arithmetic"]


def test_an_effect_is_claimed_where_there_is_one(frame):
    assert "raises the probability of twice 2012's 8,869 by 2020" in page_sentences(reading(frame))[2]


def test_no_effect_is_claimed_where_there_is_none(frame):
    flat = frame.copy()
    same = flat[flat[FACILITATION] == 0.8].drop_duplicates(["timing", "seed"]).set_index(["timing", "seed"])
    keys = list(zip(flat["timing"], flat["seed"], strict=True))
    for column in [c for c in flat.columns if c.startswith(("examinees_", "month_"))]:
        flat[column] = same[column].reindex(keys).to_numpy()
    texts = page_sentences(reading(flat))
    assert "has no clear effect" in texts[2]
    assert "it is not clear which of the two is larger" in texts[3]
    assert not any("raises" in sentence for sentence in texts[2:4])


def test_a_change_in_every_one_of_few_runs_is_no_certainty(frame):
    few = frame[frame["seed"] <= 6].copy()
    few["examinees_2020"] = few[FACILITATION].map(lambda value: 20000 if value == 1.0 else 9000)
    few[[f"examinees_{year}" for year in range(2013, 2020)]] = 9000
    assert "+100 points (+45 to +100)" in next(
        sentence for sentence in page_sentences(reading(few)) if sentence.startswith("A ")
    )


def test_what_every_point_reaches_is_said_and_what_none_does(frame):
    later = frame.assign(**{f"examinees_{year}": 9000 for year in range(2013, 2025)}, examinees_2025=20000)
    texts = page_sentences(reading(later))
    assert any(text.startswith("Every run of every point reaches twice 2012's 8,869 by 2025") for text in texts)
    assert "No run of any point reaches 16,085 or more by 2017." in texts
    assert not any("of every point" in text or "of any point" in text for text in page_sentences(reading(frame)))


def test_what_is_reached_without_any_window_is_said_with_its_limits(frame):
    assert page_sentences(reading(frame))[1].startswith(
        "With facilitation 0 and no window at all (never): 16,085 or more by 2017 in 0% of runs (0% to 11%)"
    )


def test_arithmetic_is_said_with_the_months_it_holds_for(frame):
    last = page_sentences(reading(frame))[-1]
    assert "by 2017, at +24 to +36 months no examination is under the policy (0% of runs decide sooner" in last
    assert "by 2020, at +36 months only students already in grades 10-12 can move" in last


def test_runs_that_decide_sooner_than_dated_are_counted(frame):
    half = frame.assign(month_national=frame["month_national"].where(frame["seed"] > 15, 100))
    last = page_sentences(reading(half))[-1]
    assert "no examination is under the policy (50% of runs decide sooner, in time)" in last


def test_what_was_not_simulated_is_left_out():
    texts = page_sentences(reading(sweep(seeds=10, until=2021)))
    assert "2025" not in texts[0]
