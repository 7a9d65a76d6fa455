"""Reasons for the ministry's decisions in words, each with its numbers for readers who want them."""

from __future__ import annotations

from dataclasses import dataclass

from sim.dashboard.live_run import LiveRun
from sim.dashboard.network_player import month_text
from sim.dates import month_of
from sim.errors import InputError
from sim.explain.ministry import DECISIONS, DONE, NO_TERMS, decisive

FOR_AND_AGAINST = {
    "base of this stage": ("this step comes easily to a ministry", "this step comes hard to a ministry"),
    "problem": ("the problem was felt", "the problem was hardly felt"),
    "readiness of the network": ("the network was ready", "the network was not ready enough"),
    "policy entrepreneurship": (
        "it trusted the founders and the backbone",
        "it did not yet trust founders and backbone enough",
    ),
    "mathematics first": ("the committee had put mathematics first", "the committee had not put mathematics first"),
}
"""Each term in words: where it speaks for the decision, and where it speaks against."""

SIZES = ((2.0, "strongly"), (1.0, "clearly"), (0.3, "a little"))
"""Least size of a term [logit], and its word."""

CHANCES = ((0.5, "mostly act"), (0.2, "often act"), (0.05, "seldom act"), (0.0, "hardly ever act"))
"""Least chance [share/month], and its words."""


@dataclass(frozen=True)
class Reason:
    """Reasons for a decision, in words, and the same with numbers."""

    words: str
    numbers: str


def reasons(live: LiveRun) -> list[Reason]:
    """Return the reasons for the ministry's decisions; empty if its dates are fixed."""
    try:
        texts = [Reason(decision_words(live, name), live.run.because(name)) for name in DECISIONS]
    except InputError:
        return []
    return list({reason.words: reason for reason in texts}.values())


def decision_words(live: LiveRun, decision: str) -> str:
    """Return when the ministry decided, the reasons for and against, and the part of chance.

    Raises:
        InputError: the ministry's dates are fixed
    """
    months = live.run.why(decision)
    if months.empty:
        return f"The ministry never {DONE[decision]}: it never came to the stage before."
    row = months.iloc[decisive(months)]
    date = month_text(month_of(row["date"]))
    terms = {str(name): float(value) for name, value in row.drop(list(NO_TERMS)).items()}
    head = f"The ministry {DONE[decision]} in {date}." if row["taken"] else (
        f"The ministry never {DONE[decision]}; it came nearest in {date}.")  # fmt: skip
    window = "" if row["opened"] == 1.0 else " No window was open, which made it unlikely."
    return f"{head} {sides(terms)}{window} With such reasons a ministry would {chance_words(row['chance'])} in such a month."


def sides(terms: dict[str, float]) -> str:
    """Return the reasons for and against in words, the strongest first.

    Args:
        terms: by name [logit]

    >>> sides({"problem": -1.2, "mathematics first": 1.0})
    'For it: the committee had put mathematics first (clearly). Against it: the problem was hardly felt (clearly).'
    """
    parts = []
    for place, label in enumerate(("For it", "Against it")):
        sign = 1 - 2 * place
        chosen = sorted(
            (name for name in terms if sign * terms[name] >= SIZES[-1][0]), key=lambda name: -abs(terms[name])
        )
        texts = [f"{_phrase(name, place)} ({_size(terms[name])})" for name in chosen]
        parts += [f"{label}: {'; '.join(texts)}."] if texts else []
    return " ".join(parts) or "Nothing spoke clearly for it or against it."


def chance_words(chance: float) -> str:
    """Return a chance a month in words.

    >>> chance_words(0.6), chance_words(0.01)
    ('mostly act', 'hardly ever act')
    """
    return next(words for least, words in CHANCES if chance >= least)


def _phrase(name: str, place: int) -> str:
    return FOR_AND_AGAINST[name][place] if name in FOR_AND_AGAINST else name


def _size(value: float) -> str:
    return next(word for least, word in SIZES if abs(value) >= least)
