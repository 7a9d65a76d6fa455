"""Apply the model to a case without a backbone: predictions beside published figures, and their scores.

python -m experiments.case case=ireland
python -m experiments.case case=plan_2009 out=results/plan
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.configuration import configs
from sim.studies.case import CaseStudy, case, case_name

from .command_line.entry import reports_errors, start
from .command_line.study import run_study


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="case")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Fit the training facts, simulate the arms, write and print."""
    run_study(case, CaseStudy, cfg, f"results/case_{case_name(cfg.case)}")


if __name__ == "__main__":
    start(main, "case")
