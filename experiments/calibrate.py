"""From the record to a posterior: which parameter sets bring forth what was published, stage by stage.

    python -m experiments.calibrate
    python -m experiments.calibrate draws=2000 rounds=4 posterior=configs/data/posterior.csv
    python -m experiments.calibrate ministry.by_readiness=0 ministry.by_entrepreneurship=0 out=results/no_network

Stop it when you like: the same command goes on from the draws that are kept. A parameter given on the
command line is held there and not asked.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import hydra
import numpy as np
import pandas as pd
from omegaconf import DictConfig

from sim import ensemble, uncertain
from sim.analysis.distance import columns
from sim.analysis.fit import fit
from sim.analysis.posterior_summary import central, correlations, learned, off_centre
from sim.catalogue import targets
from sim.commands import origin
from sim.configuration import configs
from sim.errors import Mistake, shown
from sim.figures.posterior import learned_page
from sim.figures.style import drawn
from sim.findings.fit import fit_text
from sim.parameters import declared
from sim.results.files import all_written, bytes_of, path_of, writable, written
from sim.results.identity import sources_hash
from sim.results.store import Store

from .calibrating import planned
from .command_line.entry import reports_errors, start
from .command_line.options import folder_of, integer, overridden
from .studying import Study

if TYPE_CHECKING:
    from .calibrating import Stage
    from .sampling import Found

COUNTS, BAND = "maths5_examinees", (2013, 2017)
"""The national counts, and the years over which the width of their band is told."""

MEANING = (
    "its three strongest patterns, each by itself, as parts of all they say (1 in all halves the prior's variance)"
)
"""What the numbers of the table of information are."""

RIVALS = """Rivals, fitted to the same record
evidence: log density of the record, parameters averaged over their prior; log_odds: against the model that answers for as
many facts, by the last round, and by the round before; error: standard error of the evidence by the chain, to which comes
what the surfaces are wrong by; counts_off: root mean square of the logs of the national counts'
medians; inside: share of simulated facts in the middle 90%; backbone: what it adds to the examinees of 2020, mean within
pairs over the posterior (low to high: 95% interval of the mean)"""
"""What the numbers of the table of rivals are."""


def told(study: Study) -> str:
    """Run a study, write its posterior, simulate it, and say what was found."""
    results = study.run()
    table = study.table(study.completed(study.known(results), study.effort.sets))
    product = bytes_of(table, "csv", "%.8g")
    path = written(study.folder / "posterior.csv", product)
    if study.cfg.posterior is not None:
        path = written(path_of(study.cfg.posterior), product)
    parts = [took(stage.name, result.log) for stage, result in zip(study.stages, results, strict=True)]
    parts += [f"{len(table)} parameter sets: {path}", of_parameters(study, table)]
    parts += [*taught(study, results[-1]), *known_again(study, results[-1]), *opposed(study, results)]
    parts += against_the_record(study, path, table)
    failed = Store(study.folder).failures()
    parts += [f"{len(failed)} draws failed; their tracebacks are in {study.folder / 'failures'}"] if failed else []
    return "\n\n".join(parts)


def took(name: str, log: pd.DataFrame) -> str:
    """What a stage took, round by round."""
    total = f"{log['draws'].sum():,} draws, {log['seconds'].sum() / 60.0:.1f} minutes"
    return f"Stage {name}: {total}\n{log.round(2).to_string(index=False)}"


def of_parameters(study: Study, table: pd.DataFrame) -> str:
    """Prior against posterior, most narrowed first, also drawn, and what hangs together."""
    rows = learned(table, uncertain())
    page = learned_page(rows, len(table), f"{origin('')}; model {sources_hash()}")
    all_written(drawn(page, study.folder / "learned"))
    prior = few(study) + rows.round(3).to_string(index=False)
    pairs = correlations(table).round(2).to_string(index=False)
    return f"Prior against posterior\n{prior}\n\nStrongest rank correlations\n{pairs}"


def taught(study: Study, found: Found) -> list[str]:
    """Which patterns inform which parameters."""
    from .informing import informed, strongest

    rows = informed(found, study.stages[-1])
    written(study.folder / "informed.csv", bytes_of(rows, "csv"))
    return [f"What informs each parameter: {MEANING}\n{strongest(rows).to_string(index=False)}"]


def opposed(study: Study, results: list[Found]) -> list[str]:
    """The rivals beside the model, where they are asked for."""
    from .opposing import Opposing, rivals_asked, sentences

    if not rivals_asked(study.cfg):
        return []
    begin = study.completed(study.known(results), study.effort.draws)
    rows = Opposing(study, begin).rows(results[-1])
    written(study.folder / "rivals.csv", bytes_of(rows, "csv"))
    return ["\n".join([RIVALS, rows.round(3).to_string(index=False), *sentences(rows)])]


def few(study: Study) -> str:
    """A warning where the draws are fewer than what the surfaces are made of."""
    names, effort = len(study.stages[-1].asked), study.effort
    made_of, draws = names * (names + 3) // 2 + 1, effort.draws * min(effort.rounds, 2)
    said = f"NOT TO BE USED: {draws:,} draws teach surfaces of {made_of:,} numbers; more `draws` are needed\n"
    return said if draws < made_of else ""


def known_again(study: Study, found: Found) -> list[str]:
    """Whether known parameters, and the effect that follows from them, are found again, where that is asked."""
    from .calibrating import Simulation
    from .recovering import EFFECT, Effect, Recovery

    truths, stage, seed = integer(study.cfg, "truths"), study.stages[-1], integer(study.cfg, "seed")
    if not truths:
        return []
    effect = Effect.of(stage.asked, overridden(study.cfg))
    recovery = Recovery(stage.asked, found.emulator, Simulation(stage), effect, seed)
    rows = recovery.rows(found.chain.scores[:truths], study.effort.jobs)
    written(study.folder / "recovered.csv", bytes_of(rows, "csv"))
    mean = rows[rows["name"] != EFFECT][["within_50", "within_90"]].mean()
    said = f"parameters {mean['within_50']:.0%} within the middle 50%, {mean['within_90']:.0%} within the middle 90%"
    return [f"Known parameters found again, of {rows['truths'].iloc[0]} runs: {said}\n{rows.to_string(index=False)}"]


def against_the_record(study: Study, path: Path, table: pd.DataFrame) -> list[str]:
    """The pattern table of each scenario over the posterior, the band of the counts, and a central, good member."""
    last, seeds = study.measured[-1], list(range(min(len(table), integer(study.cfg, "shown", 1))))
    frame = ensemble(last.cases, seeds, study.cfg.jobs, uncertainty=str(path)).frame
    written(study.folder / "table.parquet", bytes_of(frame, "parquet"))
    runs = [frame[frame["scenario"] == case.name].set_index("seed") for case in last.cases]
    record = targets(str(study.cfg.targets))
    parts = [
        f"{case.name} over the posterior, {len(each)} sets\n{fit_text(each, record)}\n{band(each, record)}"
        for case, each in zip(last.cases, runs, strict=True)
    ]
    figures = [each.reindex(columns=columns(rows)) for each, rows in zip(runs, last.rows, strict=True)]
    joint = pd.concat(figures, axis=1, join="inner")
    distances = pd.Series(last.lucky.distance(joint.to_numpy(dtype=float)), joint.index)
    return [*parts, of_defaults(table, distances, last), proposed(table.loc[joint.index], distances)]


def band(frame: pd.DataFrame, record: pd.DataFrame) -> str:
    """Half the width of the middle 90% of the national counts, over their median, in the years of the launch and after."""
    rows = fit(frame, record)
    rows = rows[(rows["pattern"] == COUNTS) & rows["year"].between(*BAND) & (rows["n"] > 0)]
    half = (rows["high_90"] - rows["low_90"]) / 2.0 / rows["median"]
    said = ", ".join(f"{year} {width:.1%}" for year, width in zip(rows["year"], half, strict=True))
    return f"half-width of the counts' middle 90%: {said or 'none was simulated'}"


def of_defaults(table: pd.DataFrame, distances: pd.Series, stage: Stage) -> str:
    """Whether the defaults are a central, good member of the posterior: how many of its sets are farther off than they."""
    defaults = pd.DataFrame([{name: float(declared(name)[0]) for name in table}])
    farther = (off_centre(table, table) > off_centre(table, defaults)).mean()
    near = np.median(stage.lucky.distance(np.array(stage.alike))) if stage.alike else np.nan
    return (
        f"The defaults are {near:.2f} tolerances from the record, median of {len(stage.alike)} runs; "
        f"{(distances > near).mean():.0%} of the sets are farther, and {farther:.0%} are farther from the posterior's middle"
    )


def proposed(table: pd.DataFrame, distances: pd.Series) -> str:
    """A central, good member: what it would change of the defaults."""
    row = table.index[central(table, distances)]
    lines = [f"{name}: {declared(name)[0]:g} -> {value:.4g}" for name, value in table.loc[row].items()]
    where = f"set {row}, {distances[row]:.2f} tolerances from the record, median {distances.median():.2f}"
    return "\n".join([f"A central, good member as new defaults ({where})", *lines])


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="calibrate")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Calibrate, print and keep what was found."""
    if find_spec("emcee") is None or find_spec("sklearn") is None:
        raise Mistake("calibration needs emcee and scikit-learn; install the extra `calibration` as the README says")
    study = Study(cfg, tuple(planned(cfg)), folder_of(cfg))
    checked_before(study)
    writable(study.folder)
    study.begin()
    said = told(study)
    written(study.folder / "summary.txt", said.encode())
    print(said)


def checked_before(study: Study) -> None:
    """Raises Mistake for what would only show after hours: numbers that make no sense, a place that cannot be written."""
    from .opposing import rivals_asked

    for key, least in (("sets", 1), ("shown", 1), ("repeats", 0), ("truths", 0), ("rival_rounds", 2)):
        integer(study.cfg, key, least)
    assert study.effort.jobs
    rivals_asked(study.cfg)
    if study.cfg.posterior is not None:
        path = path_of(study.cfg.posterior)
        if path.suffix != ".csv" or (path.exists() and not path.is_file()):
            raise Mistake(f"`posterior` names a table, such as posterior.csv; got {shown(study.cfg.posterior)}")
        writable(path.parent)


if __name__ == "__main__":
    start(main, "calibrate")
