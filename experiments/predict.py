"""Predict with the calibrated model, with intervals; or estimate the backbone's effect and its mediation.

python -m experiments.predict
python -m experiments.predict sets=20 hypothesis_sets=10 hypothesis_seeds=2
python -m experiments.predict uncertainty=results/calibrate/posterior.csv out=results/predict_again
python -m experiments.predict question=backbone
python -m experiments.predict question=backbone effect_sets=10 effect_seeds=1 mediation_pairs=20
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.configuration import configs
from sim.errors import InputError, shown
from sim.studies.backbone_effect import backbone_effect
from sim.studies.backbone_result import BackboneEffect
from sim.studies.prediction import Prediction, predict

from .command_line.entry import reports_errors, start
from .command_line.study import run_study


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="predict")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate, print and save the predictions, or the effect of the backbone."""
    if cfg.question == "predictions":
        run_study(predict, Prediction, cfg, "results/predict")
    elif cfg.question == "backbone":
        run_study(backbone_effect, BackboneEffect, cfg, "results/backbone")
    else:
        raise InputError(f"`question` must be predictions or backbone; got {shown(cfg.question)}")


if __name__ == "__main__":
    start(main, "predict")
