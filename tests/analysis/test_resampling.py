"""Intervals of replicates that share parameter sets: textbook values, coverage, and nothing else where none is shared."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from sim.analysis.clusters import PARAMETER_SET, clusters_in, clusters_of, sharing_note, with_clusters
from sim.analysis.doubling import probability
from sim.analysis.effects import difference, estimate, paired
from sim.analysis.evaluation_bias import method_errors
from sim.analysis.intervals import bootstrap, newcombe, ratio_of_means, share_interval, wilson
from sim.analysis.paired_differences import differences
from sim.analysis.pareto import objective_estimate
from sim.analysis.predictions import by_tercile
from sim.analysis.resampling import cluster_interval, design_effect, effective_number, independent
from sim.analysis.shapley import attribution
from tests.offenders import each_of

TRIALS = 400
"""Samples in each test of coverage."""

MISSES = binom.ppf([0.00005, 0.99995], TRIALS, 0.05)
"""Misses of 400 intervals that cover 95%, but for one sound interval in 10,000."""


def of_sets(draws: np.random.Generator, sets: int, each: int, between: float) -> tuple[np.ndarray, np.ndarray]:
    """Values with mean 0 of replicates that share sets, and the set of each; variance within a set 1, between sets as given."""
    clusters = np.arange(sets * each) % sets
    return np.sqrt(between) * draws.normal(size=sets)[clusters] + draws.normal(size=sets * each), clusters


def missed(low: float, high: float, truth: float) -> bool:
    return not low <= truth <= high


@pytest.mark.heavy
@pytest.mark.parametrize("sets", [10, 25])
def test_intervals_of_means_cover_95_percent_where_sets_are_resampled_and_not_where_runs_count_as_independent(sets):
    draws, clustered, alone = np.random.default_rng(5), 0, 0
    for _ in range(TRIALS):
        values, clusters = of_sets(draws, sets, 8, between=2.0)
        clustered += missed(*(end[0] for end in bootstrap(values[:, None], clusters=clusters)[1:]), 0.0)
        alone += missed(*(end[0] for end in bootstrap(values[:, None])[1:]), 0.0)
    assert MISSES[0] <= clustered <= MISSES[1]
    assert alone > 0.3 * TRIALS


@pytest.mark.heavy
@pytest.mark.parametrize("sets", [2, 3, 5])
def test_intervals_of_means_over_few_sets_are_long_but_not_too_short(sets):
    draws, clustered = np.random.default_rng(4), 0
    for _ in range(TRIALS):
        values, clusters = of_sets(draws, sets, 8, between=2.0)
        clustered += missed(*(end[0] for end in bootstrap(values[:, None], clusters=clusters)[1:]), 0.0)
    assert clustered <= MISSES[1]


@pytest.mark.heavy
def test_sets_without_an_effect_of_their_own_are_covered_at_least_as_often_as_said():
    draws = np.random.default_rng(6)
    samples = [of_sets(draws, 20, 4, between=0.0) for _ in range(TRIALS)]
    ends = [bootstrap(values[:, None], clusters=clusters)[1:] for values, clusters in samples]
    assert sum(missed(low[0], high[0], 0.0) for low, high in ends) <= MISSES[1]


@pytest.mark.parametrize("chance", [0.5, 0.9])
def test_intervals_of_shares_cover_at_least_95_percent_in_sets_and_not_as_independent(chance):
    """Nearly all runs of a set succeed, or hardly any: an interval may be too long, but not too short."""
    draws, clustered, alone = np.random.default_rng(7), 0, 0
    for _ in range(TRIALS):
        clusters = np.arange(20 * 10) % 20
        within = np.where(draws.random(20) < chance, 0.95, 0.05)
        flags = draws.random(200) < within[clusters]
        truth = 0.95 * chance + 0.05 * (1.0 - chance)
        clustered += missed(*share_interval(flags, clusters), truth)
        alone += missed(*share_interval(flags), truth)
    assert clustered <= MISSES[1]
    assert alone > 0.25 * TRIALS


def test_intervals_of_differences_of_shares_cover_at_least_95_percent_in_sets_and_not_as_independent():
    draws, clustered, alone = np.random.default_rng(8), 0, 0
    for _ in range(TRIALS):
        clusters = np.arange(20 * 10) % 20
        effect = draws.random(20) < 0.5
        first = draws.random(200) < np.where(effect, 0.9, 0.3)[clusters]
        pairs = np.column_stack([first, draws.random(200) < 0.3])
        clustered += missed(*newcombe(pairs, clusters=clusters)[1:], 0.3)
        alone += missed(*newcombe(pairs)[1:], 0.3)
    assert clustered <= MISSES[1]
    assert alone > 0.2 * TRIALS


def test_a_ratio_of_means_and_the_worst_quarter_are_wider_where_sets_differ():
    values, clusters = of_sets(np.random.default_rng(9), 12, 6, between=4.0)
    above, below = (10.0 + values)[:, None], np.full(len(values), 2.0)
    alone, shared = ratio_of_means(above, below), ratio_of_means(above, below, clusters=clusters)
    assert shared[0] == alone[0]
    assert shared[2][0] - shared[1][0] > 1.5 * (alone[2][0] - alone[1][0])
    mean = bootstrap(above / 2.0, clusters=clusters)
    assert [*shared[1], *shared[2]] == pytest.approx([*mean[1], *mean[2]])
    for robust in ("mean", "worst_quarter"):
        one, many = objective_estimate(values, "max", robust), objective_estimate(values, "max", robust, clusters)
        assert many.mean == one.mean
        assert many.high - many.low > 1.3 * (one.high - one.low)


def test_the_cluster_interval_of_a_mean_is_close_to_students_over_the_means_of_sets():
    from scipy.stats import t

    values, clusters = of_sets(np.random.default_rng(10), 30, 5, between=3.0)
    means = pd.Series(values).groupby(clusters).mean()
    reach = t.ppf(0.975, 29) * means.std() / np.sqrt(30)
    low, high = cluster_interval(lambda w: w @ values[:, None] / w.sum(axis=1, keepdims=True), clusters, 0.95)
    assert high[0] - low[0] == pytest.approx(2.0 * reach, rel=0.1)


def test_the_design_effect_is_that_of_the_textbook_where_sets_are_many():
    """Runs of a set that always agree count once; with 2,000 sets the two that are added weigh a thousandth."""
    clusters = np.repeat(np.arange(2000), 6)
    assert design_effect(np.repeat(np.tile([1.0, 0.0], 1000), 6), clusters) == pytest.approx(6.0, rel=0.002)
    assert design_effect(np.tile([1.0, 0.0], 6000), clusters) == 1.0
    flags = (np.random.default_rng(16).random(12000) < 0.3).astype(float)
    assert design_effect(flags, clusters) == pytest.approx(1.0, abs=0.1)


def test_one_run_that_differs_does_not_make_an_interval_jump():
    clusters = np.arange(60) % 10
    none, one = share_interval(np.zeros(60), clusters), share_interval(np.arange(60) == 0, clusters)
    assert one[1] == pytest.approx(none[1], rel=0.1)
    assert one[0] < 0.01


@pytest.mark.parametrize("happened", [0.0, 1.0])
def test_at_none_and_at_all_a_share_has_the_interval_of_as_many_runs_as_there_are_sets_or_a_wider_one(happened):
    low, high = share_interval(np.full(60, happened), np.arange(60) % 10)
    by_sets = [float(end) for end in wilson(10 * happened, 10)]
    assert high - low > by_sets[1] - by_sets[0]
    assert (low if happened == 0.0 else high) == happened
    assert 0.0 <= low < high <= 1.0
    all_differ = newcombe([[1, 0]] * 60, clusters=np.arange(60) % 10)
    assert all_differ[0] == all_differ[2] == 1.0
    assert all_differ[1] < newcombe([[1, 0]] * 10)[1]


def test_two_sets_say_next_to_nothing_of_a_share_whatever_they_show():
    for flags in (np.zeros(12), np.arange(12) % 2, np.arange(12) % 3 == 0):
        low, high = share_interval(flags, np.arange(12) % 2)
        assert high - low > 0.9


def test_sharing_never_makes_an_interval_narrower():
    draws = np.random.default_rng(11)
    for _ in range(50):
        values, clusters = of_sets(draws, 3, 5, between=0.0)
        alone, shared = estimate(values), estimate(values, clusters)
        assert shared.low <= alone.low
        assert shared.high >= alone.high
        assert effective_number((values > 0)[:, None].astype(float), clusters, 0.95) <= len(values)


def test_one_set_alone_among_values_has_no_interval():
    ends = bootstrap(np.arange(5.0)[:, None], clusters=np.zeros(5))
    assert np.isnan([ends[1][0], ends[2][0], *share_interval([1, 0, 1], [4, 4, 4])]).all()


def test_clusters_of_one_value_each_change_nothing():
    values, flags = np.random.default_rng(12).normal(size=(40, 2)), np.arange(80).reshape(40, 2) % 3 == 0
    clusters = np.arange(40)
    assert independent(clusters)
    for one, other in (
        (bootstrap(values), bootstrap(values, clusters=clusters)),
        (ratio_of_means(values, 9.0 + values[:, 0]), ratio_of_means(values, 9.0 + values[:, 0], clusters=clusters)),
        (newcombe(flags), newcombe(flags, clusters=clusters)),
        (share_interval(flags[:, 0]), share_interval(flags[:, 0], clusters)),
        (wilson(flags[:, 0].sum(), 40), share_interval(flags[:, 0], clusters)),
    ):
        np.testing.assert_array_equal(one, other)


def runs(seeds: int, sets: int = 0) -> pd.DataFrame:
    """Runs of two scenarios whose difference depends on the parameter set, as though there were so many sets."""
    draws, rows = np.random.default_rng(13), []
    effects = draws.normal(100.0, 80.0, size=max(sets, 1))
    for seed in range(1, seeds + 1):
        luck = draws.normal(20000.0, 300.0)
        effect = effects[seed % len(effects)] + draws.normal(0.0, 10.0)
        about = {"dates": "emergent", "seed": seed, "examinees_2013": 9000.0}
        rows += [{"scenario": "base", **about, "examinees_2020": luck},
                 {"scenario": "arm", **about, "examinees_2020": luck + effect}]  # fmt: skip
    return pd.DataFrame(rows)


def test_the_column_is_there_only_where_seeds_share_sets_and_follows_the_seeds():
    frame = runs(100)
    assert with_clusters(frame, 300) is frame
    assert with_clusters(frame, 100) is frame
    assert with_clusters(frame, 0) is frame
    extended = with_clusters(runs(400), 300)
    assert (extended[PARAMETER_SET] == extended["seed"] % 300).all()
    assert clusters_of([0, 12], 12).tolist() == [0, 0]
    assert clusters_of([5, 5, 6], 12) is None


def test_tables_are_the_same_bytes_where_there_are_enough_sets():
    frame = runs(40)
    for sets in (0, 40, 300):
        again = differences(with_clusters(frame, sets), "base", ["arm"], ["examinees_2020"])
        assert again.to_csv() == differences(frame, "base", ["arm"], ["examinees_2020"]).to_csv()


def test_differences_of_arms_resample_the_sets():
    frame = runs(40, 5)
    alone, shared = (
        differences(each, "base", ["arm"], ["examinees_2020"]).iloc[0] for each in (frame, with_clusters(frame, 5))
    )
    assert shared["difference"] == alone["difference"]
    assert shared["high"] - shared["low"] > 2.0 * (alone["high"] - alone["low"])
    assert shared["better_high"] - shared["better_low"] > 1.5 * (alone["better_high"] - alone["better_low"])
    again = paired(with_clusters(frame, 5), "base", ["arm"], "examinees_2020").iloc[0]
    assert (again["low"], again["high"]) == (shared["low"], shared["high"])


def test_pairs_without_a_value_leave_their_sets_in_place():
    frame = with_clusters(runs(40, 5), 5)
    frame.loc[frame["seed"].isin([1, 2, 7]), "examinees_2020"] = np.nan
    whole = frame[~frame["seed"].isin([1, 2, 7])]
    columns = ["difference", "low", "high", "better", "better_low", "better_high"]
    one, other = (differences(each, "base", ["arm"], ["examinees_2020"])[columns] for each in (frame, whole))
    pd.testing.assert_frame_equal(one, other)


def test_a_probability_at_each_point_of_a_sweep_knows_the_sets():
    frame = runs(60)
    frame["examinees_2020"] = np.where(frame["seed"] % 6 < 3, 30000.0, 9000.0)
    happened = pd.Series(frame["examinees_2020"] > 2 * 8869, frame.index)
    alone = probability(frame, ["scenario"], happened)
    shared = probability(with_clusters(frame, 6), ["scenario"], happened)
    assert alone["p"].tolist() == shared["p"].tolist() == [0.5, 0.5]
    expected = share_interval(np.arange(1, 61) % 6 < 3, np.arange(1, 61) % 6)
    assert shared[["low", "high"]].to_numpy().tolist() == [list(expected)] * 2
    assert (shared["high"] - shared["low"] > 1.5 * (alone["high"] - alone["low"])).all()


def test_attribution_thirds_and_studies_resample_the_sets():
    seeds, sets = np.arange(1, 31), 5
    effect = np.array([0.0, 10.0, 20.0, 30.0, 60.0])[seeds % sets] + np.random.default_rng(14).normal(size=30)
    game = pd.concat([pd.DataFrame({"seed": seeds, "coalition": k, "x": k * effect}) for k in (0, 1)])
    rows = pd.DataFrame({"method": "m", "seed": seeds, "truth": 0.0, "estimate": effect, "low": effect - 1.0,
                         "high": effect + 1.0, "selection": 0.0, "spillover": 0.0})  # fmt: skip
    clusters = clusters_of(seeds, sets)
    for alone, shared in (
        (attribution(game, ["a"], "x"), attribution(with_clusters(game, sets), ["a"], "x")),
        (method_errors(rows), method_errors(with_clusters(rows, sets))),
        (by_tercile(seeds % sets, effect), by_tercile(seeds % sets, effect, clusters)),
    ):
        assert (shared["high"] - shared["low"] >= alone["high"] - alone["low"]).all()
        assert (shared["high"] - shared["low"]).iloc[0] > 1.2 * (alone["high"] - alone["low"]).iloc[0]


def test_missing_values_leave_clusters_in_step():
    values, clusters = of_sets(np.random.default_rng(15), 5, 6, between=4.0)
    holes = values.copy()
    holes[[3, 9]] = np.nan
    present = ~np.isnan(holes)
    assert estimate(holes, clusters) == estimate(values[present], clusters[present])
    pairs = np.column_stack([holes, np.zeros(len(holes))])
    assert difference(pairs, clusters) == estimate(values[present], clusters[present])


@each_of(
    ("seeds", "sets", "sentence"),
    [
        (12, 2, "12 pairs share 2 parameter sets: intervals resample the sets. With fewer than 10 sets such intervals are "
         "unreliable."),
        (40, 20, "40 pairs share 20 parameter sets: intervals resample the sets."),
        (12, 1, "12 pairs share 1 parameter set: intervals cover random variation within that set only, not parameter "
         "uncertainty."),
        (12, 12, ""),
        (12, 0, ""),
    ],
)  # fmt: skip
def test_the_sentence_says_how_sets_are_shared(seeds, sets, sentence):
    assert sharing_note(with_clusters(runs(seeds), sets), "pairs") == sentence


def test_within_one_set_intervals_are_those_of_independent_runs():
    frame = runs(12)
    one = with_clusters(frame, 1)
    assert clusters_in(one, one["seed"]) is None
    columns = [differences(each, "base", ["arm"], ["examinees_2020"]).to_csv() for each in (frame, one)]
    assert columns[0] == columns[1]
