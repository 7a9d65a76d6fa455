"""Make one self-contained page from results on disk: findings, figures, tables, robustness, assumptions, limits.

python -m experiments.compare
python -m experiments.compare arms=governance
python -m experiments.attribute
python -m experiments.robust
python -m experiments.report
python -m experiments.report comparisons=[results/mine] attributions=[] title="Our region"
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.configuration import configs
from sim.errors import InputError
from sim.results.folder import require_kind
from sim.studies.report import ReportPage, report

from .command_line.entry import reports_errors, start
from .command_line.options import folder_of, options_for, overridden


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="report")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Read and check results, write the page, and print its findings and path."""
    for key in overridden(cfg):
        raise InputError(
            f"`{key}` cannot be set for a report, which uses existing results; give it to the program that makes them"
        )
    folder = require_kind(folder_of(cfg), ReportPage.kind)
    result = report(**options_for(report, cfg))
    files = result.save(folder)
    print(f"{result.summary()}\n\n" + "\n".join(str(path) for path in files))


if __name__ == "__main__":
    start(main, "report")
