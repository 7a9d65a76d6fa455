"""Compare the model with a real school file: runs start from its schools of one year and are compared with later years.

python -m experiments.panel schools=schools.csv
python -m experiments.panel schools=schools.csv setting.year=2013 years=[2014,2015] seeds=100 uncertainty=posterior
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.configuration import configs
from sim.studies.school_panel import SchoolPanelComparison, school_panel

from .command_line.entry import reports_errors, start
from .command_line.study import run_study


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="panel")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate, compare, write and print."""
    run_study(school_panel, SchoolPanelComparison, cfg)


if __name__ == "__main__":
    start(main, "panel")
