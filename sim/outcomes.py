"""What is judged: functions of the world, each with its unit and which way is better (1 more, -1 less, 0 neither)."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.dates import school_year
from sim.declare import OUTCOMES, outcome
from sim.phases.record import mean_where
from sim.world.organisations import BACKBONE, BUSINESS, FOUNDATION, MINISTRY, NGO
from sim.world.schools import STREAMS
from sim.world.state import NEVER, STAGES, World, entries

HEADLINE_YEARS = (2017, 2020)


def examinations(world: World) -> dict[int, dict[str, Any]]:
    """The figures of every June by school year, burn-in included."""
    return {entry.fields["year"]: entry.fields for entry in entries(world, "examination")}


def judged(world: World) -> dict[str, float]:
    """Every declared outcome of a world, then examinees and share of the grade of each year."""
    figures = examinations(world)
    values = {name: float(item.function(world)) for name, item in OUTCOMES.items()}
    values |= {f"examinees_{year}": float(f["examinees"].sum()) for year, f in figures.items() if year >= 2006}
    values |= {f"share_{year}": float(f["examinees"].sum() / f["grade"]) for year, f in figures.items() if year >= 2006}
    return values


def _year(world: World, year: int | None = None) -> dict[str, Any] | None:
    figures = examinations(world)
    return figures.get(year or (max(figures) if figures else 0))


def _shares(world: World, flags: Any, year: int) -> float:
    figure = _year(world, year)
    if figure is None or figure["takers"][flags].sum() == 0:
        return float("nan")
    return float(figure["examinees"][flags].sum() / figure["takers"][flags].sum())


def share_of_quintile(world: World, quintile: int, year: int) -> float:
    """Share of maths takers at five units in a quintile [share]."""
    return _shares(world, world.schools.quintile == quintile, year)


def share_of_stream(world: World, stream: int, year: int) -> float:
    """Share of maths takers at five units in a stream [share]."""
    return _shares(world, world.schools.stream == stream, year)


def _figure(world: World, name: str, year: int) -> float:
    figure = _year(world, year)
    return float("nan") if figure is None else float(figure[name])


@outcome("share of maths takers", better=-1)
def gap_quintiles_2017(world: World) -> float:
    """Share at five units in the strongest quintile less that in the weakest, 2017."""
    return share_of_quintile(world, 1, 2017) - share_of_quintile(world, 5, 2017)


@outcome("share of maths takers", better=-1)
def gap_quintiles_2020(world: World) -> float:
    """Share at five units in the strongest quintile less that in the weakest, 2020."""
    return share_of_quintile(world, 1, 2020) - share_of_quintile(world, 5, 2020)


@outcome("share of maths takers", better=-1)
def gap_quintiles_2013(world: World) -> float:
    """Share at five units in the strongest quintile less that in the weakest, 2013."""
    return share_of_quintile(world, 1, 2013) - share_of_quintile(world, 5, 2013)


@outcome("ratio", better=-1)
def ratio_quintiles_2020(world: World) -> float:
    """Share at five units in the strongest quintile over that in the weakest, 2020."""
    weakest = share_of_quintile(world, 5, 2020)
    return share_of_quintile(world, 1, 2020) / weakest if weakest > 0 else float("nan")


@outcome("share of maths takers", better=-1)
def gap_periphery_2020(world: World) -> float:
    """Share at five units in the centre less that in the periphery, 2020."""
    return _shares(world, ~world.schools.periphery, 2020) - _shares(world, world.schools.periphery, 2020)


@outcome("share of maths takers", better=-1)
def gap_streams_2020(world: World) -> float:
    """Share at five units in state schools less that in non-Jewish schools, 2020."""
    state, other = STREAMS.index("state"), STREAMS.index("non_jewish")
    return share_of_stream(world, state, 2020) - share_of_stream(world, other, 2020)


@outcome("index", better=-1)
def concentration_2020(world: World) -> float:
    """Concentration of examinees over schools ordered from the weakest quintile, 2020 (0 even, 1 all in the strongest)."""
    figure = _year(world, 2020)
    if figure is None:
        return float("nan")
    order = np.argsort(-np.where(world.schools.quintile == 0, 3, world.schools.quintile), kind="stable")
    takers, examinees = figure["takers"][order], figure["examinees"][order]
    if examinees.sum() == 0:
        return float("nan")
    people, at_five = np.cumsum(takers) / takers.sum(), np.cumsum(examinees) / examinees.sum()
    return float(1.0 - 2.0 * np.trapezoid(at_five, people))


@outcome("share", better=1)
def girls_2020(world: World) -> float:
    """Girls among examinees at five units, 2020."""
    figure = _year(world, 2020)
    return float("nan") if figure is None else float(figure["girls"] / max(figure["examinees"].sum(), 1.0))


@outcome("students", better=1)
def physics_2017(world: World) -> float:
    """Examinees at five units of physics, 2017."""
    return _figure(world, "physics", 2017)


@outcome("students", better=1)
def physics_2020(world: World) -> float:
    """Examinees at five units of physics, 2020."""
    return _figure(world, "physics", 2020)


@outcome("students", better=1)
def chemistry_2020(world: World) -> float:
    """Examinees at five units of chemistry, 2020."""
    return _figure(world, "chemistry", 2020)


@outcome("students", better=1)
def computing_2020(world: World) -> float:
    """Examinees at five units of computer science, 2020."""
    return _figure(world, "computing", 2020)


@outcome("students", better=0)
def english_2017(world: World) -> float:
    """Takers at five units of English, 2017: a comparison series."""
    return _figure(world, "english", 2017)


@outcome("share of the grade", better=1)
def excellent_2020(world: World) -> float:
    """Share of the cohort at five units in any of the four subjects, 2020 (the goal is 0.20)."""
    figure = _year(world, 2020)
    if figure is None:
        return float("nan")
    others = (figure["physics"] + figure["chemistry"] + figure["computing"]) * 0.4
    return float((figure["examinees"].sum() + others) / figure["grade"])


@outcome("ratio", better=1)
def keeping_2020(world: World) -> float:
    """Examinees of 2020 over those who began grade 10 at five units in their cohort."""
    figure = _year(world, 2020)
    return float("nan") if figure is None else float(figure["examinees"].sum() / max(figure["starters"], 1.0))


@outcome("schools", better=1)
def tracks_2017(world: World) -> float:
    """Schools with five examinees or more at five units, 2017."""
    figure = _year(world, 2017)
    return float("nan") if figure is None else float((figure["examinees"] >= 5).sum())


@outcome("schools", better=1)
def tracks_2020(world: World) -> float:
    """Schools with five examinees or more at five units, 2020."""
    figure = _year(world, 2020)
    return float("nan") if figure is None else float((figure["examinees"] >= 5).sum())


@outcome("teachers", better=1)
def teachers_2015(world: World) -> float:
    """Teachers of five units, 2015."""
    return _figure(world, "teachers", 2015)


@outcome("teachers", better=1)
def teachers_2020(world: World) -> float:
    """Teachers of five units, 2020."""
    return _figure(world, "teachers", 2020)


def _month(month: int) -> float:
    return float("nan") if month == NEVER else float(month)


@outcome("month, 0 = September 2005", better=-1)
def month_joined(world: World) -> float:
    """Month in which the ministry joined."""
    return _month(world.ministry.joined)


@outcome("month, 0 = September 2005", better=-1)
def month_pilot(world: World) -> float:
    """Month in which the pilot was decided."""
    return _month(world.ministry.pilot)


@outcome("month, 0 = September 2005", better=-1)
def month_national(world: World) -> float:
    """Month in which the national programme was decided."""
    return _month(world.ministry.national)


@outcome("stage", better=1)
def stage_reached(world: World) -> float:
    """Stage of the ministry at the end: 0 observer, 1 partner, 2 pilot, 3 national."""
    assert world.ministry.stage < len(STAGES)
    return float(world.ministry.stage)


@outcome("organisations", better=1)
def members(world: World) -> float:
    """Members of the initiative at the end."""
    return float(world.organisations.member.sum())


@outcome("share", better=1)
def consensus(world: World) -> float:
    """Mean agreement of members at the end."""
    return float(world.initiative.consensus)


@outcome("share", better=1)
def transparency(world: World) -> float:
    """Shared measurement M at the end."""
    return float(world.initiative.transparency)


def trust_between(world: World, one: int, other: int) -> float:
    """Mean trust along ties between two sectors, both ways [share]."""
    source, target = world.organisations.kind[world.ties.source], world.organisations.kind[world.ties.target]
    return mean_where(world.ties.trust, ((source == one) & (target == other)) | ((source == other) & (target == one)))


@outcome("share", better=1)
def trust_across(world: World) -> float:
    """Mean trust along ties between sectors at the end."""
    return mean_where(world.ties.trust, world.ties.crossing > 0)


@outcome("share", better=1)
def trust_ministry_third_sector(world: World) -> float:
    """Mean trust between the ministry and the third sector at the end."""
    return trust_between(world, MINISTRY, NGO)


@outcome("share", better=1)
def trust_ministry_business(world: World) -> float:
    """Mean trust between the ministry and businesses at the end."""
    return trust_between(world, MINISTRY, BUSINESS)


def _network(world: World, first: bool) -> dict[str, Any] | None:
    lines = list(entries(world, "network"))
    return (lines[0] if first else lines[-1]).fields if lines else None


@outcome("share", better=0)
def trust_ministry_launch(world: World) -> float:
    """Mean trust between the ministry and its partners at the launch."""
    line = _network(world, first=True)
    return float("nan") if line is None else float(line["trust_ministry"])


@outcome("share", better=1)
def trust_ministry_end(world: World) -> float:
    """Mean trust between the ministry and its partners at the end."""
    line = _network(world, first=False)
    return float("nan") if line is None else float(line["trust_ministry"])


@outcome("share", better=1)
def trust_foundation_third_sector(world: World) -> float:
    """Mean trust between foundations and the third sector at the end."""
    return trust_between(world, FOUNDATION, NGO)


@outcome("share", better=0)
def density(world: World) -> float:
    """Ties over possible ties, the backbone left out, at the end."""
    source, target = world.organisations.kind[world.ties.source], world.organisations.kind[world.ties.target]
    size = int((world.organisations.kind != BACKBONE).sum())
    ties = int(((source != BACKBONE) & (target != BACKBONE)).sum())
    return ties / (size * (size - 1)) if size > 1 else 0.0


@outcome("share", better=0)
def reciprocity(world: World) -> float:
    """Ties that are returned, at the end."""
    size = len(world.organisations)
    code = world.ties.source * size + world.ties.target
    back = world.ties.target * size + world.ties.source
    return float(np.isin(back, code).mean()) if len(code) else float("nan")


@outcome("components", better=-1)
def components(world: World) -> float:
    """Connected parts of the network of ties at the end."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = len(world.organisations)
    graph = coo_array((np.ones(len(world.ties)), (world.ties.source, world.ties.target)), shape=(size, size))
    return float(connected_components(graph, directed=False)[0])


@outcome("index", better=0)
def centralisation(world: World) -> float:
    """Degree centralisation (Freeman) of ties received, at the end."""
    size = len(world.organisations)
    degree = np.bincount(world.ties.target, minlength=size)
    return float((degree.max() - degree).sum() / ((size - 1) ** 2)) if size > 1 else 0.0


@outcome("index", better=1)
def collaboration(world: World) -> float:
    """Collaboration index at the end: mean of decisions taken jointly, trust across sectors, and shared measurement."""
    state = world.initiative
    joint = state.joint_decisions / state.decisions if state.decisions else 0.0
    across = mean_where(world.ties.trust, world.ties.crossing > 0) if len(world.ties) else 0.0
    return float((joint + across + state.transparency) / 3.0)


@outcome("NIS million", better=0)
def offered(world: World) -> float:
    """Money and work offered by everybody since the start."""
    return float(world.ledger.offered.sum())


@outcome("NIS million", better=1)
def delivered(world: World) -> float:
    """Money and work delivered in schools since the start."""
    return float(world.ledger.delivered.sum())


@outcome("NIS million", better=-1)
def unspent(world: World) -> float:
    """Money offered and neither delivered, nor overhead, nor still in transit."""
    return float(world.ledger.unspent.sum())


@outcome("NIS million", better=-1)
def duplicated(world: World) -> float:
    """Delivered where another provider already delivered by the same channel that year."""
    return float(world.ledger.duplicated.sum())


@outcome("share", better=1)
def coverage(world: World) -> float:
    """Schools reached by partners' programmes in the last school year."""
    return float((world.schools.delivered.sum(axis=1) > 0).mean())


@outcome("students", better=1)
def additional_2020(world: World) -> float:
    """Examinees of 2014-2020 beyond the level of 2013, summed over the years."""
    figures = examinations(world)
    if 2020 not in figures or 2013 not in figures:
        return float("nan")
    base = figures[2013]["examinees"].sum()
    return float(sum(figures[year]["examinees"].sum() - base for year in range(2014, 2021)))


@outcome("NIS thousand", better=-1)
def cost_per_additional(world: World) -> float:
    """Money offered for each examinee of 2014-2020 beyond the level of 2013 (all growth counted, not only that caused)."""
    more = additional_2020(world)
    return float(1000.0 * world.ledger.offered.sum() / more) if more > 0 else float("nan")


def last_year(world: World) -> int:
    """The school year of the last month simulated."""
    return school_year(world.month - 1)
