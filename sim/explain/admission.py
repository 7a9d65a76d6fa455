"""Admission of a provider to a school by its owner: trust, a chance and a draw for each school that it chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.explain.choices import Choices, choices
from sim.explain.providers import choosers
from sim.explain.question import DecisionQuestion
from sim.explain.words import draw_text, reasons_text
from sim.phases.place import admissions_of, placing_draws
from sim.phases.site_choice import luck_at
from sim.rules.admitting import chances_of_admission
from sim.rules.arrays import Floats, Ints
from sim.rules.logit import chance, logit_of
from sim.world.names import school_ids
from sim.world.organisations import KINDS, owner_rows

if TYPE_CHECKING:
    import pandas as pd

    from sim.model import CollaborationModel

BEFORE = ["year", "who", "school", "owner", "trust"]
AFTER = ["chance", "draw", "admitted", "meant", "lost"]


def why(question: DecisionQuestion) -> pd.DataFrame:
    """Return a row a school year, provider and school that it chose: whether the owner of the school let it in.

    Columns: year, school year; who; school, its id; owner, its name, blank where it is not an organisation of the run; trust of
    the owner in the provider, not a number where it does not know it and trusts it as a stranger [share]; each reason, `usual`
    the first, whose sum is the logit of the chance [logit], not a number where a user's class decides; chance; draw,
    it was let in where the draw lies below the chance [share]; admitted [flag]; meant, what it would have brought to the
    school if all had let it in, and lost, the part of it that it could place nowhere [NIS million].

    Raises:
        InputError: neither `who` nor `school` is given, or the organisation needs no consent
    """
    import pandas as pd

    parts = [
        september_of(question, year, row, model)
        for year, row, model in choosers(question)
        if needs_consent(question, model, row)
    ]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*BEFORE, *AFTER])
    table = table[[*BEFORE, *[name for name in table if name not in (*BEFORE, *AFTER)], *AFTER]]
    return table if question.site is None else table[table["school"] == question.school]


def needs_consent(question: DecisionQuestion, model: CollaborationModel, row: int) -> bool:
    """Return whether a provider needs the consent of owners of schools.

    Args:
        question: about the run
        model: of the September
        row: of the provider [row]

    Raises:
        InputError: the question is about a provider that does not
    """
    own = bool(model.ask("territory")[row] >= 0.0)
    if own and row == question.row:
        raise InputError(
            f'{question.name} serves its own schools and asks no other owner; ask for `why("placement")` instead'
        )
    return not own


def september_of(question: DecisionQuestion, year: int, row: int, model: CollaborationModel) -> pd.DataFrame:
    """Return the answers of owners to a provider in a September, for each school that it chose.

    Args:
        question: about the run
        year: school year
        row: of the provider [row]
        model: of the September
    """
    import pandas as pd

    world, chose = model.world, choices(model, row)
    owner, placed = world.schools.authority[chose.school], question.run.worlds[year].placements
    admissions, draws = admissions_of(model, world), placing_draws(model, world)
    likely = chances_of_admission(row, owner, admissions)
    inside = np.isin(chose.school, placed.school[placed.provider == row])
    owner_names = np.array([*[question.names[each] for each in owner_rows(world.organisations.kind)], ""], dtype=object)
    trust = trust_of_owners(model, row)
    columns: dict[str, Any] = {
        "year": year,
        "who": question.names[row],
        "school": school_ids(question.run.world, question.run.scenario.files)[chose.school],
        "owner": owner_names[np.minimum(owner, owner_names.size - 1)],
        "trust": np.append(trust, np.nan)[np.minimum(owner, trust.size)],
        **terms_of(model, trust, owner, likely),
        "chance": likely,
        "draw": luck_at(draws.admission, row, chose.school, draws),
        "admitted": inside,
        "meant": chose.meant,
        "lost": lost_money(chose, inside, admissions.lost),
    }
    return pd.DataFrame(columns)


def lost_money(chose: Choices, inside: Any, part: float) -> Floats:
    """Return the money meant for each school that refused and placed nowhere: all of it where every school refused.

    Args:
        chose: schools that the provider chose
        inside: whether each admitted it [flag]
        part: of refused money that is lost [share]
    """
    return np.where(inside, 0.0, chose.meant) * (part if inside.any() else 1.0)


def trust_of_owners(model: CollaborationModel, row: int) -> Floats:
    """Return trust of each owner of schools in a provider, nan without a tie to it; shape (owners,) [share].

    Args:
        model: of the September
        row: of the provider [row]
    """
    ties, owners = model.world.ties, owner_rows(model.world.organisations.kind)
    trust = np.full(len(model.world.organisations), np.nan)
    to = ties.target == row
    trust[ties.source[to]] = ties.trust[to]
    return trust[owners]


def terms_of(model: CollaborationModel, trust: Floats, owner: Ints, likely: Floats) -> dict[str, Floats]:
    """Return the reasons of the owners of some schools, as their class gives them; each shape (schools,) [logit].

    Args:
        model: that of the September
        trust: of each owner in the provider, not a number for a stranger [share], shape (owners,)
        owner: of each school [code], shape (schools,)
        likely: the chance of each; where reasons do not add up to it, a user's class decides [share]
    """
    table, p, size = model.world.organisations, model.parameters.placing, owner.size
    rows, out = owner_rows(table.kind), {"usual": np.where(owner < trust.size, np.nan, p.admitting)}
    for code in np.unique(table.kind[rows]).tolist():
        view, of = model.kind(KINDS[code]), table.rows_of(code)
        first = int(np.searchsorted(rows, of.start))
        here = np.flatnonzero((owner >= first) & (owner < first + of.stop - of.start))
        if not (here.size and hasattr(view, "admission_terms")):
            continue
        trust_in_provider = trust[owner[here]]
        terms = view.admission_terms(
            owner[here] - first, np.where(np.isnan(trust_in_provider), p.stranger, trust_in_provider)
        )
        same = np.isclose(chance(logit_of(terms)), likely[here], rtol=1e-9, atol=0.0)
        for name, value in terms.items():
            out.setdefault(name, np.full(size, np.nan))[here] = np.where(same, value, np.nan)
    return out


def because(question: DecisionQuestion) -> str:
    """Return the owner's answer in the last September in which the provider chose the school, with chance, draw and reasons."""
    name, school = question.name, question.school
    table = why(question)
    if table.empty:
        return f"{name} did not choose school {school} in any September asked about, so nobody was asked to let it in."
    row = table.iloc[-1]
    when = f"in September {row['year'] - 1} (school year {row['year']})"
    return f"{name} chose school {school} {when}: {answer_text(row)}."


def answer_text(row: pd.Series) -> str:
    """Return the answer of the owner of a school in words, from a row of `why`.

    Args:
        row: of `why`
    """
    owner = f"its owner, {row['owner']}," if row["owner"] else "its owner,"
    trust_text = "which does not know it and trusts it as a stranger"
    if np.isfinite(row["trust"]):
        trust_text = f"which trusts it by {row['trust']:.2f}"
    terms = {
        str(name): float(row[name]) for name in row.index if name not in (*BEFORE, *AFTER) and np.isfinite(row[name])
    }
    reasons = f"; {reasons_text(terms)}" if terms else "; its class gave no reasons that make this chance"
    done = "let it in" if row["admitted"] else "refused it"
    left = ""
    if not row["admitted"]:
        rest = ", and the rest went to schools that let it in" if row["lost"] < row["meant"] else ""
        left = f"; of NIS {row['meant']:.3f} million meant for the school {row['lost']:.3f} were lost{rest}"
    return f"{owner} {trust_text}, {done}: {draw_text(row['chance'], row['draw'], 'to let it in')}{reasons}{left}"
