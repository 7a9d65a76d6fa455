"""The whole world as one value: tables, the state of the initiative and of the ministry, and the journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sim.world.forums import FORUMS
from sim.world.organisations import Ledger, Organisations
from sim.world.schools import Cohorts, Placements, Schools
from sim.world.table import Table
from sim.world.ties import Ties

STAGES = ("observer", "partner", "pilot", "national")
"""Stages of the ministry's engagement; the number of a stage is its place here."""

OBSERVER, PARTNER, PILOT, NATIONAL = range(len(STAGES))

MOTIONS = ("common_agenda", "mathematics_first", "periphery_and_junior_high")
"""Motions put to the members; the number of a motion is its place here."""

COMMON_AGENDA, MATHEMATICS_FIRST, PERIPHERY_AND_JUNIOR_HIGH = range(len(MOTIONS))

NEVER = -999
"""Month of what has not happened."""


@dataclass(frozen=True)
class Ministry(Table):
    """State of the ministry; months are NEVER until they happen."""

    stage: int = OBSERVER  # number of the stage reached [stage]
    joined: int = NEVER  # first month as a partner [month]
    pilot: int = NEVER  # month of the first decision on a pilot [month]
    national: int = NEVER  # month of the first decision on a national programme [month]
    since: int = NEVER  # month in which it came to its present stage [month]
    window_until: int = NEVER  # first month after the window [month]
    leadership: int = 0  # leadership changes seen so far [count]
    periphery: float = 0.0  # how far it follows the advice to turn to the periphery [share]


NO_FORUMS = (0.0,) * len(FORUMS)
"""Nothing at any forum."""


@dataclass(frozen=True)
class Initiative(Table):
    """The shared state of the network; the named quantities of the model."""

    launched: int = NEVER  # month of the launch [month]
    transparency: float = 0.0  # shared measurement M [share]
    salience: float = 0.0  # how much the problem is talked about [share]
    problem: float = 0.0  # published shortfall, as far as it is talked about [share]
    consensus: float = 0.0  # mean agreement of members [share]
    readiness: float = 0.0  # national [share]
    entrepreneurship: float = 0.0  # how far the ministry's trust makes founders and backbone its champions [share]
    evidence: float = 0.0  # what published growth says for going on [share]
    mandate: float = 0.0  # mean trust of members in the convenor [share]
    communication: float = 0.0  # how far plenum and online exchange stop trust from fading [share]
    convening: float = 0.0  # hours for forums [hours/month]
    brokering: float = 0.0  # hours for introductions, as far as there is a mandate [hours/month]
    mediating: float = 0.0  # effort of mediation [share]
    coupling: float = 0.0  # effort of winning the ministry, as far as there is a mandate [share]
    publishing: float = 0.0  # effort of sharing data [share]
    recruiting: float = 0.0  # effort of approaching those who are no members yet, as far as there is a mandate [share]
    delivery: float = 0.0  # delivered over promised by partners, last school year [share]
    pilot_proof: float = 0.0  # delivered over promised of the pilot, once its first year has shown [share]
    agenda: Any = None  # the adopted agenda, a position, or None [share]
    passed: tuple[int, ...] = (NEVER,) * len(MOTIONS)  # month in which each motion passed [month]
    retry: tuple[int, ...] = (NEVER,) * len(MOTIONS)  # month before which a failed motion is not put again [month]
    decisions: int = 0  # months in which something was decided: all since the launch [months]
    joint_decisions: int = 0  # those of them in which members decided with the ministry [months]
    certifying: float = 0.0  # partners' money that certifies teachers this year [NIS million]
    on_mathematics: float = 0.0  # partners' money delivered for mathematics so far [NIS million]
    meetings: Any = NO_FORUMS  # meetings of each forum this month, shape (forums,) [meetings]
    levels: Any = NO_FORUMS  # strength of each forum's work, in the last June or September [share]
    attending: Any = None  # who attends each forum, shape (forums,) [organisations]
    seated: int = NEVER  # stage of the ministry when seats were last filled [stage]
    local_reports: int = NEVER  # month in which local shares were last published [month]


@dataclass(frozen=True)
class Published(Table):
    """The published series, one entry a school year."""

    years: tuple[int, ...] = ()  # school years published [school year]
    examinees: tuple[float, ...] = ()  # examinees at five units [students]
    shares: tuple[float, ...] = ()  # of the grade at five units [share]


@dataclass(frozen=True)
class Entry:
    """One line of the journal and the line before it: appending copies nothing and a fork shares the past."""

    kind: str
    month: int
    fields: dict[str, Any]
    before: Entry | None


@dataclass(frozen=True)
class World(Table):
    """The state of the model in one month."""

    month: int  # 0 is September 2005 [month]
    organisations: Organisations  # who may take part [table]
    ledger: Ledger  # their money so far [table]
    ties: Ties  # who trusts whom [table]
    schools: Schools  # where students learn [table]
    cohorts: Cohorts  # students in grades 10 to 12 [table]
    placements: Placements  # partners' programmes of this school year [table]
    ministry: Ministry  # where the ministry stands [table]
    initiative: Initiative  # what the network shares [table]
    published: Published  # what everybody may know of enrolment [table]
    reference_share: float  # of the grade at five units in the reference year [share]
    journal: Entry | None = None  # what happened so far, newest line first [lines]

    def noting(self, kind: str, **fields: Any) -> World:
        """Return the same world with one more line in its journal, dated this month.

        Args:
            kind: of the line
            **fields: content of the line
        """
        return self.with_(journal=Entry(kind, self.month, fields, self.journal))


def entries(world: World, kind: str) -> Iterator[Entry]:
    """Return the journal's lines of one kind, oldest first.

    Args:
        world: as it is now
        kind: of the lines
    """
    lines, entry = [], world.journal
    while entry is not None:
        if entry.kind == kind:
            lines.append(entry)
        entry = entry.before
    return iter(reversed(lines))


type StagePath = Sequence[tuple[int, int]]
"""Months and the stage that the ministry reaches, or falls to, in each."""


def path_of(world: World) -> StagePath:
    """Return the months of a run in which the ministry changed its stage, with each stage.

    Args:
        world: after the last month
    """
    return [(entry.month, entry.fields["stage"]) for entry in entries(world, "stage")]
