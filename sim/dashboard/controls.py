"""Settings of a student: scenario, sliders, own schools, the link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import solara

from sim.dashboard.glossary import SCHOOL_COLUMNS
from sim.dashboard.precomputed import WITH, response_scale, response_words, responses, switch_effect, switches_note
from sim.dashboard.scenario_names import scenario_choices, scenario_sentence
from sim.dashboard.settings import OwnSchools, Settings, error_sentence, scenario_value
from sim.dashboard.sliders import CONDITIONS, LEVERS, Lever
from sim.dashboard.tabs import html, safe, two_columns
from sim.dashboard.uploads import MOST, checked_schools, store_upload
from sim.dashboard.widgets import address, choice, conditions, slider, upload
from sim.errors import InputError

OWN_NOTE = "The link does not contain your school file; upload it again after opening the link."


ABOUT_SCHOOLS = """Your own schools in place of the country's: a table (CSV or Parquet) with a row a school and year, and
these columns. Begin from the example, which has schools that the model drew. Your file is checked, kept on this server while
the page is open, and shown to nobody else."""


Change = Callable[[Callable[[Settings], Settings]], None]
"""Function that takes a function from the last settings to new ones, so that two quick moves both count."""


@solara.component
def controls(settings: Settings, change: Change, remember: Callable[[], None], link: str) -> None:
    """Show picker, sliders, switches, reset, and the link with the query `link`."""
    stamp, set_stamp = solara.use_state(0)
    is_open, set_open = solara.use_state(False)
    more, set_more = solara.use_state(any(not lever.main and settings.is_moved(lever.key) for lever in LEVERS))

    def reset() -> None:
        set_stamp(stamp + 1)
        change(lambda previous: Settings(previous.scenario, (), previous.schools))

    def pick(name: str) -> None:
        set_stamp(stamp + 1)
        change(lambda previous: Settings(name, (), previous.schools))

    with solara.Div(classes=["lab-controls", *(["lab-open"] if is_open else [])]):
        label = "Hide the settings" if is_open else "Show the settings"  # only narrow screens show this button
        solara.Button(label, on_click=lambda: set_open(not is_open), classes=["lab-fold"])
        choice(
            name="scenario", label="Scenario", options=scenario_choices(), value=settings.scenario, event_chosen=pick
        )
        html(safe(scenario_sentence(settings.scenario)), "p", "lab-about")
        for lever in LEVERS:
            with solara.Div(classes=["lab-hidden"] if not (lever.main or more) else []).key(f"box-{lever.key}"):
                one_slider(lever, settings, stamp, change)
        _switches(settings, change)
        with solara.Div(classes=["lab-take"]):
            solara.Button("Fewer settings" if more else "More settings", on_click=lambda: set_more(not more))
            solara.Button("Reset the sliders", on_click=reset, classes=["lab-reset"])
            solara.Button("Remember for “Compare”", on_click=remember, classes=["lab-remember"])
        address(query=link, note=OWN_NOTE if settings.schools else "")


def one_slider(lever: Lever, settings: Settings, stamp: int, change: Change) -> None:
    """Show one slider, in the scenario of the tables with the response to it."""
    curve = responses().get(lever.key, []) if settings.scenario == WITH else []
    slider(
        lever={name: value for name, value in asdict(lever).items() if name != "scale"},
        value=settings.value(lever.key),
        usual=scenario_value(settings.scenario, lever.key),
        stamp=stamp,
        response={
            "points": [[row.value, row.low, row.median, row.high] for row in curve],
            "scale": response_scale(),
            "words": response_words(lever.key, lever.unit) if curve else "",
        },
        event_moved_to=_slider_handler(lever.key, change),
    ).key(lever.key)


def _switches(settings: Settings, change: Change) -> None:
    """Show the five conditions as switches, in the scenario of the tables with the effect of each."""
    rows = []
    for lever in CONDITIONS:
        effect, sentence = switch_effect(lever.key) if settings.scenario == WITH else ("", "")
        rows.append(
            {"key": lever.key, "label": lever.label, "hint": f"{lever.hint} {sentence}", "effect": effect,
             "value": settings.value(lever.key), "usual": scenario_value(settings.scenario, lever.key)}
        )  # fmt: skip
    conditions(
        note=switches_note() if settings.scenario == WITH else "",
        switches=rows,
        event_switched=lambda event: change(lambda last: last.with_(event["key"], float(event["value"]))),
    )


def _slider_handler(key: str, change: Change) -> Callable[[float], None]:
    return lambda shown: change(lambda last: last.with_(key, float(shown)))


@solara.component
def own_schools(
    settings: Settings,
    change: Change,
    folder: str,
    example: Callable[[], bytes],
) -> None:
    """Show the upload of a school file into the folder of the visit, and its year; `example` returns a school file."""
    message, set_wrong = solara.use_state("")

    def use(path: Path, year: int | None = None) -> None:
        try:
            schools = checked_schools(path, year)
        except InputError as mistake:
            set_wrong(error_sentence("This file cannot be used.", mistake))
        else:
            set_wrong("")
            change(lambda last: replace(last, schools=schools))

    def uploaded(file: dict[str, str]) -> None:
        try:
            path = store_upload(file, folder)
        except InputError as mistake:
            set_wrong(error_sentence("This file cannot be used.", mistake))
        else:
            use(path)

    html(ABOUT_SCHOOLS)
    html(two_columns(SCHOOL_COLUMNS), "div", "lab-table")
    with solara.Div(classes=["lab-take"]):
        solara.FileDownload(
            example, filename="schools.csv", label="An example (CSV)", icon_name=None, mime_type="text/csv"
        )
    upload(most=MOST, event_uploaded=uploaded)
    if message:
        solara.HTML(tag="p", unsafe_innerHTML=safe(message), classes=["lab-wrong"], attributes={"role": "alert"})
    if settings.schools is not None:
        in_use(settings.schools, use)
        solara.Button(
            "Back to the country's schools", on_click=lambda: change(lambda last: replace(last, schools=None))
        )


@solara.component
def in_use(schools: OwnSchools, use: Callable[[Path, int], None]) -> None:
    """Show the file in use, its notes, and a choice of its years."""
    html(f"In use: {safe(schools.name)}, from {schools.year}. Every panel shows it now.", "p", "lab-note")
    for note in schools.notes:
        html(safe(note), "p", "lab-note")
    if len(schools.years) > 1:
        options = [(str(year), str(year)) for year in schools.years]
        choice(name="year", label="Begin from the year", options=options, value=str(schools.year),
               event_chosen=lambda year: use(Path(schools.path), int(year)))  # fmt: skip
