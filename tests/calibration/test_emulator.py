"""The emulator and its chain on a model with a known answer: linear figures, normal errors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

pytest.importorskip("emcee", reason="needs the extra `calibration`")


from sim.analysis.distance import Measure
from sim.analysis.fit import facts
from sim.calibration.emulator import Draws, Emulator, chain
from sim.calibration.evidence import evidence
from sim.calibration.recovery import Recovery
from sim.calibration.stages import seed_of
from sim.findings.calibration import EFFECT

ROWS = facts(
    pd.DataFrame(
        [
            ("share_5_units", 2013, "quintile 1", "0.20", "share", "B", "fit"),
            ("share_5_units", 2013, "quintile 2", "0.10", "share", "B", "fit"),
            ("ministry_joins", 2014, "network", "2014-05", "month", "A", "fit"),
        ],
        columns=["pattern", "year", "group", "value", "unit", "reliability", "use"],
    )
)
MEASURE = Measure.of(ROWS)
SLOPES, MIDDLE = np.array([[0.05, 0.02, 0.0], [0.0, 0.03, 0.0]]), np.array([0.15, 0.12])
LUCK = 0.01


def drawn(n: int, dated: float = 0.0) -> Draws:
    """Draws of a linear model; its date follows the third parameter as far as it is told to."""
    luck = np.random.default_rng(1)
    scores = luck.normal(size=(n, 3))
    figures = MIDDLE + scores @ SLOPES.T + LUCK * luck.normal(size=(n, 2))
    joins = 104.0 + np.where(luck.logistic(size=n) < dated * scores[:, 2], 0.0, 30.0)
    return Draws(scores, np.column_stack([figures, joins if dated else np.full(n, 104.0)]))


def test_the_chain_finds_the_posterior_of_a_linear_model():
    emulator = Emulator.of(MEASURE, MEASURE, drawn(600))
    found = chain(emulator, 1000, seed=1).scores
    variance = np.diag(MEASURE.tolerance[:2] ** 2 + LUCK**2)
    precision = np.eye(3) + SLOPES.T @ np.linalg.inv(variance) @ SLOPES
    mean = np.linalg.solve(precision, SLOPES.T @ np.linalg.inv(variance) @ (np.array([0.20, 0.10]) - MIDDLE))
    assert found.mean(axis=0) == pytest.approx(mean, abs=0.12)
    assert found.std(axis=0) == pytest.approx(np.sqrt(np.diag(np.linalg.inv(precision))), rel=0.12)


def test_what_runs_lie_off_the_surfaces_is_their_luck():
    emulator = Emulator.of(MEASURE, MEASURE, drawn(600))
    assert np.sqrt(np.diag(emulator.surfaces[1])) == pytest.approx([LUCK, LUCK], rel=0.15)


def test_a_date_that_follows_a_parameter_moves_it():
    found = chain(Emulator.of(MEASURE, MEASURE, drawn(600, dated=2.0)), 1000, seed=1).scores
    assert found[:, 2].mean() > 0.3


def test_a_chain_of_a_seed_is_the_same_again_and_that_of_another_not():
    emulator = Emulator.of(MEASURE, MEASURE, drawn(200))
    one, again, other = (chain(emulator, 20, seed).scores for seed in (1, 1, 2))
    assert one.tobytes() == again.tobytes() != other.tobytes()


def figures_of(scores):
    """The figures of a linear model's run at some scores, its luck from them."""
    at = np.array(list(scores.values()))
    luck = np.random.default_rng(seed_of(scores))
    joins = 104.0 if luck.logistic() < 2.0 * at[2] else 134.0
    return np.array([*(MIDDLE + SLOPES @ at + LUCK * luck.normal(size=2)), joins])


def summed(scores):
    """An effect that follows from parameters."""
    return sum(scores.values())


def found_again(effect, emulator=None, truths=30):
    """Shares of truths within the bands, of a linear model's parameters and effect."""
    known = emulator or Emulator.of(MEASURE, MEASURE, drawn(600, dated=2.0))
    recovery = Recovery(("one", "two", "three"), known, figures_of, effect, seed=1, sets=100)
    return recovery.rows(
        chain(Emulator.of(MEASURE, MEASURE, drawn(600, dated=2.0)), truths, seed=3).scores, jobs=1, progress=False
    )


@pytest.mark.slow
def test_known_parameters_and_their_effect_are_found_as_often_as_the_bands_say():
    rows = found_again(summed)
    assert list(rows["name"]) == ["one", "two", "three", EFFECT]
    assert 0.4 < rows["within_50"].mean() < 0.6
    assert 0.82 < rows["within_90"].mean() < 0.97


def test_an_emulator_that_is_wrong_finds_fewer_of_them():
    draws = drawn(600, dated=2.0)
    wrong = Draws(draws.scores * 0.3, draws.figures)
    rows = found_again(None, Emulator.of(MEASURE, MEASURE, wrong), truths=12)
    assert rows["within_90"].min() < 0.7


def test_the_evidence_of_a_linear_model_is_the_density_of_the_record():
    emulator = Emulator.of(MEASURE, MEASURE, drawn(600))
    luck = np.diag(MEASURE.tolerance[:2] ** 2 + LUCK**2)
    exact = multivariate_normal(MIDDLE, SLOPES @ SLOPES.T + luck).logpdf([0.20, 0.10])
    found = evidence(emulator, chain(emulator, 2000, seed=1), seed=1)
    assert found.log == pytest.approx(exact, abs=0.15)
    assert found.error < 0.05
