from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.intervals import bootstrap, newcombe, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(8, 10, 0.49016, 0.94332), (0, 10, 0.0, 0.27753), (10, 10, 0.72247, 1.0), (50, 100, 0.40383, 0.59617)],
)
def test_wilson_intervals_are_the_textbook_ones(successes, trials, low, high):
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-6)


def test_wilson_of_an_array_is_wilson_of_each():
    low, high = wilson([8, 0], [10, 10])
    assert (low[1], high[0]) == (wilson(0, 10)[0], wilson(8, 10)[1])


def test_no_trials_have_no_interval():
    assert np.isnan(wilson(0, 0)).all()


def pairs(both: int, one: int, other: int, neither: int) -> np.ndarray:
    """Pairs of flags by how many of each sort there are."""
    return np.repeat([[1, 1], [1, 0], [0, 1], [0, 0]], (both, one, other, neither), axis=0)


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [((36, 12, 2, 0), 0.0569, 0.3404), ((0, 30, 0, 0), 0.8395, 1.0), ((30, 0, 0, 0), -0.1135, 0.1135)],
)
def test_newcombe_intervals_are_the_textbook_ones(table, low, high):
    difference, *ends = newcombe(pairs(*table))
    assert difference == pytest.approx((table[1] - table[2]) / sum(table))
    assert ends == pytest.approx([low, high], abs=5e-5)


def test_a_difference_of_two_probabilities_turned_round_has_its_limits_turned_round():
    forward, back = newcombe(pairs(3, 4, 1, 2)), newcombe(pairs(3, 4, 1, 2)[:, ::-1])
    assert back == pytest.approx((-forward[0], -forward[2], -forward[1]))


def test_few_pairs_that_all_differ_are_not_sure():
    _, low, high = newcombe(pairs(0, 6, 0, 0))
    assert 0.4 < low < 0.5
    assert high == 1.0


def test_no_pairs_have_no_difference():
    assert np.isnan(newcombe(np.empty((0, 2)))).all()


def test_bootstrap_of_a_normal_sample_is_close_to_two_standard_errors():
    sample = np.random.default_rng(1).normal(3.0, 1.0, size=400)[:, None]
    mean, low, high = bootstrap(sample)
    error = sample.std() / 20
    assert mean[0] == pytest.approx(sample.mean())
    assert (high[0] - low[0]) / (2 * 1.96 * error) == pytest.approx(1.0, abs=0.08)


def test_bootstrap_says_the_same_twice():
    sample = np.random.default_rng(2).normal(size=(30, 2))
    np.testing.assert_array_equal(bootstrap(sample), bootstrap(sample))


def test_quantities_are_resampled_by_the_same_seeds():
    one = np.random.default_rng(3).normal(size=40)
    _, low, high = bootstrap(np.column_stack([one, one + 10.0]))
    np.testing.assert_allclose(high - low, (high - low)[0])


def test_one_seed_has_a_mean_and_no_interval():
    mean, low, high = bootstrap([[5.0]])
    assert mean[0] == 5.0
    assert np.isnan([low[0], high[0]]).all()


def test_the_same_difference_in_every_seed_has_no_width():
    assert [end[0] for end in bootstrap(np.full((10, 1), 4.0))] == [4.0, 4.0, 4.0]
