"""Where to put a fixed backbone budget, and when to launch: decisions that no other one beats in every goal.

    python -m experiments.optimise
    python -m experiments.optimise generations=5 population=12 seeds=8 fresh=20
    python -m experiments.optimise vary='{backbone.facilitation: [0, 1]}' out=results/optimise_budget
    python -m experiments.optimise robust=worst_quarter more=[examinees_2020] less=[gap_streams_2020]

Every decision meets the same luck and the same parameter sets. What the search finds is run again with fresh
ones, and compared in pairs with what is as it is. Stop it when you like: the same command goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO

import hydra
import pandas as pd
from omegaconf import DictConfig, OmegaConf

from sim.analysis.clusters import sharing, with_clusters
from sim.analysis.doubling import require_run_reaches
from sim.analysis.pareto import MIN, ROBUST, along, goals_of, unbeaten
from sim.commands import origin
from sim.configuration import configs
from sim.errors import Mistake, is_one_of, shown
from sim.figures.pareto import front_page
from sim.figures.style import drawn
from sim.labels import label_of
from sim.outcomes.columns import columns_of
from sim.parameters import declared
from sim.results.files import all_written, bytes_of
from sim.results.folder import begin_or_resume, footnote, provenance, require_kind
from sim.results.identity import identity, sources_hash
from sim.results.lock import lock_folder
from sim.results.store import Store
from sim.runs.parallel import processes
from sim.runs.posterior import fingerprint
from sim.sweeps.cached_runs import Evaluations

from .allocating import LAUNCH, Levers, levers_of
from .command_line.entry import reports_errors, start
from .command_line.options import doubling_of, folder_of, integer, listed, sets_of
from .confirming import OVER, Asked, confirmed, in_words
from .searching import Search

SAID = {
    "model": "another model version",
    "case": "another scenario, or other parameters",
    "posterior": "another posterior",
    "search": "another search",
}
"""What an optimisation is begun with, and what is said when it is no longer so."""

DECIDES = ("split", "launch", "vary", "more", "less", "robust", "seeds", "population", "search_seed")
"""Keys that decide which way a search goes; more generations go on from those that are there."""

LOCKS: list[IO[str]] = []
"""The lock of the folder, held until this process ends."""


def search_of(cfg: DictConfig, levers: Levers) -> Search:
    """The search that a configuration describes. Raises Mistake for numbers and words that make no sense."""
    if not is_one_of(cfg.robust, ROBUST):
        raise Mistake(f"`robust` must be one of {', '.join(ROBUST)}; got {shown(cfg.robust)}")
    goals = goals_of(listed(cfg, "more"), listed(cfg, "less"), columns_of(levers.case))
    replicates = range(1, integer(cfg, "seeds", 2) + 1)
    counts = [integer(cfg, key, least) for key, least in (("population", 2), ("generations", 1), ("search_seed", 0))]
    return Search(levers, goals, str(cfg.robust), replicates, *counts)


def begin(cfg: DictConfig, levers: Levers, store: Store) -> None:
    """Write what the search is begun with, or see that it still is. Raises Mistake, naming what changed."""
    about = {
        "model": sources_hash(),
        "case": identity(levers.case),
        "posterior": fingerprint(sets_of(cfg), levers.case),
        "search": OmegaConf.to_container(OmegaConf.masked_copy(cfg, list(DECIDES)), resolve=True),
    }
    begin_or_resume(store.folder, "search", about, SAID, origin(""))


def finalists(candidates: pd.DataFrame, goals: dict[str, str], most: int) -> tuple[pd.DataFrame, int]:
    """Decisions of the search that are run again, along its front or best by its only goal; how many are on the front."""
    found = candidates.iloc[1:]
    front = found[unbeaten(candidates, goals).iloc[1:]]
    if len(goals) == 1:
        ((goal, way),) = goals.items()
        ordered = found.dropna(subset=goal).sort_values(goal, ascending=way == MIN, kind="stable")
        return ordered.head(most), len(front)
    return front.loc[along(front, goals, most)], len(front)


def optimised(cfg: DictConfig, store: Store, levers: Levers) -> str:
    """Search, run the best again, and say what was found."""
    search = search_of(cfg, levers)
    asked = Asked(levers, search.goals, search.robust, doubling_of(cfg))
    fresh = range(len(search.replicates) + 1, len(search.replicates) + integer(cfg, "fresh", 2) + 1)
    most = integer(cfg, "finalists", 1)
    begin(cfg, levers, store)
    evaluations = Evaluations(store, sets_of(cfg), processes(cfg.jobs))
    candidates = search.run(evaluations)
    chosen, on_front = finalists(candidates, search.goals, most)
    if not len(chosen):
        return f"No decision of {len(candidates) - 1:,} is beaten by none: what is as it is beats them all."
    points = [levers.point(values) for values in (levers.as_is, *chosen[levers.names].to_dict("records"))]
    runs = with_clusters(evaluations.of(points, fresh, "fresh seeds"), len(evaluations.sets))
    table = confirmed(runs, chosen, asked)
    counts = {"decisions": len(candidates) - 1, "front": on_front, "fresh": len(fresh)}
    said, shared = in_words(table, asked, counts), sharing(runs)
    said += f"\n\n{shared}" if shared else ""
    if evaluations.failures:
        said += f"\n\n{len(evaluations.failures)} runs failed; their tracebacks are in {store.folder / 'failures'}"
    apart = levers.split, [name for name in levers.names if name not in levers.split]
    made = footnote(provenance(""), shared)
    page = front_page(
        candidates,
        table,
        list(search.goals),
        apart,
        labels_of(levers, search.goals) | {"": OVER[search.robust]},
        made,
    )
    files = {store.folder / f"{name}.csv": bytes_of(frame, "csv") for name, frame in
             (("candidates", candidates), ("front", table), ("runs", runs))}  # fmt: skip
    files |= {store.folder / "optimise.txt": said.encode()} | drawn(page, store.folder / "front")
    all_written(files)
    return f"{said}\n\n" + "\n".join(str(path) for path in files)


def labels_of(levers: Levers, goals: Mapping[str, str]) -> dict[str, str]:
    """Goals and levers in words with their unit."""
    labels = {LAUNCH: "Launch [months later than it was]"} | {name: label_of(name) for name in goals}
    for name in (*levers.split, *(factor.name for factor in levers.factors)):
        labels[name] = f"{name.split('.')[-1].replace('_', ' ')} [{declared(name)[1].unit}]"
    return labels


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="optimise")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Search the levers, and leave what was found as tables, words and a page."""
    levers = levers_of(cfg)
    search_of(cfg, levers)  # a wrong key is told before a folder is made
    sets_of(cfg)
    require_run_reaches(doubling_of(cfg), levers.case.last_month)
    store = Store.at(require_kind(folder_of(cfg), "search"))
    LOCKS.append(lock_folder(store.folder))
    print(optimised(cfg, store, levers))


if __name__ == "__main__":
    start(main, "optimise")
