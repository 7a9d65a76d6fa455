"""The main job: how do backbone facilitation and policy timing decide about the doubling?

    python -m experiments.sweep
    python -m experiments.sweep seeds=20 backbone.facilitation=0,0.5,1 timing=-12,0,24,never

Any key may be overridden; a comma makes it a factor. All runs of a seed share one tree of histories.
"""

from __future__ import annotations

import sys

import hydra
from omegaconf import DictConfig, OmegaConf

from experiments import launching
from experiments.reporting import finish
from experiments.starting import doubling_of, sets_of, start, whole
from experiments.sweeping import Sweep, distinct, point_of, store_at
from sim.configuration import configs
from sim.ensembles import processes

SEVERAL = "--multirun"
"""What tells Hydra that factors are no mistake, even where something else is."""


def planned(design: launching.Planned) -> None:
    """Write down the design before anything runs; a wrong value of any point ends the sweep here."""
    cfg = design[0][1]
    if SEVERAL in sys.argv:
        sys.argv.remove(SEVERAL)  # of the program's own making, and no part of the command
    doubling_of(cfg)
    for key, least in (("seeds", 1), ("first_seed", 0), ("block", 1)):
        whole(cfg, key, least)
    processes(cfg.jobs)
    whole_sweep = sweep_of(design)
    whole_sweep.describe()
    print(whole_sweep.told, file=sys.stderr)


def together(design: launching.Planned) -> None:
    """All points of a sweep in one tree of histories."""
    sweep_of(design).run()


def sweep_of(design: launching.Planned) -> Sweep:
    """The sweep over the points of a design."""
    cfg = design[0][1]
    points = distinct([point_of(factors, config) for factors, config in design], sets_of(cfg))
    return Sweep(cfg, points, store_at(cfg))


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="sweep")
def sweep(cfg: DictConfig) -> None:
    """One design point by itself: what Hydra's own launchers (basic, joblib, ...) run."""
    store = store_at(cfg)
    factors = {key: OmegaConf.select(cfg, key) for key in store.manifest()["design"][0] if key != "identity"}
    Sweep(cfg, [point_of(factors, cfg)], store, progress=None).run()


def tell_incomplete(whole_sweep: Sweep, failed: int) -> int:
    """Say which points of a cluster are not complete, and why; returns their number. Runs that failed are told already."""
    store, told = whole_sweep.store, 0
    for number, why in sorted(launching.ELSEWHERE.items()):
        name, factors = whole_sweep.names[number], whole_sweep.points[number].factors
        complete = all(store.part(name, *block).is_file() for block in whole_sweep.blocks)
        if complete or (failed and not why):
            continue
        about = ", ".join(f"{key}={value}" for key, value in factors.items())
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
