"""Influence in theory: the fixed point of Friedkin and Johnsen."""

from __future__ import annotations

import numpy as np

from sim.rules import agreeing
from tests.theory.conftest import Say

W = np.array([[0.5, 0.5, 0.0], [0.25, 0.5, 0.25], [0.0, 0.5, 0.5]])
OPENNESS = np.array([[0.9], [0.5], [0.8]])
FIRST = np.array([[0.0], [0.5], [1.0]])
PUBLISHED = [0.42282, 0.51678, 0.67785]

# W as the model has it: oneself counts by one's power, a partner by trust times its power.
POWER = np.ones(3)
TRUST = np.array([1.0, 0.5, 0.5, 1.0])
TARGET = np.array([1, 0, 2, 1])
OFFSETS = np.array([0, 1, 3, 4])


def test_trust_and_power_say_the_matrix() -> None:
    columns = [agreeing.influence(unit[:, None], POWER, TRUST, TARGET, OFFSETS)[:, 0] for unit in np.eye(3)]
    assert np.allclose(np.transpose(columns), W, rtol=0, atol=1e-15)


def test_positions_settle_at_the_fixed_point_of_friedkin_and_johnsen(say: Say) -> None:
    now = FIRST
    for _ in range(200):
        heard = agreeing.influence(now, POWER, TRUST, TARGET, OFFSETS)
        now = agreeing.position_after(heard, FIRST, OPENNESS)
    open_to = np.diag(OPENNESS[:, 0])
    solved = np.linalg.solve(np.eye(3) - open_to @ W, (np.eye(3) - open_to) @ FIRST)
    say(
        "Friedkin-Johnsen fixed point",
        ", ".join(f"{value:.5f}" for value in PUBLISHED),
        ", ".join(f"{value:.5f}" for value in now[:, 0]),
    )
    assert np.abs(now - solved).max() < 1e-12
    assert np.abs(now[:, 0] - PUBLISHED).max() < 5e-6
