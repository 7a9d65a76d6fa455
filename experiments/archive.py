"""An archive ready for a model library such as CoMSES: code, documents, data, results of one run, metadata, in one zip.

python -m experiments.archive
python -m experiments.archive scenario=historical seed=3 out=results/historical.zip

The same sources give the same bytes. It holds what git tracks or, where there is no git, what the project is made of; no
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
from .maintenance.archive import check_files, check_target, files_of_the_project, laid_out, zipped


def command_of(cfg: DictConfig) -> str:
    """Return the command that makes the results of the archive anew, as one types it in code/."""
    own = ("out=", "seed=", "scenario=")
    others = [word for word in typed() if not word.startswith(own)]
    return command("run", [option("scenario", cfg.scenario), f"first_seed={cfg.seed}", *others, "out=results/run"])


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="archive")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate one run, put everything together, write it and say what it is."""
    target, seed = path_of(cfg.out), integer(cfg, "seed")
    check_target(target)
    check_files(scenario_in(cfg))
    files, folder = files_of_the_project(), writable(target.parent)
    run = run_summary(str(cfg.scenario), timing=cfg.timing, first_seed=seed, overrides=overridden(cfg))
    contents = laid_out(files, run.contents(), command_of(cfg))
    content = zipped(contents, target.stem)
    written(folder / target.name, content)
    size = len(content) / 2**20
    print(f"{target}: {len(contents)} files, {size:.1f} MiB; its README.md says how to run what is in it")


if __name__ == "__main__":
    start(main, "archive")
