"""The chapter of a paired comparison: what each arm changes, by which way, and how much the pairing helped."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.analysis.effects import THROUGH_DATES, THROUGH_STRENGTH, TOTAL
from sim.analysis.sweep_grid import DATES, EMERGENT
from sim.findings.comparison import runs_saved, surely
from sim.findings.numbers import (
    Unit,
    called,
    carried,
    difference,
    estimated,
    figure,
    interval,
    named,
    part,
    plain,
    titled,
    unit_of,
)
from sim.reports.blocks import Chapter, Claim, Claims, Drawing, Folded, Prose, Rows

COLUMNS = ["arm", "dates", "difference", "95% interval", "correlation", "runs saved", "better in", "by month", "pairs"]
"""Of the table of arms."""

READ = (
    "Dates held: the ministry of the arm acts in the months of the baseline's run of the same seed; none: it acts in neither. "
    "Runs saved: times fewer runs than arms with draws of their own would need. Better in: share of pairs, with its interval. "
    "By month: share of the variance of the difference that the months of adoption explain."
)
"""How it is read."""

type Labels = Callable[[str], str]
"""An outcome in words, without its unit."""


@dataclass(frozen=True)
class Comparison:
    """A comparison as its folder holds it.

    Args:
        key: unique in the report
        said: what the folder says it was made with
        table: of `sim.analysis.paired_differences.differences`, with the column `by`
        parts: of `sim.analysis.paired_differences.parts`
        svg: its page
    """

    key: str
    said: Mapping[str, Any]
    table: pd.DataFrame
    parts: pd.DataFrame
    svg: bytes

    @property
    def first(self) -> str:
        """The outcome that is told at length."""
        return str(self.table["outcome"].iloc[0])

    @property
    def main(self) -> pd.DataFrame:
        """Its rows."""
        return self.table[(self.table["by"] == "outcome") & (self.table["outcome"] == self.first)]

    @property
    def over(self) -> str:
        """What its intervals carry."""
        return carried(self.said)

    def row(self, row: Any) -> str:
        """The key of a difference in the tables of the report."""
        return f"{self.key}-{row['arm']}-{row['outcome']}-{row['dates']}".replace(" ", "-").replace("/", "-")

    def part(self, arm: str) -> str:
        """The key of the parts of an arm's effect."""
        return f"{self.key}-parts-{arm}"

    def findings(self, label: Labels) -> list[Claim]:
        """What the first outcome says of each arm, the dates free and held."""
        return [Claim(plain(str(row["arm"])), difference(row, label(self.first)), self.row(row))
                for _, row in self.main.iterrows()]  # fmt: skip

    def ways(self, label: Labels) -> list[Claim]:
        """By which way each arm's effect comes."""
        rows = self.parts[self.parts["outcome"] == self.first]
        unit = unit_of(str(self.main["unit"].iloc[0]))
        return [Claim(plain(str(arm)), way(of, label(self.first), unit), self.part(str(arm)))
                for arm, of in rows.groupby("arm", sort=False) if (of["part"] == THROUGH_STRENGTH).any()]  # fmt: skip

    def chapter(self, title: str, label: Labels) -> Chapter:
        """The chapter."""
        asks, pairs = self.said.get("asks") or "", int(self.main["pairs"].max())
        words = f"{asks}{'. ' if asks else ''}{pairs:,} pairs of runs with the same luck. {self.over}"
        blocks: list[Any] = [
            Prose(f"{words}\n\n### {titled(label(self.first))}"),
            Claims(self.findings(label)),
            self._drawing(label),
            self._table(label),
        ]
        ways = self.ways(label)
        if ways:
            blocks += [Prose("### By which way\n\nAn effect comes *through the dates* where an arm changes when the ministry "
                             "moves, and *through strength* where it changes what happens at given dates."),
                       Claims(ways), self._parts(label)]  # fmt: skip
        return Chapter(self.key, title, [*blocks, *self._others(label)])

    def _drawing(self, label: Labels) -> Drawing:
        arms = ", ".join(plain(str(arm)) for arm in dict.fromkeys(self.main["arm"]))
        what = label(self.first).lower()
        return Drawing(
            self.svg,
            f"Each arm beside {plain(called(self.said))}: {what}, runs saved by pairing, how often an arm is better, "
            "examinees year by year, and gaps between groups.",
            f"Five panels, for {arms}. Panel A: the difference of each arm in {what} with its interval, in total, through the "
            "dates and through strength. Panel B: how many times fewer runs the pairing needs. Panel C: in what share of pairs "
            "the arm is better. Panel D: the difference in examinees of each year. Panel E: the change of three gaps between "
            "groups. The figures stand in the tables of this chapter.",
        )  # fmt: skip

    def _table(self, label: Labels) -> Rows:
        unit = unit_of(str(self.main["unit"].iloc[0]))
        cells = [[plain(str(row["arm"])), DATES[row["dates"]], figure(row["difference"], unit),
                  interval(row["low"], row["high"], unit), share(row["correlation"], ".2f"), runs_saved(row), surely(row),
                  share(row["by_month"], ".0%"), str(row["n"])] for _, row in self.main.iterrows()]  # fmt: skip
        keys = [self.row(row) for _, row in self.main.iterrows()]
        return Rows(f"{titled(label(self.first))}, arm less baseline{named(unit)}", COLUMNS, cells, keys, READ)

    def _parts(self, label: Labels) -> Rows:
        rows = self.parts[self.parts["outcome"] == self.first]
        unit, cells, keys = unit_of(str(self.main["unit"].iloc[0])), [], []
        for arm, of in rows.groupby("arm", sort=False):
            found = {row["part"]: estimated(row, "effect", unit) for _, row in of.iterrows()}
            told = [found.get(part, "-") for part in (TOTAL, THROUGH_DATES, THROUGH_STRENGTH)]
            cells.append([plain(str(arm)), *told, str(int(of["n"].min()))])
            keys.append(self.part(str(arm)))
        header = ["arm", "in total", "through the dates", "through strength", "pairs"]
        return Rows(
            f"{titled(label(self.first))}: the parts of each effect{named(unit)}, with 95% intervals",
            header,
            cells,
            keys,
        )

    def _others(self, label: Labels) -> list[Folded]:
        """Every other outcome, folded, a table an arm."""
        rest = self.table[~self.table.index.isin(self.main.index)]
        folded = []
        for arm, rows in rest.groupby("arm", sort=False):
            kinds = [dates for dates in DATES if (rows["dates"] == dates).any()]
            cells = [other(str(name), of, kinds, label) for name, of in rows.groupby("outcome", sort=False)]
            header = ["outcome", "unit", *(f"dates {DATES[dates]}" for dates in kinds), "pairs"]
            less = f"{plain(str(arm))} less {plain(called(self.said))}, with 95% intervals"
            folded.append(
                Folded(f"{plain(str(arm))}: every other outcome, year and group", [Rows(less, header, cells)], False)
            )
        return folded

    def free(self) -> pd.DataFrame:
        """The rows of the first outcome with the dates free."""
        return self.main[self.main["dates"] == EMERGENT]


def way(parts: pd.DataFrame, label: str, unit: Unit) -> str:
    """By which way an arm's effect comes, each part by its own interval.

    Args:
        parts: its rows of `sim.analysis.paired_differences.parts`
        label: the outcome in words
        unit: in which it is told
    """
    found: dict[str, Any] = {str(row["part"]): row for _, row in parts.iterrows()}
    words = f" {unit.words}" if unit.words else ""
    said = [part(found[name], unit) for name in (THROUGH_DATES, THROUGH_STRENGTH)]
    return f"of {figure(found[TOTAL]['effect'], unit)}{words} in {label}: {said[0]} and {said[1]}."


def share(value: float, form: str) -> str:
    """A share in some form, - where there is none."""
    return "-" if math.isnan(value) else format(value, form)


def other(outcome: str, rows: pd.DataFrame, kinds: list[str], label: Labels) -> list[str]:
    """An outcome of one arm as cells: its name, its unit, and the difference of each kind of dates."""
    said = rows["unit"].iloc[0]
    unit = unit_of(said if isinstance(said, str) else "")
    told = {str(row["dates"]): estimated(row, "difference", unit) for _, row in rows.iterrows()}
    free = rows[rows["dates"] == EMERGENT].iloc[0]
    return [label(outcome), unit.words, *(told.get(dates, "-") for dates in kinds), f"{free['n']} of {free['pairs']}"]
