"""Arms beside a baseline within pairs: what is computed from invented runs whose answer is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.effects import PARTS, THROUGH_DATES, THROUGH_STRENGTH, TOTAL, decomposition
from sim.analysis.intervals import wilson
from sim.analysis.paired_differences import (
    arm_parts_by_seed,
    differences,
    effect_parts,
    group_columns,
    half_widths,
    outcome_traits,
    paired_outcomes,
    share_better,
    share_explained_by_months,
    variance_ratio,
    year_columns,
)
from sim.analysis.sweep_grid import FACILITATION
from sim.errors import InputError
from sim.findings.comparison import difference_sentence, overview, parts_sentence, runs_saved_text, share_better_text
from sim.findings.numbers import MINUS, amount, unit_of

SEEDS = np.arange(1, 61)
DRAWS = np.random.default_rng(11)
LUCK, OWN, OTHER = (DRAWS.normal(0.0, scale, len(SEEDS)) for scale in (500.0, 50.0, 500.0))
MONTHS = DRAWS.integers(100, 140, len(SEEDS)).astype(float)


def runs(scenario: str, values, dates: str = "emergent", months=MONTHS, seeds=SEEDS) -> pd.DataFrame:
    """Runs of one scenario, a row a seed."""
    return pd.DataFrame(
        {"scenario": scenario, "dates": dates, "seed": seeds, "examinees_2020": values, "month_national": months}
    )


def world() -> pd.DataFrame:
    """A baseline; an arm that costs 300 at the same dates and 900 more by its own; one with luck of its own."""
    return pd.concat(
        [
            runs("base", 20000 + LUCK),
            runs("arm", 20000 - 1200 + LUCK + OWN),
            runs("arm", 20000 - 300 + LUCK + OWN, "held"),
            runs("stranger", 20000 + OTHER),
        ],
        ignore_index=True,
    )


def row(table: pd.DataFrame, arm: str, dates: str = "emergent") -> pd.Series:
    return table[(table["arm"] == arm) & (table["dates"] == dates)].iloc[0]


def test_a_row_an_arm_and_kind_of_dates_with_what_the_pairing_saves():
    table = differences(world(), "base", ["arm", "stranger"], ["examinees_2020"])
    assert list(zip(table["arm"], table["dates"], strict=True)) == [
        ("arm", "emergent"), ("arm", "held"), ("stranger", "emergent"),
    ]  # fmt: skip
    free = row(table, "arm")
    assert free["difference"] == pytest.approx(-1200 + OWN.mean())
    assert free["low"] < free["difference"] < free["high"]
    assert free["saved"] == pytest.approx((LUCK.var(ddof=1) + (LUCK + OWN).var(ddof=1)) / OWN.var(ddof=1))
    assert free["saved"] > 100
    assert free["correlation"] > 0.99
    assert 0.5 < row(table, "stranger")["saved"] < 2, "an arm with luck of its own saves nothing"
    assert half_widths(table).iloc[0] == (free["high"] - free["low"]) / 2


def test_runs_saved_is_the_ratio_of_squared_intervals_of_unpaired_and_paired_means():
    table = differences(world(), "base", ["arm"], ["examinees_2020"])
    apart = 1.96 * np.sqrt((LUCK.var(ddof=1) + (LUCK + OWN).var(ddof=1)) / len(SEEDS))
    assert row(table, "arm")["saved"] == pytest.approx((apart / half_widths(table).iloc[0]) ** 2, rel=0.2)


@pytest.mark.parametrize(
    ("pairs", "answer", "words"),
    [
        ([[1, 3], [2, 4], [5, 7]], np.inf, "all (every pair differs by the same)"),
        ([[1, 3], [1, 3], [1, 3]], np.nan, "nothing varies"),
        ([[1, 3], [2, 3], [6, 3]], 1.0, "1 x (one of the two does not vary)"),
        ([[1, 3]], np.nan, "-"),
    ],
)
def test_what_does_not_vary_is_said_in_place_of_a_factor(pairs, answer, words):
    assert variance_ratio(pairs) == pytest.approx(answer, nan_ok=True)
    base, arm = np.array(pairs, dtype=float).T
    seeds = np.arange(len(pairs))
    months = np.full(len(pairs), np.nan)
    frame = pd.concat([runs("a", base, months=months, seeds=seeds), runs("b", arm, months=months, seeds=seeds)])
    assert runs_saved_text(differences(frame, "a", ["b"], ["examinees_2020"]).iloc[0]) == words


def test_total_is_the_sum_of_what_comes_through_the_dates_and_through_strength():
    result = effect_parts(world(), "base", ["arm", "stranger"], "examinees_2020")
    effects = result[result["arm"] == "arm"].set_index("part")["effect"]
    assert effects[THROUGH_STRENGTH] == pytest.approx(-300 + OWN.mean())
    assert effects[THROUGH_DATES] == pytest.approx(-900)
    assert effects[TOTAL] == pytest.approx(effects[THROUGH_DATES] + effects[THROUGH_STRENGTH])
    assert result.loc[result["arm"] == "stranger", "part"].tolist() == [TOTAL]
    seed_by_seed = arm_parts_by_seed(world(), "base", "arm", "examinees_2020")
    assert list(seed_by_seed) == list(PARTS)
    assert seed_by_seed.index.tolist() == SEEDS.tolist()


def test_the_parts_are_those_of_a_sweep_s_decomposition():
    facilitation = {"base": 0.8, "arm": 0.2, "stranger": 1.0}
    swept = world().assign(timing="0", **{FACILITATION: world()["scenario"].map(facilitation)})
    swept = swept[swept["scenario"] != "stranger"]
    columns = ["part", "effect", "low", "high", "n"]
    own_parts = effect_parts(world(), "base", ["arm"], "examinees_2020")[columns]
    pd.testing.assert_frame_equal(own_parts, decomposition(swept, "examinees_2020")[columns])


def test_a_seed_without_its_held_run_leaves_all_three_parts():
    frame = world()
    gone = (frame["seed"] == 7) & (frame["dates"] == "held")
    assert set(effect_parts(frame[~gone], "base", ["arm"], "examinees_2020")["n"]) == {len(SEEDS) - 1}


def test_pairs_are_those_seeds_at_which_both_runs_ended():
    frame = world()
    gone = (frame["seed"] == 3) & (frame["scenario"] == "base")
    assert 3 not in paired_outcomes(frame[~gone], "base", "arm", "examinees_2020").index
    with pytest.raises(InputError, match="several runs of `base` share a seed"):
        paired_outcomes(pd.concat([frame, frame]), "base", "arm", "examinees_2020")


# How surely better


def pair(base, arm) -> pd.DataFrame:
    return pd.DataFrame({"baseline": base, "arm": arm}, dtype=float)


def test_better_is_as_the_outcome_declares():
    more = pair([1, 1, 1, 1], [2, 2, 2, 1])
    share = share_better(more, "examinees_2020")
    assert (share["better"], share["same"], share["pairs"]) == (0.75, 0.25, 4)
    assert (share["better_low"], share["better_high"]) == tuple(map(float, wilson(3, 4)))
    assert share_better(more, "gap_quintiles_2020")["better"] == 0.0, "a wider gap is no better"
    assert np.isnan(share_better(more, "density")["better"]), "neither way is better"
    assert share_better_text(share_better(more, "density")) == "-"


def test_a_month_that_never_comes_is_later_than_any_and_other_gaps_are_left_out():
    never = np.nan
    months = pair([100, 100, never, never], [90, never, 110, never])
    share = share_better(months, "month_national")
    assert (share["better"], share["same"], share["pairs"]) == (0.5, 0.25, 4)
    assert share_better(months, "cost_per_additional")["pairs"] == 1


def test_units_and_directions_are_those_declared_or_those_of_columns_by_year():
    for item in sim.outcomes().to_dict("records"):
        unit = "months" if item["unit"].startswith("month,") else item["unit"]
        assert outcome_traits(item["name"]) == (unit, item["better"])
    assert outcome_traits("doubled").better == outcome_traits("share_2015").better == 1
    assert outcome_traits("share_2015").unit == "share of the grade"
    assert outcome_traits("share_5_units/2013/quintile 1") == ("share of maths takers", 1)
    assert outcome_traits("partners/2013/network") == ("", 0)


def test_years_and_groups_are_found_by_their_columns():
    frame = pd.DataFrame(
        0.0,
        index=[0],
        columns=["examinees_2020", "examinees_2019", "gap_streams_2020", "gap_not_narrowed/2016/equity", "share_2020"],
    )
    assert year_columns(frame) == ["examinees_2019", "examinees_2020"]
    assert group_columns(frame) == ["gap_streams_2020"]


# What the months explain


def dated(arm, months) -> pd.DataFrame:
    """A baseline with months of its own, and an arm."""
    return pd.concat([runs("base", 20000 - 20 * MONTHS), runs("arm", arm, months=months)], ignore_index=True)


def test_months_explain_a_difference_that_follows_them_and_not_one_that_does_not():
    later = MONTHS[::-1].copy()
    later[::5] = np.nan
    follows = np.where(np.isnan(later), 15000, 20000 - 30 * np.nan_to_num(later))
    assert share_explained_by_months(dated(follows, later), "base", "arm", "examinees_2020") == pytest.approx(1.0)
    frame = pd.concat([runs("base", OTHER), runs("arm", LUCK)], ignore_index=True)
    assert share_explained_by_months(frame, "base", "arm", "examinees_2020") < 0.15
    noise = OTHER / OTHER.std() * (follows - (20000 - 20 * MONTHS)).std()  # half of the variance of the sum
    assert share_explained_by_months(dated(follows + noise, later), "base", "arm", "examinees_2020") == pytest.approx(
        0.5, abs=0.2
    )


def test_of_few_pairs_or_of_a_difference_that_does_not_vary_nothing_is_explained():
    frame = dated(20000 - 20 * MONTHS + 7, MONTHS)
    assert np.isnan(share_explained_by_months(frame, "base", "arm", "examinees_2020"))
    few = world()[world()["seed"] < 20]
    assert np.isnan(share_explained_by_months(few, "base", "arm", "examinees_2020"))


# What is said

NONE = "an effect of zero on the count cannot be excluded; the mean difference from base is -150 students on average"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-400.0, 100.0, f"{NONE} (95% interval -400 to +100), which includes zero."),
        (-400.0, 0.0, f"{NONE} (95% interval -400 to 0), which includes zero."),
        (-400.0, -50.0, "the count is lower than in base by 150 students on average (95% interval 50 to 400)."),
        (np.nan, np.nan, "nothing is known about the count; 1 pair of runs has a value of it."),
    ],
)
def test_a_sentence_is_as_strong_as_its_interval(low, high, words):
    about = {"arm": "arm", "baseline": "base", "outcome": "examinees_2020", "unit": "students", "dates": "emergent"}
    count = 1 if np.isnan(low) else 30
    sentence = difference_sentence(about | {"difference": -150.0, "low": low, "high": high, "n": count}, "the count")
    assert sentence.replace(MINUS, "-") == words


def test_directions_are_said_only_where_the_interval_excludes_none():
    table = differences(world(), "base", ["arm", "stranger"], ["examinees_2020"])
    for _, each in table.iterrows():
        holds_zero = each["low"] <= 0 <= each["high"]
        assert ("cannot be excluded" in difference_sentence(each, "the count")) == holds_zero
        assert ("lower" in difference_sentence(each, "the count")) == (not holds_zero and each["difference"] < 0)
    assert {"arm", "stranger"} <= set(overview(table).split())


def test_the_ways_are_said_each_by_its_own_interval_and_why_an_arm_is_not_split():
    parts = effect_parts(world(), "base", ["arm", "stranger"], "examinees_2020")
    unit = unit_of("students")
    text = parts_sentence(parts[parts["arm"] == "arm"], "the count", unit)
    assert f"{MINUS}900 through the dates" in text
    assert "cannot be excluded" not in text
    assert "the parts are not known" in parts_sentence(parts[parts["arm"] == "stranger"], "the count", unit)
    wide = parts.assign(low=-1e6, high=1e6)
    assert parts_sentence(wide[wide["arm"] == "arm"], "the count", unit).count("zero cannot be excluded") == 2


def test_amounts_are_whole_where_they_are_large():
    assert [amount(value) for value in (99.96, -0.5, float("nan"))] == ["+100", f"{MINUS}0.5", "-"]
