"""A user's organisation file: participants and their means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import counted, listed
from sim.tables.columns import FLAG, IDENTITY, NUMBER, WORD, Column, Form, Rule
from sim.tables.identity import key_of
from sim.tables.sheet import Sheet
from sim.world.organisations import BACKBONE, KINDS, MINISTRY, OF_A_KIND, first_founders, owner_rows

RICHEST = 1e6
"""Limit of an organisation's means a year; a larger number is not in millions [NIS million]."""

MOST_ORGANISATIONS = 20_000
"""Organisations of the largest file."""


def _single(kind: Any) -> Any:
    return (kind == MINISTRY) | (kind == BACKBONE)


def _outside(kind: Any) -> Any:
    return ~KINDS.having("may_join")[kind]


ORGANISATIONS = Form(
    "organisations",
    "organisation file",
    (
        Column("name", IDENTITY, "what it is called, in ties too", accepts="text, once"),
        Column("kind", WORD, "at most one ministry and one backbone", words=KINDS.codes),
        Column("capacity", NUMBER, "means of its own, volunteers valued", low=0, high=RICHEST,
               unit="NIS million of 2015 a year"),
        Column("founder", FLAG, "founded the initiative; without the column the first two foundations and the first "
               "business of the file did", needed=False, blank=False, accepts="true, false; blank is false"),
        Column("joins", FLAG, "whether it may ever join", needed=False, blank=True, accepts="true, false; blank is true"),
        Column("id", IDENTITY, "identity, on which its random numbers depend", needed=False, blank="",
               accepts="text or whole number, once; blank is its name"),
    ),
    rules=(
        Rule("founder", "a ministry or a backbone is not a founder", lambda v: v["founder"] & _outside(v["kind"]),
             lambda v, row: f"a {KINDS[v['kind'][row]]} cannot be a founder"),
        Rule("joins", "a founder may join", lambda v: v["founder"] & ~_outside(v["kind"]) & ~v["joins"],
             lambda v, row: f"`{v['name'][row]}` is a founder, so it must be able to join"),
    ),
    key=("name",),
    key_text=lambda values, row: f"`{values['name'][row]}`",
    most_rows=MOST_ORGANISATIONS,
    rows="organisations",
)  # fmt: skip
"""Form of an organisation file."""


@dataclass(frozen=True)
class OrganisationRows:
    """The checked organisations of a file, sorted by kind and identity, with a ministry and a backbone; shapes (n,).

    Attributes:
        file: name of the file
        names: the user's own
        identity: the user's own: column `id`, or the name
        columns: id (the stable number of the identity), kind, capacity, founder, eligible
        added: kinds of the organisations that were added
        says_founders: whether the file has the column `founder`
    """

    file: str
    names: list[str]
    identity: list[str]
    columns: dict[str, Any]
    added: tuple[str, ...]
    says_founders: bool

    def owners(self) -> list[str]:
        """Return the names of the organisations that own schools, in the order of their rows."""
        return [self.names[row] for row in owner_rows(self.columns["kind"])]


def organisation_rows(sheet: Sheet) -> OrganisationRows:
    """Return every organisation of a file, checked; a ministry and a backbone without means are added if missing.

    The ministry and the backbone never join as partners do, whatever the file says.

    Args:
        sheet: of the file

    Raises:
        InputError: a cell cannot be used
    """
    values = ORGANISATIONS.values(sheet)
    kind, special = values["kind"], _single(values["kind"])
    single = [KINDS[code] if only else row for row, (code, only) in enumerate(zip(kind, special, strict=True))]
    sheet.once(single, "kind", lambda row: f"there can be only one {single[row]}, which")
    identity = np.where(values["id"] == "", values["name"], values["id"])
    if "id" in sheet.cells:
        sheet.once([key_of(each) for each in identity], "id", lambda row: f"identity {identity[row]}")
    sheet.settle()
    columns = {
        "kind": kind,
        "capacity": values["capacity"],
        "founder": values["founder"] if "founder" in sheet.cells else first_founders(kind),
        "eligible": values["joins"] & ~_outside(kind),
    }
    return _completed(sheet, list(values["name"]), list(identity), columns)


def organisation_lines(rows: OrganisationRows) -> list[str]:
    """Return the content of an organisation file, in lines of text.

    Args:
        rows: of the file
    """
    kind, capacity = rows.columns["kind"], rows.columns["capacity"]
    count = np.bincount(kind, minlength=len(KINDS))
    lines = [
        f"{rows.file}: an organisation file of {counted(len(rows.names) - len(rows.added), 'organisation')}",
        "  kinds: " + listed([f"{name} {n:,}" for name, n in zip(KINDS, count, strict=True) if n]),
        f"  means: NIS {capacity.sum():,.1f} million a year",
    ]
    founders = listed([name for name, flag in zip(rows.names, rows.columns["founder"], strict=True) if flag])
    if rows.says_founders:
        lines.append(f"  founders: {founders or 'none'}")
    else:
        lines.append(
            "  founders: the file does not say, so the first two foundations and the first business "
            f"({founders or 'it has neither'})"
        )
    return lines + [f"  added without means: {listed(rows.added)}"] * bool(rows.added)


def _completed(sheet: Sheet, names: list[str], identity: list[str], columns: dict[str, Any]) -> OrganisationRows:
    """Return the organisations with those added that every world has, sorted by kind and identity."""
    added = [code for code in (MINISTRY, BACKBONE) if code not in columns["kind"]]
    defaults = {"kind": added, "capacity": 0.0, "founder": False, "eligible": False}
    for name, values in columns.items():
        columns[name] = np.concatenate((values, np.full(len(added), defaults[name], dtype=values.dtype)))
    for code in added:
        names.append(_unused_name(KINDS[code], names))
        identity.append(_unused_number(code * OF_A_KIND + 1, identity))
    key = np.array([key_of(each) for each in identity], dtype=np.int64)
    # Whole numbers come first, by size; then texts by the alphabet: the order of the file changes nothing.
    order = sorted(range(len(names)), key=lambda row: (columns["kind"][row], _place_in_order(identity[row])))
    columns = {"id": key[order]} | {name: values[order] for name, values in columns.items()}
    kinds = tuple(KINDS[code] for code in added)
    founders = "founder" in sheet.cells
    return OrganisationRows(
        sheet.file, [names[row] for row in order], [identity[row] for row in order], columns, kinds, founders
    )


def _place_in_order(identity: str) -> tuple[int, str]:
    """Return the place of an identity among others: whole numbers by size, then texts."""
    return (key_of(identity), "") if identity.isascii() and identity.isdecimal() else (1 << 62, identity)


def _unused_name(name: str, taken: list[str]) -> str:
    while name in taken:
        name = f"{name} (added)"
    return name


def _unused_number(number: int, taken: list[str]) -> str:
    while str(number) in taken:
        number += 1
    return str(number)
