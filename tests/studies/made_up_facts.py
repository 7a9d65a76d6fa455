"""A made-up table of later facts: none of its figures of years after 2018 was published or looked up."""

from __future__ import annotations

from pathlib import Path

HEAD = "pattern,year,group,value,unit,reliability,source"

ROWS = (
    "maths5_examinees,2019,national,12345,students in grade 12,A,made up",
    "schools_with_track,2019,national,444,schools,B,made up",
    "share_5_units,2019,quintile 1,0.333,share of maths takers,A,made up",
    "share_5_units,2019,quintile 5,0.111,share of maths takers,A,made up",
    "level_share,2019,5 units,0.2,share of grade 12,C,made up",
    "physics_follows,2019,spillover,1,a yes,B,made up",
    "maths5_examinees,2011,national,10101,students in grade 12,C,made up",
    "maths5_examinees,2018,national,18000,students in grade 12,A,fitted at another value",
)
"""Facts of later years, one within the fitted years, and one that was fitted."""


def written(folder: Path, *rows: str, head: str = HEAD) -> Path:
    """Write facts to a file; by default those of ROWS."""
    file = folder / "made_up.csv"
    lines = [head, *(rows or ROWS)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file
