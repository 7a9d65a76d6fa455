"""Gains, gaps and concentration, on numbers that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.equity import (
    AS_RATIO,
    CONCENTRATION,
    IN_POINTS,
    INDEX,
    concentration_index,
    curves,
    gains,
    gaps,
    groups,
    mean_curve,
    pairs_of,
)
from sim.analysis.intervals import bootstrap
from sim.errors import InputError
from sim.findings.equity import GENDER, NO_PARTS, disagreements, gain_sentence, gap_sentence, parts_of_gain
from sim.findings.numbers import MINUS

TAKERS = {"quintile 1": 100.0, "quintile 2": 100.0, "quintile 3": 60.0, "quintile 4": 100.0, "quintile 5": 100.0,
          "quintile unknown": 40.0, "stream state": 300.0, "stream non_jewish": 200.0, "centre": 250.0,
          "periphery": 250.0}  # fmt: skip
"""Maths takers of each group; each division has 500."""

WITHOUT = {"quintile 1": 20.0, "quintile 2": 10.0, "quintile 3": 6.0, "quintile 4": 8.0, "quintile 5": 4.0,
           "quintile unknown": 2.0, "stream state": 36.0, "stream non_jewish": 14.0, "centre": 30.0, "periphery": 20.0,
           "girls": 20.0, "boys": 30.0}  # fmt: skip
"""Examinees without the programme; each division has 50."""

MORE = {"quintile 1": 10.0, "quintile 2": 4.0, "quintile 3": 3.0, "quintile 4": 4.0, "quintile 5": 4.0, "quintile unknown": 0.0,
        "stream state": 15.0, "stream non_jewish": 10.0, "centre": 15.0, "periphery": 10.0, "girls": 10.0,
        "boys": 15.0}  # fmt: skip
"""Examinees more with it; each division has 25."""


def frame(seeds: int = 4, factors: tuple[float, ...] = (1.0,), **arms: float) -> pd.DataFrame:
    """Runs of `without`, and of arms with so many times MORE, in each seed times one of the factors in turn."""
    rows = []
    for seed in range(1, seeds + 1):
        for name, times in {"without": 0.0, **arms}.items():
            factor = times * factors[seed % len(factors)]
            row = {"scenario": name, "dates": "emergent", "seed": seed, "examinees_2020": 50.0 + 25.0 * factor}
            row |= {f"examinees_2020/{group}": WITHOUT[group] + factor * MORE[group] for group in WITHOUT}
            row |= {f"takers_2020/{group}": takers for group, takers in TAKERS.items()}
            rows.append(row)
    return pd.DataFrame(rows)


def test_the_groups_are_those_with_students():
    runs = frame(arm=1.0).assign(**{"examinees_2020/stream haredi": 0.0, "takers_2020/stream haredi": 0.0})
    assert groups(runs, 2020) == list(WITHOUT)
    with pytest.raises(
        InputError, match=r"^the runs have no figures of groups of students for 2017; choose a year that they have$"
    ):
        groups(runs, 2017)


def test_shares_points_and_additional_examinees_are_those_reckoned_by_hand():
    table = gains(frame(arm=1.0), "arm", "without", 2020).set_index("group")
    strongest = table.loc["quintile 1"]
    assert (strongest["share"], strongest["share_against"]) == pytest.approx((0.3, 0.2))
    assert strongest[["points", "points_low", "points_high"]].tolist() == pytest.approx([10.0] * 3)
    assert table["additional"].to_dict() == pytest.approx(MORE)
    assert table.loc["periphery", "points"] == pytest.approx(100 * 10 / 250)
    assert set(table["n"]) == {4}


def test_a_part_of_the_gain_stands_beside_the_part_of_the_takers():
    table = gains(frame(arm=1.0), "arm", "without", 2020).set_index("group")
    assert table.loc["quintile 1", "part_of_gain"] == pytest.approx(10 / 25)
    assert table.loc["quintile 1", "part_of_takers"] == pytest.approx(100 / 500)
    assert table.loc["quintile 1", "part_of_examinees"] == pytest.approx(30 / 75)
    for kind in ("quintile", "stream", "place", "gender"):
        assert table.loc[table["kind"] == kind, "part_of_gain"].sum() == pytest.approx(1.0)


def test_genders_have_examinees_and_no_share():
    table = gains(frame(arm=1.0), "arm", "without", 2020).set_index("group").loc[["girls", "boys"]]
    assert table[["share", "points", "points_low", "part_of_takers"]].isna().all().all()
    assert table["additional"].tolist() == [10.0, 15.0]
    assert "respond alike" in GENDER


def test_where_it_is_not_sure_that_there_is_a_gain_nobody_has_a_part_of_it():
    table = gains(frame(6, (1.0, -1.0), arm=1.0), "arm", "without", 2020)
    assert table["part_of_gain"].isna().all()
    text = gain_sentence(table.iloc[0])
    assert text.startswith("a difference of zero from without in the share at five units cannot be excluded")
    assert f"(95% interval {MINUS}6.67 to +6.67)" in text
    assert "higher" not in text
    assert parts_of_gain(table) == NO_PARTS


def test_near_a_total_of_zero_no_parts_are_given_although_its_interval_just_excludes_zero():
    runs = frame(40, (1.5, -0.5, 1.5, -0.9), arm=1.0)
    total = runs.groupby("scenario")["examinees_2020"].apply(list)
    _, (low,), _ = bootstrap(np.subtract(total["arm"], total["without"])[:, None])
    assert 0.0 < low < 3.0
    table = gains(runs, "arm", "without", 2020)
    assert table["part_of_gain_low"].isna().all()
    assert parts_of_gain(table) == NO_PARTS


def test_sentences_say_who_has_more_of_the_gain_and_of_a_loss():
    table = gains(frame(arm=1.0, worse=-1.0), "arm", "without", 2020)
    assert (
        "More of the gain than of the takers have quintile 1, strongest (40.0% [40.0%, 40.0%] beside 20.0%)"
        in parts_of_gain(table)
    )
    lost = gains(frame(arm=1.0, worse=-1.0), "worse", "without", 2020)
    assert f"lower than in without, by {MINUS}10 percentage points" in gain_sentence(lost.iloc[0])
    assert "More of the loss than of the takers have quintile 1, strongest" in parts_of_gain(lost)


def test_gaps_are_told_in_points_and_as_ratios():
    table = gaps(frame(arm=1.0), "arm", "without", 2020).set_index(["gap", "measure"])
    quintiles = table.loc[("quintiles", IN_POINTS)]
    assert quintiles[["level", "difference"]].tolist() == pytest.approx([30.0 - 8.0, 22.0 - 16.0])
    ratio = table.loc[("quintiles", AS_RATIO)]
    assert ratio[["level", "difference", "low", "high"]].tolist() == pytest.approx([3.75, -1.25, -1.25, -1.25])
    assert table.loc[("periphery", AS_RATIO), "level"] == pytest.approx(45 / 30)
    assert table.loc[("streams", IN_POINTS), "level"] == pytest.approx(100 * (51 / 300 - 24 / 200))
    points, ratio, *_ = (gap_sentence(row) for _, row in table.reset_index().iterrows())
    assert "wider" in points
    assert "narrower" in ratio
    assert (
        "The two measures of the gap of quintiles in arm beside without disagree"
        in disagreements(table.reset_index())[0]
    )


def test_a_gap_that_may_have_turned_round_is_not_called_narrower():
    runs = frame(arm=1.0)
    runs.loc[runs["scenario"] == "arm", "examinees_2020/quintile 5"] = 60.0
    rows = gaps(runs, "arm", "without", 2020)
    text = [gap_sentence(row) for _, row in rows[rows["gap"] == "quintiles"].iterrows()]
    assert not any("narrower" in each for each in text)
    assert all("lower, and it is not certain that the same group is ahead" in each for each in text)


def test_against_itself_a_scenario_has_levels_and_no_difference():
    table = gaps(frame(), "without", "without", 2020)
    assert table[["difference", "low", "high"]].isna().all().all()
    assert table["level"].notna().all()


def test_a_run_in_which_nobody_is_behind_has_no_ratio():
    runs = frame(arm=1.0)
    runs.loc[(runs["scenario"] == "without") & (runs["seed"] == 1), "examinees_2020/quintile 5"] = 0.0
    table = gaps(runs, "arm", "without", 2020).set_index(["gap", "measure"])
    assert table.loc[("quintiles", AS_RATIO), "n"] == 3
    assert table.loc[("quintiles", IN_POINTS), "n"] == 4


def test_the_curve_goes_from_the_weakest_and_its_index_is_that_reckoned_by_hand():
    drawn = mean_curve(frame(), "without", 2020)
    assert drawn["takers"].tolist() == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert drawn["examinees"].tolist() == pytest.approx([0.0, 0.08, 0.24, 0.4, 0.6, 1.0])
    area = 0.2 * (0.04 + 0.16 + 0.32 + 0.5 + 0.8)
    table = gaps(frame(), "without", "without", 2020).set_index(["gap", "measure"])
    assert table.loc[(CONCENTRATION, INDEX), "level"] == pytest.approx(1.0 - 2.0 * area)


def test_an_even_curve_has_index_nothing():
    runs = frame().assign(**{f"examinees_2020/{group}": 0.1 * TAKERS[group] for group in TAKERS})
    (people, at_five), _ = curves(runs, "without", "without", 2020)
    assert np.allclose(people, at_five)
    assert concentration_index(people, at_five) == pytest.approx([0.0] * 4)


def test_pairs_without_all_values_are_left_out_and_none_is_a_mistake():
    runs = frame(arm=1.0)
    runs.loc[(runs["scenario"] == "arm") & (runs["seed"] == 2), "examinees_2020/boys"] = np.nan
    assert gains(runs, "arm", "without", 2020)["n"].unique().tolist() == [3]
    with pytest.raises(
        InputError, match=r"^no pair of runs of `arm` and `nobody` has values of all of examinees_2020, \.\.\.$"
    ):
        pairs_of(runs, "arm", "nobody", ["examinees_2020"])
