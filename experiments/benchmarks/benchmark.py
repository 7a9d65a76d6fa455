"""How fast is it: ms a run, phase by phase, runs a second, scaling, overhead of a sweep, memory, beside a yardstick.

python -m experiments.benchmarks.benchmark
python -m experiments.benchmarks.benchmark memory=10000        # and does memory stay flat over so many runs?
python -m experiments.benchmarks.benchmark record=true         # and a row for this version in docs/benchmarks.csv
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import hydra
from omegaconf import DictConfig

from sim.commands import command
from sim.configuration import configs
from sim.errors import InputError, shown
from sim.jit import COMPILED
from sim.policy import Scenario
from sim.results.files import all_written, bytes_of, writable, written
from sim.results.folder import require_kind
from sim.results.identity import environment, sources_hash
from sim.runs.parallel import processes

from ..command_line.arguments import typed
from ..command_line.entry import reports_errors, start
from ..command_line.options import folder_of, integer, scenario_in
from ..maintenance import doc_tables as docs
from ..maintenance.odd_tables import brought_up_to_date
from .history import HISTORY, Measured, lines_of, recorded, row_of
from .memory import PARENT, WORKER, reader
from .sweep_trial import Trial, stop_workers, tried
from .timing import (
    by_phase,
    by_turns,
    efficiency,
    forking,
    larger,
    rates,
    timed,
    whole_run,
    yardstick,
)

WHO = {PARENT: "parent", WORKER: "a worker"}
"""How processes are called when printed."""

LEAST = 2
"""Runs that a sampled sweep has at least."""


def checked(cfg: DictConfig) -> None:
    """Raises InputError for what would end the benchmark only after minutes."""
    integer(cfg, "repeats", 1), integer(cfg, "sweep", LEAST), processes(cfg.jobs)
    if cfg.memory is not None:
        integer(cfg, "memory", LEAST)
    if not isinstance(cfg.record, bool):
        raise InputError(f"`record` must be true or false; got {shown(cfg.record)}")
    if cfg.record:
        lines_of()
    reader()


def watched(cfg: DictConfig, folder: Path) -> Trial | None:
    """Return a long sweep, if one is asked for: said in a line, and left as a table and as a figure."""
    if cfg.memory is None:
        return None
    trial = tried(cfg, integer(cfg, "memory", LEAST), processes(cfg.jobs), folder)
    print(trial.told)
    from sim.figures.style import drawn

    from .memory import memory_page

    with_what = command("benchmark", [word for word in typed() if not word.startswith("out=")])
    made = f"{with_what}; model {sources_hash()}, commit {environment()['commit'][:10]}"
    files = drawn(memory_page(trial.samples, made), folder / "memory", ("svg", "png"))
    all_written({folder / "memory.csv": bytes_of(trial.samples.round(3), "csv"), **files})
    return trial


def measured(cfg: DictConfig, case: Scenario, folder: Path) -> Measured:
    """All that goes into the history; sweeps first, while this process has simulated nothing, as that of a sweep has not."""
    repeats, jobs = integer(cfg, "repeats", 1), processes(cfg.jobs)
    long = watched(cfg, folder)
    stop_workers()
    cold, warm = (tried(cfg, integer(cfg, "sweep", LEAST) * jobs, jobs, folder, seed) for seed in (1, 2))
    found = rates(case, repeats, jobs)
    run, unit = by_turns(whole_run(case), yardstick, repeats)
    return Measured(run, unit, found, cold, warm, long)


def figures_of(found: Measured) -> dict[str, Any]:
    """What goes into the history, by what it is called when printed."""
    grown, shares = (found.long or found.warm).growth, efficiency(found.rates)
    several = {number: f"{number} process{'es' * (number > 1)}" for number in found.rates}
    return {
        "compiled": COMPILED,
        "ms a run, warm, one core (median)": found.run,
        "yardstick [ms], by turns with it": found.yardstick,
        "run over yardstick": found.run / found.yardstick,
        **{f"runs a second, {said}, no shared history": found.rates[n] for n, said in several.items()},
        **{f"efficiency of {said} against one": shares[n] for n, said in several.items() if n > 1},
        f"overhead of a sweep of {found.warm.runs} runs [%]": 100 * found.warm.overhead,
        "the same, workers started in it [%]": 100 * found.cold.overhead,
        **{f"memory, {said}, most [MB]": grown.loc[of, "most"] for of, said in WHO.items() if of in grown.index},
    }


def further(case: Scenario, repeats: int, run: float) -> dict[str, float]:
    """What a run is made of, and what sharing and size do to it, by what it is called when printed."""
    straight, shared = forking(case.with_({"ministry.mode": "emergent"}), repeats)
    organisations, schools = (timed(whole_run(big), 2) for big in larger(case))
    return {
        "runs a second on one process, 20 futures, straight": straight,
        "the same with shared history": shared,
        "10 x organisations, time over": organisations / run,
        "10 x schools, time over": schools / run,
    } | {f"phase {name} [ms a run]": spent for name, spent in by_phase(case, max(repeats // 3, 1)).items()}


def record(found: Measured) -> None:
    """Keep the row of this version, and bring the page of the history up to date.

    Raises:
        InputError: as `recorded` does
    """
    row = row_of(found)
    how = "in place of the row it had" if recorded(row) else "a new row"
    print(f"{HISTORY.name}: version {row['version']}, {how}")
    if brought_up_to_date([HISTORY.with_suffix(".md")], docs.TABLES):
        sys.exit(2)


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="benchmark")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Measure and print; keep the figures, and the history's row where it is asked for."""
    checked(cfg)
    case, folder = scenario_in(cfg), writable(require_kind(folder_of(cfg), "benchmark"))
    found = measured(cfg, case, folder)
    figures = figures_of(found) | further(case, integer(cfg, "repeats", 1), found.run)
    for name, value in figures.items():
        print(f"{name:56s} {value:10.2f}" if not isinstance(value, bool) else f"{name:56s} {value!s:>10s}")
    written(
        folder / "benchmark.json", json.dumps({"figures": figures, "environment": environment()}, indent=1).encode()
    )
    if cfg.record:
        record(found)


if __name__ == "__main__":
    start(main, "benchmark")
