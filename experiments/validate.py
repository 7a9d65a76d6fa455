"""Score later facts that were not fitted, for the calibrated model and three naive rivals.

    python -m experiments.validate file=facts.csv
    python -m experiments.validate file=facts.csv "scenario=[historical,historical_emergent]" out=results/validate_both

The file has the columns of configs/data/targets.csv: pattern, year, group, value, unit, reliability. Facts in it that were
fitted are not scored. Nothing is fitted again.
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.configuration import configs
from sim.studies.validation import Validation, validate

from .command_line.entry import reports_errors, start
from .command_line.study import run_study


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="validate")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate, score, write and print."""
    run_study(validate, Validation, cfg)


if __name__ == "__main__":
    start(main, "validate")
