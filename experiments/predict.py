"""What the calibrated model predicts, and how surely: examinees, score, the backbone's effect, the hypotheses.

python -m experiments.predict
python -m experiments.predict sets=20 hypothesis_sets=10 hypothesis_seeds=2
python -m experiments.predict uncertainty=results/calibrate/posterior.csv out=results/predict_again
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.configuration import configs
from sim.studies.prediction import Prediction, predict

from .command_line.entry import reports_errors, start
from .command_line.study import run_study


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="predict")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate, print and keep what is predicted and how surely."""
    run_study(predict, Prediction, cfg)


if __name__ == "__main__":
    start(main, "predict")
