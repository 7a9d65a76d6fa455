"""Analyse a sampled sweep: sensitivity indices, scenario discovery, and the number of seeds needed.

    python -m experiments.sweep design=sobol n=64 seeds=2
    python -m experiments.sensitivity out=results/sobol
    python -m experiments.sensitivity out=results/sobol outcomes=[doubled,examinees_2020]

Sobol indices or Morris' effects with intervals, as the sweep was sampled, PAWN of lhs; boxes of parameters
in which enrolment doubles. It leaves sensitivity.csv, sensitivity.txt and pages in the sweep's folder.
From Python: `sim.sensitivity`.
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.configuration import configs
from sim.studies.sensitivity import sensitivity

from .command_line.entry import reports_errors, start
from .command_line.options import folder_of, options_for


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="sensitivity")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Analyse a sweep, write tables, text and pages into its folder, and print the text."""
    folder = folder_of(cfg)
    result = sensitivity(folder, **options_for(sensitivity, cfg))
    files = result.save(folder)
    print(f"{result.summary()}\n\n" + "\n".join(str(path) for path in files))


if __name__ == "__main__":
    start(main, "sensitivity")
