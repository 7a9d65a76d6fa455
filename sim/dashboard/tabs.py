"""The panels of the page, one a tab: each asks for its pictures when it is looked at."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import solara

from sim.analysis.fit import FITTED_THROUGH
from sim.commands import command
from sim.dashboard import figures as pictures
from sim.dashboard import sentences as sayings
from sim.dashboard.background import use_behind
from sim.dashboard.downloads import Take, downloads
from sim.dashboard.figures import Picture, Shown, shown
from sim.dashboard.glossary import MECHANISMS, WORDS
from sim.dashboard.network_player import film, in_words
from sim.dashboard.session import Desk
from sim.dashboard.widgets import player

if TYPE_CHECKING:
    import pandas as pd


def html(text: str, tag: str = "p", classes: str = "") -> Any:
    """Words of our own as HTML."""
    return solara.HTML(tag=tag, unsafe_innerHTML=text, classes=classes.split())


def safe(text: str) -> str:
    """Words of somebody else as HTML."""
    from html import escape

    return escape(text)


def two_columns(words: Mapping[str, str]) -> str:
    """Return a table of words and what they mean, as HTML."""
    rows = "".join(f"<tr><th>{safe(word)}</th><td>{safe(meaning)}</td></tr>" for word, meaning in words.items())
    return f"<table><tbody>{rows}</tbody></table>"


@solara.component
def pictured(make: Callable[[], Picture], asked: list[Any]) -> None:
    """A picture, drawn behind the page; the last one stays until it is there."""

    def task(_: threading.Event) -> Iterator[Shown]:
        yield from shown(make())

    found = use_behind(task, asked)
    if found.wrong:
        html(safe(found.wrong), "p", "lab-wrong")
    elif found.result is None:
        html("Drawing ...", "p", "lab-busy")
    else:
        html(found.result.html(), "div", "lab-picture")


@solara.component
def enrolment(desk: Desk) -> None:
    """Enrolment with its fan."""
    one, many = desk.one, desk.many
    html(sayings.headline(one), "p", "lab-head")
    html(sayings.of_many(many, one, desk.busy), "p", "lab-busy")
    pictured(lambda: pictures.enrolment(one, many), [one, many])
    counted = f" Dots: what was really counted. The model was fitted to the counts until {FITTED_THROUGH}."
    html(
        "Orange: this run. Blue: many runs with the same settings and other luck; half of them lie in the dark band, nine "
        f"in ten in the light one.{counted if one.run.case.national else ' Nothing was counted here: the setting is another.'}"
    )

    def table() -> pd.DataFrame:
        import pandas as pd

        this = one.run.years.assign(run="this run")
        behind = [] if many is None else [many.assign(run="fan", scenario=one.run.case.name)]
        return pd.concat([this, *behind], ignore_index=True)

    title = "Students who sit the examination at five units"
    downloads(Take("enrolment", title, pictures.enrolment(one, many), table, counted=True), desk)


@solara.component
def network(desk: Desk) -> None:
    """The network of trust, to be played, with trust and readiness over time."""
    one = desk.one
    place, set_place = solara.use_state(-1)
    at = place if -1 <= place < len(one.months) else -1
    player(film=solara.use_memo(lambda: film(one), [one]), event_seen=set_place)
    month = one.months[at]

    def table() -> pd.DataFrame:
        import pandas as pd

        who = one.who
        rows = zip(month.source, month.target, month.trust, strict=True)
        named = [(in_words(month.month), who[a], who[b], trust / 100) for a, b, trust in rows]
        return pd.DataFrame(named, columns=["month", "source", "target", "trust"])

    title = f"Trust between organisations, {in_words(month.month)}"
    downloads(Take(f"network-{month.month}", title, pictures.network(one, at), table), desk)
    html("How trust grows", "h2")
    pictured(lambda: pictures.trust(one), [one])
    html("How ready the network is, and what the ministry weighs", "h2")
    html(
        "Readiness is the geometric mean of consensus, shared measurement and the ministry's trust in members: where one is 0, "
        "it is 0. While there is a pilot it is also multiplied by what the pilot has delivered of what was promised, so it "
        "drops to 0 until there are results; under the national programme by what partners delivered in the last school year."
    )
    pictured(lambda: pictures.readiness(one), [one])


@solara.component
def who_gains(desk: Desk) -> None:
    """Shares at five units by kinds of schools, and money."""
    one = desk.one
    html(
        "Of those who learn mathematics, the share at five units. Left by how well-off the students of a school are, "
        "right by stream; 0.2 is one student in five. It is one run: where lines cross, it may be luck."
    )
    with solara.Div(classes=["lab-pair"]):
        pictured(lambda: pictures.gains(one, "quintile"), [one])
        pictured(lambda: pictures.gains(one, "stream"), [one])
    both = pictures.gains(one, "quintile", "stream")
    downloads(Take("who-gains", "Who gains: share at five units", both, lambda: one.run.years), desk)
    html("What became of the money", "h2")
    html(
        "By who gave it. Overhead is what passing it on costs; unspent is what found no taker, what owners of schools refused "
        "and what was lost between partners that do not trust one another; in transit is what was still on its way at the end."
    )
    pictured(lambda: pictures.money(one), [one])
    downloads(Take("money", "What became of the money", pictures.money(one), lambda: one.run.organisations), desk)


@solara.component
def events(desk: Desk) -> None:
    """What happened, as a picture and as a list."""
    one = desk.one
    if one.run.events.empty:
        html(
            "Nothing happens in this scenario that would be dated: no launch, no decision, no new leaders.",
            "p",
            "lab-note",
        )
        return
    html("What happened in this run. Move the slider of luck, and some of it comes earlier, later or not at all.")
    pictured(lambda: pictures.timeline(one), [one])
    rows = "".join(f"<tr><td>{safe(when)}</td><td>{safe(what)}</td></tr>" for when, what in sayings.happened(one))
    reasons = sayings.reasons(one)
    if reasons:
        html("Why the ministry decided so", "h2")
        html(
            "Each month that it could, it decided by its reasons and by luck: reasons add up to a chance, and it came where "
            "luck's draw, between 0 and 1, lay below."
        )
    for reason in reasons:
        html(safe(reason))
    body = f"<table><thead><tr><th>When</th><th>What</th></tr></thead><tbody>{rows}</tbody></table>"
    html(body, "div", "lab-table")
    downloads(Take("events", "What happened", pictures.timeline(one), lambda: one.run.events), desk)


@solara.component
def words() -> None:
    """The words of the page."""
    html(two_columns(WORDS), "div", "lab-table")
    html("What works in the model", "h2")
    html(
        "The five conditions of collective impact, and what goes on between organisations. The parameter behind each switches "
        f"it off in Python or on the command line; {safe(command('mechanisms'))} tests the whole table."
    )
    html(two_columns(MECHANISMS), "div", "lab-table")
