"""Run an evaluator's difference-in-differences on simulated runs, in which the effect of the programme is known.

python -m experiments.did
python -m experiments.did programme=pilot outcome=takers seeds=100 uncertainty=posterior
python -m experiments.did without=no_initiative setting.until=2020-08
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.configuration import configs
from sim.studies.programme_evaluation import ProgrammeEvaluation, evaluate_programme

from .command_line.entry import reports_errors, start
from .command_line.study import run_study


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="did")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate, study, write and print."""
    run_study(evaluate_programme, ProgrammeEvaluation, cfg)


if __name__ == "__main__":
    start(main, "did")
