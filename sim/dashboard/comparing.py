"""Two settings side by side with the same luck: before and after."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import solara

from sim.dashboard import pictures, sayings
from sim.dashboard.behind import use_behind
from sim.dashboard.following import FAN, Followed, fanned, followed
from sim.dashboard.panels import Desk, html, pictured, safe
from sim.dashboard.parts import choice
from sim.dashboard.settings import Settings, choices
from sim.dashboard.taking import Take, downloads

if TYPE_CHECKING:
    import pandas as pd

AS_IT_COMES = ""
"""What is chosen when the sliders are compared with the scenario as it comes."""

REMEMBERED = "*"
"""What is chosen when settings were remembered."""


def other_settings(settings: Settings, against: str, remembered: Settings | None) -> Settings:
    """The settings of "before", with the luck, the last year and the schools of "after"."""
    if against == REMEMBERED and remembered is not None:
        before = remembered
    else:
        before = Settings(settings.scenario if against in (AS_IT_COMES, REMEMBERED) else against)
    for key in ("until", "seed"):
        before = before.with_(key, settings.value(key))
    return Settings(before.scenario, before.moved, settings.schools)


def seeds(seed: int) -> range:
    """The seeds of a fan: those that follow the run's own, so that every run of it is another."""
    return range(seed + 1, seed + 1 + FAN[-1])


@solara.component
def compare(desk: Desk, settings: Settings, against: str, choose: Callable[[str], None], kept: Settings | None) -> None:
    """Before and after, with pictures, a table and the difference within pairs."""
    options = [(AS_IT_COMES, "this scenario with no slider moved"), *_others(settings)]
    if kept is not None:
        options.insert(1, (REMEMBERED, f"what you remembered: {kept.told()[:60]}"))
    choice(name="against", label="“Before” is", options=options, value=against, event_chosen=choose)
    html("“After” is what the sliders say. Both have the same luck, so what differs is due to the settings.")
    before = other_settings(settings, against, kept)
    if before == settings:
        html("Both are the same so far: move a slider, or choose another “before”.", "p", "lab-note")

    def run(stop: threading.Event) -> Iterator[Followed]:
        yield followed(before.case(), before.seed, stop)

    def fan(stop: threading.Event) -> Iterator[pd.DataFrame]:
        if not stop.wait(0.4):
            yield from fanned(before.case(), seeds(before.seed), stop)

    first, many = use_behind(run, [before]), use_behind(fan, [before])
    if first.wrong:
        html(safe(first.wrong), "p", "lab-wrong")
    elif first.result is None:
        html("Simulating ...", "p", "lab-busy")
    else:
        side_by_side(desk, Desk(first.result, many.result, many.busy, before.told()))


@solara.component
def side_by_side(after: Desk, before: Desk) -> None:
    """Two desks side by side."""
    pairs = [("before", before.one, before.many), ("after", after.one, after.many)]
    html(f"<b>Before</b>: {safe(before.told)}<br><b>After</b>: {safe(after.told)}")
    html(sayings.paired(before.many, after.many), "p", "lab-head")
    asked = [before.one, before.many, after.one, after.many]
    pictured(lambda: pictures.side_by_side(pairs), asked)
    rows = sayings.compared(before.one, after.one)
    cells = "".join(
        f"<tr><td>{safe(what)}</td>" + "".join(f'<td class="lab-figure">{safe(each)}</td>' for each in rest) + "</tr>"
        for what, *rest in rows
    )
    heads = "".join(f'<th class="lab-figure">{name}</th>' for name in ("before", "after", "difference"))
    html(f"<table><thead><tr><th>This run</th>{heads}</tr></thead><tbody>{cells}</tbody></table>", "div", "lab-table")

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

    downloads(Take("comparison", pictures.side_by_side(pairs), table), after.told, tuple(asked))


def _others(settings: Settings) -> list[tuple[str, str]]:
    return [(name, f"scenario “{words}”") for name, words in choices() if name != settings.scenario]
