"""Memory grows with organisations and with schools, not with their product, nor with pairs of organisations."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tracemalloc
from types import SimpleNamespace

import numpy as np
import pytest

from sim.draws import Luck
from sim.world.build import PAIRS_AT_ONCE, drawn_pairs
from sim.world.organisations import BUSINESS, NGO

PLACING = """
import json, sys, tracemalloc
import numpy as np
import sim
from sim.model import CollaborationModel
from sim.phases.deliver import Funds
from sim.phases.place import partners_placed

def peak(organisations, schools):
    names = ("business", "ngo", "local_authority")
    base = sim.scenario("no_initiative")
    numbers = {f"kinds.{name}.number": organisations * base.parameters[f"kinds.{name}.number"] for name in names}
    model = CollaborationModel(base.with_(numbers | {"setting.scale": schools}), 1)
    size = len(model.world.organisations)
    little = np.full(size, 0.001)  # each places in one school
    funds = Funds(little, little, np.zeros(0, np.int64), np.zeros(0))
    tracemalloc.start()
    partners_placed(model, model.world, funds)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return size, len(model.world.schools), most

print(json.dumps([peak(1, 1), peak(4, 1), peak(1, 4), peak(4, 4)]))
"""
"""Peak memory of placing, of four sizes; uncompiled, since memory of compiled code is not traced."""


@pytest.mark.slow
@pytest.mark.program
def test_memory_of_placing_does_not_grow_with_organisations_times_schools() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PLACING],
        env=os.environ | {"SIM_COMPILER": "off"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    neither, organisations, schools, both = json.loads(done.stdout)
    pairs = (organisations[0] - neither[0]) * (schools[1] - neither[1])  # more pairs in both than each alone explains
    assert pairs > 500_000
    together = both[2] - organisations[2] - schools[2] + neither[2]
    assert together < pairs  # a table of them takes eight bytes a pair, a table of flags one


@pytest.mark.heavy
def test_memory_of_prior_ties_does_not_grow_with_pairs_of_organisations() -> None:
    size = 3_000
    table = Organisations(np.repeat([BUSINESS, NGO], size // 2), np.arange(1, size + 1))
    diversity = SimpleNamespace(prior_ties=4.0, same_kind=3.0)
    tracemalloc.start()
    source, target = drawn_pairs(diversity, table, Luck(1))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert source.size == pytest.approx(4.0 * size, rel=0.05)
    assert (source != target).all()
    assert (np.diff(source * size + target) > 0).all()
    assert most < 100 * PAIRS_AT_ONCE < size * size


class Organisations:
    """Organisations with a kind and an identity only."""

    def __init__(self, kind: np.ndarray, identity: np.ndarray) -> None:
        self.kind, self.id = kind, identity

    def __len__(self) -> int:
        """Return their number."""
        return self.kind.size
