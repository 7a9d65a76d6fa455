"""Measure speed and memory: time of a run and its phases, runs a second, scaling, overhead of a sweep, a yardstick.

python -m experiments.benchmarks.benchmark
python -m experiments.benchmarks.benchmark memory=10000        # and the growth of memory over so many runs
python -m experiments.benchmarks.benchmark record=true         # and a row for this version in docs/reference/benchmarks.csv
python -m experiments.benchmarks.benchmark scale=all           # only time and memory of larger models, as a table
python -m experiments.benchmarks.benchmark tasks=400 engine=dask    # only the overhead of an engine
python -m experiments.benchmarks.benchmark against=COMMIT      # only ratios to an older version: a commit, a folder or a wheel
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
from sim.runs.engines.options import engine_of
from sim.runs.parallel import processes

from ..command_line.arguments import typed
from ..command_line.entry import reports_errors, start
from ..command_line.options import engine_in, folder_of, integer, plain, scenario_in
from ..maintenance import doc_tables as docs
from ..maintenance.odd_tables import update_pages
from .history import HISTORY, Measured, lines_of, row_of, write_row
from .memory import PARENT, WORKER, reader
from .scaling import Factors, larger, measured_sizes, scaling_table, sizes_in
from .sweep_trial import Trial, run_trial, stop_workers
from .timing import (
    alternating_times,
    by_phase,
    efficiency,
    engine_overhead,
    median_time,
    rates,
    shared_history_rates,
    whole_run,
    yardstick,
)
from .versions import comparison

PROCESS_NAMES = {PARENT: "parent", WORKER: "a worker"}
"""Names of processes in print."""

LEAST = 2
"""Smallest number of runs of a sampled sweep."""


def check_options(cfg: DictConfig) -> None:
    """Check options before the benchmark starts.

    Raises:
        InputError: an option is invalid, or psutil is not installed
    """
    integer(cfg, "repeats", 1), integer(cfg, "sweep", LEAST), processes(cfg.jobs)
    if cfg.memory is not None:
        integer(cfg, "memory", LEAST)
    if cfg.scale is not None:
        sizes_in(plain(cfg.scale))
    if cfg.tasks is not None:
        integer(cfg, "tasks", 1)
    elif cfg.engine is not None:
        raise InputError("`engine` is for the overhead of an engine; add a number of empty tasks, such as `tasks=400`")
    if not isinstance(cfg.record, bool):
        raise InputError(f"`record` must be true or false; got {shown(cfg.record)}")
    if cfg.record:
        lines_of()
    reader()


def memory_trial(cfg: DictConfig, folder: Path) -> Trial | None:
    """Run a long sweep if requested; print its memory, and write it as a table and a figure."""
    if cfg.memory is None:
        return None
    trial = run_trial(cfg, integer(cfg, "memory", LEAST), processes(cfg.jobs), folder)
    print(trial.summary)
    from sim.figures.export import render

    from .memory import memory_page

    command_text = command("benchmark", [word for word in typed() if not word.startswith("out=")])
    provenance = f"{command_text}; model {sources_hash()}, commit {environment()['commit'][:10]}"
    files = render(memory_page(trial.samples, provenance), folder / "memory", ("svg", "png"))
    all_written({folder / "memory.csv": bytes_of(trial.samples.round(3), "csv"), **files})
    return trial


def measure(cfg: DictConfig, scenario: Scenario, folder: Path) -> Measured:
    """Return all measurements for the history; sweeps come first, before this process simulates anything."""
    repeats, jobs = integer(cfg, "repeats", 1), processes(cfg.jobs)
    long = memory_trial(cfg, folder)
    stop_workers()
    cold, warm = (run_trial(cfg, integer(cfg, "sweep", LEAST) * jobs, jobs, folder, seed) for seed in (1, 2))
    rates_by_processes = rates(scenario, repeats, jobs)
    run, unit = alternating_times(whole_run(scenario), yardstick, repeats)
    return Measured(run, unit, rates_by_processes, cold, warm, long)


def figures(measured: Measured) -> dict[str, Any]:
    """Return the figures of the history by their printed names."""
    grown, efficiencies = (measured.long or measured.warm).growth, efficiency(measured.rates)
    names = {number: f"{number} process{'es' * (number > 1)}" for number in measured.rates}
    return {
        "compiled": COMPILED,
        "ms a run, warm, one core (median)": measured.run,
        "yardstick [ms], by turns with it": measured.yardstick,
        "run over yardstick": measured.run / measured.yardstick,
        **{f"runs a second, {name}, no shared history": measured.rates[n] for n, name in names.items()},
        **{f"efficiency of {name} against one": efficiencies[n] for n, name in names.items() if n > 1},
        f"overhead of a sweep of {measured.warm.runs} runs [%]": 100 * measured.warm.overhead,
        "the same, workers started in it [%]": 100 * measured.cold.overhead,
        **{
            f"memory, {name}, most [MB]": grown.loc[role, "most"]
            for role, name in PROCESS_NAMES.items()
            if role in grown.index
        },
    }


def more_figures(scenario: Scenario, repeats: int, run: float) -> dict[str, float]:
    """Return times of the phases of a run, of shared histories and of larger models, by their printed names."""
    straight, shared = shared_history_rates(scenario.with_({"ministry.mode": "emergent"}), repeats)
    organisations, schools = (
        median_time(whole_run(larger(scenario, factors)), 2) for factors in (Factors(10, 1), Factors(1, 10))
    )
    return {
        "runs a second on one process, 20 futures, straight": straight,
        "the same with shared history": shared,
        "10 x organisations, time over": organisations / run,
        "10 x schools, time over": schools / run,
    } | {f"phase {name} [ms a run]": time for name, time in by_phase(scenario, max(repeats // 3, 1)).items()}


def record(measured: Measured) -> None:
    """Write the row of this version, and update the page of the history.

    Raises:
        InputError: as `recorded` does
    """
    row = row_of(measured)
    change = "in place of the row it had" if write_row(row) else "a new row"
    print(f"{HISTORY.name}: version {row['version']}, {change}")
    if update_pages([HISTORY.with_suffix(".md")], docs.TABLES):
        sys.exit(2)


def compare_versions(cfg: DictConfig) -> None:
    """Print and write the ratios to an older version, measured by turns."""
    folder = writable(require_kind(folder_of(cfg), "benchmark"))
    values = comparison(cfg.against, scenario_in(cfg).name, integer(cfg, "repeats", 1))
    for name, value in values.items():
        print(f"{name:76s} {value:6.2f}")
    written(folder / "against.json", json.dumps({"ratios": values, "environment": environment()}, indent=1).encode())


def overhead(cfg: DictConfig, folder: Path) -> None:
    """Print and write the overhead of an engine."""
    values = engine_overhead(engine_of(engine_in(cfg)), integer(cfg, "tasks", 1), processes(cfg.jobs))
    for name, value in values.items():
        print(f"{name:56s} {value:10.2f}")
    where = {"engine": cfg.engine, "environment": environment()}
    written(folder / "overhead.json", json.dumps({"overhead": values} | where, indent=1).encode())


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="benchmark")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Measure and print; write the figures and, if requested, the row of the history."""
    check_options(cfg)
    if cfg.against is not None:
        compare_versions(cfg)
        return
    scenario, folder = scenario_in(cfg), writable(require_kind(folder_of(cfg), "benchmark"))
    if cfg.scale is not None:
        table = scaling_table(measured_sizes(scenario, sizes_in(plain(cfg.scale))))
        print(table)
        written(folder / "scaling.md", f"{table}\n".encode())
        return
    if cfg.tasks is not None:
        overhead(cfg, folder)
        return
    measured = measure(cfg, scenario, folder)
    values = figures(measured) | more_figures(scenario, integer(cfg, "repeats", 1), measured.run)
    for name, value in values.items():
        print(f"{name:56s} {value:10.2f}" if not isinstance(value, bool) else f"{name:56s} {value!s:>10s}")
    written(folder / "benchmark.json", json.dumps({"figures": values, "environment": environment()}, indent=1).encode())
    if cfg.record:
        record(measured)


if __name__ == "__main__":
    start(main, "benchmark")
