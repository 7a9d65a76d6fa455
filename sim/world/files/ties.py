"""A user's edge list: trust between organisations before the initiative."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.errors import counted, nearest
from sim.tables.columns import IDENTITY, NUMBER, Column, Form, Rule
from sim.tables.sheet import Sheet

MOST_TIES = 5_000_000
"""Ties of the largest file."""

TIES = Form(
    "ties",
    "edge list",
    (
        Column("source", IDENTITY, "who trusts", accepts="a name of the organisation file"),
        Column("target", IDENTITY, "who is trusted; a pair once in each direction", accepts="another name of that file"),
        Column("trust", NUMBER, "how much", low=0, high=1, unit="share"),
    ),
    rules=(
        Rule("target", "nobody is tied to itself", lambda v: (v["source"] == v["target"]) & (v["source"] != ""),
             lambda v, row: f"`{v['source'][row]}` is tied to itself"),
    ),
    most_rows=MOST_TIES,
    rows="",
)  # fmt: skip
"""Form of an edge list."""


def tie_rows(sheet: Sheet, names: list[str] | None = None, file: str = "") -> dict[str, Any]:
    """Return every tie of an edge list, checked: source and target as rows of the named organisations, trust [share].

    Args:
        sheet: the edge list
        names: of the organisations, in the order of their rows; None to number those that the list itself names
        file: where the names come from

    Raises:
        InputError: an organisation is unknown, a tie leads to itself or is there twice, or trust is outside 0-1
    """
    values = TIES.values(sheet)
    source, target = values["source"], values["target"]
    organisations = names if names is not None else list(dict.fromkeys([*source, *target]))
    place = {name: row for row, name in enumerate(organisations)}
    for end, words in (("source", source), ("target", target)):
        _refuse_strangers(sheet, end, words, organisations, file)
    whole = (source != "") & (target != "")
    pairs = [(a, b) if both else row for row, (a, b, both) in enumerate(zip(source, target, whole, strict=True))]
    sheet.once(pairs, "target", lambda row: f"the tie from `{source[row]}` to `{target[row]}`")
    sheet.settle()
    rows = (np.array([place[word] for word in words], dtype=np.int64) for words in (source, target))
    return {"source": next(rows), "target": next(rows), "trust": values["trust"]}


def _refuse_strangers(sheet: Sheet, end: str, words: Any, organisations: list[str], file: str) -> None:
    """Note every name that is not that of an organisation, with the nearest that is."""
    names = frozenset(organisations)
    strange = np.array([word not in names and word != "" for word in words], dtype=bool)
    unknown = set(words[strange])
    hints = {word: nearest(word, organisations) for word in unknown} if len(unknown) < MOST_HINTS else {}
    sheet.refuse(strange, end, lambda row: f"there is no `{words[row]}` in {file}{hints.get(words[row], '')}")


MOST_HINTS = 1_000
"""Unknown names for which the nearest is looked up."""


def tie_lines(sheet: Sheet, ties: dict[str, Any], file: str = "") -> list[str]:
    """Return the content of an edge list, in lines of text.

    Args:
        sheet: of the file
        ties: as `tie_rows` returns them
        file: name of the organisation file, if any
    """
    trust, size = ties["trust"], len(np.unique([*ties["source"], *ties["target"]]))
    spread = f", mean trust {trust.mean():.2f} ({trust.min():.2f} to {trust.max():.2f})" if len(trust) else ""
    checked = f"names found in {file}" if file else "names not compared with an organisation file"
    return [
        f"{sheet.file}: an edge list of {counted(len(trust), 'tie')}",
        f"  {counted(size, 'organisation')}{spread}; {checked}",
    ]
