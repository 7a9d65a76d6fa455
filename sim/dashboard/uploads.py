"""A student's own school file: stored during the visit and checked."""

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
from sim.world.files.check import FORMS, kind_of, problems
from sim.world.files.schools import SCHOOLS

MOST = 8
"""Largest size of a file [MB]."""

MOST_PROBLEMS = 5
"""Number of problems of a file that are listed."""


def store_upload(upload: Mapping[str, str], folder: str | Path) -> Path:
    """Write an uploaded file into a folder of the visit, under its own name if that is safe.

    Raises:
        InputError: the file is not CSV or Parquet, is too large, or is incomplete
    """
    name = re.sub(r"[^\w.() -]", "_", Path(str(upload.get("name", "")).replace("\\", "/")).name)[-80:].lstrip(".")
    if not name.lower().endswith((".csv", ".parquet")):
        raise InputError(
            f"{name or 'the file'} is neither a CSV nor a Parquet file; a school file ends in .csv or .parquet"
        )
    try:
        data = base64.b64decode(str(upload.get("data", "")), validate=True)
    except binascii.Error:
        raise InputError(f"{name} arrived incomplete; send it again") from None
    if len(data) > MOST * 1e6:
        raise InputError(f"{name} has {len(data) / 1e6:.1f} MB; at most {MOST} MB can be sent")
    path = Path(tempfile.mkdtemp(dir=folder)) / name
    path.write_bytes(data)
    return path


def years_of(path: Path) -> list[int]:
    """Return the school years of a school file, in order.

    Raises:
        InputError: the file is not a school file, or has no year
    """
    kind, sheet = kind_of(path), sheet_of(path, SCHOOLS)
    if kind != "schools" and set(FORMS[kind].needed) <= set(sheet.names):
        raise InputError(f"{path.name} is not a school file; it looks like a file of {kind}")
    sheet.require(SCHOOLS.needed)
    years = sorted({int(float(cell)) for cell in sheet.cells["year"] if re.fullmatch(r"\d{4}(\.0+)?", str(cell))})
    if not years:
        raise InputError(f"{path.name}: column `year` has no year; write years as 2013")
    return years


def checked_schools(path: Path, year: int | None = None) -> OwnSchools:
    """Return a checked school file for runs from one of its years, by default the last.

    Raises:
        InputError: the file cannot be used; the message lists its first problems
    """
    years = years_of(path)
    start = years[-1] if year is None else year
    file_problems = problems(path, "schools", start)
    if file_problems:
        rest = f"; and {len(file_problems) - MOST_PROBLEMS} more" if len(file_problems) > MOST_PROBLEMS else ""
        raise InputError("; ".join(file_problems[:MOST_PROBLEMS]) + rest)
    schools = OwnSchools(str(path), path.name, start, tuple(years))
    return replace(schools, notes=Settings(schools=schools).as_scenario().files.notes)
