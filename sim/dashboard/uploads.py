"""A student's own school file: kept for the time of a visit, checked by the project's own reading."""

from __future__ import annotations

import base64
import binascii
import re
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sim.dashboard.settings import OwnSchools, Settings
from sim.errors import InputError
from sim.tables.read import sheet_of
from sim.world.files.check import kind_of, problems
from sim.world.files.schools import SCHOOLS

MOST = 8
"""Megabytes that a file may have [MB]."""

SAID = 5
"""Problems of a file that are said one by one."""


def kept(sent: Mapping[str, str], folder: str | Path) -> Path:
    """Write what a browser sent into a folder of the visit, under its own name as far as that is one.

    Raises:
        InputError: what is no CSV or Parquet file, is too large, or did not come whole
    """
    name = re.sub(r"[^\w.() -]", "_", Path(str(sent.get("name", "")).replace("\\", "/")).name)[-80:].lstrip(".")
    if not name.lower().endswith((".csv", ".parquet")):
        raise InputError(
            f"{name or 'the file'} is neither a CSV nor a Parquet file; a school file ends in .csv or .parquet"
        )
    try:
        data = base64.b64decode(str(sent.get("data", "")), validate=True)
    except binascii.Error:
        raise InputError(f"{name} did not come whole; send it again") from None
    if len(data) > MOST * 1e6:
        raise InputError(f"{name} has {len(data) / 1e6:.1f} MB; at most {MOST} MB can be sent")
    path = Path(tempfile.mkdtemp(dir=folder)) / name
    path.write_bytes(data)
    return path


def years_of(path: Path) -> list[int]:
    """Return the school years of a school file, in order.

    Raises:
        InputError: what is no school file, or has no year
    """
    kind = kind_of(path)
    if kind != "schools":
        raise InputError(f"{path.name} is not a school file; it looks like a file of {kind}")
    sheet = sheet_of(path, SCHOOLS)
    sheet.require(SCHOOLS.needed)
    years = sorted({int(float(cell)) for cell in sheet.cells["year"] if re.fullmatch(r"\d{4}(\.0+)?", str(cell))})
    if not years:
        raise InputError(f"{path.name}: column `year` holds no year")
    return years


def checked(path: Path, year: int | None = None) -> OwnSchools:
    """Return a school file fit for a run from one of its years, the last if none is said.

    Raises:
        InputError: with the first things that are wrong, for a file that cannot be used
    """
    years = years_of(path)
    chosen = years[-1] if year is None else year
    wrong = problems(path, "schools", chosen)
    if wrong:
        more = f"; and {len(wrong) - SAID} more" if len(wrong) > SAID else ""
        raise InputError("; ".join(wrong[:SAID]) + more)
    own = OwnSchools(str(path), path.name, chosen, tuple(years))
    return replace(own, notes=Settings(schools=own).case().files.notes)
