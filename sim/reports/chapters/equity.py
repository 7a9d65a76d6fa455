"""The chapter of equity and cost: who gains, how far groups are apart, and what each examinee caused cost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.analysis.costs import ALL, MONEY
from sim.analysis.effects import Estimate
from sim.analysis.equity import AS_RATIO, IN_POINTS
from sim.findings.equity import COUNTED, GENDER, NO_NUMBER, TWO_COSTS, label_of, way
from sim.findings.numbers import Unit, called, carried, figure, interval, plain
from sim.reports.blocks import Chapter, Claim, Claims, Drawing, Folded, Prose, Rows

POINTS, TIMES = Unit(1.0, "percentage points"), Unit(1.0, "as a ratio")


PANELS = (
    "Panel A: a row a group of students, the difference of each arm's share from the reference's. Panel B: curves of the "
    "cumulative share of examinees over the cumulative share of takers, from the weakest quintile. Panels C and D: three gaps "
    "of each arm in points and as ratios. Panel E: what became of each arm's money, and the cost of each examinee caused. The "
    "figures stand in the tables of this chapter."
)
"""What the page shows, for who does not see it."""


@dataclass(frozen=True)
class Equity:
    """A study of equity as its folder holds it.

    Args:
        key: unique in the report
        said: what the folder says it was made with
        gains: of `sim.analysis.equity.gains`, of several arms
        gaps: of `sim.analysis.equity.gaps`, of several arms
        costs: of `sim.analysis.costs.costs`
        svg: its page
    """

    key: str
    said: Mapping[str, Any]
    gains: pd.DataFrame
    gaps: pd.DataFrame
    costs: pd.DataFrame
    svg: bytes

    @property
    def reference(self) -> str:
        """What would have been anyway."""
        return str(self.said["reference"])

    @property
    def gained(self) -> pd.DataFrame:
        """The groups whose shares are known, of the baseline beside the reference."""
        rows = self.gains[(self.gains["arm"] == called(self.said)) & (self.gains["against"] == self.reference)]
        return rows[rows["share"].notna()]

    @property
    def apart(self) -> pd.DataFrame:
        """The gaps in points and as ratios of every arm, beside the reference."""
        mine = (self.gaps["against"] == self.reference) & (self.gaps["arm"] != self.reference)
        return self.gaps[mine & self.gaps["measure"].isin([IN_POINTS, AS_RATIO])]

    @property
    def paid(self) -> pd.DataFrame:
        """The money of every arm from all sources together."""
        return self.costs[self.costs["source"] == ALL]

    def row(self, *parts: object) -> str:
        """The key of a row in the tables of the report."""
        return "-".join([self.key, *(str(part) for part in parts)]).replace(" ", "-")

    def who_gains(self) -> list[Claim]:
        """How each group's share differs from the reference."""
        return [Claim(label_of(row["group"]), gain(row, self.reference), self.row("gains", row["group"]))
                for _, row in self.gained.iterrows()]  # fmt: skip

    def how_far_apart(self) -> list[Claim]:
        """How each arm's gaps differ from those of the reference."""
        return [Claim(plain(row["arm"]), gap(row), self.row("gaps", row["arm"], row["gap"], row["measure"]))
                for _, row in self.apart.iterrows()]  # fmt: skip

    def at_what_cost(self) -> list[Claim]:
        """What each arm cost for each examinee that it caused."""
        return [Claim(plain(row["arm"]), cost(row), self.row("costs", row["arm"]))
                for _, row in self.paid.iterrows() if row["arm"] != self.reference]  # fmt: skip

    def summary(self) -> list[Claim]:
        """The gaps of the baseline, and its cost."""
        mine = self.row("gaps", called(self.said))
        return [claim for claim in [*self.how_far_apart(), *self.at_what_cost()]
                if claim.row.startswith(f"{mine}-") or claim.row == self.row("costs", called(self.said))]  # fmt: skip

    def chapter(self, title: str) -> Chapter:
        """The chapter."""
        base, reference, year = plain(called(self.said)), plain(self.reference), self.said["year"]
        said = f"{self.said['pairs']} pairs of runs with the same luck. {carried(self.said)} Arms are set beside {reference}"
        words = f"{said}, which says what would have been anyway; shares are of maths takers at five units in {year}."
        shows = f"Who gains beside {reference}, how concentrated five units are, gaps by both measures, and money."
        drawing = Drawing(self.svg, shows, PANELS)
        told = self.how_far_apart()
        mine = [claim for claim in told if claim.subject == base]
        others = [claim for claim in told if claim.subject != base]
        return Chapter(self.key, title, [
            Prose(words), drawing,
            Prose(f"### Who gains in {base}\n\n{GENDER}"), Claims(self.who_gains()), self._gains(),
            Prose("### How far groups are apart\n\nA gap may widen in points and narrow as a ratio: say which is meant."),
            Claims(mine), self._gaps(), Folded("The same of every other arm, in words", [Claims(others)], False),
            Prose(f"### At what cost\n\n{COUNTED}\n\n{TWO_COSTS}"), Claims(self.at_what_cost()), self._costs(), self._money(),
        ])  # fmt: skip

    def _gains(self) -> Rows:
        header = ["group", "share", f"share in {plain(self.reference)}", "difference, 95% interval", "additional examinees",
                  "part of these", "part of takers"]  # fmt: skip
        cells = [[label_of(row["group"]), percent(row["share"]), percent(row["share_against"]), ranged(row, "points", POINTS),
                  ranged(row, "additional", Unit(1.0, "")), percent(row["part_of_gain"]), percent(row["part_of_takers"])]
                 for _, row in self.gained.iterrows()]  # fmt: skip
        keys = [self.row("gains", row["group"]) for _, row in self.gained.iterrows()]
        return Rows("Groups of students, the differences in percentage points", header, cells, keys)

    def _gaps(self) -> Rows:
        cells = [
            [plain(row["arm"]), row["gap"], row["measure"], figure(row["level"], signed=False), apart(row)]
            for _, row in self.apart.iterrows()
        ]
        keys = [self.row("gaps", row["arm"], row["gap"], row["measure"]) for _, row in self.apart.iterrows()]
        header = ["arm", "gap", "measure", "gap in the arm", f"less that in {plain(self.reference)}, 95% interval"]
        return Rows("Gaps between groups, in percentage points and as ratios", header, cells, keys)

    def _costs(self) -> Rows:
        rows = [row for _, row in self.paid.iterrows() if row["arm"] != self.reference]
        cells = [[plain(row["arm"]), ranged(row, "caused", Unit(1.0, "")), ranged(row, "extra", Unit(1.0, "")),
                  priced(row, "extra_per_caused"), priced(row, "per_caused")] for row in rows]  # fmt: skip
        header = ["arm", "examinees caused", "money beyond the reference [NIS million]",
                  "of that for each [NIS thousand]", "of all its money for each [NIS thousand]"]  # fmt: skip
        return Rows("Cost for each examinee caused, with 95% intervals; NIS of 2015", header, cells,
                    [self.row("costs", row["arm"]) for row in rows])  # fmt: skip

    def _money(self) -> Folded:
        rows = self.costs[self.costs["offered"] > 0]
        cells = [[plain(row["arm"]), row["source"], *(figure(row[name], signed=False) for name in MONEY)]
                 for _, row in rows.iterrows()]  # fmt: skip
        table = Rows("Mean over runs [NIS million of 2015]", ["arm", "source", *MONEY], cells)
        return Folded("What became of the money, by its source", [table])


def apart(row: Any) -> str:
    """A difference between two gaps with its interval."""
    return f"{figure(row['difference'])} [{interval(row['low'], row['high'])}]"


def gain(row: Any, reference: str) -> str:
    """How one group's share differs from the reference's.

    Args:
        row: of `sim.analysis.equity.gains`
        reference: its name
    """
    found = Estimate(row["points"], row["points_low"], row["points_high"], int(row["n"]))
    said = f"{figure(found.mean, POINTS)} percentage points on average (95% interval {interval(found.low, found.high)})"
    if not found.sign:
        return f"no difference from {plain(reference)} in the share at five units cannot be excluded; {said}."
    return (
        f"the share at five units is {'higher' if found.sign > 0 else 'lower'} than in {plain(reference)}, by {said}."
    )


def gap(row: Any) -> str:
    """How one gap of an arm differs from that of the scenario it is set beside.

    Args:
        row: of `sim.analysis.equity.gaps`
    """
    unit = POINTS if row["measure"] == IN_POINTS else TIMES
    said = f"{figure(row['difference'])} {unit.words} (95% interval {interval(row['low'], row['high'])})"
    return f"gap of {row['gap']} beside {plain(row['against'])}: {way(row)}, {said}."


def cost(row: Any) -> str:
    """What an arm cost for each examinee that it caused, or that there is no number.

    Args:
        row: of `sim.analysis.costs.costs`, of all sources
    """
    if math.isnan(row["per_caused"]):
        return f"no cost for each examinee caused: it is not sure that there are any ({ranged(row, 'caused', Unit(1.0, ''))})."
    return (f"NIS thousand {priced(row, 'extra_per_caused')} of the money beyond {plain(row['reference'])}, and "
            f"{priced(row, 'per_caused')} of all its money, for each examinee caused.")  # fmt: skip


def priced(row: Any, name: str) -> str:
    """A cost with its interval, or that there is no number."""
    if math.isnan(row[name]):
        return NO_NUMBER
    return f"{figure(row[name], signed=False)} [{interval(row[f'{name}_low'], row[f'{name}_high'], signed=False)}]"


def ranged(row: Any, name: str, unit: Unit) -> str:
    """A figure with its interval."""
    return f"{figure(row[name], unit)} [{interval(row[f'{name}_low'], row[f'{name}_high'], unit)}]"


def percent(value: float) -> str:
    """A share in percent.

    >>> percent(0.1234), percent(float("nan"))
    ('12.3%', '-')
    """
    return "-" if math.isnan(value) else f"{value:.1%}"
