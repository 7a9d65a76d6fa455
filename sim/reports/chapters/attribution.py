"""The chapter of an attribution: the contribution of each player of a game to the joint effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from sim.analysis.shapley import IN, OUT, SHAPLEY
from sim.findings.attribution import contribution_sentence, sums_sentence
from sim.findings.numbers import (
    Unit,
    baseline_name,
    capitalised,
    estimated,
    figure,
    uncertainty_sentence,
    unit_of,
    unit_suffix,
)
from sim.labels import words_of
from sim.reports.blocks import Block, Chapter, Claim, Claims, Drawing, Prose, Rows
from sim.reports.chapters.failures import failed_runs, warnings
from sim.reports.chapters.study import Study

EXPLANATION = ("A player's *Shapley value* is its mean contribution over all orders of adding the players; the values sum to "
               "the joint effect. Beside it are two simpler measures: the loss when the player alone is removed, and the "
               "gain when it alone is added. The three agree if players do not interact.")  # fmt: skip
"""Explanation of the measures."""

MOST = 3
"""Players that the summary of a report names."""


class AttributionStudy(Study, Protocol):
    """An attribution, as its chapter needs it."""

    @property
    def table(self) -> pd.DataFrame:
        """Rows of `sim.analysis.shapley.attribution`, with the columns outcome and unit."""

    @property
    def drawings(self) -> Mapping[str, bytes]:
        """Its pages as SVG, by outcome."""


def chapter(study: AttributionStudy, title: str) -> Chapter:
    """Return the chapter of an attribution.

    Args:
        study: the attribution
        title: of the chapter
    """
    record, players, n = study.record, study.table["player"].nunique() - 1, int(study.table["n"].min())
    blocks: list[Block] = [
        *warnings(record, n),
        Prose(f"{record.get('asks', '')}. {players} players; all {2**players} coalitions of `{baseline_name(record)}` were "
              f"simulated, each with the same {n} seeds. {uncertainty_sentence(record, n)} "
              f"{EXPLANATION}")
    ]  # fmt: skip
    for outcome in outcomes(study):
        blocks += _outcome(study, outcome)
    return Chapter(study.key, title, [*blocks, *failed_runs(record)])


def headline(study: AttributionStudy) -> list[Block]:
    """Return the first blocks of the chapter in a report: the greatest contributions that differ from zero."""
    outcome, question = outcomes(study)[0], str(study.record.get("asks", "")).rstrip(".")
    rows = outcome_rows(study, outcome)[0]
    values = rows[rows["measure"] == SHAPLEY]
    clear = {row_key(study, outcome, str(p)) for p in values.loc[(values["low"] > 0) | (values["high"] < 0), "player"]}
    per_outcome = uncertainty_sentence(study.record, int(study.table["n"].min()))
    return [
        Prose(f"{question}: greatest contributions, on average over all orders of adding the players. {per_outcome}"),
        Claims([claim for claim in claims(study, outcome) if claim.row in clear][:MOST]),
    ]


def outcomes(study: AttributionStudy) -> list[str]:
    """Return the outcomes in the order of the options."""
    return list(dict.fromkeys(study.table["outcome"]))


def outcome_rows(study: AttributionStudy, outcome: str) -> tuple[pd.DataFrame, Unit]:
    """Return the rows of an outcome, and the unit in which it is written."""
    rows = study.table[study.table["outcome"] == outcome]
    return rows, unit_of(str(rows["unit"].iloc[0]))


def row_key(study: AttributionStudy, outcome: str, player: str) -> str:
    """Return the key of a player in the tables of a report."""
    return f"{study.key}-{outcome}-{player}".replace(" ", "-")


def ranked_values(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the Shapley values of an outcome, the greatest first."""
    return rows[rows["measure"] == SHAPLEY].sort_values("value", key=abs, ascending=False)


def claims(study: AttributionStudy, outcome: str) -> list[Claim]:
    """Return a claim on the contribution of each player, the greatest first."""
    rows, unit = outcome_rows(study, outcome)
    return [Claim(player, contribution_sentence(row, words_of(outcome), unit), row_key(study, outcome, player))
            for _, row in ranked_values(rows).iterrows() for player in [str(row["player"])]]  # fmt: skip


def _outcome(study: AttributionStudy, outcome: str) -> list[Block]:
    rows, unit = outcome_rows(study, outcome)
    bars = "; ".join(f"{row['player']} {figure(row['value'], unit)}" for _, row in ranked_values(rows).iterrows())
    drawing = Drawing(
        study.drawings[outcome], f"{capitalised(words_of(outcome))}: the contribution of each player with its 95% interval.",
        f"A bar for each player, the greatest on top: {bars}. Triangles mark the loss when a player alone is removed and the "
        f"gain when it alone is added."
    )  # fmt: skip
    return [Prose(f"### {capitalised(words_of(outcome))}"), Claims(claims(study, outcome)), drawing, _table(study, outcome),
            Prose(sums_sentence(rows, unit))]  # fmt: skip


def _table(study: AttributionStudy, outcome: str) -> Rows:
    rows, unit = outcome_rows(study, outcome)
    by = {measure: of.set_index("player") for measure, of in rows.groupby("measure")}
    players = [str(player) for player in ranked_values(rows)["player"]]
    cells = [[player, *(estimated(by[measure].loc[player], "value", unit) for measure in (SHAPLEY, OUT, IN))]
             for player in players]  # fmt: skip
    total_row = rows[rows["measure"] == "whole"].iloc[0]
    cells.append(["all players against none", estimated(total_row, "value", unit), "", ""])
    header = ["player", "Shapley value", "lost without it", "added by itself"]
    keys = [row_key(study, outcome, player) for player in [*players, "whole"]]
    return Rows(
        f"{capitalised(words_of(outcome))}: contributions{unit_suffix(unit)}, with 95% intervals", header, cells, keys
    )
