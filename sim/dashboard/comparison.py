"""Two settings side by side with the same luck: before and after."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import shorten
from typing import TYPE_CHECKING

import solara

from sim.dashboard import figures as pictures
from sim.dashboard import sentences as sayings
from sim.dashboard.downloads import Take, downloads
from sim.dashboard.session import Desk, use_runs
from sim.dashboard.settings import Settings, choices
from sim.dashboard.tabs import html, pictured, safe
from sim.dashboard.widgets import choice

if TYPE_CHECKING:
    import pandas as pd

AS_IT_COMES = ""
"""What is chosen when the sliders are compared with the scenario as it comes."""

REMEMBERED = "*"
"""What is chosen when settings were remembered."""


def other_settings(settings: Settings, against: str, remembered: Settings | None) -> Settings:
    """Return the settings of "before", with the luck, the last year and the schools of "after"."""
    if against == REMEMBERED and remembered is not None:
        before = remembered
    else:
        before = Settings(settings.scenario if against in (AS_IT_COMES, REMEMBERED) else against)
    for key in ("until", "seed"):
        before = before.with_(key, settings.value(key))
    return Settings(before.scenario, before.moved, settings.schools)


def chosen(settings: Settings, before: Settings | None) -> str:
    """What is to be chosen so that the settings are compared with those of a link, which may be none."""
    if before is not None and before.moved:
        return REMEMBERED
    return AS_IT_COMES if before is None or before.scenario == settings.scenario else before.scenario


@solara.component
def compare(desk: Desk, settings: Settings, against: str, choose: Callable[[str], None], kept: Settings | None) -> None:
    """Before and after, with pictures, a table and the difference within pairs."""
    options = [(AS_IT_COMES, "this scenario with no slider moved"), *_others(settings)]
    if kept is not None:
        options.insert(1, (REMEMBERED, f"what you remembered: {shorten(kept.told(), 60, placeholder=' ...')}"))
    choice(name="against", label="“Before” is", options=options, value=against, event_chosen=choose)
    html(
        "“After” is what the sliders say. Both have the same luck, so what differs is due to the settings; luck and last "
        "year of both follow the sliders."
    )
    before = other_settings(settings, against, kept)
    if before == settings:
        html("Both are the same so far: move a slider, or choose another “before”.", "p", "lab-note")
    else:
        set_beside(desk, before)


@solara.component
def set_beside(desk: Desk, before: Settings) -> None:
    """The runs of "before", and both side by side once they have the same luck."""
    earlier, failed = use_runs(before)
    if failed:
        html(safe(failed), "p", "lab-wrong")
    elif earlier is None or earlier.one.run.seed != desk.one.run.seed:
        html("Simulating ...", "p", "lab-busy")
    else:
        side_by_side(desk, earlier)


@solara.component
def side_by_side(after: Desk, before: Desk) -> None:
    """Two desks side by side."""
    pairs = [("before", before.one, before.many), ("after", after.one, after.many)]
    html(f"<b>Before</b>: {safe(before.told)}<br><b>After</b>: {safe(after.told)}")
    html(sayings.paired(before.many, after.many, before.busy or after.busy), "p", "lab-head")
    asked = [before.one, before.many, after.one, after.many]
    pictured(lambda: pictures.side_by_side(pairs), asked)
    rows = sayings.compared(before.one, after.one)
    cells = "".join(
        f"<tr><td>{safe(what)}</td>" + "".join(f'<td class="lab-figure">{safe(each)}</td>' for each in rest) + "</tr>"
        for what, *rest in rows
    )
    heads = "".join(f'<th class="lab-figure">{name}</th>' for name in ("before", "after", "difference"))
    html(
        f"<table><thead><tr><th>This run alone</th>{heads}</tr></thead><tbody>{cells}</tbody></table>",
        "div",
        "lab-table",
    )

    def table() -> pd.DataFrame:
        import pandas as pd

        frames = [
            desk.one.run.years.assign(which=which, run="this run")
            for which, desk in (("before", before), ("after", after))
        ]
        frames += [
            desk.many.assign(which=which, run="fan")
            for which, desk in (("before", before), ("after", after))
            if desk.many is not None
        ]
        return pd.concat(frames, ignore_index=True)

    title = f"Examinees at five units, before ({before.told[:90]}) and after"
    downloads(Take("comparison", title, pictures.side_by_side(pairs), table, counted=True), after)


def _others(settings: Settings) -> list[tuple[str, str]]:
    return [(name, f"scenario “{words}”") for name, words in choices() if name != settings.scenario]
