"""Attribute an outcome to conditions: Shapley values, exact over all coalitions, within pairs of runs.

    python -m experiments.attribute
    python -m experiments.attribute game=drivers seeds=100
    python -m experiments.attribute game=sectors scenario=historical outcomes=[examinees_2020]
    python -m experiments.attribute game=my_game.yaml

Every coalition of the conditions is simulated, each with the same seeds and parameter sets. You may stop it:
the same command continues.
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.configuration import configs
from sim.studies.attribution import Attribution, attribute
from sim.studies.games import game_of

from .command_line.entry import reports_errors, start
from .command_line.study import run_study


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="attribute")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Run the attribution, write its result and print it."""
    run_study(attribute, Attribution, cfg, f"results/attribute_{game_of(cfg.game).name}")


if __name__ == "__main__":
    start(main, "attribute")
