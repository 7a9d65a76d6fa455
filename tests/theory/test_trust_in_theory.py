"""Trust in theory: the balance of gains and losses, and forgetting."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from sim import configuration
from sim.dates import month_of
from sim.draws import Luck, Stream
from sim.model import CollaborationModel
from sim.parameters import Parameters
from sim.rules import trust
from sim.world.forums import FORUMS
from sim.world.organisations import MINISTRY
from sim.world.ties import Ties
from tests.theory.conftest import Say

ALARM = 1e-4
TIES = 20_000
WELL = 0.8
GAIN = Parameters().trust.gain


@pytest.mark.heavy
@pytest.mark.parametrize(("ratio", "published"), [(1.0, 0.800), (2.0, 0.667), (3.0, 0.571), (4.0, 0.500)])
def test_trust_settles_where_gains_and_losses_balance(ratio: float, published: float, say: Say) -> None:
    ids, now, months = np.arange(1, TIES + 1), np.full(TIES, 0.25), 250
    for month in range(months):
        well = (Luck(int(ratio))(Stream.QUALITY, month, ids) < WELL).astype(float)
        now = trust.trust_after(now, well, gain=GAIN, loss=GAIN * ratio)
    expected = WELL / (WELL + ratio * (1.0 - WELL))
    assert expected == pytest.approx(published, abs=5e-4)
    error = now.std(ddof=1) / math.sqrt(TIES)
    say(
        f"asymmetric trust, p = 0.8, loss/gain {ratio:g}: mean of {TIES:,} ties",
        f"{expected:.4f}",
        f"{now.mean():.4f} (s.e. {error:.4f})",
    )
    assert abs(now.mean() - expected) < norm.isf(ALARM / 2) * error


def test_at_break_even_trust_stays_at_its_reference(say: Say) -> None:
    ids, ratio, reference = np.arange(1, TIES + 1), 2.0, 0.25
    now = np.full(TIES, reference)
    for month in range(250):
        well = Luck(9)(Stream.QUALITY, month, ids) < trust.break_even(reference, ratio=ratio)
        now = trust.trust_after(now, well.astype(float), gain=GAIN, loss=GAIN * ratio)
    error = now.std(ddof=1) / math.sqrt(TIES)
    say("trust at the break-even chance of a good contact", "0.2500", f"{now.mean():.4f} (s.e. {error:.4f})")
    assert abs(now.mean() - reference) < norm.isf(ALARM / 2) * error


def test_without_contact_trust_fades_exponentially(say: Say) -> None:
    now, fading = 0.9, 0.01
    for month in range(1, 121):
        now = trust.trust_faded(now, 0.3, rate=fading)
        assert now == pytest.approx(0.3 + 0.6 * (1.0 - fading) ** month, abs=1e-12)
    say("no contact: trust after 120 months (0.9 towards 0.3, f = 0.01)", f"{0.3 + 0.6 * 0.99**120:.6f}", f"{now:.6f}")


def without_contact(seed: int) -> CollaborationModel:
    """Return a launched network in which nobody meets, gives, parts or is introduced."""
    values = {"meeting.alone": 0.0, "meeting.dissolving": 0.0, "commitment.partners": 0.0, "ministry.mode": "never"}
    values |= {"backbone.facilitation": 0.0, "setting.start": "2012-09", "setting.burn_in": 0}
    scenario = configuration.scenario(
        "historical_emergent", overrides=values | {f"forums.{name}.open": False for name in FORUMS}
    )
    launch = [change for change in scenario.policy.changes if change.key == "network.launched"]
    return CollaborationModel(replace(scenario, policy=replace(scenario.policy, changes=tuple(launch))), seed)


def by_pair(ties: Ties, kind: np.ndarray) -> dict[tuple[int, int], tuple[float, float]]:
    """Return trust and reference trust of every tie that does not involve the ministry, by its two rows."""
    columns = (ties.source.tolist(), ties.target.tolist(), ties.trust.tolist(), ties.reference.tolist())
    rows = zip(*columns, strict=True)
    return {(i, j): (t, r) for i, j, t, r in rows if MINISTRY not in (kind[i], kind[j])}


@pytest.mark.simulates
def test_a_network_in_which_nobody_meets_forgets_exponentially(say: Say) -> None:
    model = without_contact(2).run_until_month(month_of("2013-07"))
    kind = model.world.organisations.kind
    before = by_pair(model.world.ties, kind)
    model.run_until_month(month_of("2015-07"))
    after, fading = by_pair(model.world.ties, kind), model.parameters.trust.fading
    assert len(before) > 500
    off = [abs(after[p][0] - (r + (t - r) * (1.0 - fading) ** 24)) for p, (t, r) in before.items() if p in after]
    assert len(off) == len(before)
    say(f"no contact in the model: {len(off)} ties after 24 months, largest deviation", "0", f"{max(off):.1e}")
    assert max(off) < 1e-12
