"""Sentences of a report held against its tables, by rules that know nothing of how the sentences are made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pandas as pd

UP, DOWN = ("higher", "wider", "adds"), ("lower", "narrower", "takes")
"""Words that claim a direction."""

OPEN = "cannot be excluded"
"""Words that claim none."""

NUMBER = re.compile(r"[+\N{MINUS SIGN}]?\d[\d,]*\.?\d*(?:e[+\N{MINUS SIGN}-]\d+)?")


class Borne(NamedTuple):
    """The figures of a row: a value, the ends of its interval, and the factor by which a report multiplies all three."""

    value: float
    low: float
    high: float
    factor: float = 1.0


@dataclass
class Claims(HTMLParser):
    """The sentences of a page, each with the key of its row; and the keys of all rows."""

    sentences: list[tuple[str, str]] = field(default_factory=list)
    rows: set[str] = field(default_factory=set)
    _row: str | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if tag == "li" and "data-row" in about:
            self._row = str(about["data-row"])
            self.sentences.append((self._row, ""))
        if tag == "a" and about.get("class") == "proof":
            self._row = None
        if tag == "tr" and about.get("id"):
            self.rows.add(str(about["id"]))

    def handle_data(self, data: str) -> None:
        if self._row is not None:
            self.sentences[-1] = (self._row, self.sentences[-1][1] + data)


def claims_of(page: str) -> Claims:
    """The sentences and rows of a page."""
    claims = Claims()
    claims.feed(page)
    return claims


def factor_of(unit: object) -> float:
    """By what a report multiplies figures of a unit: shares are told in points."""
    return 100.0 if isinstance(unit, str) and unit.startswith("share") else 1.0


def key(*parts: object) -> str:
    return "-".join(str(part) for part in parts).replace(" ", "-").replace("/", "-")


def borne(folder: Path) -> Iterator[tuple[str, list[Borne]]]:
    """Yield the figures of the tables of a results folder, by the key of the row in a report."""
    name = "".join(sign if sign.isalnum() else "-" for sign in folder.name)
    tables = {path.stem: pd.read_csv(path) for path in folder.glob("*.csv")}
    if "differences" in tables:
        units = tables["differences"].set_index("outcome")["unit"]
        for _, row in tables["differences"].iterrows():
            yield (
                key(name, row["arm"], row["outcome"], row["dates"]),
                [Borne(row["difference"], row["low"], row["high"], factor_of(row["unit"]))],
            )
        first = tables["differences"]["outcome"].iloc[0]
        parts = tables["parts"][tables["parts"]["outcome"] == first]
        for arm, rows in parts.groupby("arm"):
            factor = factor_of(units[first] if isinstance(units[first], str) else units[first].iloc[0])
            yield f"{name}-parts-{arm}", [Borne(r["effect"], r["low"], r["high"], factor) for _, r in rows.iterrows()]
    if "attribution" in tables:
        for _, row in tables["attribution"][tables["attribution"]["measure"] == "shapley"].iterrows():
            yield (
                key(name, row["outcome"], row["player"]),
                [Borne(row["value"], row["low"], row["high"], factor_of(row["unit"]))],
            )
    if "gaps" in tables:
        for _, row in tables["equity"].iterrows():
            if row["arm"] == tables["equity"]["arm"].iloc[0] and row["against"] == tables["equity"]["against"].iloc[0]:
                yield key(name, "gains", row["group"]), [Borne(row["points"], row["points_low"], row["points_high"])]
        for _, row in tables["gaps"][tables["gaps"]["against"] == tables["equity"]["against"].iloc[0]].iterrows():
            yield (
                key(name, "gaps", row["arm"], row["gap"], row["measure"]),
                [Borne(row["difference"], row["low"], row["high"])],
            )


def wrong(text: str, figures: list[Borne]) -> str:
    """Return what is wrong with a sentence about some figures; empty if it is not stronger than they allow."""
    words, one = set(re.findall(r"[a-z]+", text)), figures[0]
    if len(figures) == 1:
        up, down = bool(words & set(UP)), bool(words & set(DOWN))
        if up and not one.low > 0:
            return f"claims more, and the interval begins at {one.low}"
        if down and not one.high < 0:
            return f"claims less, and the interval ends at {one.high}"
        if not up and not down and (one.low > 0 or one.high < 0):
            return f"claims nothing, and the interval is {one.low} to {one.high}"
    else:
        open_ones = sum(
            each.low <= 0 <= each.high and not each.low == each.high == each.value == 0 for each in figures[1:]
        )
        if text.count(OPEN) != open_ones:
            return f"says {text.count(OPEN)} times that none can be excluded, and {open_ones} intervals hold zero"
    return misquoted(text, figures)


def misquoted(text: str, figures: list[Borne]) -> str:
    """A figure in brackets of intervals that is not one of those borne, or nothing."""
    quoted = [float(n.replace(",", "").replace("\N{MINUS SIGN}", "-")) for n in
              re.findall(rf"interval ({NUMBER.pattern}) to ({NUMBER.pattern})", text) for n in n]  # fmt: skip
    ends = [abs(end * each.factor) for each in figures for end in (each.low, each.high)]
    for number in quoted:
        if not any(
            abs(abs(number) - end) <= max(0.006 * end, 1e-9) or (end >= 99 and abs(abs(number) - end) <= 0.51)
            for end in ends
        ):
            return f"quotes {number}, which no interval has"
    return ""


def overstated(page: str, folders: list[Path]) -> list[str]:
    """Every sentence of a page that its row does not bear."""
    figures_of_rows = {row: about for folder in folders for row, about in borne(folder)}
    claims = claims_of(page)
    return [
        f"{text.strip()}: {why}"
        for row, text in claims.sentences
        if row in figures_of_rows and (why := wrong(text, figures_of_rows[row]))
    ]
