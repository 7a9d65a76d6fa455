"""Surfaces on functions with a known form: quadratic, and saturating."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="needs the extra `calibration`")

from sim.calibration.emulator import Emulator, chain
from sim.calibration.stored_fits import digest_of, stored_fit, write_fit
from sim.calibration.surfaces import fitted_surfaces, terms
from tests.calibration.test_emulator import MEASURE, drawn

pytestmark = pytest.mark.slow

NOISE = 0.1


def draws(n: int, seed: int):
    """Scores, and two figures: a quadratic one, and one that saturates on both sides of 0."""
    random = np.random.default_rng(seed)
    scores = random.normal(size=(n, 4))
    straight = scores[:, 0] + 0.5 * scores[:, 1] * scores[:, 2]
    bent = np.tanh(3.0 * scores[:, 3]) * (1.0 + 0.5 * scores[:, 0])
    exact = np.column_stack((straight, bent))
    return scores, exact, exact + NOISE * random.normal(size=exact.shape)


@pytest.fixture(scope="module")
def surfaces():
    scores, _, figures = draws(3000, 1)
    return fitted_surfaces(scores, figures, np.ones(len(scores)))


def test_a_quadratic_figure_is_found_within_its_noise_and_one_that_saturates_better_than_by_a_quadratic_surface(
    surfaces,
):
    scores, _, figures = draws(3000, 1)
    new, truth, _ = draws(500, 2)
    errors = np.sqrt(np.mean((surfaces.at(new) - truth) ** 2, axis=0))
    columns = np.hstack((np.ones((len(scores), 1)), terms(scores)))
    quadratic = np.linalg.lstsq(columns, figures, rcond=None)[0]
    alone = np.sqrt(np.mean((np.hstack((np.ones((len(new), 1)), terms(new))) @ quadratic - truth) ** 2, axis=0))
    assert errors[0] < 0.5 * NOISE
    assert errors[1] < 0.6 * alone[1]


def test_the_covariance_has_the_error_at_draws_that_no_fit_has_seen(surfaces):
    new, _, figures = draws(500, 2)
    expected = np.sqrt(np.mean((surfaces.at(new) - figures) ** 2, axis=0))
    assert np.sqrt(np.diag(surfaces.covariance)) == pytest.approx(expected, rel=0.25)


def test_the_figures_are_linear_in_the_features(surfaces):
    scores = draws(20, 3)[0]
    assert surfaces.at(scores) == pytest.approx(surfaces.features(scores) @ surfaces.slopes + surfaces.intercept)
    assert surfaces.features(scores).shape == (20, len(surfaces.slopes))


@pytest.mark.program
def test_the_number_of_processes_changes_no_bit():
    scores, _, figures = draws(200, 1)
    one, two = (fitted_surfaces(scores, figures, np.ones(200), jobs) for jobs in (1, 2))
    for name in ("intercept", "slopes", "covariance"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()


def test_a_figure_that_never_changes_is_that_figure():
    scores = draws(60, 1)[0]
    assert fitted_surfaces(scores, np.full((60, 1), 3.0), np.ones(60)).at(scores) == pytest.approx(
        np.full((60, 1), 3.0)
    )


def test_a_stored_fit_is_read_and_a_broken_one_or_one_of_other_draws_is_not(tmp_path):
    sample = drawn(200)
    emulator = Emulator.of(MEASURE, MEASURE, sample)
    sampled, digest = chain(emulator, 20, seed=1), digest_of(sample, 1, 20)
    path = tmp_path / "01.npz"
    assert stored_fit(path, digest) is None
    write_fit(path, digest, emulator.surfaces, sampled)
    surfaces, again = stored_fit(path, digest)
    assert again.scores.tobytes() == sampled.scores.tobytes()
    assert again.effective == sampled.effective
    read = Emulator.of(MEASURE, MEASURE, sample, fitted=surfaces)
    assert read.log_posterior(sample.scores).tobytes() == emulator.log_posterior(sample.scores).tobytes()
    for other in (digest_of(sample, 2, 20), digest_of(replace(sample, scores=sample.scores + 1.0), 1, 20)):
        assert stored_fit(path, other) is None
    path.write_bytes(path.read_bytes()[:500])
    assert stored_fit(path, digest) is None
