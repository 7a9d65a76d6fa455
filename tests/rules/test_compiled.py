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


@pytest.mark.program
def test_the_compiler_can_be_switched_off(interpreted: dict) -> None:
    assert interpreted["compiled"] is False


@pytest.mark.program
@pytest.mark.skipif(not COMPILED, reason="there is no compiler in this environment")
def test_interpreted_and_compiled_say_the_same(interpreted: dict) -> None:
    here = digests()
    assert len(here) > 90
    assert {name: bits for name, bits in here.items() if interpreted["digests"][name] != bits} == {}


RULES = """
from typing import NamedTuple

from sim.jit import step_of


class {name}(NamedTuple):
    value: float


@step_of
def doubled(of: {name}) -> float:
    return 2.0 * of.value


print(doubled({name}(1.5)))
"""


@pytest.mark.program
@pytest.mark.release
def test_a_class_that_was_renamed_is_compiled_anew(tmp_path) -> None:
    module = tmp_path / "rules_of_a_user.py"
    for name in ("Talks", "Conversations"):
        module.write_text(RULES.format(name=name))
        run = subprocess.run(
            [sys.executable, "-c", "import rules_of_a_user"], cwd=tmp_path, capture_output=True, text=True
        )
        assert (run.stdout, run.stderr, run.returncode) == ("3.0\n", "", 0)
