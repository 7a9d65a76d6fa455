"""Effective numbers of facts and parameters, on models with a known answer."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("emcee", reason="needs the extra `calibration`")

from sim.calibration.effective_numbers import EffectiveNumbers, independent
from sim.calibration.emulator import Draws, Emulator, chain
from tests.calibration.test_emulator import LUCK, MEASURE, SLOPES, drawn

pytestmark = [pytest.mark.heavy, pytest.mark.slow]


def test_facts_that_err_together_count_less():
    assert independent(np.diag([1.0, 4.0, 9.0])) == pytest.approx(3.0)
    assert independent(np.full((4, 4), 2.0)) == pytest.approx(1.0)
    half = np.array([[1.0, 0.5], [0.5, 1.0]])
    eigenvalues = np.linalg.eigvalsh(half)
    assert independent(half) == pytest.approx(eigenvalues.sum() ** 2 / (eigenvalues**2).sum()) == pytest.approx(1.6)


@pytest.fixture(scope="module")
def numbers() -> EffectiveNumbers:
    emulator = Emulator.of(MEASURE, MEASURE, drawn(600))
    return EffectiveNumbers.of(SimpleNamespace(emulator=emulator, chain=chain(emulator, 4000, seed=1)))


def test_a_linear_model_learns_what_the_formula_says(numbers):
    variance = np.diag(MEASURE.tolerance[:2] ** 2 + LUCK**2)
    posterior = np.linalg.inv(np.eye(3) + SLOPES.T @ np.linalg.inv(variance) @ SLOPES)
    assert numbers.learned == pytest.approx(np.trace(np.eye(3) - posterior), abs=0.15)
    assert numbers.parameters == 3


def test_figures_with_luck_of_their_own_are_independent(numbers):
    assert (numbers.facts, numbers.flags) == (2, 1)
    assert numbers.independent == pytest.approx(2.0, abs=0.05)


def test_luck_that_figures_share_makes_them_one_fact_where_tolerances_are_small():
    draws = drawn(600)
    shared = np.random.default_rng(2).normal(size=(600, 1))
    figures = draws.figures + np.array([5.0, 5.0, 0.0]) * shared
    emulator = Emulator.of(MEASURE, MEASURE, Draws(draws.scores, figures))
    result = SimpleNamespace(emulator=emulator, chain=SimpleNamespace(scores=np.zeros((3, 3))))
    assert EffectiveNumbers.of(result).independent == pytest.approx(1.0, abs=0.01)
