"""Comparison of arms with a baseline, within pairs of runs with common random numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from dataclasses import fields as dataclass_fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd

from sim.agents.organisation import Organisation
from sim.analysis.doubling import Doubling, answered_in_all, doubling_for, doubling_from, reached, require_run_reaches
from sim.analysis.effects import with_doubling
from sim.analysis.headlines import DOUBLED
from sim.analysis.paired_differences import (
    differences,
    effect_parts,
    group_columns,
    half_widths,
    outcome_traits,
    paired_outcomes,
    that_differ,
    year_columns,
)
from sim.analysis.replications import seeds_needed
from sim.analysis.sweep_grid import DATES
from sim.errors import flag
from sim.figures.comparison_page import comparison_page
from sim.figures.export import render
from sim.figures.plots import PairPlots
from sim.findings.comparison import precision_missed, precision_not_judged, precision_reached
from sim.findings.numbers import amount, readable_name
from sim.old_names import renamed_attribute
from sim.policy import Scenario
from sim.reports.blocks import Chapter
from sim.reports.chapters import comparison as chapters
from sim.reports.study import StudyResult
from sim.reports.text import text
from sim.results.files import bytes_of
from sim.results.result_folder import ResultFolder
from sim.runs.compare import FEW
from sim.runs.compare import compare as compare_pairs
from sim.runs.engines.current import EngineOption, on_engine
from sim.runs.keep import Keep
from sim.runs.pairs import Pairs, PrecisionGoal, require_outcome
from sim.runs.posterior import POINT, parameter_sets
from sim.studies.arms import ArmsOption, named_arms, scenarios_with
from sim.studies.pair_options import described_outcomes, pair_seeds, require_pair_options
from sim.studies.records import foot, scenarios_in_words, seeds_text, study_record
from sim.studies.run_summary import size_sentence
from sim.sweeps.provenance import study_inputs

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OUTCOME, YEAR, GROUP = chapters.KINDS
COLUMNS = ("arm", "baseline", "dates", "outcome", "unit", "difference", "low", "high", "by")
"""Columns that a table of differences must have."""


@dataclass(frozen=True, repr=False, kw_only=True)
class Comparison(Pairs, StudyResult):
    """Paired comparison with its tables, findings, figures and chapter.

    Args:
        record: how it was made
        outcomes: that are described, the first at length
        key: of its chapter in a report
        loaded: differences and parts of effects read from a folder; None: they are computed from the runs
        svg: page read from a folder; None: it is drawn
        scenarios: scenarios, the baseline first; empty for a comparison that was loaded
    """

    kind: ClassVar[str] = "comparison"

    record: Mapping[str, Any]
    outcomes: tuple[str, ...]
    key: str = "compare"
    loaded: tuple[pd.DataFrame, pd.DataFrame] | None = None
    svg: bytes | None = None
    scenarios: tuple[Scenario, ...] = ()
    cases = renamed_attribute("comparison.cases", "scenarios")

    __repr__ = StudyResult.__repr__

    @cached_property
    def table(self) -> pd.DataFrame:
        """Differences by outcome, year and group; of years and groups only those in which an arm differs."""
        if self.loaded is not None:
            return self.loaded[0]
        columns = {OUTCOME: self._outcomes, YEAR: year_columns(self.frame), GROUP: group_columns(self.frame)}
        about = self.frame, self.baseline, self.arms
        by_kind = {by: differences(*about, names).assign(by=by) for by, names in columns.items() if names}
        tables = [table if by == OUTCOME else that_differ(table) for by, table in by_kind.items()]
        return pd.concat(tables, ignore_index=True)

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Parts of the effect of each arm on each outcome: in total, through the dates, through strength."""
        if self.loaded is not None:
            return self.loaded[1]
        about = self.frame, self.baseline, self.arms
        return pd.concat([effect_parts(*about, name) for name in self._outcomes], ignore_index=True)

    @property
    def _outcomes(self) -> list[str]:
        return [name for name in self.outcomes if name in self.frame]

    @property
    def drawing(self) -> bytes:
        """Page of figures as SVG."""
        return self.svg or render(self.plot.page(), "compare", ("svg",))[Path("compare.svg")]

    @property
    def precision_sentence(self) -> str:
        """Sentence on the number of pairs that the precision took, or on the arm furthest from it; empty without a goal."""
        goal, pairs = self.precision_goal, self.frame["seed"].nunique()
        if goal is None:
            return ""
        reach = f"{amount(goal.reach, signed=False)} {outcome_traits(goal.outcome).unit}".strip()
        rows = self.differences(goal.outcome)
        if goal.met:
            return precision_reached(goal.outcome, reach, pairs)
        if rows["n"].min() < FEW:
            return precision_not_judged(reach, FEW, int(rows["n"].min()))
        row = rows.iloc[int(half_widths(rows).to_numpy().argmax())]
        widest = (
            f"{row['arm']}, dates {DATES[row['dates']]}, reaches {amount(float(half_widths(rows).max()), signed=False)}"
        )
        both = paired_outcomes(self.frame, self.baseline, row["arm"], goal.outcome, row["dates"]).dropna()
        needed = seeds_needed(float((both["arm"] - both["baseline"]).std()), goal.reach)
        return precision_missed(reach, pairs, widest, None if self.sharing else needed)

    def summary(self, outcome: str | None = None) -> str:
        """Return the findings as text.

        Args:
            outcome: a line an arm for this outcome alone; None: the whole comparison

        Raises:
            InputError: an unknown outcome
        """
        return text(self.chapter()) if outcome is None else super().summary(outcome)

    def chapter(self, title: str | None = None) -> Chapter:
        """Return the comparison as a chapter of a report."""
        return chapters.chapter(self, title or f"Arms against {readable_name(self.baseline)}")

    def contents(self) -> dict[str, bytes]:
        """Return the files of a folder of the comparison: content by file name."""
        pages = {path.name: page for path, page in render(self.plot.page(), "compare").items()}
        pages |= {"compare.svg": self.svg} if self.svg else {}
        return {
            "table.parquet": bytes_of(self.frame, "parquet"),
            "compare.txt": self.summary().encode(),
            "differences.csv": bytes_of(self.table, "csv"),
            "parts.csv": bytes_of(self.effects, "csv"),
            **pages,
        }

    @classmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the comparison in a folder.

        Raises:
            InputError: a file is missing, broken or changed
        """
        table = folder.table("differences.csv", COLUMNS)
        effects = folder.table("parts.csv", ["arm", "outcome", "part", "effect", "low", "high", "n"])
        record, svg = dict(folder.manifest), folder.drawing("compare.svg")
        return cls(
            frame=folder.runs("table.parquet"),
            baseline=str(table["baseline"].iloc[0]),
            arms=tuple(dict.fromkeys(table["arm"])),
            over_posterior=record["uncertainty"] != POINT,
            failures=tuple(record.get("failed_runs", ())),
            precision_goal=PrecisionGoal(**record["precision"]) if record.get("precision") else None,
            record=record,
            outcomes=tuple(dict.fromkeys(table.loc[table["by"] == OUTCOME, "outcome"])),
            loaded=(table, effects),
            svg=svg,
        )

    @cached_property
    def plot(self) -> ComparisonPlots:
        """Figures: page(), effects()."""
        return ComparisonPlots(self)


class ComparisonPlots(PairPlots):
    """Figures of a comparison."""

    def __init__(self, pairs: Comparison) -> None:
        super().__init__(pairs)
        self.comparison = pairs

    def page(self) -> Figure:
        """Return the page of the comparison, its first outcome at length."""
        study = self.comparison
        return comparison_page(study.table, study.effects, study.over_posterior, foot(study.record, study.sharing))


@on_engine
def compare(
    baseline: str | Scenario,
    arms: ArmsOption,
    seeds: int | Sequence[int] = 100,
    jobs: int | None = None,
    *,
    outcomes: str | Sequence[str] | None = None,
    outcome: str | None = None,
    first_seed: int = 1,
    precision: float | None = None,
    batch: int = 20,
    held: bool = False,
    uncertainty: str | Path = POINT,
    overrides: Mapping[str, Any] | None = None,
    doubling: Doubling | Mapping[str, Any] | None = None,
    kinds: dict[str, type[Organisation]] | None = None,
    engine: EngineOption = None,
    progress: bool = True,
    keep: Keep = (),
) -> Comparison:
    """Compare arms with a baseline within pairs of runs with common random numbers and the same parameter set.

    Args:
        baseline: name of a scenario, or a scenario
        arms: one, several, the name of a set (`governance`) or its file; `+no_backbone` lays that scenario over the baseline
        seeds: number of pairs of runs of each arm, or the seeds themselves; with `precision`, as many at most
        jobs: processes; None for all cores
        engine: where runs are simulated: dask, ray, slurm, a joblib backend, or a client; None for this machine
        outcomes: that are described, the first at length; None: examinees of 2020 and the other headline outcomes
        outcome: of which `precision` is asked; None: the first of `outcomes`
        first_seed: where seeds begin if their number is given
        precision: stop when the interval of every arm reaches no further to either side [unit of the outcome]
        batch: seeds that are added at a time until intervals are narrow
        held: run each arm also with the ministry held to its months in the baseline's run of the same seed
        uncertainty: `point`, `posterior` (each seed its own parameter set), `structures` (of the models, by weight), or a path
        overrides: parameters that differ in all scenarios, by dotted name
        doubling: what counts as doubling, by key: base, factor, of, by
        kinds: classes that decide in place of the kinds' own
        progress: show a bar
        keep: tables of each run that stay in memory: months, organisations, ties, schools

    Returns:
        The comparison: `frame` has a row a run; `tables(name)`, `summary()`, `plot.page()`, `chapter()`, `save(folder)`.

    Raises:
        InputError: unknown scenario, outcome or parameter; arms that cannot be compared; fewer than two pairs; a wrong option

    Example:
        sim.compare("historical_emergent", ["no_backbone"], 40, outcomes=["examinees_2020"], held=True).summary()
    """
    options = dict(locals())
    names = [baseline, *named_arms(arms).over(baseline)]
    scenarios = scenarios_with(baseline, names[1:], overrides)
    rule = doubling_for(doubling_from(doubling), scenarios[0].national)
    chosen = described_outcomes(outcomes, outcome, scenarios[0])
    if outcomes is not None and DOUBLED in chosen:
        require_run_reaches(rule, scenarios[0].last_month)
    pair_options: Any = {"held": flag("held", held), "precision": precision, "outcome": outcome or chosen[0], "batch": batch,
                         "kinds": kinds, "uncertainty": uncertainty, "keep": options.pop("keep"),
                         "progress": flag("progress", progress)}  # fmt: skip
    require_pair_options(pair_options, jobs)
    try:
        pairs = compare_pairs(scenarios[0], scenarios[1:], pair_seeds(seeds, first_seed), jobs, **pair_options)
    except KeyboardInterrupt as stop:
        raise type(stop)("nothing is stored: a comparison is written when it is complete") from None
    frame = pairs.frame
    if DOUBLED in chosen and answered_in_all(frame, rule):
        frame = with_doubling(frame, reached(frame, rule), DOUBLED)
    for name in chosen if outcomes is not None else []:
        require_outcome(frame, name)
    record = study_record(compare, options, **_made_with(options, names, scenarios, replace(pairs, frame=frame)))
    fields = {item.name: getattr(pairs, item.name) for item in dataclass_fields(Pairs) if item.name != "frame"}
    return Comparison(frame=frame, **fields, record=record, outcomes=tuple(chosen), scenarios=tuple(scenarios))


def _made_with(
    options: Mapping[str, Any], names: Sequence[str | Scenario], scenarios: Sequence[Scenario], pairs: Pairs
) -> dict[str, Any]:
    """Return the inputs of a comparison, for its record."""
    sets, seeds = parameter_sets(options["uncertainty"]), pairs.frame["seed"].unique().tolist()
    labels = [name if isinstance(name, str) else name.name for name in names]
    about = {
        "asks": named_arms(options["arms"]).about,
        **study_inputs(labels[0], scenarios[0], options["overrides"] or {}, options["uncertainty"], sets),
        "arms": labels[1:], "cases": scenarios_in_words(scenarios, names), "pairs": len(seeds),
        "seeds": seeds_text(seeds), "sharing": pairs.sharing, "failures": len(pairs.failures),
    }  # fmt: skip
    about |= {"failed_runs": list(pairs.failures)} if pairs.failures else {}
    about |= {"precision": asdict(pairs.precision_goal)} if pairs.precision_goal else {}
    about |= {} if scenarios[0].national else {"size": size_sentence(scenarios[0])}
    return about | ({"python_only": True} if any(isinstance(name, Scenario) for name in names) else {})
