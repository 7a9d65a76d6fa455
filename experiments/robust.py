"""Test the robustness of findings: repeat each comparison under every rival mechanism, within pairs.

    python -m experiments.robust
    python -m experiments.robust arms=[no_backbone] mechanisms=[reputation,no_readiness] seeds=100

Rivals run at the parameter sets of the model's own posterior: they are not fitted anew (`experiments.calibrate
rivals=all` does that). `configs/mechanism` holds what each of them holds fixed.
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.configuration import configs
from sim.studies.robustness import RobustnessTest, robustness

from .command_line.entry import reports_errors, start
from .command_line.study import run_study


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="robust")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Compare under every mechanism, judge, write and print."""
    run_study(robustness, RobustnessTest, cfg)


if __name__ == "__main__":
    start(main, "robust")
