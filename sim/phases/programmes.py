"""Programmes that partners offer to schools: whether each exists, and its yield."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import NamedTuple

import numpy as np

from sim.declare import parameter
from sim.phases.host import Model
from sim.rules.arrays import Floats
from sim.world.organisations import CHANNELS, KINDS
from sim.world.programmes import CERTIFICATION, PROGRAMMES, VIRTUAL_SCHOOL

ACCESS_ONLY = np.array([float(channel == "access") for channel in CHANNELS])
"""Channels of any programme at a school without a track: it has no class to teach, so all of it is access."""


@dataclass(frozen=True)
class ProgrammeParameters:
    """One programme of partners: whether it exists, what it yields, and how much of that comes a year later."""

    open: bool = parameter(True, unit="flag", about="whether it exists; without it the means for it stay unspent",
        lever=True,
        source="case")  # fmt: skip
    yields: float = parameter(1.0, unit="ratio", about="support of its channel for each NIS delivered", low=0, high=5)
    late: float = parameter(0.0, unit="share", about="part of its support that comes a year later", low=0, high=1)


def _programme(yields: float = 1.0, late: float = 0.0) -> ProgrammeParameters:
    return field(default=ProgrammeParameters(yields=yields, late=late))


@dataclass(frozen=True)
class ProgrammesParameters:
    """Every programme of partners by name; who offers which is in `sim.world.programmes`."""

    certification: ProgrammeParameters = _programme(yields=0.8, late=1.0)
    communities: ProgrammeParameters = _programme(yields=1.0, late=0.5)
    lesson_support: ProgrammeParameters = _programme(yields=1.2)
    virtual_school: ProgrammeParameters = _programme(yields=1.0)
    infrastructure: ProgrammeParameters = _programme(yields=0.8, late=0.5)
    visits: ProgrammeParameters = _programme(yields=1.0)


class Offer(NamedTuple):
    """Programmes that kinds offer: shapes (kinds, channels), shares of a channel's money."""

    existing: Floats  # that goes to programmes that exist [share]
    at_once: Floats  # support of this year for each NIS [ratio]
    later: Floats  # support of next year for each NIS [ratio]
    certifying: Floats  # part of teaching that certifies teachers, shape (kinds,) [share]
    virtual: Floats  # part of access that is virtual classes, shape (kinds,) [share]


def offer_of(model: Model) -> Offer:
    """Return the programmes of each kind by channel, those that exist and their yields."""
    p = model.parameters.programmes
    return model.memo.get("offer", (p,), lambda: offered_by_kind(p, len(KINDS)))


def offered_by_kind(p: ProgrammesParameters, kinds: int) -> Offer:
    """Return the programmes of each kind by channel; `p` is their section of parameters, `kinds` the number of kinds."""
    weight = np.zeros((kinds, len(PROGRAMMES)))
    named = {kind for programme in PROGRAMMES for kind in programme.offered}
    for number, programme in enumerate(PROGRAMMES):
        for kind in range(kinds):
            weight[kind, number] = programme.offered.get(kind, 0.0 if kind in named else 1.0)
    channel = np.eye(len(CHANNELS))[[programme.channel for programme in PROGRAMMES]]
    sections = [getattr(p, item.name) for item in fields(p)]
    is_open = np.array([float(section.open) for section in sections])
    share = weight / np.maximum(weight @ channel @ channel.T, 1e-12)
    existing = (share * is_open) @ channel
    within = share * is_open / np.maximum(existing @ channel.T, 1e-12)
    yields, late = np.array([section.yields for section in sections]), np.array([section.late for section in sections])
    return Offer(
        existing,
        (within * yields * (1.0 - late)) @ channel,
        (within * yields * late) @ channel,
        within[:, CERTIFICATION],
        within[:, VIRTUAL_SCHOOL],
    )


def offered_mix(model: Model) -> tuple[Floats, Floats]:
    """Return the channels of what each can offer, summing to one, and the part of its means that it can use [share].

    Shapes (organisations, channels) and (organisations,).
    """
    offer, table = offer_of(model), model.world.organisations

    def made() -> tuple[Floats, Floats]:
        open_to = table.mix * offer.existing[table.kind]
        usable = open_to.sum(axis=1)
        mix = np.where(usable[:, None] > 0.0, open_to / np.maximum(usable, 1e-12)[:, None], table.mix)
        return mix, np.minimum(usable / np.maximum(table.mix.sum(axis=1), 1e-12), 1.0)

    return model.memo.get("offered mix", (offer, table.mix, table.kind), made)
