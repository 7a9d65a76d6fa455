"""Make an archive for a model library such as CoMSES: code, documents, data, results of one run and metadata in one zip.

python -m experiments.archive
python -m experiments.archive scenario=historical seed=3 out=results/historical.zip

The same sources give the same bytes. The archive has the files that git tracks or, without git, the files of the project; no
environment, caches, other results or lock of `uv`.
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.commands import command, option
from sim.configuration import configs
from sim.results.files import path_of, writable, written
from sim.studies.run_summary import run_summary

from .command_line.arguments import typed
from .command_line.entry import reports_errors, start
from .command_line.options import integer, overridden, scenario_in
from .maintenance.archive import archive_contents, check_files, check_target, project_files, zip_of


def command_of(cfg: DictConfig) -> str:
    """Return the command that makes the results of the archive, to be run in code/."""
    own_words = ("out=", "seed=", "scenario=")
    other_words = [word for word in typed() if not word.startswith(own_words)]
    return command("run", [option("scenario", cfg.scenario), f"first_seed={cfg.seed}", *other_words, "out=results/run"])


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="archive")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate one run, write the archive and print its size."""
    target, seed = path_of(cfg.out), integer(cfg, "seed")
    check_target(target)
    check_files(scenario_in(cfg))
    files, folder = project_files(), writable(target.parent)
    run = run_summary(str(cfg.scenario), timing=cfg.timing, first_seed=seed, overrides=overridden(cfg))
    contents = archive_contents(files, run.contents(), command_of(cfg))
    content = zip_of(contents, target.stem)
    written(folder / target.name, content)
    size = len(content) / 2**20
    print(f"{target}: {len(contents)} files, {size:.1f} MiB; its README.md explains how to run the model")


if __name__ == "__main__":
    start(main, "archive")
