"""Weights of models, the order of their sets, and the part of a variance that lies between them."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.model_average import longest_order, model_order, posterior_weights, variance_parts
from tests.offenders import each_of


def test_weights_are_in_proportion_to_prior_times_evidence():
    weights = posterior_weights([0.5, 0.25, 0.25], [-1000.0, -1000.0 + np.log(4.0), -1000.0])
    assert weights == pytest.approx(np.array([2.0, 4.0, 1.0]) / 7.0)


def test_without_evidence_weights_are_the_prior():
    assert posterior_weights([0.5, 0.5], [np.nan, np.nan]).tolist() == [0.5, 0.5]


@each_of("seed", range(5))
def test_every_beginning_has_each_model_to_less_than_one_place(seed):
    weights = np.random.default_rng(seed).dirichlet(np.full(7, 0.4))
    order = np.array(model_order(weights.tolist(), 500))
    counts = np.cumsum(order[:, None] == np.arange(7), axis=0)
    assert np.abs(counts - np.arange(1, 501)[:, None] * weights).max() < 1.0


def test_no_model_runs_out_of_sets():
    weights, sizes = [0.6, 0.3, 0.1], [10, 40, 3]
    count = longest_order(weights, sizes)
    order = model_order(weights, count)
    assert all(order.count(number) <= size for number, size in enumerate(sizes))
    assert count == 16
    assert model_order([1.0], 3) == [0, 0, 0]


def drawn(means, spread, n, seed=1):
    """Values of models with these means: values and the model of each."""
    draws = np.random.default_rng(seed)
    values = [draws.normal(mean, spread, n) for mean in means.values()]
    return np.concatenate(values), np.repeat(list(means), n)


def test_the_part_between_models_is_that_of_the_law_of_total_variance():
    weights = {"a": 0.25, "b": 0.75}
    values, models = drawn({"a": 0.0, "b": 4.0}, 1.0, 4000)
    parts = variance_parts(values, models, weights)
    assert parts.between == pytest.approx(3.0 / 4.0, abs=0.01)
    assert parts.total == pytest.approx(4.0, rel=0.05)
    assert parts.low < 3.0 / 4.0 < parts.high


def test_models_that_differ_by_chance_alone_have_next_to_nothing_between_them():
    between = [
        variance_parts(*drawn({"a": 0.0, "b": 0.0}, 1.0, 6, seed), {"a": 0.5, "b": 0.5}).between for seed in range(200)
    ]
    naive = 0.25 * 2.0 / 6.0  # what the means of six differ by
    assert np.mean(between) < naive
    assert min(between) == 0.0


def test_a_variance_of_nothing_is_not_a_number():
    assert np.isnan(variance_parts([1.0], ["a"], {"a": 1.0}).between)
    assert np.isnan(variance_parts([1.0, 1.0], ["a", "a"], {"a": 1.0}).between)
