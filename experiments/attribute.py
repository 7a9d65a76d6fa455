"""What does each condition contribute? Shapley values, exact over all coalitions, within pairs of runs.

    python -m experiments.attribute
    python -m experiments.attribute game=drivers seeds=100
    python -m experiments.attribute game=sectors scenario=historical outcomes=[examinees_2020]
    python -m experiments.attribute game=my_game.yaml

Every coalition of the conditions is simulated, each with the same luck and parameter set. Stop it when you like:
the same command goes on.
"""

from __future__ import annotations

from itertools import batched
from typing import IO, Any

import hydra
import pandas as pd
from omegaconf import DictConfig

from sim.analysis.clusters import sharing, with_clusters
from sim.analysis.doubling import doubling_for, reached, require_run_reaches
from sim.analysis.effects import Estimate
from sim.analysis.headlines import DOUBLED
from sim.analysis.paired_differences import described
from sim.analysis.shapley import IN, OUT, SHAPLEY, attribution, closes, rest
from sim.commands import origin
from sim.configuration import configs
from sim.figures.attribution import FEW, attribution_page
from sim.figures.style import drawn
from sim.findings.comparison import amount, ranged
from sim.labels import label_of
from sim.outcomes.columns import columns_of
from sim.policy import Scenario
from sim.results.files import all_written, bytes_of, path_of
from sim.results.folder import begin_or_resume, footnote, provenance, require_kind, with_checksums
from sim.results.identity import identity, sources_hash
from sim.results.lock import lock_folder
from sim.results.store import Store
from sim.runs.parallel import processes
from sim.studies.games import COALITION, Game, game_of
from sim.sweeps.cached_runs import Evaluations
from sim.sweeps.provenance import study_inputs

from .command_line.entry import reports_errors, start
from .command_line.options import doubling_of, integer, listed, outcomes_in, overridden, scenario_in, sets_of

BLOCK = 5
"""Seeds after which what is simulated is kept."""

LOCKS: list[IO[str]] = []
"""The lock of the folder, held until this process ends."""


def simulated(game: Game, case: Scenario, cfg: DictConfig, store: Store) -> tuple[pd.DataFrame, int]:
    """The runs of all coalitions, `coalition` their number, and how many runs failed."""
    evaluations, frames = Evaluations(store, sets_of(cfg), processes(cfg.jobs)), []
    points, last = game.points(case), integer(cfg, "seeds", 2)
    for seeds in batched(range(1, last + 1), BLOCK):
        frames.append(evaluations.of(points, seeds, f"seeds {seeds[0]} to {seeds[-1]} of {last}"))
    runs = with_clusters(pd.concat(frames, ignore_index=True), len(evaluations.sets))
    return runs.assign(**{COALITION: runs["decision"].astype(int)}), len(evaluations.failures)


def in_words(table: pd.DataFrame, outcome: str, game: Game) -> str:
    """What one outcome owes to each player, no more strongly than the intervals allow."""
    whole_ = table[table["measure"] == "whole"].iloc[0]
    said = [f"{label_of(outcome)}: all together {told(whole_)} against none of them, over {whole_['n']:.0f} seeds"]
    values = table[table["measure"] == SHAPLEY].sort_values("value", key=abs, ascending=False)
    for _, row in values.iterrows():
        out, in_ = (table[(table["player"] == row["player"]) & (table["measure"] == m)].iloc[0] for m in (OUT, IN))
        said.append(f"  {row['player']}: {told(row)}{unclear(row)} (the whole against the others alone: "
                    f"{amount(out['value'])}; by itself: {amount(in_['value'])})")  # fmt: skip
    alone_ = table.loc[table["measure"] == IN, "value"].sum()
    sums = "they sum to the whole" if closes(table) else f"they miss the whole by {rest(table):.2g}"
    said.append(f"  {sums}; each by itself, they would come to {amount(alone_)}: "
                f"{amount(whole_['value'] - alone_)} is what they do together")  # fmt: skip
    return "\n".join(said)


def told(row: Any) -> str:
    """A value with its interval; one that is nothing in every seed as that."""
    if row["low"] == row["high"] == row["value"] == 0:
        return "nothing in any seed"
    return ranged(Estimate(row["value"], row["low"], row["high"], int(row["n"])))


def unclear(row: Any) -> str:
    """What is said where an interval holds zero."""
    return "; no effect cannot be excluded" if row["low"] <= 0 <= row["high"] and row["low"] < row["high"] else ""


SAID = {"model": "another model version", "case": "another scenario, or other parameters", "posterior": "another posterior",
        "game": "another game"}  # fmt: skip
"""What an attribution is begun with, and what is said when it is no longer so."""


def begin(cfg: DictConfig, game: Game, case: Scenario, store: Store) -> None:
    """Write what the attribution is begun with, or see that it still is. Raises Mistake, naming what changed."""
    about = {
        "model": sources_hash(),
        "case": identity(case),
        "game": {player.name: player.told for player in game.players},
        "asks": game.about,
        **study_inputs(str(cfg.scenario), case, overridden(cfg), cfg.uncertainty, sets_of(cfg)),
    }
    begin_or_resume(store.folder, "attribution", about, SAID, origin(""))


def attributed(cfg: DictConfig, game: Game, case: Scenario, store: Store) -> str:
    """Simulate all coalitions, and say what each player contributes."""
    doubling, asked = doubling_for(doubling_of(cfg), case.national), outcomes_in(cfg, [*columns_of(case), DOUBLED])
    begin(cfg, game, case, store)
    runs, failed = simulated(game, case, cfg, store)
    if DOUBLED in asked:
        runs[DOUBLED] = reached(runs, doubling).astype(float)
    tables = {outcome: attribution(runs, game.names, outcome) for outcome in asked}
    said = [f"{game.about}. {len(game.names)} players, {2 ** len(game.names)} coalitions of `{case.name}`"]
    said += [in_words(table, outcome, game) for outcome, table in tables.items()]
    shared = sharing(runs)
    said += [shared] * bool(shared)
    if runs["seed"].nunique() < FEW:
        said.append(f"With fewer than {FEW} seeds intervals are too narrow: try it out, but claim nothing.")
    if failed:
        said.append(f"{failed} runs failed; their tracebacks are in {store.folder / 'failures'}")
    text, found = (
        "\n\n".join(said),
        pd.concat([table.assign(outcome=name, unit=described(name).unit) for name, table in tables.items()]),
    )
    files = {store.folder / "attribution.csv": bytes_of(found, "csv"), store.folder / "runs.csv": bytes_of(runs, "csv"),
             store.folder / "attribution.txt": text.encode()}  # fmt: skip
    made = footnote(f"{game.about}. {provenance('')}", shared)
    for outcome, table in tables.items():
        title = (
            label_of(outcome) if outcome != DOUBLED else f"Doubling: {doubling.brief} by {doubling.by} [share of runs]"
        )
        files |= drawn(attribution_page(table, title, made), store.folder / f"attribution-{outcome}")
    all_written(with_checksums(files))
    return f"{text}\n\n" + "\n".join(str(path) for path in files)


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="attribute")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Attribute a whole to its players, and leave what was found as tables, words and pages."""
    game, case = game_of(cfg.game), scenario_in(cfg)
    outcomes_in(cfg, [*columns_of(case), DOUBLED])
    sets_of(cfg)
    integer(cfg, "seeds", 2)
    game.points(case)
    if DOUBLED in listed(cfg, "outcomes"):
        require_run_reaches(doubling_for(doubling_of(cfg), case.national), case.last_month)
    folder = path_of(f"results/attribute_{game.name}" if cfg.out is None else cfg.out)
    store = Store.at(require_kind(folder, "attribution"))
    LOCKS.append(lock_folder(store.folder))
    print(attributed(cfg, game, case, store))


if __name__ == "__main__":
    start(main, "attribute")
