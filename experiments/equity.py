"""Compare equity and cost within pairs: groups of students, gaps in points and as ratios, money and its effect.

    python -m experiments.equity
    python -m experiments.equity arms=[no_backbone,periphery_first] year=2017 seeds=200
    python -m experiments.equity baseline=historical arms=[policy_only] reference=money_only

The baseline and its arms are compared with the reference, the counterfactual, and the arms with the
baseline too. Examinees that an arm caused are those beyond the reference.
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.configuration import configs
from sim.studies.equity import Equity, equity

from .command_line.entry import reports_errors, start
from .command_line.study import run_study


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="equity")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate, compare groups and cost, write and print."""
    run_study(equity, Equity, cfg)


if __name__ == "__main__":
    start(main, "equity")
