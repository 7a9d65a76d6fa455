"""Two settings with the same seeds in one panel, with their difference: before and after."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import shorten
from typing import TYPE_CHECKING

import solara

from sim.dashboard import figures as pictures
from sim.dashboard import sentences
from sim.dashboard.downloads import Download, downloads
from sim.dashboard.scenario_names import scenario_choices
from sim.dashboard.session import Desk, use_runs
from sim.dashboard.settings import Settings
from sim.dashboard.tabs import background_picture, html, safe
from sim.dashboard.widgets import choice

if TYPE_CHECKING:
    import pandas as pd

UNCHANGED = ""
"""Choice of the scenario without moved sliders."""

REMEMBERED = "*"
"""Choice of the remembered settings."""


def other_settings(settings: Settings, against: str, remembered: Settings | None) -> Settings:
    """Return the settings of "before", with the seed, the last year and the schools of "after"."""
    if against == REMEMBERED and remembered is not None:
        before = remembered
    else:
        before = Settings(settings.scenario if against in (UNCHANGED, REMEMBERED) else against)
    for key in ("until", "seed"):
        before = before.with_(key, settings.value(key))
    return Settings(before.scenario, before.moved, settings.schools)


def choice_for(settings: Settings, before: Settings | None) -> str:
    """Return the choice that compares the settings with those of a link, which may be None."""
    if before is not None and before.moved:
        return REMEMBERED
    return UNCHANGED if before is None or before.scenario == settings.scenario else before.scenario


@solara.component
def compare(
    desk: Desk, settings: Settings, against: str, choose: Callable[[str], None], remembered: Settings | None
) -> None:
    """Show before and after in one picture, with a table and the difference within pairs."""
    options = [(UNCHANGED, "this scenario with no slider moved"), *_other_scenarios(settings)]
    if remembered is not None:
        options.insert(1, (REMEMBERED, f"remembered settings: {shorten(remembered.text(), 60, placeholder=' ...')}"))
    choice(name="against", label="“Before” is", options=options, value=against, event_chosen=choose)
    before = other_settings(settings, against, remembered)
    if before == settings:
        html("Both are the same so far: move a slider, or choose another “before”.", "p", "lab-note")
    else:
        comparison_with(desk, before)


@solara.component
def comparison_with(desk: Desk, before: Settings) -> None:
    """Show the runs of "before", and both together once they have the same seed."""
    desk_before, failed = use_runs(before, desk.visit)
    if failed:
        html(safe(failed), "p", "lab-wrong")
    elif desk_before is None or desk_before.live.run.seed != desk.live.run.seed:
        html("Simulating ...", "p", "lab-busy")
    else:
        before_and_after(desk, desk_before)


@solara.component
def before_and_after(after: Desk, before: Desk) -> None:
    """Show two desks in one picture, with their difference."""
    labels = differing_parts(before.description, after.description)
    pairs = [
        (f"{side}: {label}", desk.live, desk.many)
        for side, label, desk in zip(("before", "after"), labels, (before, after), strict=True)
    ]
    html(sentences.pairs_sentence(before.many, after.many, before.busy or after.busy), "p", "lab-head")
    background_picture(after, lambda: pictures.comparison(pairs), [before.live, before.many, after.live, after.many])
    html(
        f"<b>Before</b>: {safe(before.description)}. <b>After</b>: {safe(after.description)}. Both have the same seeds, so "
        "differences within pairs are due to the settings. Bands: nine in ten, and above also half of the runs. "
        "Where the band of differences touches zero, some pairs of runs show no difference, or the opposite one.",
        "p",
        "lab-about",
    )
    rows = sentences.comparison_rows(before.live, after.live)
    cells = "".join(_row(label, values) for label, *values in rows)
    headings = "".join(f'<th class="lab-figure">{name}</th>' for name in ("before", "after", "difference"))
    html(
        f"<details><summary>This run only, in numbers</summary><table><thead><tr><th>This run only</th>{headings}</tr></thead>"
        f"<tbody>{cells}</tbody></table></details>",
        "div",
        "lab-table",
    )

    def table() -> pd.DataFrame:
        import pandas as pd

        frames = [
            desk.live.run.years.assign(which=side, run="this run")
            for side, desk in (("before", before), ("after", after))
        ]
        frames += [
            desk.many.assign(which=side, run="fan")
            for side, desk in (("before", before), ("after", after))
            if desk.many is not None
        ]
        return pd.concat(frames, ignore_index=True)

    downloads(Download("comparison", _title(before), pictures.comparison(pairs), table, counted=True), after)


def differing_parts(before: str, after: str) -> tuple[str, str]:
    """Return the parts of two settings in words that only one of them has, as labels of a legend.

    >>> differing_parts("The 5x2 Initiative", "The 5x2 Initiative; Backbone's staff: 3 people")
    ('no slider moved', "Backbone's staff: 3 people")
    """
    parts = before.split("; "), after.split("; ")
    common = set(parts[0]) & set(parts[1])
    labels = ["; ".join(part for part in side if part not in common) or "no slider moved" for side in parts]
    return labels[0], labels[1]


def _row(label: str, values: list[str]) -> str:
    return f"<tr><td>{safe(label)}</td>" + "".join(f'<td class="lab-figure">{safe(v)}</td>' for v in values) + "</tr>"


def _title(before: Desk) -> str:
    return f"Examinees at five units, before ({before.description[:90]}) and after"


def _other_scenarios(settings: Settings) -> list[tuple[str, str]]:
    return [(name, f"scenario “{words}”") for name, words in scenario_choices() if name != settings.scenario]
