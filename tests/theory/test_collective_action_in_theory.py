"""Thresholds and peers in theory: Granovetter's crowd, and the equilibria of Brock and Durlauf."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from sim.rules import choosing, pledging
from sim.rules.logit import chance
from tests.theory.conftest import Say

WIDTH = 1e-6


def thresholds(actors: int, spread: float) -> np.ndarray:
    """Return thresholds Normal(25, spread) in percent, as shares: the k-th of n has (k - 1)/n of them below it.

    So, of n actors, the least number that makes up the share F(r) have thresholds of at most r: counts are rounded up.
    """
    return np.clip((25.0 + spread * norm.ppf(np.arange(actors) / actors)) / 100.0, -9.0, 9.0)


def joining(expected: np.ndarray, threshold: np.ndarray) -> np.ndarray:
    """Return the pledges of all-or-nothing actors who expect this share of all means to be put in."""
    return chance(pledging.bounded_logit(pledging.surplus(expected, threshold, width=WIDTH)))


def complete(actors: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a complete network of full trust: trust, targets, offsets."""
    one, other = np.divmod(np.arange(actors**2), actors)
    return np.ones(actors * (actors - 1)), other[one != other], np.arange(actors + 1) * (actors - 1)


@pytest.mark.heavy
@pytest.mark.parametrize(("spread", "limit", "published"), [(12.2, "5.5", 6), (12.3, "100", 100)])
def test_a_crowd_of_a_hundred_hangs_on_a_tenth_of_a_standard_deviation(
    spread: float, limit: str, published: int, say: Say
) -> None:
    pledge, network, threshold = np.zeros(100), complete(100), thresholds(100, spread)
    for _ in range(200):
        expected = pledging.expectation(np.ones(100), pledge, *network)
        assert expected == pytest.approx(np.full(100, pledge.mean()), abs=1e-12)
        pledge = joining(expected, threshold)
    say(
        f"Granovetter, 100 actors, Normal(25, {spread})",
        f"{limit} in the limit; of whole actors {published}",
        f"{pledge.sum():.6g}",
    )
    assert pledge.sum() == pytest.approx(published, abs=1e-6)


@pytest.mark.heavy
@pytest.mark.parametrize(("spread", "start"), [(12.2, 0.0), (12.3, 100.0)])
def test_a_large_crowd_stops_where_the_curve_of_thresholds_meets_the_diagonal(
    spread: float, start: float, say: Say
) -> None:
    many = 20_000
    threshold, pledge = thresholds(many, spread), np.zeros(many)
    for _ in range(400):
        pledge = joining(np.full(many, pledge.mean()), threshold)  # who trusts everyone fully expects the mean

    def above(share: float) -> float:
        return norm.cdf((share - 25.0) / spread) * 100.0 - share

    equilibrium = brentq(above, 0.0, 6.2) if above(6.2) < 0.0 else 100.0
    say(
        f"Granovetter, 20,000 actors, Normal(25, {spread}), percent", f"{equilibrium:.2f}", f"{pledge.mean() * 100:.2f}"
    )
    assert pledge.mean() * 100.0 == pytest.approx(equilibrium, abs=0.05)
    assert (equilibrium == 100.0) == (start == 100.0)


# Peers


def settled(start: float, by_peers: float, private: float, form: str) -> float:
    """Return the mean choice, -1 to 1, at rest, in the form of the mean field or of the model's own logit."""
    now = start
    for _ in range(2000):
        if form == "mean field":
            now = float(choosing.mean_field(now, by_peers=by_peers, private=private))
        else:
            now = 2.0 * float(chance(2.0 * (private + by_peers * now))) - 1.0
    return now


STARTS = np.linspace(-1.0, 1.0, 41)


@pytest.mark.parametrize("form", ["mean field", "chance"])
@pytest.mark.parametrize(
    ("by_peers", "private", "equilibria"),
    [(1.5, 0.0, [-0.8586, 0.0, 0.8586]), (0.5, -0.1, [-0.1949]), (0.9, 0.0, [0.0])],
)
def test_peers_settle_at_the_equilibria_of_brock_and_durlauf(
    form: str, by_peers: float, private: float, equilibria: list[float], say: Say
) -> None:
    settled_at = sorted({round(settled(float(start), by_peers, private, form), 4) + 0.0 for start in STARTS})
    say(
        f"Brock-Durlauf, bJ = {by_peers}, bh = {private}, by {form}, from 41 starts",
        ", ".join(f"{value:.4f}" for value in equilibria),
        ", ".join(f"{value:.4f}" for value in settled_at),
    )
    assert settled_at == pytest.approx(equilibria, abs=1e-4)


@pytest.mark.parametrize("form", ["mean field", "chance"])
def test_above_the_critical_weight_the_middle_does_not_last(form: str) -> None:
    assert settled(1e-6, 1.5, 0.0, form) == pytest.approx(0.8586, abs=1e-4)
    assert settled(1e-6, 0.99, 0.0, form) == pytest.approx(0.0, abs=1e-4)
