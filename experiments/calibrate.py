"""Calibrate the model: find the parameter sets that reproduce the published facts, stage by stage.

    python -m experiments.calibrate
    python -m experiments.calibrate draws=2000 rounds=4 posterior=configs/data/posterior.csv
    python -m experiments.calibrate ministry.by_readiness=0 ministry.by_entrepreneurship=0 out=results/no_network
    python -m experiments.calibrate rivals=all truths=50
    python -m experiments.calibrate models=configs/data

You may stop it: the same command continues from the stored draws. A parameter set on the command line is
fixed and not estimated.
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.calibration.calibrate import calibrate
from sim.calibration.summary import Calibration
from sim.configuration import configs

from .command_line.entry import reports_errors, start
from .command_line.study import run_study


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="calibrate")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Calibrate, write the result and print it."""
    run_study(calibrate, Calibration, cfg)


if __name__ == "__main__":
    start(main, "calibrate")
