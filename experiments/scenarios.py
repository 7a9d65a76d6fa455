"""Every named scenario side by side, and the hypotheses one by one, with a parameter set in which each fails.

python -m experiments.scenarios
python -m experiments.scenarios seeds=20 scenarios=[historical,no_backbone,policy_only]
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.configuration import configs
from sim.studies.scenario_table import ScenarioTable, scenario_table

from .command_line.entry import reports_errors, start
from .command_line.study import run_study


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="scenarios")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate, print the table and the hypotheses, and keep both."""
    run_study(scenario_table, ScenarioTable, cfg)


if __name__ == "__main__":
    start(main, "scenarios")
