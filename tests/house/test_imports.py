"""Allowed imports between parts: every import of every module, also inside functions and for types."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache

import pytest

from tests.house.source import ROOT, Import, Module, imports, modules
from tests.offenders import each_of

SIM = modules("sim")
EXPERIMENTS = modules("experiments")
MODULE_NAMES = frozenset(module.name for module in [*SIM, *EXPERIMENTS])

GROUND = "errors dates declare commands old_names progress"
MODEL = f"{GROUND} memo draws jit rules tables world agents phases extensions parameters policy configuration model outcomes"

BELOW_RUNS = f"{MODEL} analysis findings figures reports catalogue labels results design explain"

BELOW = {
    "errors": "",
    "progress": "",
    "old_names": "",
    "commands": "",
    "memo": "",
    "jit": "progress",
    "dates": "errors",
    "declare": "errors old_names",
    "draws": "jit",
    "rules": "jit",
    "extensions": "errors declare",
    "tables": "errors",
    "analysis": f"{GROUND} tables",
    "findings": f"{GROUND} analysis",
    "figures": f"{GROUND} analysis findings catalogue",
    "reports": f"{GROUND} tables analysis findings figures labels results",
    "world": f"{GROUND} draws jit rules tables",
    "agents": f"{GROUND} memo draws jit rules tables world",
    "phases": f"{GROUND} memo draws jit rules tables world agents",
    "parameters": f"{GROUND} extensions tables world agents phases",
    "policy": f"{GROUND} tables world parameters",
    "configuration": f"{GROUND} tables world parameters policy",
    "model": f"{GROUND} memo draws jit rules tables world agents phases parameters policy configuration",
    "outcomes": f"{GROUND} tables world parameters policy",
    "labels": f"{GROUND} analysis outcomes",
    "catalogue": f"{MODEL} analysis",
    "results": f"{GROUND} tables world parameters policy analysis",
    "design": f"{MODEL} results",
    "explain": MODEL,
    "runs": f"{MODEL} analysis findings figures catalogue labels results design explain",
    "sweeps": f"{BELOW_RUNS} runs",
    "calibration": f"{BELOW_RUNS} runs sweeps",
    "optimisation": f"{BELOW_RUNS} runs sweeps",
    "studies": f"{BELOW_RUNS} runs sweeps calibration optimisation",
}
"""What each part of sim may import besides itself, functions and types included (the table of the design).

The public face and the dashboard may import everything.
"""

FACES = {"sim", "dashboard"}

FRAMES = {"numpy", "pandas", "scipy", "networkx", "matplotlib", "seaborn", "cycler", "PIL", "SALib", "ema_workbench"}
"""All that analysis and figures may know besides the standard library."""

PAGES = {"jinja2", "markdown_it", "markupsafe"}
"""And a report, which makes pages of them."""


def part(name: str) -> str:
    """The part of sim to which a module belongs."""
    return name.split(".")[1] if "." in name else name


@cache
def written(module: Module) -> list[Import]:
    return imports(module, MODULE_NAMES)


@cache
def with_types(module: Module) -> list[Import]:
    return imports(module, MODULE_NAMES, types=True)


@each_of("module", [m for m in SIM if part(m.name) not in FACES])
def test_a_module_knows_only_what_lies_below_it(module: Module) -> None:
    own_part = part(module.name)
    below = {own_part, *BELOW[own_part].split()}
    assert [
        entry.module for entry in with_types(module) if entry.top == "sim" and part(entry.module) not in below
    ] == []


def test_no_modules_know_each_other_in_a_circle() -> None:
    imported = {
        m.name: {entry.module for entry in with_types(m) if entry.module in MODULE_NAMES} for m in [*SIM, *EXPERIMENTS]
    }
    seen: dict[str, int] = {}
    circles: list[list[str]] = []

    def visit(name: str, path: list[str]) -> None:
        seen[name] = 1
        for other in sorted(imported[name]):
            if seen.get(other) == 1:
                circles.append([*path[path.index(other) :], other])
            elif other not in seen:
                visit(other, [*path, other])
        seen[name] = 2

    for name in imported:
        if name not in seen:
            visit(name, [name])
    assert circles == []


@each_of("module", [m for m in SIM if part(m.name) in ("rules", "draws", "jit")])
def test_rules_and_luck_know_numpy_and_the_standard_library(module: Module) -> None:
    allowed = {"numpy", "sim"} | ({"numba", "tqdm"} if part(module.name) == "jit" else set())
    assert [s.module for s in written(module) if s.top not in sys.stdlib_module_names | allowed] == []


@each_of("module", [m for m in SIM if part(m.name) in ("analysis", "figures", "reports")])
def test_analysis_and_figures_know_frames_only(module: Module) -> None:
    allowed = sys.stdlib_module_names | FRAMES | {"sim"} | (PAGES if part(module.name) == "reports" else set())
    assert [s.module for s in written(module) if s.top not in allowed] == []


@each_of(
    ("library", "readers"),
    [
        ("mesa", {"sim.agents", "sim.model", "sim.dashboard"}),
        ("omegaconf", {"sim.tables.yaml_file", "sim.catalogue", "experiments"}),
        ("yaml", {"sim.tables.yaml_file"}),
        ("hydra", {"experiments"}),
        ("solara", {"sim.dashboard"}),
        ("numba", {"sim.jit"}),
        ("joblib", {"sim.runs.parallel", "sim.runs.engines", "experiments"}),
        ("cloudpickle", {"sim.runs.engines.packing"}),
        ("ray", {"sim.runs.engines.ray_cluster"}),
        ("distributed", {"sim.runs.engines.dask_cluster", "sim.runs.engines.started"}),
        ("dask_jobqueue", {"sim.runs.engines.started"}),
        ("matplotlib", {"sim.figures", "sim.figures.plots", "sim.reports", "sim.dashboard", "experiments"}),
        ("seaborn", {"sim.figures"}),
        ("SALib", {"sim.design.samples", "sim.analysis"}),
        ("ema_workbench", {"sim.analysis"}),
        ("optuna", {"sim.optimisation"}),
        ("emcee", {"sim.calibration.emulator"}),
        ("sklearn", {"sim.calibration.emulator", "sim.calibration.surfaces"}),
        ("arviz_stats", {"sim.calibration.sampling"}),
        ("arviz_base", {"sim.calibration.inference_data"}),
        ("xarray", set()),
    ],
)
def test_a_library_is_known_only_where_it_is_needed(library: str, readers: set[str]) -> None:
    importers = {m.name for m in [*SIM, *EXPERIMENTS] for imported in written(m) if imported.top == library}
    assert {name for name in importers if not any(f"{name}.".startswith(f"{reader}.") for reader in readers)} == set()


def test_sim_does_not_know_the_experiments() -> None:
    assert [m.name for m in SIM for imported in written(m) if imported.top in ("experiments", "tests")] == []


# Chance


def dotted(node: ast.AST) -> str:
    try:
        return ast.unparse(node)
    except AttributeError:
        return ""


def calls(module: Module) -> list[ast.Call]:
    return [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]


TOKENS = {"sim.dashboard.gate": "secrets"}
"""Modules that make a token for visitors, which no run sees."""


@each_of("module", [m for m in [*SIM, *EXPERIMENTS] if m.name != "sim.draws"])
def test_there_is_no_chance_but_luck(module: Module) -> None:
    names = {imported.module for imported in written(module)} - {TOKENS.get(module.name)}
    assert not {"random", "secrets", "numpy.random"} & names
    used = [dotted(n) for n in ast.walk(module.tree) if isinstance(n, ast.Attribute) and n.attr == "random"]
    if part(module.name) not in ("analysis", "calibration"):  # intervals and chains, which no run sees
        assert [name for name in used if name in ("np.random", "numpy.random")] == []
    of_arrays = [dotted(c.func) for c in calls(module) if dotted(c.func).startswith(("np.random.", "numpy.random."))]
    assert set(of_arrays) <= {"np.random.default_rng"}


@each_of("module", [m for m in SIM if part(m.name) in ("analysis", "figures", "reports")])
def test_analysis_draws_only_from_a_seed(module: Module) -> None:
    for call in calls(module):
        name, keywords = dotted(call.func).split(".")[-1], {one.arg for one in call.keywords}
        if name == "default_rng":
            assert call.args or "seed" in keywords, f"line {call.lineno}: a generator without a seed"
        if name in ("spring_layout", "random_layout", "louvain_communities"):
            assert "seed" in keywords, f"line {call.lineno}: a layout without a seed"
        if name in ("lineplot", "barplot", "pointplot"):
            assert {"errorbar", "seed"} & keywords, f"line {call.lineno}: seaborn would draw a bootstrap without a seed"
        if name == "bootstrap" and dotted(call.func) != "bootstrap":
            assert {"rng", "random_state"} & keywords, f"line {call.lineno}: a bootstrap without a seed"


# What is loaded


@pytest.mark.program
def test_sim_opens_without_figures_hydra_or_notebooks() -> None:
    heavy = [
        "matplotlib",
        "seaborn",
        "hydra",
        "scipy.stats",
        "SALib",
        "optuna",
        "IPython",
        "solara",
        "emcee",
        "sklearn",
        "arviz_base",
        "arviz_stats",
        "xarray",
    ]
    program = f"import sim, sim.calibration.calibrate, sys; print(*[name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
