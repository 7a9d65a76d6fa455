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

from experiments.starting import case_of, doubling_of, spoken, start, whole
from sim import Run, ensemble, simulate
from sim.analysis.doubling import reached
from sim.analysis.series import published_counts
from sim.configuration import configs
from sim.ensembles import Ensemble
from sim.figures.style import save
from sim.policy import Scenario
from sim.store import writable, written
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


def one_run(case: Scenario, seed: int, folder: Path) -> str:
    """One run: its tables as CSV, its figures, and what happened in words."""
    run: Run = simulate(case, seed)
    run.to_csv(folder)
    said = ", ".join(f"{key} {value}" for key, value in run.provenance.items())
    save(run.plot.page(f"One run of {case.name}, seed {seed}", said), folder / "page")
    frame = run.outcomes.to_frame().T
    last = max(run.worlds)
    headline = run.outcomes[[f"examinees_{last}", f"share_{last}", "members", "trust_across", "delivered", "unspent"]]
    return "\n\n".join([
        f"{case.name}, seed {seed}",
        headline.round(3).to_string(),
        run.events[["date", "event"]].to_string(index=False),
        against_record(frame)[["year", "published", "median", "deviation %"]].round(1).to_string(index=False),
    ])  # fmt: skip


def many_runs(case: Scenario, cfg: DictConfig, folder: Path) -> str:
    """An ensemble: its table, its fan, its fit to the record and how often it doubles."""
    first = whole(cfg, "first_seed")
    found: Ensemble = ensemble(case, list(range(first, first + whole(cfg, "seeds", 1))), cfg.jobs)
    found.frame.to_parquet(folder / "table.parquet", index=False)
    found.frame.to_csv(folder / "table.csv", index=False)
    save(found.plot.fan().figure, folder / "fan", ("svg", "png"))
    doubling = doubling_of(cfg)
    return "\n\n".join([
        f"{case.name}, {len(found.frame)} seeds",
        against_record(found.frame).round(1).to_string(index=False),
        f"P({doubling.brief} by {doubling.by}) = {reached(found.frame, doubling).mean():.2f}",
        *[failure["traceback"] for failure in found.failures],
    ])  # fmt: skip


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="run")
@spoken
def main(cfg: DictConfig) -> None:
    """Simulate, write and print."""
    case, single, _ = case_of(cfg), whole(cfg, "seeds", 1) == 1, doubling_of(cfg)
    folder = writable(str(cfg.out))
    told = one_run(case, whole(cfg, "first_seed"), folder) if single else many_runs(case, cfg, folder)
    written(folder / "summary.txt", told.encode())
    print(f"{told}\n\nTables and figures: {folder}")


if __name__ == "__main__":
    start(main, "run")
