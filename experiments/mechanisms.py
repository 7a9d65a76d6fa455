"""Test mechanisms: switch each off alone and compare its nearest outcome within pairs of runs.

    python -m experiments.mechanisms
    python -m experiments.mechanisms scenarios=[historical] "items=[trust,quorum]" seeds=20
    python -m experiments.mechanisms expectations=my_expectations.yaml uncertainty=posterior

`configs/expectation/case.yaml` has the switch of each item, its nearest outcome, and the sign that theory
gives. You may stop it: the same command continues.
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.configuration import configs
from sim.studies.mechanism_test import MechanismTest
from sim.studies.mechanisms import mechanisms

from .command_line.entry import reports_errors, start
from .command_line.study import run_study


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="mechanisms")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Switch off each item, compare, judge, write and print."""
    run_study(mechanisms, MechanismTest, cfg)


if __name__ == "__main__":
    start(main, "mechanisms")
