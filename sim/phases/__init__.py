"""The phases of a month; related phases share a file. MONTH gives their order, each with its reason."""

from __future__ import annotations

from collections.abc import Callable

from sim.phases.calendar import calendar
from sim.phases.commit import commit, expect
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
from sim.world.state import World

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
