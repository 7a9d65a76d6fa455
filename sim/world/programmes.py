"""Programmes that partners offer to schools, with their channel and the kinds that offer them."""

from __future__ import annotations

from typing import NamedTuple

from sim.world.organisations import ACADEMIA, AUTHORITY, BACKBONE, BUSINESS, CHANNELS, NGO

TEACHING, ACCESS, MOTIVATION = range(len(CHANNELS))


class Programme(NamedTuple):
    """A programme of partners.

    Attributes:
        name: as in `programmes` of the parameters
        channel: by which it reaches students [code]
        offered: weight among the programmes of its channel that a kind offers, by kind [ratio]
    """

    name: str
    channel: int
    offered: dict[int, float]


PROGRAMMES = (
    Programme("certification", TEACHING, {ACADEMIA: 2.0, NGO: 1.0, BUSINESS: 1.0}),
    Programme("communities", TEACHING, {ACADEMIA: 1.0, NGO: 1.0, AUTHORITY: 1.0, BACKBONE: 1.0}),
    Programme("lesson_support", TEACHING, {NGO: 1.0, BUSINESS: 1.0}),
    Programme("virtual_school", ACCESS, {NGO: 1.0, ACADEMIA: 1.0, AUTHORITY: 1.0}),
    Programme("infrastructure", ACCESS, {BUSINESS: 1.0, AUTHORITY: 1.0, BACKBONE: 1.0}),
    Programme("visits", MOTIVATION, {BUSINESS: 1.0, NGO: 1.0, ACADEMIA: 1.0, AUTHORITY: 1.0, BACKBONE: 1.0}),
)
"""Every programme; a kind that none names offers all of them."""

CERTIFICATION, COMMUNITIES, LESSON_SUPPORT, VIRTUAL_SCHOOL, INFRASTRUCTURE, VISITS = range(len(PROGRAMMES))
