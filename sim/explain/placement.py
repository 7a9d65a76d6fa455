"""Why a provider chose a school in a September: the school's standing for it among all, criterion by criterion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.draws import Stream
from sim.errors import counted
from sim.explain import admission
from sim.explain.choices import choices
from sim.explain.providers import choosers
from sim.explain.question import Question
from sim.explain.words import weighed
from sim.phases.deliver import held_by
from sim.phases.place import delivering, nearness, need
from sim.phases.programmes import ACCESS_ONLY, offered_mix
from sim.rules import placing
from sim.world.names import school_ids
from sim.world.organisations import CHANNELS

if TYPE_CHECKING:
    import pandas as pd

    from sim.model import CollaborationModel
    from sim.world.schools import Placements

CRITERIA = ["nearness", "size and strength", "need", "repeats others"]
COLUMNS = ["year", "who", "school", "chosen", "admitted", "track", "rank", "rank_alike", "of", "places", "kept", *CRITERIA,
           "score", "promised", "delivered"]  # fmt: skip


def why(asked: Question) -> pd.DataFrame:
    """Return a row a school year, provider and school.

    Columns: year, school year; who; school, its id; chosen [flag]; admitted, whether it was chosen and its owner let the
    provider in, which `why("admission")` explains [flag]; track, whether it had one [flag]; rank among the `of`
    schools that the provider may serve, 1 the best, and rank_alike, that among those without a track, not a number where
    it has one; places, schools that its means are spent in, `kept` of them first given to schools without a track; what
    each criterion adds to the score (nearness; size and strength; need; repeats others, negative where it would repeat
    what those it trusts already do there), and score, their sum [share], minus infinity where it may not go; promised and
    delivered [NIS million]. Without `school` the schools that it chose, without `who` the providers that chose the school.

    Raises:
        InputError: without either, or for an organisation that places nothing itself
    """
    import pandas as pd

    parts = [every_school(asked, year, row, model) for year, row, model in choosers(asked)]
    if asked.site is not None:
        parts = [part.iloc[[asked.site]] for part in parts]
    told = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
    return told if asked.row is not None and asked.site is not None else told[told["chosen"].astype(bool)]


def every_school(asked: Question, year: int, row: int, model: CollaborationModel) -> pd.DataFrame:
    """Every school as a provider saw it in a September, and whether it chose it."""
    import pandas as pd

    schools = model.world.schools
    placed, means = asked.run.worlds[year].placements, delivering(model, model.world, held_by(model, model.world))
    own, chose = placed.provider == row, choices(model, row)
    numbers = np.arange(len(schools))
    places, kept = places_of(model, float(means[row]), offered_mix(model)[0][row])
    home = model.ask("territory")[row]
    free = (schools.authority == home) if home >= 0 else np.ones(len(schools), dtype=bool)
    score = criteria(model, row, earlier(model, row, means, placed))
    total = np.where(free, sum(score.values()), -np.inf)
    columns: dict[str, Any] = {
        "year": year,
        "who": asked.names[row],
        "school": school_ids(asked.run.world, asked.run.case.files),
        "chosen": np.isin(numbers, chose.school),
        "admitted": np.isin(numbers, placed.school[own]),
        "track": schools.track,
        "rank": ranks(total, free),
        "rank_alike": ranks(total, free & ~schools.track),
        "of": free.sum(),
        "places": places,
        "kept": kept,
        **score,
        "score": total,
    }
    for name in ("promised", "delivered"):
        amounts = getattr(placed, name)[own].sum(axis=1)
        columns[name] = np.bincount(placed.school[own], weights=amounts, minlength=len(schools))
    return pd.DataFrame(columns)


def places_of(model: CollaborationModel, means: float, mix: Any) -> tuple[int, int]:
    """Schools in which a provider's means are spent, and how many of them go first to schools without a track [schools]."""
    p, schools = model.parameters.placing, len(model.world.schools)
    number = min(max(round(means / p.grain), 1), schools) if means > 0.0 else 0
    return number, min(round(number * p.for_access * float((mix * ACCESS_ONLY).sum())), number)


def earlier(model: CollaborationModel, row: int, means: Any, placed: Placements) -> Any:
    """What others, each as far as the provider trusts it, had placed when its turn came [NIS million]; shape (schools, 3)."""
    world = model.world
    luck, offsets = model.luck(Stream.ORDER, world.month, world.organisations.id), world.ties.offsets
    begin, end = offsets[row], offsets[row + 1]
    trust = np.zeros(len(world.organisations))
    trust[world.ties.target[begin:end]] = world.ties.trust[begin:end]
    before = ((luck < luck[row]) & (means > 0.0))[placed.provider]
    mix = np.where(world.schools.track[placed.school, None], offered_mix(model)[0][placed.provider], ACCESS_ONLY)
    amount = trust[placed.provider, None] * placed.delivered.sum(axis=1, keepdims=True) * mix
    seen = np.zeros((len(world.schools), len(CHANNELS)))
    np.add.at(seen, placed.school[before], amount[before])
    return seen


def criteria(model: CollaborationModel, row: int, seen: Any) -> dict[str, Any]:
    """What each criterion adds to a provider's score of every school [share]; shapes (schools,)."""
    p, schools, mix = model.parameters.placing, model.world.schools, offered_mix(model)[0][row]
    wish, heed = model.ask("inclination")[row], model.ask("heed")[row]
    half = p.visible_at * np.maximum(model.schools.pupils(), 1.0)[:, None] / 1e6
    brought = np.where(schools.track[:, None], mix, ACCESS_ONLY)
    return {
        "nearness": (1.0 - wish) * nearness(model)[row],
        "size and strength": (1.0 - wish)
        * p.weight_of_size
        * placing.ranked(schools.size * (p.untried + schools.share)),
        "need": wish * need(schools, p),
        "repeats others": 0.0 - heed * (brought * seen / (seen + half)).sum(axis=1),
    }


def ranks(score: Any, among: Any) -> Any:
    """Rank of every school among some of them, 1 the highest score, not a number for the rest; shape (schools,)."""
    rank, order = np.full(score.size, np.nan), np.argsort(np.where(among, -score, np.inf), kind="stable")
    rank[order] = np.arange(1.0, score.size + 1.0)
    return np.where(among, rank, np.nan)


def because(asked: Question) -> str:
    """Return the last September asked about in which it chose the school, else the last in which it had money for any.

    Reasons are what each criterion adds beyond its mean over the schools that the provider may serve [share]. Where the
    owner of the school refused it, the answer is told with its chance, draw and reasons.
    """
    name, school, site, found, refused = asked.name, asked.school, int(asked.site or 0), None, None
    for year, row, model in choosers(asked):
        told = every_school(asked, year, row, model)
        here = told.iloc[site]
        if told["places"].iloc[0] and (here["chosen"] or found is None or not found.iloc[site]["chosen"]):
            found, refused = told, None
            if here["chosen"] and not here["admitted"]:
                answers = admission.september_of(asked, year, row, model)
                refused = answers[answers["school"] == school].iloc[0]
    if found is None:
        return f"{name} had nothing to place in any September asked about."
    said = chosen(name, school, found)
    return said if refused is None else f"{said} But {admission.answer(refused)}."


def chosen(name: str, school: int | str, told: pd.DataFrame) -> str:
    """Why a provider chose a school, or did not, in a sentence, of the table of every school."""
    row = told[told["school"] == school].iloc[0]
    when = f"in September {row['year'] - 1} (school year {row['year']})"
    if not np.isfinite(row["score"]):
        return f"{name} did not choose school {school} {when}: it serves the {row['of']} schools of its own authority only."
    done = "chose" if row["chosen"] else "did not choose"
    stood = f"for it number {row['rank']:.0f} of the {row['of']:,} schools that it may serve"
    stood += f", and its means were for {counted(row['places'], 'school')}"
    if row["kept"]:
        alike = "" if row["track"] else f", among which this one is number {row['rank_alike']:.0f}"
        stood += f", {row['kept']} of them kept for schools without a track{alike}"
    room = f"; of NIS {row['promised']:.3f} million promised it could take in {row['delivered']:.3f}"
    stood += room if row["delivered"] < row["promised"] - 1e-9 else ""
    mean = told[np.isfinite(told["score"])][CRITERIA].mean()
    terms = {criterion: float(row[criterion] - mean[criterion]) for criterion in CRITERIA}
    return f"{name} {done} school {school} {when}: {stood}; beside the mean of these schools, {weighed(terms)}."
