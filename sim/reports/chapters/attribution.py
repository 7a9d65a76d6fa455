"""The chapter of an attribution: what each player of a game contributes to the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.analysis.shapley import IN, OUT, SHAPLEY, closes, rest
from sim.findings.numbers import Unit, called, carried, contribution, estimated, figure, named, plain, titled, unit_of
from sim.reports.blocks import Chapter, Claim, Claims, Drawing, Prose, Rows
from sim.reports.chapters.comparison import Labels

MEANS = (
    "A player's *Shapley value* is what it adds on average over all orders in which the players may come; the values sum to "
    "the whole. Beside it stand what the whole loses without it and what it adds by itself: the three agree where nothing "
    "works together."
)
"""What the measures are."""


@dataclass(frozen=True)
class Attribution:
    """An attribution as its folder holds it.

    Args:
        key: unique in the report
        said: what the folder says it was made with
        table: of `sim.analysis.shapley.attribution`, with the columns outcome and unit
        pages: its pages, by outcome
    """

    key: str
    said: Mapping[str, Any]
    table: pd.DataFrame
    pages: Mapping[str, bytes]

    @property
    def outcomes(self) -> list[str]:
        """In the order in which they were asked for."""
        return list(dict.fromkeys(self.table["outcome"]))

    def of(self, outcome: str) -> tuple[pd.DataFrame, Unit]:
        """The rows of an outcome, and the unit in which it is told."""
        rows = self.table[self.table["outcome"] == outcome]
        return rows, unit_of(str(rows["unit"].iloc[0]))

    def row(self, outcome: str, player: str) -> str:
        """The key of a player in the tables of the report."""
        return f"{self.key}-{outcome}-{player}".replace(" ", "-")

    def findings(self, outcome: str, label: Labels) -> list[Claim]:
        """What each player contributes, the most first."""
        rows, unit = self.of(outcome)
        values = rows[rows["measure"] == SHAPLEY].sort_values("value", key=abs, ascending=False)
        return [
            Claim(str(row["player"]), contribution(row, label(outcome), unit), self.row(outcome, str(row["player"])))
            for _, row in values.iterrows()
        ]

    def chapter(self, title: str, label: Labels) -> Chapter:
        """The chapter."""
        players, n = self.table["player"].nunique() - 1, int(self.table["n"].min())
        asks = str(self.said.get("asks", ""))
        blocks: list[Any] = [
            Prose(
                f"{asks}. {players} players; all {2**players} coalitions of `{called(self.said)}` were simulated, "
                f"each with the same {n} seeds. {carried(self.said, n)} {MEANS}"
            )
        ]
        for outcome in self.outcomes:
            blocks += self._outcome(outcome, label)
        return Chapter(self.key, title, blocks)

    def _outcome(self, outcome: str, label: Labels) -> list[Any]:
        rows, unit = self.of(outcome)
        drawing = Drawing(
            self.pages[outcome], f"{titled(label(outcome))}: the contribution of each player with its 95% interval.",
            f"A bar a player, the greatest on top: {'; '.join(self._told(rows, unit))}. Triangles mark what the whole loses "
            "without a player and what the player adds by itself.",
        )  # fmt: skip
        return [
            Prose(f"### {titled(label(outcome))}"),
            Claims(self.findings(outcome, label)),
            drawing,
            self._table(outcome, label),
            Prose(self._sums(rows, unit)),
        ]

    def _told(self, rows: pd.DataFrame, unit: Unit) -> list[str]:
        values = rows[rows["measure"] == SHAPLEY].sort_values("value", key=abs, ascending=False)
        return [f"{row['player']} {figure(row['value'], unit)}" for _, row in values.iterrows()]

    def _table(self, outcome: str, label: Labels) -> Rows:
        rows, unit = self.of(outcome)
        by = {measure: of.set_index("player") for measure, of in rows.groupby("measure")}
        order = [claim.row for claim in self.findings(outcome, label)]
        players = sorted(by[SHAPLEY].index, key=lambda player: order.index(self.row(outcome, str(player))))
        cells = [
            [str(player), *(estimated(by[measure].loc[player], "value", unit) for measure in (SHAPLEY, OUT, IN))]
            for player in players
        ]
        whole = rows[rows["measure"] == "whole"].iloc[0]
        cells.append(["all together, against none of them", estimated(whole, "value", unit), "", ""])
        header = ["player", "Shapley value", "lost without it", "added by itself"]
        keys = [self.row(outcome, str(player)) for player in players] + [self.row(outcome, "whole")]
        return Rows(f"{titled(label(outcome))}: contributions{named(unit)}, with 95% intervals", header, cells, keys)

    def _sums(self, rows: pd.DataFrame, unit: Unit) -> str:
        whole = float(rows.loc[rows["measure"] == "whole", "value"].iloc[0])
        alone = float(rows.loc[rows["measure"] == IN, "value"].sum())
        sums = (
            f"The values sum to the whole, {figure(whole, unit)}"
            if closes(rows)
            else f"The values miss the whole by {rest(rows):.2g}"
        )
        return f"{sums}. Each by itself, the players would come to {figure(alone, unit)}."


def title_of(said: Mapping[str, Any], name: str) -> str:
    """The title of an attribution.

    >>> title_of({"baseline": "historical_emergent"}, "drivers")
    'What each contributes: drivers of historical emergent'
    """
    return f"What each contributes: {plain(name)} of {plain(called(said))}"
