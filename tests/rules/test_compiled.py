"""Rules give the same bits, compiled or not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.jit import COMPILED
from tests.rules.fixed_arguments import digests

ROOT = Path(__file__).resolve().parents[2]


def elsewhere(compiler: str) -> dict:
    command = [sys.executable, "-W", "error", "-m", "tests.rules.fixed_arguments"]
    environment = {**os.environ, "SIM_COMPILER": compiler}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def interpreted() -> dict:
    return elsewhere("off")


def test_the_compiler_can_be_switched_off(interpreted: dict) -> None:
    assert interpreted["compiled"] is False


@pytest.mark.skipif(not COMPILED, reason="there is no compiler in this environment")
def test_interpreted_and_compiled_say_the_same(interpreted: dict) -> None:
    here = digests()
    assert len(here) > 90
    assert {name: bits for name, bits in here.items() if interpreted["digests"][name] != bits} == {}
