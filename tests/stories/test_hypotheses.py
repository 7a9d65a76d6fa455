"""No hypothesis is built in: each fails, or loses its support, in a parameter set inside the declared ranges."""

from __future__ import annotations

import pytest

from sim.analysis.hypotheses import HYPOTHESES, Hypothesis, verdict
from sim.configuration import scenario
from sim.parameters import checked
from sim.studies.hypotheses import hypothesis_runs

pytestmark = [pytest.mark.simulates, pytest.mark.slow]

SEEDS = [1, 2, 3, 4, 5]
NAMES = [item.name for item in HYPOTHESES]


@pytest.mark.parametrize("claim", HYPOTHESES, ids=NAMES)
def test_a_hypothesis_can_fail_inside_the_declared_ranges(claim: Hypothesis) -> None:
    for name, value in claim.fails_with.items():
        assert checked(name, value) == value
    scenarios = [scenario(name, overrides=claim.fails_with) for name in claim.scenarios]
    estimate = claim.judge(hypothesis_runs(scenarios, SEEDS, jobs=1))
    assert verdict(estimate) != "holds", estimate
