"""Panels of the page, one for each tab; each makes its pictures when it is opened."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import solara

from sim.analysis.fit import FITTED_THROUGH
from sim.commands import command
from sim.dashboard import figures as pictures
from sim.dashboard import sentences
from sim.dashboard.background import use_background
from sim.dashboard.downloads import Download, downloads
from sim.dashboard.glossary import MECHANISMS, WORDS
from sim.dashboard.images import PageImage, Picture, page_images
from sim.dashboard.network_player import month_text, player_data
from sim.dashboard.queue import TURNS, Rank
from sim.dashboard.reasons import reasons
from sim.dashboard.session import Desk
from sim.dashboard.widgets import player

if TYPE_CHECKING:
    import pandas as pd


def html(text: str, tag: str = "p", classes: str = "") -> Any:
    """Show our own text as HTML."""
    return solara.HTML(tag=tag, unsafe_innerHTML=text, classes=classes.split())


def safe(text: str) -> str:
    """Return text of others, escaped for HTML."""
    from html import escape

    return escape(text)


def two_columns(words: Mapping[str, str]) -> str:
    """Return a table of words and meanings, as HTML."""
    rows = "".join(f"<tr><th>{safe(word)}</th><td>{safe(meaning)}</td></tr>" for word, meaning in words.items())
    return f"<table><tbody>{rows}</tbody></table>"


@solara.component
def background_picture(
    desk: Desk,
    make_picture: Callable[[], Picture],
    dependencies: list[Any],
    key: tuple[object, ...] | None = None,
) -> None:
    """Show a picture drawn in the background, by turns with other visits; the last one stays until it is ready.

    Args:
        desk: results of the visit
        make_picture: returns the picture
        dependencies: objects whose change asks for a new picture; with the desk's fan, its first run goes before it
        key: all that the picture depends on, if visits with the same key share it; None for a visit's own picture
    """
    has_fan = desk.many is not None and any(each is desk.many for each in dependencies)

    def task(stop: threading.Event) -> Iterator[PageImage]:
        turn = partial(TURNS.turn, desk.visit, stop)
        yield from page_images(make_picture, turn, Rank.FAN if has_fan else Rank.PICTURE, key)

    state = use_background(task, dependencies)
    if state.wrong:
        html(safe(state.wrong), "p", "lab-wrong")
    elif state.result is None:
        html("Drawing ...", "p", "lab-busy")
    else:
        html(state.result.html(), "div", "lab-picture")


@solara.component
def enrolment(desk: Desk, previous: Desk | None = None) -> None:
    """Show enrolment with its fan, and the settings before as a ghost line."""
    live, many = desk.live, desk.many
    html(sentences.fan_headline(many, live, desk.busy), "p", "lab-head")
    html(sentences.headline(live), "p", "lab-busy")
    ghost = None if previous is None else (GHOST, previous.years)
    keys = [each.key for each in (desk, previous) if each is not None]
    key = None if None in keys else ("enrolment", *keys)
    background_picture(desk, lambda: pictures.enrolment(live, many, ghost), [live, many, previous], key)
    source = (
        f"Dots: official counts; the model was fitted to those until {FITTED_THROUGH}."
        if live.run.scenario.national
        else "There are no official counts for these schools."
    )
    before = "" if previous is None else f" Dashed grey: the settings before ({safe(previous.description)})."
    html(
        "Orange: this run. Blue: runs with the same settings and other seeds; half of them lie in the dark band, nine in ten "
        f"in the light one. {source}{before}",
        "p",
        "lab-about",
    )

    def table() -> pd.DataFrame:
        import pandas as pd

        this_run = live.run.years.assign(run="this run")
        fan_tables = [] if many is None else [many.assign(run="fan", scenario=live.run.scenario.name)]
        return pd.concat([this_run, *fan_tables], ignore_index=True)

    title = "Students who sit the examination at five units"
    downloads(Download("enrolment", title, pictures.enrolment(live, many), table, counted=True), desk)


GHOST = "settings before (median)"
"""Name of the ghost line."""


@solara.component
def network(desk: Desk) -> None:
    """Show the player of the network of trust, with trust and readiness over time."""
    live = desk.live
    place, set_place = solara.use_state(-1)
    is_open, set_open = solara.use_state(False)
    month_place = place if -1 <= place < len(live.months) else -1
    player(film=solara.use_memo(lambda: player_data(live), [live]), event_seen=set_place)
    month = live.months[month_place]

    def table() -> pd.DataFrame:
        import pandas as pd

        organisations = live.organisation_names
        rows = zip(month.source, month.target, month.trust, strict=True)
        tie_rows = [
            (month_text(month.month), organisations[source], organisations[target], trust / 100)
            for source, target, trust in rows
        ]
        return pd.DataFrame(tie_rows, columns=["month", "source", "target", "trust"])

    title = f"Trust between organisations, {month_text(month.month)}"
    downloads(Download(f"network-{month.month}", title, pictures.network(live, month_place), table), desk)
    label = "Hide trust and readiness over the years" if is_open else "Show trust and readiness over the years"
    with solara.Div(classes=["lab-take"]):
        solara.Button(label, on_click=lambda: set_open(not is_open), attributes={"aria-expanded": str(is_open).lower()})
    if is_open:
        trust_and_readiness(desk)


def trust_and_readiness(desk: Desk) -> None:
    """Show how trust and the readiness of the network grow."""
    live = desk.live
    html("How trust grows", "h2")
    background_picture(desk, lambda: pictures.trust(live), [live])
    html("Readiness of the network", "h2")
    html(
        "Readiness is the geometric mean of consensus, shared measurement and the ministry's trust in members: where one is 0, "
        "it is 0. While there is a pilot it is also multiplied by what the pilot has delivered of what was promised. So it "
        "drops to 0 until there are results. Under the national programme it is multiplied by what partners delivered in the "
        "last school year."
    )
    background_picture(desk, lambda: pictures.readiness(live), [live])


@solara.component
def who_gains(desk: Desk) -> None:
    """Show shares at five units by kinds of schools, and money."""
    live = desk.live
    html(
        "Of those who learn mathematics, the share at five units: first by how well-off the students of a school are, then "
        "by stream. 0.2 is one student in five. It is one run: where lines cross, it may be chance."
    )
    with solara.Div(classes=["lab-pair"]):
        background_picture(desk, lambda: pictures.gains(live, "quintile"), [live])
        background_picture(desk, lambda: pictures.gains(live, "stream"), [live])
    both = pictures.gains(live, "quintile", "stream")
    downloads(Download("who-gains", "Who gains: share at five units", both, lambda: live.run.years), desk)
    html("Fates of the money", "h2")
    html(
        "By source. Overhead is the cost of passing money on. Unspent is money that found no taker, that owners of schools "
        "refused, or that was lost between partners without trust. In transit is money that had not arrived at the end."
    )
    background_picture(desk, lambda: pictures.money(live), [live])
    downloads(Download("money", "Fates of the money", pictures.money(live), lambda: live.run.organisations), desk)


@solara.component
def events(desk: Desk) -> None:
    """Show events, as a picture and as a list."""
    live = desk.live
    if live.run.events.empty:
        html(
            "This scenario has no dated events: no launch, no decision, no new leaders.",
            "p",
            "lab-note",
        )
        return
    html("Events of this run. With another seed, some of them come earlier, later or not at all.")
    background_picture(desk, lambda: pictures.timeline(live), [live])
    rows = "".join(
        f"<tr><td>{safe(month)}</td><td>{safe(event)}</td></tr>" for month, event in sentences.event_rows(live)
    )
    decisions = reasons(live)
    if decisions:
        html("Reasons for the ministry's decisions", "h2")
    for reason in decisions:
        html(
            f"{safe(reason.words)}<details><summary>Show the numbers</summary>{safe(reason.numbers)} The reasons are on the "
            "logit scale: they add up to the chance, and it acted where the draw was below the chance.</details>",
            "div",
            "lab-reason",
        )
    table = f"<table><thead><tr><th>When</th><th>What</th></tr></thead><tbody>{rows}</tbody></table>"
    body = f"<details><summary>All events of this run</summary>{table}</details>"
    html(body, "div", "lab-table")
    downloads(Download("events", "Events", pictures.timeline(live), lambda: live.run.events), desk)


@solara.component
def words() -> None:
    """Show the glossary."""
    html(two_columns(WORDS), "div", "lab-table")
    html("Mechanisms of the model", "h2")
    html(
        "The five conditions of collective impact, and what goes on between organisations. The parameter behind each switches "
        f"it off in Python or on the command line; {safe(command('mechanisms'))} tests the whole table."
    )
    html(two_columns(MECHANISMS), "div", "lab-table")
