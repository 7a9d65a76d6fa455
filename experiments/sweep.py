"""The main job: how do backbone facilitation and policy timing decide about the doubling?

    python -m experiments.sweep
    python -m experiments.sweep seeds=20 backbone.facilitation=0,0.5,1 timing=-12,0,24,never
    python -m experiments.sweep design=sobol vary=uncertain n=64 seeds=2

Any key may be overridden; a comma makes it a factor. All runs of a seed share one tree of histories.
"""

from __future__ import annotations

import os
import sys
from typing import IO

import hydra
from omegaconf import DictConfig, OmegaConf

from sim.configuration import configs
from sim.errors import Mistake, shown
from sim.results.lock import lock_folder
from sim.runs.interrupts import ends_with
from sim.runs.parallel import processes

from .command_line.entry import start
from .command_line.options import doubling_of, integer, sets_of
from .designing import SampledSweep, is_sampled
from .launchers import design as launching
from .points import distinct, point_of
from .reporting import finish
from .sweeping import FAILED, Sweep, store_at

LOCKS: list[IO[str]] = []
"""Locks of folders, held until this process ends."""

SEVERAL = "--multirun"
"""What tells Hydra that factors are no mistake, even where something else is."""


def planned(design: launching.Planned) -> None:
    """Write down the design before anything runs; a wrong value of any point ends the sweep here."""
    if SEVERAL in sys.argv:
        sys.argv.remove(SEVERAL)  # of the program's own making, and no part of the command
    checked(design[0][1])
    whole_sweep = sweep_of(design)
    whole_sweep.check()
    LOCKS.append(lock_folder(whole_sweep.store.folder))
    whole_sweep.describe()
    print(whole_sweep.told, file=sys.stderr)


def checked(cfg: DictConfig) -> None:
    """Raises Mistake for a wrong value of a key that holds for the whole sweep."""
    doubling_of(cfg)
    for key, least in (("seeds", 1), ("first_seed", 0), ("block", 1)):
        integer(cfg, key, least)
    processes(cfg.jobs)
    if cfg.max_failures is not None:
        integer(cfg, "max_failures", 1)
    for key in ("fail_fast", "afresh"):
        if not isinstance(cfg[key], bool):
            raise Mistake(f"`{key}` must be true or false; got {shown(cfg[key])}")
    if cfg.only not in ("missing", FAILED):
        raise Mistake(f"`only` must be missing or {FAILED}; got {shown(cfg.only)}")


def together(design: launching.Planned) -> None:
    """All points of a sweep in one tree of histories."""
    sweep_of(design).run()


def sweep_of(design: launching.Planned) -> Sweep:
    """The sweep over the points of a design."""
    cfg = design[0][1]
    points = distinct([point_of(factors, config) for factors, config in design], sets_of(cfg))
    return (SampledSweep if is_sampled(cfg) else Sweep)(cfg, points, store_at(cfg))


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="sweep")
def sweep(cfg: DictConfig) -> None:
    """One design point by itself: what Hydra's own launchers (basic, joblib, ...) run."""
    if not launching.DESIGN:  # another process than the one that planned the design
        ends_with(os.getppid())
    store = store_at(cfg)
    factors = {key: OmegaConf.select(cfg, key) for key in store.manifest()["design"][0] if key != "identity"}
    one = Sweep(cfg, [point_of(factors, cfg)], store, progress=None)
    if len(store.failures(since=store.begun)) < one.most_failures:  # of the points before it
        one.run()


def tell_incomplete(whole_sweep: Sweep, failed: int) -> int:
    """Say which points of a cluster are not complete, and why; returns their number. Runs that failed are told already."""
    if not launching.ELSEWHERE:
        return 0
    lacking, told = whole_sweep.incomplete(whole_sweep.store.found(whole_sweep.names).runs), 0
    for number, why in sorted(launching.ELSEWHERE.items()):
        if not any(number in points for points in lacking.values()) or (failed and not why):
            continue
        about = ", ".join(f"{key}={value}" for key, value in whole_sweep.points[number].factors.items())
        print(
            f"not complete: {about}: {why or 'its parts went to a folder that this machine does not see'}",
            file=sys.stderr,
        )
        told += 1
    if told:
        print(
            f"of the design, {told} point{'s are' if told > 1 else ' is'} not complete: {whole_sweep.kept()}",
            file=sys.stderr,
        )
    return told


def main() -> None:
    """Sweep, then collect, summarise and draw what there is; exit code 1 when a run failed."""
    launching.PLANNED.append(planned)
    launching.TOGETHER.append(together)
    if not any(word.startswith("-") for word in sys.argv[1:]):
        sys.argv.append(SEVERAL)
    try:
        sweep()
        if not launching.DESIGN:
            return  # Hydra has only shown its configuration
    except KeyboardInterrupt as stop:
        if launching.DESIGN:
            finish(launching.DESIGN[0][1])
            stop.args = (sweep_of(launching.DESIGN).kept(),)
        raise
    failed = finish(launching.DESIGN[0][1])
    if tell_incomplete(sweep_of(launching.DESIGN), failed) or failed:
        sys.exit(1)


if __name__ == "__main__":
    start(main, "sweep")
