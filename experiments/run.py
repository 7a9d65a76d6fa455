"""One scenario: one run with its tables and figures, or an ensemble with its fan and its fit to the record.

python -m experiments.run scenario=historical
python -m experiments.run scenario=historical seeds=100
python -m experiments.run scenario=historical_emergent backbone.facilitation=0.2 timing=12 seeds=50
python -m experiments.run scenario=historical seeds=100 uncertainty=posterior
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.configuration import configs
from sim.studies.run_summary import RunSummary, run_summary

from .command_line.entry import reports_errors, start
from .command_line.study import run_study


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="run")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate, write and print."""
    run_study(run_summary, RunSummary, cfg)


if __name__ == "__main__":
    start(main, "run")
