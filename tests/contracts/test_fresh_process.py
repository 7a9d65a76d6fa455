"""A public function gives the same in a fresh process as in one that has loaded everything: nothing waits to be registered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import sim
from sim.agents import KIND_CLASSES
from sim.world.kinds import FIRST, KINDS

ROOT = Path(__file__).resolve().parents[2]

HEAVY = [
    "IPython",
    "llvmlite",
    "matplotlib",
    "mesa",
    "networkx",
    "numba",
    "pandas",
    "pyarrow",
    "scipy",
    "seaborn",
]

EXPRESSIONS = [
    "sim.assumptions().to_csv()",
    "sim.levers().to_csv()",
    "sim.outcomes().to_csv()",
    "sim.references().to_csv()",
    "sim.uncertain().to_csv()",
    "sim.scenarios()",
    "sim.diff('historical', 'no_backbone')",
    "sorted(sim.agents.KIND_CLASSES)",
    "import_module('sim.world.kinds').KINDS.having('may_join').tolist()",
    "import_module('sim.world.kinds').KINDS.owners()",
    "list(sim.declare.OUTCOMES)",
    "len(sim.declare.OUTCOMES)",
    "sim.agents.roles.__name__",
    "sim.labels.__name__",
    "sim.check('no_such_file.csv')",
    "sim.scenario('historical', overrides={'kinds.ngo.number': 3}).parameters['kinds.ngo.number']",
    "sim.simulate('no_initiative', overrides={'setting.until': '2006-08'}).outcomes.to_json()",
]

PROGRAM = """
import json, sys
from importlib import import_module
expression = json.loads(sys.argv[1])
import sim
try:
    value = str(eval(expression))
except Exception as error:
    value = f"{type(error).__name__}: {error}"
print(json.dumps(value))
"""


def fresh(program: str, *words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.program
@pytest.mark.slow
@pytest.mark.simulates
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_fresh_process_gives_the_same_as_one_that_has_loaded_everything(expression):
    try:
        here = str(eval(expression, {"sim": sim, "import_module": import_module}))
    except sim.InputError as mistake:
        here = f"InputError: {mistake}"
    assert json.loads(fresh(PROGRAM, json.dumps(expression))) == here


@pytest.mark.program
def test_the_import_loads_nothing_heavy():
    program = f"import sys, sim; dir(sim); print(*[name for name in {HEAVY!r} if name in sys.modules])"
    assert fresh(program).split() == []


@pytest.mark.program
@pytest.mark.slow
def test_a_process_that_only_runs_loads_no_tables_and_no_figures():
    program = (
        "import sys; from sim.design.points import Point; from sim.runs.seed_runs import seed_result\n"
        "from sim.configuration import scenario\n"
        "seed_result([Point({}, scenario('no_initiative', overrides={'setting.until': '2006-08'}))], 1)\n"
        "print(*[name for name in ('pandas', 'pyarrow', 'networkx', 'matplotlib', 'seaborn') if name in sys.modules])"
    )
    assert fresh(program).split() == []


@pytest.mark.program
def test_a_users_outcome_comes_after_those_of_the_model():
    program = (
        "import sim\n@sim.add_outcome('share')\ndef own_share(world):\n    '''Return nothing.'''\n    return 0.0\n"
        "from sim.declare import OUTCOMES; print(list(OUTCOMES)[0], list(OUTCOMES)[-1])"
    )
    assert fresh(program).split() == ["month_joined", "own_share"]


def test_the_world_knows_of_a_kind_what_its_class_says():
    for flag in ("owns_schools", "may_join"):
        by_class = [bool(getattr(KIND_CLASSES[name], flag)) for name in FIRST]
        assert KINDS.having(flag)[: len(FIRST)].tolist() == by_class


def test_every_public_name_can_be_had_and_is_listed():
    assert set(sim.__all__) <= set(dir(sim))
    assert [name for name in sim.__all__ if getattr(sim, name, None) is None] == []
    assert callable(sim.outcomes)
