"""Parts of the growth at five units: schools that had a track throughout, opened one, or closed it."""

from __future__ import annotations

import math

import numpy as np

from sim.outcomes.record import BEFORE, Record, pattern

MOST = (-1.0, 2.0)
"""Bounds of a part [share of the growth]; where growth is near zero its parts would have no bounds."""


@pattern("growth_by_track")
def part_of_growth(record: Record, year: int, group: str) -> float:
    """Return the part of the growth since the launch from schools with "track throughout", "track opened" or "track closed".

    Growth is of takers at five units in groups that are counted. "Throughout" means a track in the year of the launch and
    in the last year, so the three parts sum to 1 [share of the growth].
    """
    if BEFORE not in record.files:
        return math.nan
    before, now = record.files[BEFORE], record.files[year]
    growth = now.five - before.five
    schools = {
        "track throughout": before.track & now.track,
        "track opened": ~before.track & now.track,
        "track closed": before.track & ~now.track,
    }[group]
    total = growth.sum()
    return float(np.clip(growth[schools].sum() / total, *MOST)) if total else math.nan
