from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.effects import (
    PARTS,
    THROUGH_DATES,
    THROUGH_STRENGTH,
    TOTAL,
    Contrast,
    Estimate,
    decomposition,
    effect_by_timing,
    paired,
)
from sim.analysis.sweep_grid import FACILITATION
from sim.errors import InputError
from sim.findings.interaction import (
    RESCUE,
    WASTE,
    InteractionQuestion,
    interaction,
    question_of,
    sentences,
    strong_late_less_weak_on_time,
)

SEEDS = np.arange(1, 41)
LUCK = np.random.default_rng(5).normal(0, 500, size=len(SEEDS))


def point(facilitation: float, timing: str, dates: str, outcome) -> pd.DataFrame:
    """Runs of one point with the same luck in every arm."""
    return pd.DataFrame(
        {FACILITATION: facilitation, "timing": timing, "dates": dates, "seed": SEEDS, "examinees_2020": outcome + LUCK}
    )


def world(strength: float = 1000, dates: float = 300, late: float = -400, extra: float = 0.0) -> pd.DataFrame:
    """A sweep in which 1 rather than 0 adds `strength` at the same dates, and its own dates add `dates` more.

    Lateness costs `late` everywhere, and gives a strong backbone `extra` back when late, through strength.
    """
    blocks = []
    for timing, shift, bonus in (("-18", 100, 0.0), ("0", 0, 0.0), ("24", late, extra)):
        for facilitation in (0.0, 0.8, 1.0):
            held = 10000 + shift + strength * facilitation + bonus * facilitation
            free = held + dates * (facilitation - 0.8)
            blocks += [point(facilitation, timing, "emergent", free), point(facilitation, timing, "held", held)]
    return pd.concat(blocks, ignore_index=True)


def test_total_splits_exactly_into_dates_and_strength():
    result = decomposition(world(), "examinees_2020")
    weak = result[(result[FACILITATION] == 0.0) & (result["timing"] == "0")].set_index("part")["effect"]
    assert weak.to_dict() == pytest.approx({TOTAL: -1040.0, THROUGH_DATES: -240.0, THROUGH_STRENGTH: -800.0})
    strong = result[(result[FACILITATION] == 1.0) & (result["timing"] == "24")].set_index("part")["effect"]
    assert strong.to_dict() == pytest.approx({TOTAL: 260.0, THROUGH_DATES: 60.0, THROUGH_STRENGTH: 200.0})


def test_luck_shared_by_the_arms_leaves_no_width():
    result = decomposition(world(), "examinees_2020")
    assert (result["high"] - result["low"]).abs().max() == pytest.approx(0.0, abs=1e-6)
    assert (result["n"] == len(SEEDS)).all()


def test_intervals_cover_noise_of_the_held_arms():
    frame = world(strength=0, dates=0)
    noise = np.random.default_rng(8).normal(0, 100, size=len(frame))
    frame["examinees_2020"] += np.where(frame["dates"] == "held", noise, 0.0)
    result = decomposition(frame, "examinees_2020").set_index("part")
    assert (result.loc[TOTAL, "high"] - result.loc[TOTAL, "low"]).max() == pytest.approx(0.0, abs=1e-6)
    width = result.loc[THROUGH_STRENGTH, "high"] - result.loc[THROUGH_STRENGTH, "low"]
    assert width.between(40, 90).all()  # twice 1.96 x 100 / sqrt(40) = 62
    assert (result.loc[THROUGH_STRENGTH, "low"] < 0).all()


def test_the_reference_arm_needs_no_held_runs_of_its_own():
    frame = world()
    without = frame[~((frame["dates"] == "held") & (frame[FACILITATION] == 0.8))]
    pd.testing.assert_frame_equal(decomposition(without, "examinees_2020"), decomposition(frame, "examinees_2020"))


def test_without_held_runs_only_the_total_is_known():
    result = effect_by_timing(world().query("dates == 'emergent'"), Contrast("examinees_2020", 1.0, 0.0))
    assert result["part"].unique().tolist() == [TOTAL]
    assert result["effect"].to_numpy() == pytest.approx(1300.0)


def test_a_seed_missing_in_one_arm_leaves_every_part():
    frame = world()
    gone = (frame["seed"] == 7) & (frame[FACILITATION] == 0.0) & (frame["dates"] == "held") & (frame["timing"] == "0")
    result = effect_by_timing(frame[~gone], Contrast("examinees_2020", 1.0, 0.0)).set_index(["timing", "part"])
    assert result.loc[("0", TOTAL), "n"] == len(SEEDS) - 1
    assert result.loc[("24", TOTAL), "n"] == len(SEEDS)


def test_a_seed_that_comes_twice_is_refused():
    frame = pd.concat([world(), world()])
    with pytest.raises(InputError, match="several runs share a seed"):
        decomposition(frame, "examinees_2020")


def test_paired_differences_and_the_correlation_they_achieve():
    base = pd.DataFrame({"scenario": "base", "seed": SEEDS, "y": LUCK})
    more = pd.DataFrame({"scenario": "more", "seed": SEEDS[::-1], "y": (LUCK * 2 + 50)[::-1]})
    result = paired(pd.concat([base, more]), "base", ["more"], "y").iloc[0]
    assert result["difference"] == pytest.approx(LUCK.mean() + 50)
    assert result["correlation"] == pytest.approx(1.0)
    assert result["low"] < result["difference"] < result["high"]


def test_differences_say_the_level_of_their_interval():
    frame = pd.DataFrame({"scenario": ["a", "b"] * 3, "seed": [1, 1, 2, 2, 3, 3], "y": [0, 5, 0, 4, 0, 3]})
    assert paired(frame, "a", ["b"], "y")["level"].tolist() == [0.95]


def test_a_difference_of_yes_and_no_has_an_interval_where_all_pairs_agree():
    frame = pd.DataFrame({"scenario": ["a", "b"] * 6, "seed": np.repeat(range(6), 2), "y": [0.0, 1.0] * 6})
    result = paired(frame, "a", ["b"], "y").iloc[0]
    assert (result["difference"], result["high"]) == (1.0, 1.0)
    assert result["low"] == pytest.approx(0.448, abs=1e-3)


def test_pairs_without_a_value_are_left_out():
    frame = pd.DataFrame({"scenario": ["a", "b"] * 3, "seed": [1, 1, 2, 2, 3, 3], "y": [0, 1, 0, np.nan, 0, 3]})
    result = paired(frame, "a", ["b"], "y").iloc[0]
    assert (result["difference"], result["n"]) == (2.0, 2)


def never(arms: dict[str, float]) -> pd.DataFrame:
    """Two seeds of each arm, with the same value in both; NaN: it never came."""
    rows = [{"scenario": arm, "seed": seed, "y": value} for arm, value in arms.items() for seed in (1, 2)]
    return pd.DataFrame(rows)


def test_an_arm_without_a_pair_has_a_row_and_no_difference():
    result = paired(never({"a": 0.0, "b": np.nan, "c": 3.0}), "a", ["b", "c"], "y").set_index("arm")
    assert result["n"].to_dict() == {"b": 0, "c": 2}
    assert result.loc["b", ["difference", "low", "high"]].isna().all()
    assert result.loc["c", "difference"] == 3.0


@pytest.mark.parametrize("values", [{"a": 0.0, "b": np.nan}, {"a": np.nan, "b": 1.0}])
def test_where_no_arm_has_a_pair_there_is_nothing_to_compare(values):
    with pytest.raises(
        InputError, match=r"^no pair of runs has a value of `y` in both `a` and an arm, so they cannot be compared$"
    ):
        paired(never(values), "a", ["b"], "y")


def test_an_unknown_arm_is_named():
    frame = pd.DataFrame({"scenario": ["a"], "seed": [1], "y": [0.0]})
    with pytest.raises(InputError, match="`scenario` 'b' has no runs; choose one of a"):
        paired(frame, "a", ["b"], "y")


def question(late: str | None = "24", early: str | None = "-18") -> InteractionQuestion:
    return InteractionQuestion(Contrast("examinees_2020", 1.0, 0.0), early, late, "examinees of 2020")


def test_rescue_is_found_where_it_was_put_and_by_the_way_it_was_put():
    result = interaction(world(extra=250), question()).set_index(["question", "part"])["effect"]
    assert result[RESCUE].to_dict() == pytest.approx({TOTAL: 250.0, THROUGH_DATES: 0.0, THROUGH_STRENGTH: 250.0})
    assert result[WASTE].to_dict() == pytest.approx(dict.fromkeys(PARTS, 0.0), abs=1e-6)


def test_the_question_takes_the_latest_policy_that_can_show():
    frame = world()
    assert question_of(frame, "examinees_2020", 2020, 0.8).late == "24"
    later = pd.concat([frame, frame[frame["timing"] == "24"].assign(timing="36")])
    assert question_of(later, "examinees_2020", 2020, 0.8).late == "24"
    assert question_of(later, "examinees_2025", 2025, 0.8).late == "36"


def noisy(frame: pd.DataFrame, size: float) -> pd.DataFrame:
    """The frame with noise of its own in every run."""
    return frame.assign(examinees_2020=frame["examinees_2020"] + np.random.default_rng(9).normal(0, size, len(frame)))


def test_a_sentence_claims_a_rescue_only_when_its_interval_allows():
    sure, *_ = sentences(world(extra=250), question())
    assert "rescues part of the loss, +250" in sure
    unsure, *_ = sentences(noisy(world(extra=100), 2000), question())
    assert "it is not clear" in unsure
    assert "rescues" not in unsure
    reverse, *_ = sentences(noisy(world(extra=-300), 10), question())
    assert "no, a strong backbone loses more" in reverse


def test_no_rescue_is_claimed_where_nothing_was_lost():
    sentence, *_ = sentences(world(late=0, extra=250), question())
    assert "rescues" not in sentence
    assert "a loss of a weak one is not certain" in sentence


def test_all_of_the_loss_is_never_claimed():
    sentence, *_ = sentences(world(late=-400, extra=900), question())
    assert "rescues at least part of the loss" in sentence


def test_strong_and_late_is_set_against_weak_and_on_time():
    assert strong_late_less_weak_on_time(world(), question()).mean == pytest.approx(1300 - 400)
    assert (
        "A strong backbone with late windows ends above a weak one on time, +900" in sentences(world(), question())[0]
    )


def test_questions_without_runs_are_not_put():
    assert interaction(world(), question(late=None))["question"].unique().tolist() == [WASTE]


def test_an_interval_that_touches_zero_has_no_sign():
    assert [Estimate(1, low, 2, 9).sign for low in (0.0, 0.1, -0.1)] == [0, 1, 0]
    assert Estimate(1, float("nan"), float("nan"), 1).sign == 0
    assert Estimate(-1, -2, -0.5, 9).sign == -1
