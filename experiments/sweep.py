"""The main job: how do backbone facilitation and policy timing decide about the doubling?

    python -m experiments.sweep
    python -m experiments.sweep seeds=20 backbone.facilitation=0,0.5,1 timing=-12,0,24,never
    python -m experiments.sweep design=sobol vary=uncertain n=64 seeds=2

Any key may be overridden; a comma makes it a factor. All runs of a seed share one tree of histories.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack, suppress
from typing import IO

import hydra
from omegaconf import DictConfig

from sim.configuration import configs
from sim.errors import counted
from sim.results.lock import lock_folder
from sim.results.store import Store
from sim.runs.engines.current import opened
from sim.runs.engines.options import engine_of
from sim.sweeps.sampled_sweep import SampledSweep
from sim.sweeps.stored_sweep import StoredSweep
from sim.sweeps.summary import finish

from .command_line import sweep_design
from .command_line.entry import start
from .command_line.options import doubling_of, engine_in, folder_of
from .command_line.sweep_design import is_sampled, point_in, sampling_in, sweep_options

LOCKS: list[IO[str]] = []
"""Locks of folders, held until this process ends."""

ENGINE = ExitStack()
"""The engine of the sweep while it is open."""

STOPPING = "stopping: drawing what is stored; Ctrl-C again ends at once"
"""Line that is printed after an interruption."""

MULTIRUN = "--multirun"
"""Option that tells Hydra to accept factors."""


def begin(design: sweep_design.Planned) -> None:
    """Write the design before anything runs; a wrong value of any point ends the sweep here."""
    if MULTIRUN in sys.argv:
        sys.argv.remove(MULTIRUN)  # added by the program, so not part of the command
    doubling_of(design[0][1])
    engine = engine_of(engine_in(design[0][1]))
    stored_sweep = sweep_of(design)
    Store.at(stored_sweep.store.folder)
    LOCKS.append(lock_folder(stored_sweep.store.folder))
    ENGINE.enter_context(opened(engine))
    with stored_sweep.progress_in_errors():
        removed = stored_sweep.describe()
    if removed:
        print(removed)
    print(stored_sweep.title, file=sys.stderr)


def sweep_of(design: sweep_design.Planned) -> StoredSweep:
    """Return the sweep over the points of a design.

    Raises:
        InputError: a value is wrong, or two points are equal
    """
    cfg = design[0][1]
    options, points = sweep_options(cfg), [point_in(factors, config) for factors, config in design]
    store = Store(folder_of(cfg))
    if is_sampled(cfg):
        stored_sweep: StoredSweep = SampledSweep(options, points, store, sampling=sampling_in(cfg))
    else:
        stored_sweep = StoredSweep(options, points, store)
    stored_sweep.check()
    return stored_sweep


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="sweep")
def sweep(cfg: DictConfig) -> None:
    """Do nothing: the design is known when Hydra has composed the configuration, and `main` runs it."""


def print_report(cfg: DictConfig, simulated: float = 0) -> int:
    """Collect a sweep, print its summary and failures; return the number of failed runs.

    Args:
        cfg: composed by Hydra
        simulated: number of runs that this program has simulated
    """
    store = Store.at(folder_of(cfg))
    report = finish(store, doubling_of(cfg), cfg.reference_facilitation, simulated)
    if report.text:
        print(report.text)
    for failure in report.failures:
        run_text = ", ".join(f"{key}={value}" for key, value in failure.items() if key not in ("identity", "traceback"))
        print(f"\nfailed: {run_text}\n{failure['traceback']}", file=sys.stderr)
    if report.failures:
        print(
            f"{counted(len(report.failures), 'run')} failed; the results of the others are in {store.folder}",
            file=sys.stderr,
        )
    return len(report.failures)


def draw_what_is_stored(stored_sweep: StoredSweep, cfg: DictConfig) -> str:
    """Draw the results of a sweep that was interrupted, unless it is interrupted again.

    Args:
        stored_sweep: the sweep
        cfg: composed by Hydra

    Returns:
        How much of the sweep is stored, in words.
    """
    progress_text = stored_sweep.progress_text()
    if stored_sweep.runs_in(stored_sweep.stored_runs().runs):
        print(STOPPING, file=sys.stderr, flush=True)
        with suppress(KeyboardInterrupt):
            print_report(cfg, stored_sweep.spent["runs"])
    sys.stdout.flush()
    return progress_text


def main() -> None:
    """Sweep, then collect, summarise and draw the results; exit with code 1 if a run failed."""
    sweep_design.PLANNED.append(begin)
    if not any(word.startswith("-") for word in sys.argv[1:]):
        sys.argv.append(MULTIRUN)
    design = sweep_design.DESIGN
    with ENGINE:
        sweep()
        if not design:
            return  # Hydra only printed its configuration
        cfg, stored_sweep = design[0][1], sweep_of(design)
        try:
            stored_sweep.run()
        except KeyboardInterrupt as stop:
            stop.args = (draw_what_is_stored(stored_sweep, cfg),)
            raise
    with stored_sweep.progress_in_errors():
        failed = print_report(cfg, stored_sweep.spent["runs"])
    if failed:
        sys.exit(1)


if __name__ == "__main__":
    start(main, "sweep")
