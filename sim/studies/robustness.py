"""Robustness of findings: each comparison is repeated under rival mechanisms, within pairs of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from sys import stderr
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd

from sim.analysis.robustness import FINDING, ITSELF, RATIO, findings_with_worst, robustness_table
from sim.design.mechanisms import ALL, ROBUSTNESS, mechanisms_with_values
from sim.design.mechanisms import mechanisms as mechanisms_named
from sim.errors import InputError, flag, whole_number
from sim.figures.export import render
from sim.figures.robustness import robustness_page
from sim.findings.numbers import readable_name
from sim.labels import words_of
from sim.outcomes.columns import columns_of
from sim.policy import Scenario
from sim.reports.blocks import Chapter
from sim.reports.chapters import robustness as chapters
from sim.reports.study import StudyResult
from sim.reports.text import text
from sim.results.files import bytes_of
from sim.results.result_folder import ResultFolder
from sim.runs.compare import FEWEST, holdable
from sim.runs.compare import compare as compare_pairs
from sim.runs.engines.current import EngineOption, on_engine
from sim.runs.pairs import Pairs
from sim.runs.parallel import processes
from sim.runs.posterior import POSTERIOR, parameter_sets
from sim.studies.arms import ArmsOption, named_arms, scenarios_with
from sim.studies.pair_options import named_outcomes
from sim.studies.records import foot, seeds_text, study_record
from sim.studies.setup import overrides_in
from sim.sweeps.provenance import study_inputs

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ARMS = ("no_backbone", "placebo_backbone", "policy_only", "policy_late")
"""Default arms."""


@dataclass(frozen=True, repr=False, kw_only=True)
class RobustnessTest(StudyResult):
    """Findings of a comparison under rival mechanisms.

    Args:
        table: every comparison under every mechanism, with its ratio to the model's effect and the verdict
        record: how it was made
        key: of its chapter in a report
        svg: page read from a folder; None: it is drawn
    """

    kind: ClassVar[str] = "test of robustness"

    table: pd.DataFrame
    record: Mapping[str, Any]
    key: str = "robust"
    svg: bytes | None = None

    @cached_property
    def findings(self) -> pd.DataFrame:
        """Findings of the model, each with its verdicts and the worst of them."""
        return findings_with_worst(self.table)

    @property
    def drawing(self) -> bytes:
        """Page of figures as SVG."""
        return self.svg or render(self.plot.page(), "robust", ("svg",))[Path("robust.svg")]

    def summary(self) -> str:
        """Return the findings as text."""
        return text(self.chapter())

    def chapter(self, title: str | None = None) -> Chapter:
        """Return the test as a chapter of a report."""
        return chapters.chapter(self, title or "Which findings survive other mechanisms, and how much of them")

    def contents(self) -> dict[str, bytes]:
        """Return the files of a folder of the test: content by file name."""
        pages = {path.name: page for path, page in render(self.plot.page(), "robust").items()}
        return {
            "robust.csv": bytes_of(self.table, "csv"),
            "robust.txt": self.summary().encode(),
            "findings.csv": bytes_of(self.findings, "csv"),
            **pages,
        }

    @classmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the test in a folder.

        Raises:
            InputError: a file is missing, broken or changed, or of a version that compared signs only
        """
        folder.drawing("findings.csv")  # it must exist and be unchanged; its content follows from the other table
        table = folder.table("robust.csv", [*FINDING, "mechanism", "unit", "verdict"])
        if not {*RATIO} <= {*table.columns}:
            raise InputError(
                f"{folder.folder} holds a test of robustness of an earlier version, which compared signs and not sizes; "
                f"run {folder.command} again"
            )
        return cls(table=table, record=dict(folder.manifest), svg=folder.drawing("robust.svg"))

    @property
    def plot(self) -> RobustnessPlots:
        """Figures: page()."""
        return RobustnessPlots(self)


class RobustnessPlots:
    """Figures of a test of robustness."""

    def __init__(self, study: RobustnessTest) -> None:
        self.study = study

    def page(self) -> Figure:
        """Return the page: a panel a finding, with its ratio to the model's effect under each rival mechanism."""
        record, table = self.study.record, self.study.table
        labels = {name: words_of(name) for name in dict.fromkeys(table["outcome"])}
        return robustness_page(table, labels, foot(record, record.get("sharing", "")))


@on_engine
def robustness(
    baseline: str | Scenario = "historical_emergent",
    arms: ArmsOption = ARMS,
    *,
    outcomes: str | Sequence[str] = ("examinees_2020", "gap_quintiles_2020"),
    mechanisms: str | Sequence[str] = ALL,
    seeds: int = 40,
    first_seed: int = 1,
    held: bool = True,
    uncertainty: str | Path = POSTERIOR,
    overrides: Mapping[str, Any] | None = None,
    jobs: int | None = None,
    engine: EngineOption = None,
    progress: bool = True,
) -> RobustnessTest:
    """Test how much of each finding of a comparison remains under rival mechanisms, at the model's own parameter sets.

    Args:
        baseline: name of a scenario, or a scenario
        arms: one, several, the name of a set or the path of a file of one; `+no_backbone` is laid over the baseline
        outcomes: columns of a run
        mechanisms: `all`, or names of mechanisms in `configs/mechanism`
        seeds: pairs of runs of each arm under each mechanism
        first_seed: first of the seeds
        held: compare also with the ministry held to its months in the baseline's run of the same seed
        uncertainty: `point`, `posterior` (each seed its own parameter set), `structures` (of the models, by weight), or a path
        overrides: parameters that differ in all scenarios, by dotted name
        jobs: processes; None for all cores
        engine: where runs are simulated: dask, ray, slurm, a joblib backend, or a client; None for this machine
        progress: show which mechanism is simulated, and a bar

    Returns:
        The test: `table`, `findings`, `summary()`, `plot.page()`, `chapter()`, `save(folder)`.

    Raises:
        InputError: a scenario, outcome, mechanism or parameter is unknown, or an option is wrong

    Example:
        sim.robustness(arms=["no_backbone"], mechanisms=["reputation", "no_readiness"], seeds=100).summary()
    """
    options = dict(locals())
    flag("progress", progress)
    rivals = {ITSELF: dict[str, Any]()} | held_fixed(mechanisms)
    names = named_arms(arms).over(baseline)
    scenarios = {name: _under(baseline, names, overrides_in(overrides), values) for name, values in rivals.items()}
    first = scenarios[ITSELF][0]
    columns, sets = named_outcomes(outcomes, columns_of(first)), parameter_sets(uncertainty)
    start, count = whole_number("`first_seed`", first_seed, 0), whole_number("`seeds`", seeds, FEWEST)
    pair_options: Any = {"uncertainty": uncertainty, "held": flag("held", held), "progress": progress}
    processes(jobs)
    require_same_dates(scenarios, held)
    pairs = {
        name: _compared(name, under, range(start, start + count), jobs, pair_options)
        for name, under in scenarios.items()
    }
    failures = [{"mechanism": name, **failure} for name, each in pairs.items() for failure in each.failures]
    labels = [name if isinstance(name, str) else name.name for name in (baseline, *names)]
    made_with = study_inputs(labels[0], first, overrides or {}, uncertainty, sets) | {
        "arms": labels[1:], "mechanisms": {name: values for name, values in rivals.items() if values}, "pairs": count,
        "seeds": seeds_text(range(start, start + count)), "sharing": pairs[ITSELF].sharing, "failures": len(failures),
    } | ({"failed_runs": failures} if failures else {})  # fmt: skip
    model, frames = pairs[ITSELF], {name: each.frame for name, each in pairs.items()}
    table = robustness_table(frames, model.baseline, model.arms, columns)
    return RobustnessTest(table=table, record=study_record(robustness, options, **made_with))


def held_fixed(names: str | Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the parameters that each mechanism holds fixed, by its name.

    Args:
        names: `all`, or names of mechanisms

    Raises:
        InputError: a mechanism is unknown or holds no parameter fixed, or there is none
    """
    available = mechanisms_with_values()
    values = {each.name: dict(each.values) for each in mechanisms_named(names, "mechanisms", ROBUSTNESS, available)}
    if not values:
        raise InputError(f"`mechanisms` is empty; it must be {ALL} or some of {', '.join(ROBUSTNESS)}")
    for name, held in values.items():
        if not held:
            raise InputError(
                f"the mechanism `{name}` holds no parameter fixed, so findings cannot be tested against it; choose some of "
                f"{', '.join(available)}"
            )
    return values


def require_same_dates(scenarios: Mapping[str, Sequence[Scenario]], held: bool) -> None:
    """Check that each arm can be run with the dates held under a mechanism if, and only if, it can in the model.

    Args:
        scenarios: the baseline, then the arms, in the model and under each mechanism
        held: whether arms are run with the dates held

    Raises:
        InputError: an arm differs; the message has the mechanism and the arm
    """
    first, *arms = scenarios[ITSELF]
    for name, (baseline, *others) in scenarios.items():
        for arm, other in zip(arms, others, strict=True):
            if held and holdable(arm, first) != holdable(other, baseline):
                raise InputError(
                    f"under {name} `{arm.name}` cannot be compared at the dates of the model, since `ministry.mode` differs; "
                    f"leave {name} out of `mechanisms`, or use `held=False`"
                )


def _under(
    baseline: str | Scenario, arms: Sequence[str | Scenario], overrides: Mapping[str, Any], held: Mapping[str, Any]
) -> list[Scenario]:
    """Return the scenarios of the baseline and the arms under a mechanism.

    Raises:
        InputError: scenarios cannot be compared, or a parameter is both set and held fixed
    """
    for key in held:
        if key in overrides:
            raise InputError(f"`{key}` is held fixed by a mechanism, so it cannot be set; leave it out")
    return scenarios_with(baseline, arms, {**overrides, **held})


def _compared(name: str, scenarios: Sequence[Scenario], seeds: range, jobs: int | None, options: Any) -> Pairs:
    """Return the comparison under a mechanism.

    Raises:
        InputError: every run failed
    """
    from tqdm import tqdm

    if options["progress"]:
        tqdm.write(f"{readable_name(name)}:", file=stderr)
    try:
        return compare_pairs(scenarios[0], scenarios[1:], seeds, jobs, **options)
    except KeyboardInterrupt as stop:
        raise type(stop)("nothing is stored: a test of robustness is written when it is complete") from None
    except InputError as mistake:
        raise InputError(f"under {name}: {mistake}") from None
