"""Compare arms with a baseline within pairs of runs with the same seed: differences, intervals and pathways.

python -m experiments.compare baseline=historical_emergent arms=[no_backbone,policy_late]
python -m experiments.compare arms=governance
python -m experiments.compare baseline=us_region arms=[+no_backbone]
python -m experiments.compare precision=200 seeds=400
python -m experiments.compare arms=[no_backbone] outcomes=[examinees_2020,gap_quintiles_2020] uncertainty=posterior
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.configuration import configs
from sim.reports.chapters.comparison_printed import printed_comparison
from sim.studies.arms import named_arms
from sim.studies.comparison import Comparison, compare

from .command_line.entry import reports_errors, start
from .command_line.options import plain
from .command_line.study import run_study


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="compare")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate, compare, write and print."""
    name = named_arms(plain(cfg.arms)).called
    folder = f"results/compare_{name}" if name not in ("", "main") else "results/compare"
    run_study(
        compare, Comparison, cfg, folder, printed_comparison, kinds=None
    )  # because `kinds` of a configuration are parameters


if __name__ == "__main__":
    start(main, "compare")
