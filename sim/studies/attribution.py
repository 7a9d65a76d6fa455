"""Attribution of outcomes to conditions: exact Shapley values over all coalitions, within pairs of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd

from sim.analysis.clusters import sharing_note, with_clusters
from sim.analysis.doubling import Doubling, doubling_for, doubling_from, reached, require_run_reaches
from sim.analysis.headlines import DOUBLED
from sim.analysis.paired_differences import outcome_traits
from sim.analysis.shapley import attribution
from sim.configuration import scenario_of
from sim.errors import InputError, flag, whole_number
from sim.figures.attribution import attribution_page
from sim.figures.export import render
from sim.findings.numbers import readable_name
from sim.labels import label_of
from sim.outcomes.columns import columns_of
from sim.policy import Scenario
from sim.reports.blocks import Chapter
from sim.reports.chapters import attribution as chapters
from sim.reports.study import StudyResult
from sim.reports.text import text
from sim.results.files import bytes_of
from sim.results.folder import begin_or_resume
from sim.results.identity import identity, model_hash
from sim.results.result_folder import ResultFolder
from sim.results.resumable import open_store
from sim.runs.engines.current import EngineOption, on_engine
from sim.runs.parallel import processes
from sim.runs.posterior import POSTERIOR, parameter_sets, structures_of
from sim.studies.games import COALITION, Game, game_of
from sim.studies.pair_options import named_outcomes
from sim.studies.records import foot, study_record
from sim.studies.setup import overrides_in
from sim.sweeps.cached_runs import Evaluations
from sim.sweeps.provenance import study_inputs

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLOCK = 5
"""Number of seeds after which runs are stored."""

CHANGED = {"model": "another model version", "case": "another scenario, or other parameters", "posterior": "another posterior",
           "game": "another game"}  # fmt: skip
"""Inputs of an attribution, each with the phrase for a message if it has changed."""


@dataclass(frozen=True, repr=False, kw_only=True)
class Attribution(StudyResult):
    """Contributions of the players of a game to some outcomes.

    Args:
        table: Shapley values and simpler measures of every player, with the columns outcome and unit
        runs: a row a run of a coalition; the column `coalition` has its number
        record: how it was made
        key: of its chapter in a report
        svgs: pages read from a folder, by outcome; None: they are drawn
    """

    kind: ClassVar[str] = "attribution"

    table: pd.DataFrame
    runs: pd.DataFrame
    record: Mapping[str, Any]
    key: str = "attribute"
    svgs: Mapping[str, bytes] | None = None

    @property
    def outcomes(self) -> list[str]:
        """Outcomes in the order of the call."""
        return chapters.outcomes(self)

    @cached_property
    def drawings(self) -> Mapping[str, bytes]:
        """Pages of figures as SVG, by outcome."""
        pages = {name: render(self.plot.page(name), name, ("svg",)) for name in self.outcomes if not self.svgs}
        return self.svgs or {name: next(iter(page.values())) for name, page in pages.items()}

    def summary(self) -> str:
        """Return the findings as text."""
        return text(self.chapter())

    def chapter(self, title: str | None = None) -> Chapter:
        """Return the attribution as a chapter of a report."""
        name = readable_name(str(self.record.get("called", self.record["baseline"])))
        game = str(self.record.get("game_name", ""))
        return chapters.chapter(
            self, title or f"What each contributes: {readable_name(game)}{' of ' * bool(game)}{name}"
        )

    def contents(self) -> dict[str, bytes]:
        """Return the files of a folder of the attribution: content by file name."""
        files = {
            "attribution.csv": bytes_of(self.table, "csv"),
            "runs.csv": bytes_of(self.runs, "csv"),
            "attribution.txt": self.summary().encode(),
        }
        for name in self.outcomes:
            pages = render(self.plot.page(name), f"attribution-{name}".replace("/", "-"))
            files |= {path.name: page for path, page in pages.items()}
        return files

    @classmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the attribution in a folder.

        Raises:
            InputError: a file is missing, broken or changed, or the attribution has not ended
        """
        folder.require_ended("sharing")
        table = folder.table("attribution.csv", ["player", "measure", "value", "low", "high", "n", "outcome", "unit"])
        pages = {
            str(name): folder.drawing(f"attribution-{name}.svg".replace("/", "-")) for name in table["outcome"].unique()
        }
        runs = folder.table("runs.csv", ["seed", COALITION])
        return cls(table=table, runs=runs, record=dict(folder.manifest), svgs=pages)

    @property
    def plot(self) -> AttributionPlots:
        """Figures: page(outcome)."""
        return AttributionPlots(self)


class AttributionPlots:
    """Figures of an attribution."""

    def __init__(self, study: Attribution) -> None:
        self.study = study

    def page(self, outcome: str | None = None) -> Figure:
        """Return the page of an outcome: a bar a player, with its interval, and simpler measures beside it.

        Args:
            outcome: of the attribution; None: the first one

        Raises:
            InputError: the attribution does not have the outcome
        """
        study = self.study
        name = outcome or study.outcomes[0]
        if name not in study.outcomes:
            raise InputError(f"the attribution has no outcome `{name}`; it has {', '.join(study.outcomes)}")
        title, rule = label_of(name), study.record.get("doubling")
        if name == DOUBLED and rule:
            doubling = doubling_from(rule)
            title = f"Doubling: {doubling.brief} by {doubling.by} [share of runs]"
        made = f"{study.record.get('asks', '')}. {foot(study.record)}"
        sentence = study.record.get("sharing", "")
        rows = study.table[study.table["outcome"] == name]
        return attribution_page(rows, title, f"{sentence} {made}" if sentence else made)


@on_engine
def attribute(
    game: str = "conditions",
    scenario: str | Scenario = "historical_emergent",
    *,
    timing: int | str | None = None,
    outcomes: str | Sequence[str] = ("examinees_2020", "gap_quintiles_2020", DOUBLED),
    overrides: Mapping[str, Any] | None = None,
    uncertainty: str | Path = POSTERIOR,
    seeds: int = 40,
    doubling: Doubling | Mapping[str, Any] | None = None,
    jobs: int | None = None,
    engine: EngineOption = None,
    progress: bool = True,
    out: str | Path | None = None,
) -> Attribution:
    """Attribute outcomes to the players of a game.

    Every coalition is simulated with common random numbers and the same parameter sets.

    Args:
        game: `conditions`, `sectors`, `drivers`, or the path of a YAML file of the same form
        scenario: with all players
        timing: months by which the policy windows come later, or `never`; None: as the scenario has it
        outcomes: columns of a run, or `doubled`
        overrides: parameters that differ in all runs, by dotted name
        uncertainty: `point`, `posterior` (each run its own parameter set), `structures` (of the models, by weight), or a path
        seeds: number of runs of every coalition
        doubling: what counts as doubling, by key: base, factor, of, by
        jobs: processes; None for all cores
        engine: where runs are simulated: dask, ray, slurm, a joblib backend, or a client; None for this machine
        progress: show a bar
        out: folder for the runs, so that the same call can resume the study, and for the result, which `Attribution.load`
            reads; None: nothing is written

    Returns:
        The attribution: `table`, `runs`, `summary()`, `plot.page(outcome)`, `chapter()`, `save(folder)`.

    Raises:
        InputError: an option is wrong, or the folder holds other results

    Example:
        sim.attribute("drivers", outcomes=["examinees_2020"], seeds=100).summary()
    """
    options = dict(locals())
    flag("progress", progress)
    coalition_game, resolved_scenario = game_of(game), scenario_of(scenario, overrides_in(overrides), timing)
    names, sets = named_outcomes(outcomes, [*columns_of(resolved_scenario), DOUBLED]), parameter_sets(uncertainty)
    whole_number("`seeds`", seeds, 2)
    processes(jobs)
    coalition_game.points(resolved_scenario)
    rule = doubling_for(doubling_from(doubling), resolved_scenario.national)
    if DOUBLED in names:
        require_run_reaches(rule, resolved_scenario.last_month)
    label = scenario if isinstance(scenario, str) else scenario.name
    inputs = {
        "model": model_hash(),
        "case": identity(resolved_scenario),
        "game": {player.name: player.description for player in coalition_game.players},
        "asks": coalition_game.about,
        **study_inputs(label, resolved_scenario, overrides or {}, uncertainty, sets),
    }
    with open_store(out, Attribution.kind) as store:
        if out is not None:
            record = study_record(attribute, options)
            begin_or_resume(store.folder, Attribution.kind, inputs, CHANGED, record["command"])
        evaluations = Evaluations(store, sets, processes(jobs))
        runs = _simulated(coalition_game, resolved_scenario, seeds, evaluations, progress)
        if DOUBLED in names:
            runs[DOUBLED] = reached(runs, rule).astype(float)
        tables = [
            attribution(runs, coalition_game.names, name).assign(outcome=name, unit=outcome_traits(name).unit)
            for name in names
        ]
        failures = evaluations.failures
        made_with = inputs | {
            "game_name": coalition_game.name,
            "doubling": asdict(rule),
            "seeds": seeds,
            "sharing": sharing_note(runs),
        }
        made_with |= {"failures": len(failures)} | ({"failed_runs": failures} if failures else {})
        record = study_record(attribute, options, **made_with)
        return Attribution(table=pd.concat(tables), runs=runs, record=record).saved_in(out)


def _simulated(game: Game, scenario: Scenario, seeds: int, evaluations: Evaluations, progress: bool) -> pd.DataFrame:
    """Return the runs of all coalitions; the column `coalition` has their number.

    Raises:
        InputError: every run failed
    """
    points, frames = game.points(scenario), []
    for block in batched(range(1, seeds + 1), BLOCK):
        label = f"seeds {block[0]} to {block[-1]} of {seeds}" if progress else None
        frames.append(evaluations.of(points, block, label))
    runs = with_clusters(pd.concat(frames, ignore_index=True), len(evaluations.sets), structures_of(evaluations.sets))
    if not len(runs):
        last = str(evaluations.failures[0]["traceback"]).strip().splitlines()[-1]
        raise InputError(f"every run failed; the first failure is: {last}")
    return runs.assign(**{COALITION: runs["decision"].astype(int)})
