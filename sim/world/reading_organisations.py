"""Read a user's organisation file and edge list: who there is, and who trusts whom from before the initiative."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.declare import Mistake
from sim.world.organisations import BACKBONE, KINDS, MINISTRY, OF_A_KIND
from sim.world.sheet import Sheet, counted, listed, nearest

REQUIRED = ("name", "kind", "capacity")
"""Columns that an organisation file must have."""

OPTIONAL = ("founder", "joins", "id")
"""Columns that an organisation file may have.

Whether it founded the initiative (a blank: false; no such column: the first two foundations and the first business),
whether it may ever join (default true), and its identity (default: numbered within its kind).
"""

RICHEST = 1e6
"""More than any organisation has a year: who is so rich has forgotten that money counts in millions [NIS million]."""

TIES = ("source", "target", "trust")
"""Columns that an edge list must have: who trusts, who is trusted, how much [share]."""

_WORDS = {kind: code for code, kind in enumerate(KINDS)}


@dataclass(frozen=True)
class OrganisationRows:
    """The checked organisations of a file, sorted by kind, with a ministry and a backbone; shapes (n,)."""

    file: str
    names: list[str]
    columns: dict[str, Any]
    added: tuple[str, ...]

    def named(self, kind: int) -> list[str]:
        """Names of the organisations of one kind, in the order of their rows."""
        return [name for name, code in zip(self.names, self.columns["kind"], strict=True) if code == kind]


def organisation_rows(sheet: Sheet) -> OrganisationRows:
    """Every organisation of a file, checked, and a ministry and a backbone without means where it has none.

    Columns: id, kind, capacity [NIS million/year], eligible [flag] and, if the file says so, founder [flag]. The
    ministry and the backbone never join as partners do, whatever the file says. Raises Mistake for the first cell that
    cannot be used.
    """
    sheet.require(REQUIRED)
    if not len(sheet):
        raise Mistake(f"{sheet.file} has no organisations: there is no row under the columns")
    names, kind = sheet.words("name"), sheet.codes("kind", _WORDS)
    sheet.once(list(names), "name", lambda row: f"`{names[row]}`")
    special = (kind == MINISTRY) | (kind == BACKBONE)
    single = [KINDS[code] if only else row for row, (code, only) in enumerate(zip(kind, special, strict=True))]
    sheet.once(single, "kind", lambda row: f"there can be one {single[row]} only, which")
    columns = {"kind": kind, "capacity": sheet.numbers("capacity", 0, RICHEST), "founder": _founders(sheet, kind)}
    columns["eligible"] = sheet.flags("joins", empty=True) & ~special
    barred = columns["founder"] & ~special & ~columns["eligible"]
    sheet.refuse(barred, "joins", lambda row: f"`{names[row]}` is a founder, so it must be able to join")
    columns["id"] = _given_ids(sheet)
    sheet.settle()
    return _completed(sheet, list(names), columns)


def tie_rows(sheet: Sheet, names: list[str] | None = None, file: str = "") -> dict[str, Any]:
    """Every tie of an edge list, checked: source and target as rows of the named organisations, trust [share].

    Args:
        sheet: the edge list
        names: of the organisations, in the order of their rows; None to number those that the list itself names
        file: where the names come from

    Raises:
        Mistake: an unknown organisation, a tie to itself or given twice, trust outside 0-1
    """
    sheet.require(TIES)
    ends = {end: sheet.words(end) for end in ("source", "target")}
    known = names if names is not None else list(dict.fromkeys([*ends["source"], *ends["target"]]))
    place = {name: row for row, name in enumerate(known)}
    for end in ends:
        _refuse_strangers(sheet, end, known, file)
    trust = sheet.numbers("trust", 0, 1)
    _refuse_repeats(sheet, ends["source"], ends["target"])
    sheet.settle()
    source, target = (np.array([place[word] for word in words], dtype=np.int64) for words in ends.values())
    return {"source": source, "target": target, "trust": trust}


def described_organisations(rows: OrganisationRows) -> list[str]:
    """What an organisation file holds, in lines of text."""
    kind, capacity = rows.columns["kind"], rows.columns["capacity"]
    count = np.bincount(kind, minlength=len(KINDS))
    lines = [
        f"{rows.file}: an organisation file of {counted(len(rows.names) - len(rows.added), 'organisation')}",
        "  kinds: " + listed([f"{name} {n:,}" for name, n in zip(KINDS, count, strict=True) if n]),
        f"  means: NIS {capacity.sum():,.1f} million a year",
    ]
    if "founder" in rows.columns:
        founders = [name for name, flag in zip(rows.names, rows.columns["founder"], strict=True) if flag]
        lines.append(f"  founders: {listed(founders) or 'none'}")
    else:
        lines.append("  founders: not said, so the first two foundations and the first business")
    return lines + [f"  added without means: {listed(rows.added)}"] * bool(rows.added)


def described_ties(sheet: Sheet, ties: dict[str, Any], file: str = "") -> list[str]:
    """What an edge list holds, in lines of text."""
    trust, size = ties["trust"], len(np.unique([*ties["source"], *ties["target"]]))
    spread = f", mean trust {trust.mean():.2f} ({trust.min():.2f} to {trust.max():.2f})" if len(trust) else ""
    checked = f"names found in {file}" if file else "names not compared with an organisation file"
    return [
        f"{sheet.file}: an edge list of {counted(len(trust), 'tie')}",
        f"  {counted(size, 'organisation')}{spread}; {checked}",
    ]


def _refuse_strangers(sheet: Sheet, end: str, known: list[str], file: str) -> None:
    words, names = sheet.words(end), set(known)
    strange = np.array([word not in names for word in words], dtype=bool)
    sheet.refuse(strange, end, lambda row: f"there is no `{words[row]}` in {file}{nearest(words[row], known)}")


def _refuse_repeats(sheet: Sheet, source: Any, target: Any) -> None:
    """Refuse ties to oneself and ties given twice, among those that have both their ends."""
    whole = (source != "") & (target != "")
    sheet.refuse(whole & (source == target), "target", lambda row: f"`{source[row]}` is tied to itself")
    pairs = [(a, b) if both else row for row, (a, b, both) in enumerate(zip(source, target, whole, strict=True))]
    sheet.once(pairs, "target", lambda row: f"the tie from `{source[row]}` to `{target[row]}`")


def _founders(sheet: Sheet, kind: Any) -> Any:
    founder = sheet.flags("founder", empty=False)
    barred = founder & ((kind == MINISTRY) | (kind == BACKBONE))
    sheet.refuse(barred, "founder", lambda row: f"a {KINDS[kind[row]]} cannot be a founder")
    return founder


def _given_ids(sheet: Sheet) -> Any:
    """Identities as given; -1 without such a column."""
    if "id" not in sheet.cells:
        return np.full(len(sheet), -1, dtype=np.int64)
    given = sheet.numbers("id", 0, 1e15, whole=True).astype(np.int64)
    sheet.once(list(given), "id", lambda row: f"identity {given[row]}")
    return given


def _completed(sheet: Sheet, names: list[str], columns: dict[str, Any]) -> OrganisationRows:
    added = [code for code in (MINISTRY, BACKBONE) if code not in columns["kind"]]
    more = {"kind": added, "capacity": 0.0, "founder": False, "eligible": False, "id": -1}
    for name, values in columns.items():
        columns[name] = np.concatenate((values, np.full(len(added), more[name], dtype=values.dtype)))
    names = names + [_free(KINDS[code], names) for code in added]
    order = np.lexsort((columns["id"], columns["kind"]))
    columns = {name: values[order] for name, values in columns.items()}
    columns["id"] = _numbered(columns["id"], columns["kind"])
    if "founder" not in sheet.cells:
        del columns["founder"]
    return OrganisationRows(sheet.file, [names[row] for row in order], columns, tuple(KINDS[code] for code in added))


def _numbered(identity: Any, kind: Any) -> Any:
    """Identities with those not given (-1) numbered within their kind, past any that is taken."""
    taken, last = {int(each) for each in identity}, {code: int(code) * OF_A_KIND for code in range(len(KINDS))}
    numbered = identity.copy()
    for row in np.flatnonzero(identity < 0):
        following = last[int(kind[row])] + 1
        while following in taken:
            following += 1
        taken.add(following)
        last[int(kind[row])] = numbered[row] = following
    return numbered


def _free(name: str, taken: list[str]) -> str:
    while name in taken:
        name = f"{name} (added)"
    return name
