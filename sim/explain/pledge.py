"""Why an organisation pledged this share of its means: its reasons, and how far its pledge moved towards them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.agents import KIND_CLASSES
from sim.dates import date_of
from sim.errors import InputError
from sim.explain.question import Question
from sim.explain.replay import Listening, Said, listened
from sim.explain.words import share, signed, weighed
from sim.phases.commit import in_force, left_by_founder
from sim.rules import pledging
from sim.rules.arrays import Flags, Floats
from sim.world.organisations import KINDS
from sim.world.state import NEVER, World

if TYPE_CHECKING:
    import pandas as pd

BEFORE = ["date", "who", "member", "expected", "threshold"]
AFTER = ["reasons", "autonomy", "partners", "target", "behind", "pressure", "pressed", "before", "by_rule", "void",
         "pledge", "money"]  # fmt: skip


def why(asked: Question) -> pd.DataFrame:
    """Return a row a month and organisation in which pledges were made.

    Columns: date; who; member [flag]; expected, share of all means that it expects to be put in, and threshold, the share
    that it asks for [share]; each reason [logit] and reasons, their sum [logit]; autonomy, and partners, the factor on
    members' pledges [share]; target, of a member 1 / (1 + exp(-reasons)) x autonomy x partners, of others what each puts in
    alone [share]; behind, how far an owner of schools lay below the median of its peers when local shares were published;
    pressure, what is left of the pressure by that, and pressed, the target under it: 1 - (1 - target) x (1 - pressure)
    [share]; before, its pledge a month earlier; by_rule, what moving towards `pressed` makes of it; void, whether it
    pledges nothing because its pledge expired and was not renewed, or because it left mathematics [flag]; pledge, what it
    pledged [share] (another than by_rule only where it is void or a class of one's own decides); money, what it set aside
    this month [NIS million]. Without `who`: everyone.

    Raises:
        InputError: an organisation of a kind that pledges nothing
    """
    import pandas as pd

    may_pledge(asked)
    parts = [month_of(asked, model) for model in listened(asked.run, asked.months) if "next_pledge" in model.heard]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*BEFORE, *AFTER])


def may_pledge(asked: Question) -> None:
    """Raises InputError for an organisation of a kind that pledges nothing."""
    kinds = asked.run.kinds or KIND_CLASSES
    if asked.row is not None and not hasattr(kinds[asked.kind], "next_pledge"):
        able = ", ".join(kind for kind, decider in kinds.items() if hasattr(decider, "next_pledge"))
        raise InputError(f"{asked.name} pledges nothing: kinds that do are {able}")


def month_of(asked: Question, model: Listening) -> pd.DataFrame:
    """What the last month of a model says of everyone who can pledge, or of who is asked about."""
    import pandas as pd

    world, _, answer, said = model.heard["next_pledge"]
    table, p, void = world.organisations, model.parameters.commitment, void_pledges(model, world.month)
    pledge, terms = np.where(void, 0.0, answer), said.get("pledge_terms", {})
    reasons = summed(terms, len(table))
    told = np.isfinite(reasons)
    aims = pledging.pledge_target(
        np.where(told, reasons, 0.0), table.autonomy, table.member, partners=p.partners, independent=p.independent
    )
    target = np.where(told | ~table.member, aims, np.nan)
    behind, pressure = pressures(model, world, said)
    pressed = pledging.pressed(aims, pressure)
    columns: dict[str, Any] = {
        "date": date_of(world.month),
        "who": asked.names,
        "member": table.member,
        "expected": table.expected,
        "threshold": table.threshold,
        **terms,
        "reasons": reasons,
        "autonomy": table.autonomy,
        "partners": p.partners,
        "target": target,
        "behind": behind,
        "pressure": pressure,
        "pressed": np.where(np.isfinite(target), pressed, np.nan),
        "before": table.pledge,
        "by_rule": np.where(np.isfinite(target), pledging.pledge_after(table.pledge, pressed, rate=p.rate), np.nan),
        "void": void,
        "pledge": pledge,
        "money": pledge * table.capacity / 12.0,
    }
    able = [k for k, code in enumerate(table.kind) if hasattr(model.kinds[KINDS[code]], "next_pledge")]
    return pd.DataFrame(columns).iloc[able if asked.row is None else [asked.row]]


def pressures(model: Listening, world: World, said: Said) -> tuple[Floats, Floats]:
    """Distance of each behind its peers as published, and the pressure that is left; shapes (organisations,) [share]."""
    published, name = world.initiative.local_reports, "_pressure_now"
    left = np.nan_to_num(said.get(name, {}).get(name, np.zeros(len(world.organisations))))
    if published == NEVER:
        return np.zeros(left.size), left
    return world.organisations.pressure / model.schedule.at(published).package.publication, left


def void_pledges(model: Listening, month: int) -> Flags:
    """Those whose pledge expired and was not renewed, or who left mathematics; shape (organisations,) [flag]."""
    table = model.world.organisations
    return in_force(np.ones(len(table)), table.lapsed_until, month, left_by_founder(model)) == 0.0


def summed(terms: dict[str, Any], size: int) -> Any:
    """Return the reasons that each gave, added up, not a number for who gave none [logit]; shape (organisations,)."""
    total, told = np.zeros(size), np.zeros(size, dtype=bool)
    for values in terms.values():
        there = np.isfinite(values)
        total, told = np.where(there, total + values, total), told | there
    return np.where(told, total, np.nan)


def because(asked: Question) -> str:
    """How its pledge moved in the time asked about, and the strongest reasons in the last month of it."""
    name, told = asked.name, why(asked)
    if told.empty:
        return f"{name} pledged nothing in the time asked about: the initiative had not been launched."
    first, last = told.iloc[0], told.iloc[-1]
    when, since = last["date"], "the month before" if len(told) == 1 else f"before {first['date']}"
    put = f"{name} pledged {share(last['pledge'])} of its means in {when}, and {share(first['before'])} {since}"
    if last["void"]:
        return f"{put}: its pledge had expired and was not renewed, or it had left mathematics."
    pressed = ""
    if last["pressure"] > 0.0:
        pressed = (
            f" Published local shares show it {share(last['behind'])} behind its peers; what is left of that pressure, "
        )
        pressed += f"{share(last['pressure'])}, raises what it aims at to {share(last['pressed'])}."
    if not last["member"]:
        alone = f"in {when} it was no member, and who is none puts in {share(last['target'])}, each alone"
        return f"{put}: {alone}.{pressed}"
    terms = {str(n): float(last[n]) for n in told.columns if n not in (*BEFORE, *AFTER)}
    if not np.isfinite(last["reasons"]):
        return f"{put}; the class that decides for it gave no reasons."
    factors = f"its autonomy of {share(last['autonomy'])}"
    factors += f" and times {share(last['partners'])}, as for every member," if last["partners"] != 1.0 else ""
    own = not np.isclose(last["by_rule"], last["pledge"], rtol=1e-9, atol=1e-12)
    other = (
        f" Its class decided on another pledge than the {share(last['by_rule'])} that follow from this." if own else ""
    )
    alone = pledging.pledge_target(last["reasons"], 1.0, 1.0, partners=1.0, independent=0.0)
    adds = f"Its reasons add up to {signed(last['reasons'])}, which as a share is {share(float(alone))}"
    aims = f"times {factors} they aim at {share(last['target'])}, towards which the pledge moves month by month"
    return f"{put}. {adds}; {aims}; {weighed(terms)}.{pressed}{other}"
