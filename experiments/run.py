"""One scenario: one run with its tables and figures, or an ensemble with its fan and its fit to the record.

python -m experiments.run scenario=historical
python -m experiments.run scenario=historical seeds=100
python -m experiments.run scenario=historical_emergent backbone.facilitation=0.2 timing=12 seeds=50
"""

from __future__ import annotations

from pathlib import Path

import hydra
import pandas as pd
from omegaconf import DictConfig

from experiments.starting import case_of, doubling_of, folder_of, seen_through, spoken, start, whole
from sim import Run, ensemble, simulate
from sim.analysis.doubling import reached
from sim.analysis.series import published_counts
from sim.configuration import configs
from sim.ensembles import Ensemble, processes
from sim.figures.style import drawn
from sim.policy import Scenario
from sim.store import all_written, bytes_of, writable
from sim.world.setting import data_path


def against_record(frame: pd.DataFrame) -> pd.DataFrame:
    """Simulated examinees beside the published counts: median, 90% of runs, deviation of the median in percent."""
    rows = []
    for year, value in published_counts(pd.read_csv(data_path("targets.csv")))[["year", "value"]].itertuples(
        index=False
    ):
        runs = frame.get(f"examinees_{int(year)}")
        if runs is None:
            continue
        low, middle, high = runs.quantile([0.05, 0.5, 0.95])
        inside = "yes" if low <= value <= high else "no"
        rows.append((int(year), int(value), middle, low, high, inside, 100.0 * (middle / value - 1.0)))
    return pd.DataFrame(rows, columns=["year", "published", "median", "5%", "95%", "inside", "deviation %"])


def one_run(case: Scenario, seed: int, folder: Path) -> tuple[str, dict[Path, bytes]]:
    """One run: what happened in words, its tables as CSV and its figures."""
    run: Run = simulate(case, seed)
    tables = {folder / f"{name}.csv": bytes_of(frame, "csv") for name, frame in run.tables().items()}
    said = ", ".join(f"{key} {value}" for key, value in run.provenance.items())
    page = drawn(run.plot.page(f"One run of {case.name}, seed {seed}", said), folder / "page")
    frame = run.outcomes.to_frame().T
    last = max(run.worlds)
    headline = run.outcomes[[f"examinees_{last}", f"share_{last}", "members", "trust_across", "delivered", "unspent"]]
    told = "\n\n".join([
        f"{case.name}, seed {seed}",
        headline.round(3).to_string(),
        run.events[["date", "event"]].to_string(index=False),
        against_record(frame)[["year", "published", "median", "deviation %"]].round(1).to_string(index=False),
    ])  # fmt: skip
    return told, tables | page


def many_runs(case: Scenario, cfg: DictConfig, folder: Path) -> tuple[str, dict[Path, bytes]]:
    """An ensemble: its fit to the record and how often it doubles, its table and its fan."""
    first = whole(cfg, "first_seed")
    found: Ensemble = ensemble(case, list(range(first, first + whole(cfg, "seeds", 1))), cfg.jobs)
    tables = {folder / f"table.{form}": bytes_of(found.frame, form) for form in ("parquet", "csv")}
    doubling = doubling_of(cfg)
    told = "\n\n".join([
        f"{case.name}, {len(found.frame)} seeds",
        against_record(found.frame).round(1).to_string(index=False),
        f"P({doubling.brief} by {doubling.by}) = {reached(found.frame, doubling).mean():.2f}",
        *[failure["traceback"] for failure in found.failures],
    ])  # fmt: skip
    return told, tables | drawn(found.plot.fan().figure, folder / "fan", ("svg", "png"))


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="run")
@spoken
def main(cfg: DictConfig) -> None:
    """Simulate, write and print."""
    case, single, doubling = case_of(cfg), whole(cfg, "seeds", 1) == 1, doubling_of(cfg)
    first, _ = whole(cfg, "first_seed"), processes(cfg.jobs)
    if not single:
        seen_through(case, doubling)
    folder = writable(folder_of(cfg))
    told, files = one_run(case, first, folder) if single else many_runs(case, cfg, folder)
    all_written(files | {folder / "summary.txt": told.encode()})
    print(f"{told}\n\nTables and figures: {folder}")


if __name__ == "__main__":
    start(main, "run")
