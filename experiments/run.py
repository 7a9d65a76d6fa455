"""One scenario: one run with its tables and figures, or an ensemble with its fan and its fit to the record.

python -m experiments.run scenario=historical
python -m experiments.run scenario=historical seeds=100
python -m experiments.run scenario=historical_emergent backbone.facilitation=0.2 timing=12 seeds=50
python -m experiments.run scenario=historical seeds=100 uncertainty=posterior
"""

from __future__ import annotations

import sys
from pathlib import Path

import hydra
import pandas as pd
from omegaconf import DictConfig

from experiments.starting import case_of, doubling_of, folder_of, seen_through, sets_of, spoken, start, whole
from sim import Run, ensemble, simulate
from sim.analysis.doubling import reached
from sim.analysis.fit import fit, root_mean_square
from sim.configuration import configs
from sim.ensembles import Ensemble, processes
from sim.figures.style import drawn
from sim.plotting import targets
from sim.policy import Scenario
from sim.posterior import set_of
from sim.store import all_written, bytes_of, writable

COUNTS = "maths5_examinees"
"""The pattern of the eight published national counts."""


def of_one(frame: pd.DataFrame) -> str:
    """One run beside the published national counts, with its deviation in percent, as text."""
    table = fit(frame, targets())
    counts = table[(table["pattern"] == COUNTS) & (table["n"] > 0)].rename(columns={"median": "simulated"})
    return in_words(counts[["year", "observed", "simulated", "deviation"]])


def of_many(frame: pd.DataFrame, record: pd.DataFrame) -> str:
    """Many runs beside the record, pattern by pattern, as text: observed, median, 90% of runs, where it lies."""
    table = fit(frame, record)
    table = table[table["n"] > 0].rename(columns={"low_90": "5%", "high_90": "95%", "reliability": "rated"})
    if not (table["pattern"] == COUNTS).any():
        return "no published year was simulated"
    shown = ["pattern", "year", "group", "rated", "observed", "median", "5%", "95%", "deviation", "lies"]
    told = f"the record lies in the middle 90% of runs for {table['inside'].sum()} of {len(table)} facts; "
    told += f"national counts: {root_mean_square(table, COUNTS):.1%} away (root mean square of the log)"
    return f"{in_words(table[shown])}\n\n{told}"


def in_words(table: pd.DataFrame) -> str:
    """A table as text: four digits of what is small, whole numbers of what is large; deviation in percent or months."""

    def number(value: float) -> str:
        return "-" if pd.isna(value) else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.4g}"

    said = dict.fromkeys(table.select_dtypes("number").columns.drop("year"), number)
    said |= {"deviation": "{:+.1f}".format} if "deviation" in table else {}
    return table.to_string(index=False, formatters=said)


def one_run(case: Scenario, seed: int, folder: Path) -> tuple[str, dict[Path, bytes]]:
    """One run: what happened in words, its tables as CSV and its figures."""
    run: Run = simulate(case, seed)
    tables = {folder / f"{name}.csv": bytes_of(frame, "csv") for name, frame in run.tables().items()}
    page = drawn(run.plot.page(), folder / "page")
    frame = run.outcomes.to_frame().T
    last = max(run.worlds)
    headline = run.outcomes[[f"examinees_{last}", f"share_{last}", "members", "trust_across", "delivered", "unspent"]]
    told = "\n\n".join([
        f"{case.name}, seed {seed}",
        headline.round(3).to_string(),
        run.events[["date", "event"]].to_string(index=False),
        of_one(frame),
    ])  # fmt: skip
    return told, tables | page


def many_runs(case: Scenario, cfg: DictConfig, folder: Path) -> tuple[str, dict[Path, bytes]]:
    """An ensemble: its fit to the record and how often it doubles, its table and its fan."""
    first = whole(cfg, "first_seed")
    seeds = list(range(first, first + whole(cfg, "seeds", 1)))
    found: Ensemble = ensemble(case, seeds, cfg.jobs, uncertainty=cfg.uncertainty)
    tables = {folder / f"table.{form}": bytes_of(found.frame, form) for form in ("parquet", "csv")}
    doubling = doubling_of(cfg)
    told = "\n\n".join([
        f"{case.name}, {len(found.frame)} seeds",
        of_many(found.frame, targets()),
        f"P({doubling.brief} by {doubling.by}) = {reached(found.frame, doubling).mean():.2f}",
        *[failure["traceback"] for failure in found.failures],
    ])  # fmt: skip
    page = found.plot.fit(provenance=" ".join(["python -m experiments.run", *sys.argv[1:]]))
    return told, tables | drawn(found.plot.fan().figure, folder / "fan", ("svg", "png")) | drawn(page, folder / "fit")


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="run")
@spoken
def main(cfg: DictConfig) -> None:
    """Simulate, write and print."""
    case, single, doubling = case_of(cfg), whole(cfg, "seeds", 1) == 1, doubling_of(cfg)
    first, sets, _ = whole(cfg, "first_seed"), sets_of(cfg), processes(cfg.jobs)
    if not single:
        seen_through(case, doubling)
    folder = writable(folder_of(cfg))
    told, files = one_run(case.drawn(set_of(sets, first)), first, folder) if single else many_runs(case, cfg, folder)
    all_written(files | {folder / "summary.txt": told.encode()})
    print(f"{told}\n\nTables and figures: {folder}")


if __name__ == "__main__":
    start(main, "run")
