"""The phases of a month; related phases share a file. MONTH gives their order, each with its reason."""

from __future__ import annotations

from collections.abc import Callable

from sim.dates import month_of_year
from sim.phases.calendar import calendar
from sim.phases.commit import commit, expect, nobody_pledges
from sim.phases.convene import convene
from sim.phases.deliberate import deliberate
from sim.phases.engage import engage, weigh
from sim.phases.examine import examine
from sim.phases.host import Model
from sim.phases.hours import place_hours
from sim.phases.meet import meet
from sim.phases.place import place
from sim.phases.record import record
from sim.phases.report import report
from sim.phases.school_year import school_year_phase
from sim.phases.trust import trust_phase
from sim.world.state import NEVER, PILOT, World

MONTH: tuple[tuple[Callable[[Model], World], str], ...] = (
    (calendar, "dated events come first: the month's news is the same for everyone"),
    (convene, "who takes part, and with what hours, decides who can meet"),
    (meet, "contacts come before the trust that rests on them"),
    (trust_phase, "trust is settled before anybody listens to anybody"),
    (deliberate, "positions and motions come before the ministry looks at the network"),
    (weigh, "the problem and the readiness of the network are what the ministry looks at"),
    (engage, "the ministry decides on this month's readiness; partners then see what it decided"),
    (expect, "partners see what others put in before they move their own pledges"),
    (commit, "pledges follow what others, and the ministry, have shown"),
    (place, "in September the money set aside becomes programmes"),
    (place_hours, "the ministry sees what partners have placed, and matches it"),
    (school_year_phase, "schools open with the programmes just placed"),
    (examine, "in June the year's teaching shows"),
    (report, "in August it is published"),
    (record, "what happened is written down last, and the month moves on"),
)
"""The phases of a month in order, each with its reason."""

SCHOOL_MONTHS = (6, 8, 9)
"""Months of the year in which something happens in schools: examinations, publication, a new school year."""

type Phases = tuple[Callable[[Model], World], ...]
"""Phases in their order."""

_WAITING = (
    convene, meet, trust_phase, deliberate, weigh, engage, expect, commit, place, place_hours, school_year_phase, examine,
    report,
)  # fmt: skip
_AFTER_CALENDAR: Phases = tuple(phase for phase, _ in MONTH[1:])
_IN_IDLE_MONTHS: Phases = tuple(phase for phase in _AFTER_CALENDAR if phase not in _WAITING)


def is_idle(model: Model) -> bool:
    """Return whether nothing can happen this month, dated events apart: no initiative yet, and no school date.

    Args:
        model: whose month it is, after the calendar
    """
    world, p = model.world, model.parameters.ministry
    return (
        world.initiative.launched == NEVER
        and month_of_year(world.month) not in SCHOOL_MONTHS
        and world.ministry.stage < PILOT
        and (p.mode == "emergent" or p.ordered <= world.ministry.stage)
        and nobody_pledges(model)
    )


def phases_after_calendar(model: Model) -> Phases:
    """Return the phases that follow the calendar: all, or in an idle month those that do not wait for a launch or a date.

    Args:
        model: whose month it is, after the calendar
    """
    return _IN_IDLE_MONTHS if is_idle(model) else _AFTER_CALENDAR
