"""Arms against a baseline, within pairs of runs that share their luck: differences, how surely, and by which way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
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
    year_columns,
)
from sim.analysis.replications import seeds_needed
from sim.analysis.sweep_grid import DATES
from sim.errors import InputError, flag, whole_number
from sim.figures.comparison_page import comparison_page
from sim.figures.export import render
from sim.figures.plots import PairPlots
from sim.findings.comparison import precision_missed, precision_not_judged, precision_reached
from sim.findings.numbers import amount, readable_name
from sim.policy import Scenario
from sim.reports.blocks import Chapter
from sim.reports.chapters import comparison as chapters
from sim.reports.study import StudyResult
from sim.reports.text import text
from sim.results.files import bytes_of
from sim.results.result_folder import ResultFolder
from sim.runs.compare import FEW, FEWEST, Pairs, Wanted, known_outcome, wanted_of
from sim.runs.compare import compare as compare_pairs
from sim.runs.parallel import processes
from sim.runs.posterior import POINT, parameter_sets
from sim.studies.arms import ArmsOption, named_arms, scenarios_with
from sim.studies.pair_options import described_outcomes, pair_seeds
from sim.studies.records import foot, scenarios_in_words, seeds_text, study_record
from sim.studies.run_summary import size_sentence
from sim.sweeps.provenance import study_inputs

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OUTCOME, YEAR, GROUP = chapters.KINDS
COLUMNS = ("arm", "baseline", "dates", "outcome", "unit", "difference", "low", "high", "by")
"""Columns without which a table of differences cannot be read."""


@dataclass(frozen=True, repr=False, kw_only=True)
class Comparison(Pairs, StudyResult):
    """A paired comparison with its tables, findings, figures and chapter.

    Args:
        record: what it was made with
        outcomes: that are described, the first at length
        key: by which it is known in a report
        tables: differences and parts of effects as a folder holds them; None: they are computed from the runs
        svg: its page as a folder holds it; None: it is drawn
        cases: the scenarios, the baseline first; empty for a comparison that was loaded
    """

    kind: ClassVar[str] = "comparison"

    record: Mapping[str, Any]
    outcomes: tuple[str, ...]
    key: str = "compare"
    tables: tuple[pd.DataFrame, pd.DataFrame] | None = None
    svg: bytes | None = None
    cases: tuple[Scenario, ...] = ()

    __repr__ = StudyResult.__repr__

    @cached_property
    def table(self) -> pd.DataFrame:
        """Differences by outcome, year and group; of years and groups those in which some arm differs."""
        if self.tables is not None:
            return self.tables[0]
        columns = {OUTCOME: self._outcomes, YEAR: year_columns(self.frame), GROUP: group_columns(self.frame)}
        about = self.frame, self.baseline, self.arms
        by_kind = {by: differences(*about, names).assign(by=by) for by, names in columns.items() if names}
        kept = [table if by == OUTCOME else that_differ(table) for by, table in by_kind.items()]
        return pd.concat(kept, ignore_index=True)

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Parts of the effect of each arm on each outcome: in total, through the dates, through strength."""
        if self.tables is not None:
            return self.tables[1]
        about = self.frame, self.baseline, self.arms
        return pd.concat([effect_parts(*about, name) for name in self._outcomes], ignore_index=True)

    @property
    def _outcomes(self) -> list[str]:
        return [name for name in self.outcomes if name in self.frame]

    @property
    def drawing(self) -> bytes:
        """The page of figures as SVG."""
        return self.svg or render(self.plot.page(), "compare", ("svg",))[Path("compare.svg")]

    @property
    def precision_sentence(self) -> str:
        """How many pairs the asked precision took, or which arm is furthest from it; empty where none was asked."""
        wanted, pairs = self.wanted, self.frame["seed"].nunique()
        if wanted is None:
            return ""
        goal = f"{amount(wanted.reach, signed=False)} {outcome_traits(wanted.outcome).unit}".strip()
        rows = self.differences(wanted.outcome)
        if wanted.met:
            return precision_reached(wanted.outcome, goal, pairs)
        if rows["n"].min() < FEW:
            return precision_not_judged(goal, FEW, int(rows["n"].min()))
        row = rows.iloc[int(half_widths(rows).to_numpy().argmax())]
        widest = (
            f"{row['arm']}, dates {DATES[row['dates']]}, reaches {amount(float(half_widths(rows).max()), signed=False)}"
        )
        both = paired_outcomes(self.frame, self.baseline, row["arm"], wanted.outcome, row["dates"]).dropna()
        more = seeds_needed(float((both["arm"] - both["baseline"]).std()), wanted.reach)
        return precision_missed(goal, pairs, widest, None if self.sharing else more)

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
        """Return what a folder of the comparison holds, by file name."""
        pages = {path.name: page for path, page in render(self.plot.page(), "compare").items()}
        if self.svg:
            pages["compare.svg"] = self.svg
        return {
            "table.parquet": bytes_of(self.frame, "parquet"),
            "compare.txt": self.summary().encode(),
            "differences.csv": bytes_of(self.table, "csv"),
            "parts.csv": bytes_of(self.effects, "csv"),
            **pages,
        }

    @classmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the comparison that a folder holds."""
        table = folder.table("differences.csv", COLUMNS)
        effects = folder.table("parts.csv", ["arm", "outcome", "part", "effect", "low", "high", "n"])
        record, svg = dict(folder.said), folder.drawing("compare.svg")
        wanted = record.get("precision")
        return cls(
            frame=folder.runs("table.parquet"),
            baseline=str(table["baseline"].iloc[0]),
            arms=tuple(dict.fromkeys(table["arm"])),
            over_posterior=record["uncertainty"] != POINT,
            failures=tuple(record.get("failed_runs", ())),
            wanted=Wanted(**wanted) if wanted else None,
            record=record,
            outcomes=tuple(dict.fromkeys(table.loc[table["by"] == OUTCOME, "outcome"])),
            tables=(table, effects),
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
        """Return the whole comparison on one page, its first outcome at length."""
        study = self.comparison
        return comparison_page(study.table, study.effects, study.over_posterior, foot(study.record, study.sharing))


def that_differ(table: pd.DataFrame) -> pd.DataFrame:
    """Return the outcomes in which some arm differs from the baseline in some pair."""
    varies = table[["difference", "low", "high"]].fillna(0.0).abs().sum(axis=1) > 0
    return table[table["outcome"].isin(table.loc[varies, "outcome"])]


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
    progress: bool = True,
) -> Comparison:
    """Compare arms with a baseline within pairs of runs that share their luck, and their draw from the posterior if any.

    Args:
        baseline: name of a scenario, or a scenario
        arms: one, several, the name of a set (`governance`) or the path of a file of one; `+no_backbone` is the baseline with
            what that scenario sets laid over it
        seeds: number of pairs of runs of each arm, or the seeds themselves; with `precision`, as many at most
        jobs: processes; None for all cores
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

    Returns:
        The comparison: `frame` has a row a run; `summary()`, `plot.page()`, `chapter()`, `save(folder)`.

    Raises:
        InputError: an unknown scenario, outcome or parameter; arms that cannot be compared; fewer than two pairs; a wrong
            option

    Example:
        sim.compare("historical_emergent", ["no_backbone"], 40, outcomes=["examinees_2020"], held=True).summary()
    """
    options = dict(locals())
    flag("progress", progress)
    names = [baseline, *named_arms(arms).over(baseline)]
    cases = scenarios_with(baseline, names[1:], overrides)
    rule = doubling_for(doubling_from(doubling), cases[0].national)
    chosen = described_outcomes(outcomes, outcome, cases[0])
    if outcomes is not None and DOUBLED in chosen:
        require_run_reaches(rule, cases[0].last_month)
    seed_list = pair_seeds(seeds, first_seed)
    more: Any = {"held": flag("held", held), "precision": precision, "outcome": outcome or chosen[0], "batch": batch,
                 "kinds": kinds, "uncertainty": uncertainty, "progress": progress}  # fmt: skip
    _check(more, jobs)
    try:
        pairs = compare_pairs(cases[0], cases[1:], seed_list, jobs, **more)
    except KeyboardInterrupt as stop:
        raise type(stop)("nothing is kept: a comparison is written when it is whole") from None
    frame = pairs.frame
    if DOUBLED in chosen and answered_in_all(frame, rule):
        frame = with_doubling(frame, reached(frame, rule), DOUBLED)
    for name in chosen if outcomes is not None else []:
        known_outcome(frame, name)
    record = study_record(compare, options, **_made_with(options, names, cases, replace(pairs, frame=frame)))
    fields = {name: getattr(pairs, name) for name in ("baseline", "arms", "over_posterior", "failures", "wanted")}
    return Comparison(frame=frame, **fields, record=record, outcomes=tuple(chosen), cases=tuple(cases))


def _check(more: Mapping[str, Any], jobs: int | None) -> None:
    """Refuse options that no comparison can have, before anything runs."""
    if more["precision"] is not None and more["outcome"] == DOUBLED:
        raise InputError(
            f"`precision` is of the first outcome, and is not asked of `{DOUBLED}`: name another one first"
        )
    wanted_of({"precision": more["precision"]})
    whole_number("`batch`", more["batch"], FEWEST)
    parameter_sets(more["uncertainty"])
    processes(jobs)


def _made_with(
    options: Mapping[str, Any], names: Sequence[str | Scenario], cases: Sequence[Scenario], pairs: Pairs
) -> dict[str, Any]:
    """Return what a comparison was made with, for its record."""
    sets, seeds = parameter_sets(options["uncertainty"]), pairs.frame["seed"].unique().tolist()
    labels = [name if isinstance(name, str) else name.name for name in names]
    about = {
        "asks": named_arms(options["arms"]).about,
        **study_inputs(labels[0], cases[0], options["overrides"] or {}, options["uncertainty"], sets),
        "arms": labels[1:],
        "cases": scenarios_in_words(cases, names),
        "pairs": len(seeds),
        "seeds": seeds_text(seeds),
        "sharing": pairs.sharing,
        "failures": len(pairs.failures),
    }
    about |= {"failed_runs": list(pairs.failures)} if pairs.failures else {}
    about |= {"precision": asdict(pairs.wanted)} if pairs.wanted else {}
    about |= {} if cases[0].national else {"size": size_sentence(cases[0])}
    return about | ({"python_only": True} if any(isinstance(name, Scenario) for name in names) else {})
