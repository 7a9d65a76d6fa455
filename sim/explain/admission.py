"""Why the owner of a school let a provider in or refused it: trust, a chance and a draw for each school that it chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.explain.choices import Choices, choices
from sim.explain.providers import choosers
from sim.explain.question import Question
from sim.explain.words import luck, weighed
from sim.phases.place import doors
from sim.rules.arrays import Floats, Ints
from sim.rules.logit import chance, logit_of
from sim.world.names import school_ids
from sim.world.organisations import KINDS, owning

if TYPE_CHECKING:
    import pandas as pd

    from sim.model import CollaborationModel

BEFORE = ["year", "who", "school", "owner", "trust"]
AFTER = ["chance", "draw", "admitted", "meant", "lost"]


def why(asked: Question) -> pd.DataFrame:
    """Return a row a school year, provider and school that it chose: whether the owner of the school let it in.

    Columns: year, school year; who; school, its id; owner, its name, blank where it is no organisation of the run; trust of
    the owner in the provider, not a number where it does not know it and trusts it as a stranger [share]; each reason, `usual`
    the first, whose sum is the logit of the chance [logit], not a number where a class of one's own decides; chance; draw,
    it was let in where the draw lies below the chance [share]; admitted [flag]; meant, what it would have brought to the
    school if all had let it in, and lost, the part of it that it could place nowhere [NIS million].

    Raises:
        InputError: without `who` and `school`, or for an organisation that asks nobody
    """
    import pandas as pd

    parts = [september_of(asked, year, row, model) for year, row, model in choosers(asked) if asks(asked, model, row)]
    told = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*BEFORE, *AFTER])
    told = told[[*BEFORE, *[name for name in told if name not in (*BEFORE, *AFTER)], *AFTER]]
    return told if asked.site is None else told[told["school"] == asked.school]


def asks(asked: Question, model: CollaborationModel, row: int) -> bool:
    """Whether a provider asks the owners of schools.

    Raises:
        InputError: it is asked about and does not
    """
    own = bool(model.ask("territory")[row] >= 0.0)
    if own and row == asked.row:
        raise InputError(
            f'{asked.name} serves its own schools and asks no other owner; ask for `why("placement")` instead'
        )
    return not own


def september_of(asked: Question, year: int, row: int, model: CollaborationModel) -> pd.DataFrame:
    """Answers of owners to a provider in a September, school by school that it chose."""
    import pandas as pd

    world, chose = model.world, choices(model, row)
    owner, placed = world.schools.authority[chose.school], asked.run.worlds[year].placements
    table = doors(model, world, np.arange(len(world.organisations)))
    likely, began = table.usual.copy(), slice(table.starts[row], table.starts[row + 1])
    likely[table.owner[began]] = table.chance[began]
    inside = np.isin(chose.school, placed.school[placed.provider == row])
    called = np.array([*[asked.names[each] for each in owning(world.organisations.kind)], ""], dtype=object)
    trust = trusts(model, row)
    columns: dict[str, Any] = {
        "year": year,
        "who": asked.names[row],
        "school": school_ids(asked.run.world, asked.run.case.files)[chose.school],
        "owner": called[np.minimum(owner, called.size - 1)],
        "trust": np.append(trust, np.nan)[np.minimum(owner, trust.size)],
        **terms_of(model, trust, owner, likely[owner]),
        "chance": likely[owner],
        "draw": table.luck[table.place[row], chose.school],
        "admitted": inside,
        "meant": chose.meant,
        "lost": lost(chose, inside, table.lost),
    }
    return pd.DataFrame(columns)


def lost(chose: Choices, inside: Any, part: float) -> Floats:
    """Of what was meant for each school that refused, what could be placed nowhere: all where no school is open."""
    return np.where(inside, 0.0, chose.meant) * (part if inside.any() else 1.0)


def trusts(model: CollaborationModel, row: int) -> Floats:
    """Trust of each owner of schools in a provider, not a number where it has no tie to it; shape (owners,) [share]."""
    ties, owners = model.world.ties, owning(model.world.organisations.kind)
    trust = np.full(len(model.world.organisations), np.nan)
    to = ties.target == row
    trust[ties.source[to]] = ties.trust[to]
    return trust[owners]


def terms_of(model: CollaborationModel, trust: Floats, owner: Ints, likely: Floats) -> dict[str, Floats]:
    """Reasons of the owners of some schools, as their class gives them; each shape (schools,) [logit].

    Args:
        model: that of the September
        trust: of each owner in the provider, not a number for a stranger [share], shape (owners,)
        owner: of each school [code], shape (schools,)
        likely: the chance of each; where reasons do not add up to it, a class of one's own decides otherwise [share]
    """
    table, p, size = model.world.organisations, model.parameters.placing, owner.size
    rows, out = owning(table.kind), {"usual": np.where(owner < trust.size, np.nan, p.admitting)}
    for code in np.unique(table.kind[rows]).tolist():
        view, of = model.kind(KINDS[code]), table.rows_of(code)
        first = int(np.searchsorted(rows, of.start))
        here = np.flatnonzero((owner >= first) & (owner < first + of.stop - of.start))
        if not (here.size and hasattr(view, "admission_terms")):
            continue
        known = trust[owner[here]]
        terms = view.admission_terms(owner[here] - first, np.where(np.isnan(known), p.stranger, known))
        same = np.isclose(chance(logit_of(terms)), likely[here], rtol=1e-9, atol=0.0)
        for name, value in terms.items():
            out.setdefault(name, np.full(size, np.nan))[here] = np.where(same, value, np.nan)
    return out


def because(asked: Question) -> str:
    """Return the last September asked about in which it chose the school: let in or refused, chance, draw, reasons, what was lost."""
    name, school = asked.name, asked.school
    told = why(asked)
    if told.empty:
        return f"{name} did not choose school {school} in any September asked about, so nobody was asked to let it in."
    row = told.iloc[-1]
    when = f"in September {row['year'] - 1} (school year {row['year']})"
    return f"{name} chose school {school} {when}: {answer(row)}."


def answer(row: pd.Series) -> str:
    """Answer of the owner of a school, in words, of a row of `why`."""
    owner = f"its owner, {row['owner']}," if row["owner"] else "its owner,"
    known = "which does not know it and trusts it as a stranger"
    if np.isfinite(row["trust"]):
        known = f"which trusts it by {row['trust']:.2f}"
    terms = {
        str(name): float(row[name]) for name in row.index if name not in (*BEFORE, *AFTER) and np.isfinite(row[name])
    }
    reasons = f"; {weighed(terms)}" if terms else "; its class gave no reasons that make this chance"
    done = "let it in" if row["admitted"] else "refused it"
    left = ""
    if not row["admitted"]:
        rest = ", and the rest went to schools that let it in" if row["lost"] < row["meant"] else ""
        left = f"; of NIS {row['meant']:.3f} million meant for the school {row['lost']:.3f} were lost{rest}"
    return f"{owner} {known}, {done}: {luck(row['chance'], row['draw'], 'to let it in')}{reasons}{left}"
