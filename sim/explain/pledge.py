"""Pledges of organisations: the reasons for each, and how far the pledge moved towards its target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.agents import KIND_CLASSES
from sim.dates import date_of
from sim.errors import InputError
from sim.explain.question import DecisionQuestion
from sim.explain.replay import Reasons, ReplayModel, replayed
from sim.explain.words import reasons_text, share_text, signed_text
from sim.phases.commit import departed_founder, in_force
from sim.rules import pledging
from sim.rules.arrays import Flags, Floats
from sim.world.organisations import KINDS
from sim.world.state import NEVER, World

if TYPE_CHECKING:
    import pandas as pd

BEFORE = ["date", "who", "member", "expected", "threshold"]
AFTER = ["reasons", "autonomy", "partners", "target", "behind", "pressure", "pressed", "before", "by_rule", "void",
         "pledge", "money"]  # fmt: skip


def why(question: DecisionQuestion) -> pd.DataFrame:
    """Return a row a month and organisation in which pledges were made.

    Columns: date; who; member [flag]; expected, share of all means that it expects to be put in, and threshold, the share
    that it asks for [share]; each reason [logit] and reasons, their sum [logit]; autonomy, and partners, the factor on
    members' pledges [share]; target, of a member 1 / (1 + exp(-reasons)) x autonomy x partners, of others what each puts in
    alone [share]; behind, how far an owner of schools lay below the median of its peers when local shares were published;
    pressure, what is left of the pressure by that, and pressed, the target under it: 1 - (1 - target) x (1 - pressure)
    [share]; before, its pledge a month earlier; by_rule, what moving towards `pressed` makes of it; void, whether it
    pledges nothing because its pledge expired and was not renewed, or because it left mathematics [flag]; pledge, what it
    pledged [share] (another than by_rule only where it is void or a user's class decides); money, what it set aside
    this month [NIS million]. Without `who`: everyone.

    Raises:
        InputError: the organisation is of a kind that does not pledge
    """
    import pandas as pd

    require_may_pledge(question)
    parts = [
        month_of(question, model)
        for model in replayed(question.run, question.months)
        if "next_pledge" in model.last_queries
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*BEFORE, *AFTER])


def require_may_pledge(question: DecisionQuestion) -> None:
    """Check that an organisation is of a kind that pledges.

    Raises:
        InputError: it is not
    """
    kinds = question.run.kinds or KIND_CLASSES
    if question.row is not None and not hasattr(kinds[question.kind], "next_pledge"):
        able = ", ".join(kind for kind, decider in kinds.items() if hasattr(decider, "next_pledge"))
        raise InputError(f"{question.name} does not pledge; kinds that do are {able}")


def month_of(question: DecisionQuestion, model: ReplayModel) -> pd.DataFrame:
    """Return the pledges of a model's last month: of everyone who can pledge, or of the organisation in question."""
    import pandas as pd

    world, _, answer, reasons_by_name = model.last_queries["next_pledge"]
    table, p, void = world.organisations, model.parameters.commitment, void_pledges(model, world.month)
    pledge, terms = np.where(void, 0.0, answer), reasons_by_name.get("pledge_terms", {})
    reasons = summed(terms, len(table))
    has_reasons = np.isfinite(reasons)
    aims = pledging.pledge_target(
        np.where(has_reasons, reasons, 0.0),
        table.autonomy,
        table.member,
        partners=p.partners,
        independent=p.independent,
    )
    target = np.where(has_reasons | ~table.member, aims, np.nan)
    behind, pressure = pressures(model, world, reasons_by_name)
    pressed = pledging.pressed(aims, pressure)
    columns: dict[str, Any] = {
        "date": date_of(world.month),
        "who": question.names,
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
    return pd.DataFrame(columns).iloc[able if question.row is None else [question.row]]


def pressures(model: ReplayModel, world: World, reasons: Reasons) -> tuple[Floats, Floats]:
    """Return the distance of each behind its peers as published, and the pressure left; shapes (organisations,) [share].

    Args:
        model: after the month
        world: in which pledges were made
        reasons: that classes gave
    """
    published, name = world.initiative.local_reports, "_pressure_now"
    left = np.nan_to_num(reasons.get(name, {}).get(name, np.zeros(len(world.organisations))))
    if published == NEVER:
        return np.zeros(left.size), left
    return world.organisations.pressure / model.schedule.at(published).package.publication, left


def void_pledges(model: ReplayModel, month: int) -> Flags:
    """Return those whose pledge expired and was not renewed, or who left mathematics; shape (organisations,) [flag].

    Args:
        model: after the month
        month: of the pledges [month]
    """
    table = model.world.organisations
    return in_force(np.ones(len(table)), table.lapsed_until, month, departed_founder(model)) == 0.0


def summed(terms: dict[str, Any], size: int) -> Any:
    """Return the sum of the reasons that each gave, nan for those who gave none [logit]; shape (organisations,).

    Args:
        terms: reasons by name [logit], each of shape (organisations,)
        size: number of organisations
    """
    total, has_reasons = np.zeros(size), np.zeros(size, dtype=bool)
    for values in terms.values():
        finite = np.isfinite(values)
        total, has_reasons = np.where(finite, total + values, total), has_reasons | finite
    return np.where(has_reasons, total, np.nan)


def because(question: DecisionQuestion) -> str:
    """Return how a pledge moved in the time in question, and the strongest reasons in the last month of it."""
    name, table = question.name, why(question)
    if table.empty:
        return f"{name} pledged nothing in the time asked about: the initiative had not been launched."
    first, last = table.iloc[0], table.iloc[-1]
    when, since = last["date"], "the month before" if len(table) == 1 else f"before {first['date']}"
    put = (
        f"{name} pledged {share_text(last['pledge'])} of its means in {when}, and {share_text(first['before'])} {since}"
    )
    if last["void"]:
        return f"{put}: its pledge had expired and was not renewed, or it had left mathematics."
    pressed = ""
    if last["pressure"] > 0.0:
        pressed = f" Published local shares show it {share_text(last['behind'])} behind its peers; "
        pressed += f"what is left of that pressure, {share_text(last['pressure'])}, "
        pressed += f"raises what it aims at to {share_text(last['pressed'])}."
    if not last["member"]:
        own_share = (
            f"in {when} it was not a member, and every non-member pledges {share_text(last['target'])} by itself"
        )
        return f"{put}: {own_share}.{pressed}"
    terms = {str(n): float(last[n]) for n in table.columns if n not in (*BEFORE, *AFTER)}
    if not np.isfinite(last["reasons"]):
        return f"{put}; the class that decides for it gave no reasons."
    factors = f"its autonomy of {share_text(last['autonomy'])}"
    factors += f" and times {share_text(last['partners'])}, as for every member," if last["partners"] != 1.0 else ""
    own = not np.isclose(last["by_rule"], last["pledge"], rtol=1e-9, atol=1e-12)
    other = (
        f" Its class decided on another pledge than the {share_text(last['by_rule'])} that follow from this."
        if own
        else ""
    )
    share_of_reasons = pledging.pledge_target(last["reasons"], 1.0, 1.0, partners=1.0, independent=0.0)
    adds = (
        f"Its reasons add up to {signed_text(last['reasons'])} logits, as a share {share_text(float(share_of_reasons))}"
    )
    aims = f"times {factors} they aim at {share_text(last['target'])}, towards which the pledge moves month by month"
    return f"{put}. {adds}; {aims}; {reasons_text(terms)}.{pressed}{other}"
