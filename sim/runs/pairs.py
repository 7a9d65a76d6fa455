"""The result of a paired comparison: a baseline and arms with the same seeds."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.analysis.clusters import PARAMETER_SET, STRUCTURE, sharing_note
from sim.declare import OUTCOMES
from sim.errors import InputError, counted, is_one_of, shown, suggestion
from sim.runs.keep import TableSource, table_from

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sim.figures.plots import PairPlots

KEYS = ("scenario", "dates", "seed", STRUCTURE, PARAMETER_SET)
"""Columns of a frame of runs that are not outcomes."""


@dataclass(frozen=True)
class PrecisionGoal:
    """Precision that a comparison is to reach, and whether it has.

    Args:
        outcome: whose intervals are judged
        reach: greatest distance of an interval's ends from its middle [unit of the outcome]
        met: whether every arm's interval is as narrow, with ten pairs or more
    """

    outcome: str
    reach: float
    met: bool = False


@dataclass(frozen=True, repr=False)
class Pairs:
    """Runs of a baseline and arms with the same seeds.

    Args:
        frame: a row a run
        baseline: name of the baseline
        arms: names of the arms
        over_posterior: whether each seed has its own parameter set of a posterior
        failures: runs that failed
        precision_goal: precision that was wanted; None if none was
        source: of the tables that were kept of each run; None if none was
    """

    frame: pd.DataFrame
    baseline: str
    arms: tuple[str, ...]
    over_posterior: bool = False
    failures: tuple[Mapping[str, Any], ...] = ()
    precision_goal: PrecisionGoal | None = None
    source: TableSource | None = field(default=None, kw_only=True)

    def __repr__(self) -> str:
        """Return a line for notebooks."""
        seeds = self.frame["seed"].nunique() if len(self.frame) else 0
        failed = f", {counted(len(self.failures), 'run')} failed (.failures says why)" if self.failures else ""
        return f"<Pairs of {', '.join(self.arms)} with {self.baseline}: {seeds:,} seeds{failed}; ask .summary(outcome)>"

    def tables(self, name: str) -> pd.DataFrame:
        """Return a table of all runs that `keep` named: the rows of each run after its scenario, factors, dates and seed.

        Args:
            name: months, organisations, ties or schools, as in `Run`; ids are text

        Raises:
            InputError: the name is unknown, or the runs were made without this table
        """
        return table_from(self.source, name)

    def differences(self, outcome: str = "examinees_2020") -> pd.DataFrame:
        """Return the differences of the arms from the baseline within pairs.

        The interval is a bootstrap over pairs; for an outcome that is yes or no in every run, it is Newcombe's for pairs.

        Args:
            outcome: to be compared

        Returns:
            A row an arm, and a second one with the dates held if `held=True`; the columns are those of
            `sim.analysis.paired_differences.differences`.

        Raises:
            InputError: the outcome is unknown, several are named, or no arm has a pair with values
        """
        from sim.analysis.paired_differences import differences

        table = differences(self.frame, self.baseline, self.arms, [self._checked_outcome(outcome)])
        if not table["n"].any():
            raise InputError(
                f"no pair of runs has a value of `{outcome}` in both `{self.baseline}` and an arm: nothing to compare"
            )
        return table

    @cached_property
    def headlines(self) -> pd.DataFrame:
        """Differences of the headline outcomes within pairs, a row an outcome, arm and kind of dates: see `differences`."""
        from sim.analysis.headlines import headline_outcomes
        from sim.analysis.paired_differences import differences

        return differences(self.frame, self.baseline, self.arms, headline_outcomes(self.frame))

    def summary(self, outcome: str = "examinees_2020") -> str:
        """Return the differences as text, a line an arm and kind of dates, and how pairs share parameter sets.

        Args:
            outcome: to be compared

        Raises:
            InputError: as `differences` does
        """
        from sim.findings.comparison import overview

        return "\n\n".join(filter(None, [overview(self.differences(outcome)), self.sharing]))

    @property
    def sharing(self) -> str:
        """Sentence on how pairs share parameter sets, and what that does to intervals; empty if they share none."""
        return sharing_note(self.frame, "pairs")

    def parts(self, outcome: str = "examinees_2020") -> pd.DataFrame:
        """Return the effect of each arm in total, through the dates and through strength, with intervals.

        Args:
            outcome: to be compared

        Raises:
            InputError: the outcome is unknown, several are named, or no arm was run with the dates held
        """
        from sim.analysis.paired_differences import effect_parts

        name = self._checked_outcome(outcome)
        if (self.frame["dates"] == "emergent").all():
            raise InputError(
                "the parts of an effect need runs in which arms have the dates held; compare with `held=True`"
            )
        return effect_parts(self.frame, self.baseline, self.arms, name)

    def _checked_outcome(self, outcome: str) -> str:
        if isinstance(outcome, (list, tuple)):
            raise InputError(f"differences are of one outcome at a time; got {shown(outcome)}")
        return require_outcome(self.frame, outcome)

    @cached_property
    def plot(self) -> PairPlots:
        """Figures of the comparison: effects()."""
        from sim.figures.plots import PairPlots

        return PairPlots(self)


def require_outcome(frame: pd.DataFrame, outcome: Any) -> str:
    """Return an outcome after a check that runs have it.

    Args:
        frame: a row a run
        outcome: its name

    Raises:
        InputError: the runs do not have the outcome; the message has the nearest name
    """
    names = [str(name) for name in frame if name not in KEYS]
    if not is_one_of(outcome, names):
        if is_one_of(outcome, OUTCOMES):
            raise InputError(
                f"these runs have no outcome `{outcome}`, which was declared after them: simulate them again"
            )
        raise InputError(f"unknown outcome `{outcome}`{suggestion(outcome, names)}")
    return str(outcome)
