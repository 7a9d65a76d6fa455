"""Choices of schools by a provider in a September: the rank of a school among all, criterion by criterion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.draws import Stream
from sim.errors import counted
from sim.explain import admission
from sim.explain.choices import choices
from sim.explain.providers import choosers
from sim.explain.question import DecisionQuestion
from sim.explain.words import reasons_text
from sim.phases.deliver import funds_of
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


def why(question: DecisionQuestion) -> pd.DataFrame:
    """Return a row a school year, provider and school.

    Columns: year, school year; who; school, its id; chosen [flag]; admitted, whether it was chosen and its owner let the
    provider in, which `why("admission")` explains [flag]; track, whether it had one [flag]; rank among the `of`
    schools that the provider may serve, 1 the best, and rank_alike, that among those without a track, not a number where
    it has one; places, schools that its means are spent in, `kept` of them first given to schools without a track; what
    each criterion adds to the score (nearness; size and strength; need; repeats others, negative where it would repeat
    what those it trusts already do there), and score, their sum [share], minus infinity where it may not go; promised and
    delivered [NIS million]. Without `school` the schools that it chose, without `who` the providers that chose the school.

    Raises:
        InputError: neither `who` nor `school` is given, or the organisation does not place programmes
    """
    import pandas as pd

    parts = [every_school(question, year, row, model) for year, row, model in choosers(question)]
    if question.site is not None:
        parts = [part.iloc[[question.site]] for part in parts]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
    return table if question.row is not None and question.site is not None else table[table["chosen"].astype(bool)]


def every_school(question: DecisionQuestion, year: int, row: int, model: CollaborationModel) -> pd.DataFrame:
    """Return every school as a provider saw it in a September, and whether it chose it.

    Args:
        question: about the run
        year: school year
        row: of the provider [row]
        model: of the September
    """
    import pandas as pd

    schools = model.world.schools
    placed, means = question.run.worlds[year].placements, delivering(model, model.world, funds_of(model, model.world))
    own, chose = placed.provider == row, choices(model, row)
    numbers = np.arange(len(schools))
    places, reserved = places_of(model, float(means[row]), offered_mix(model)[0][row])
    home = model.ask("territory")[row]
    free = (schools.authority == home) if home >= 0 else np.ones(len(schools), dtype=bool)
    score = criteria(model, row, placed_before(model, row, means, placed))
    total = np.where(free, sum(score.values()), -np.inf)
    columns: dict[str, Any] = {
        "year": year,
        "who": question.names[row],
        "school": school_ids(question.run.world, question.run.scenario.files),
        "chosen": np.isin(numbers, chose.school),
        "admitted": np.isin(numbers, placed.school[own]),
        "track": schools.track,
        "rank": ranks(total, free),
        "rank_alike": ranks(total, free & ~schools.track),
        "of": free.sum(),
        "places": places,
        "kept": reserved,
        **score,
        "score": total,
    }
    for name in ("promised", "delivered"):
        amounts = getattr(placed, name)[own].sum(axis=1)
        columns[name] = np.bincount(placed.school[own], weights=amounts, minlength=len(schools))
    return pd.DataFrame(columns)


def places_of(model: CollaborationModel, means: float, mix: Any) -> tuple[int, int]:
    """Return the number of schools for a provider's means, and how many of them are reserved for schools without a track.

    Args:
        model: of the September
        means: of the provider [NIS million]
        mix: channels of its programmes [share], shape (channels,)
    """
    p, schools = model.parameters.placing, len(model.world.schools)
    number = min(max(round(means / p.grain), 1), schools) if means > 0.0 else 0
    return number, min(round(number * p.for_access * float((mix * ACCESS_ONLY).sum())), number)


def placed_before(model: CollaborationModel, row: int, means: Any, placed: Placements) -> Any:
    """Return what others had placed before the provider, as far as it trusts them [NIS million]; shape (schools, 3).

    Args:
        model: of the September
        row: of the provider [row]
        means: of every provider [NIS million], shape (organisations,)
        placed: placements of the year
    """
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
    """Return what each criterion adds to a provider's score of every school [share]; shapes (schools,).

    Args:
        model: of the September
        row: of the provider [row]
        seen: what it knows of others' programmes [NIS million], shape (schools, 3)
    """
    p, schools, mix = model.parameters.placing, model.world.schools, offered_mix(model)[0][row]
    wish, awareness = model.ask("inclination")[row], model.ask("knowledge_of_others")[row]
    half = p.visible_at * np.maximum(model.schools.pupils(), 1.0)[:, None] / 1e6
    brought = np.where(schools.track[:, None], mix, ACCESS_ONLY)
    return {
        "nearness": (1.0 - wish) * nearness(model, row),
        "size and strength": (1.0 - wish)
        * p.weight_of_size
        * placing.ranked(schools.size * (p.untried + schools.share)),
        "need": wish * need(schools, p),
        "repeats others": 0.0 - awareness * (brought * seen / (seen + half)).sum(axis=1),
    }


def ranks(score: Any, among: Any) -> Any:
    """Return the rank of every school among some of them, 1 the highest score, nan for the rest; shape (schools,).

    Args:
        score: of every school, shape (schools,)
        among: schools that are ranked [flag], shape (schools,)
    """
    rank, order = np.full(score.size, np.nan), np.argsort(np.where(among, -score, np.inf), kind="stable")
    rank[order] = np.arange(1.0, score.size + 1.0)
    return np.where(among, rank, np.nan)


def because(question: DecisionQuestion) -> str:
    """Return the last September in which it chose the school, else the last in which it had money for any.

    Reasons are what each criterion adds beyond its mean over the schools that the provider may serve [share]. Where
    the owner refused, the sentence gives its chance, draw and reasons.
    """
    name, school, site, latest, refused = question.name, question.school, int(question.site or 0), None, None
    for year, row, model in choosers(question):
        table = every_school(question, year, row, model)
        here = table.iloc[site]
        if table["places"].iloc[0] and (here["chosen"] or latest is None or not latest.iloc[site]["chosen"]):
            latest, refused = table, None
            if here["chosen"] and not here["admitted"]:
                answers = admission.september_of(question, year, row, model)
                refused = answers[answers["school"] == school].iloc[0]
    if latest is None:
        return f"{name} had nothing to place in any September asked about."
    text = choice_text(name, school, latest)
    return text if refused is None else f"{text} But {admission.answer_text(refused)}."


def choice_text(name: str, school: int | str, table: pd.DataFrame) -> str:
    """Return why a provider chose a school, or did not, in a sentence, from the table of every school.

    Args:
        name: of the provider
        school: identity of the school
        table: as `every_school` returns it
    """
    row = table[table["school"] == school].iloc[0]
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
    mean = table[np.isfinite(table["score"])][CRITERIA].mean()
    terms = {criterion: float(row[criterion] - mean[criterion]) for criterion in CRITERIA}
    reasons = reasons_text(terms, "of its score")
    return f"{name} {done} school {school} {when}: {stood}; beside the mean of these schools, {reasons}."
