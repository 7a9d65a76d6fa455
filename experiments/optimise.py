"""Find the Pareto front of decisions on a fixed backbone budget and the month of launch.

    python -m experiments.optimise
    python -m experiments.optimise generations=5 population=12 seeds=8 fresh=20
    python -m experiments.optimise vary='{backbone.facilitation: [0, 1]}' out=results/optimise_budget
    python -m experiments.optimise robust=worst_quarter more=[examinees_2020] less=[gap_streams_2020]

Every decision is run with the same seeds and parameter sets. The best are run again with fresh seeds and compared
in pairs with the unchanged scenario. After a stop, the same command continues. From Python: `sim.optimise`.
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.configuration import configs
from sim.optimisation.result import Optimisation
from sim.optimisation.study import optimise

from .command_line.entry import reports_errors, start
from .command_line.study import run_study


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="optimise")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Optimise, write tables, text and page, and print the text."""
    run_study(optimise, Optimisation, cfg)


if __name__ == "__main__":
    start(main, "optimise")
