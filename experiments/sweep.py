"""The main job: how do backbone facilitation and policy timing decide about the doubling?

    python -m experiments.sweep
    python -m experiments.sweep seeds=20 backbone.facilitation=0,0.5,1 timing=-12,0,24,never
    python -m experiments.sweep design=sobol vary=uncertain n=64 seeds=2

Any key may be overridden; a comma makes it a factor. All runs of a seed share one tree of histories.
"""

from __future__ import annotations

import sys

import hydra
from omegaconf import DictConfig, OmegaConf

from experiments import launching
from experiments.designing import SampledSweep, is_sampled
from experiments.reporting import finish
from experiments.starting import doubling_of, sets_of, start, whole
from experiments.sweeping import Sweep, distinct, point_of, store_at
from sim.configuration import configs
from sim.ensembles import processes


def planned(design: launching.Planned) -> None:
    """Write down the design before anything runs; a wrong value of any point ends the sweep here."""
    cfg = design[0][1]
    doubling_of(cfg)
    for key, least in (("seeds", 1), ("first_seed", 0), ("block", 1)):
        whole(cfg, key, least)
    processes(cfg.jobs)
    whole_sweep = sweep_of(design)
    whole_sweep.check()
    whole_sweep.describe()
    print(whole_sweep.told, file=sys.stderr)


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
    store = store_at(cfg)
    factors = {key: OmegaConf.select(cfg, key) for key in store.manifest()["design"][0] if key != "identity"}
    Sweep(cfg, [point_of(factors, cfg)], store, progress=None).run()


def main() -> None:
    """Sweep, then collect, summarise and draw what there is; exit code 1 when a run failed."""
    launching.PLANNED.append(planned)
    launching.TOGETHER.append(together)
    try:
        sweep()
        if not launching.DESIGN:
            return  # Hydra has only shown its configuration
    except KeyboardInterrupt as stop:
        if launching.DESIGN:
            finish(launching.DESIGN[0][1])
            stop.args = (sweep_of(launching.DESIGN).kept(),)
        raise
    if finish(launching.DESIGN[0][1]):
        sys.exit(1)


if __name__ == "__main__":
    start(main, "sweep")
