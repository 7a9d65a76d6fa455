"""Settings of a student: scenario, sliders, own schools, the link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import solara

from sim.dashboard.glossary import SCHOOL_COLUMNS
from sim.dashboard.settings import (
    OwnSchools,
    Settings,
    error_sentence,
    scenario_choices,
    scenario_sentence,
    scenario_value,
)
from sim.dashboard.sliders import LEVERS
from sim.dashboard.tabs import html, safe, two_columns
from sim.dashboard.uploads import MOST, checked_schools, store_upload
from sim.dashboard.widgets import address, choice, slider, upload
from sim.errors import InputError

OWN_NOTE = "The link does not contain your school file; upload it again after opening the link."


ABOUT_SCHOOLS = """Your own schools in place of the country's: a table (CSV or Parquet) with a row a school and year, and
these columns. Begin from the example, which has schools that the model drew. Your file is checked, kept on this server while
the page is open, and shown to nobody else."""


@solara.component
def controls(
    settings: Settings,
    change: Callable[[Callable[[Settings], Settings]], None],
    remember: Callable[[], None],
    link: str,
) -> None:
    """Show picker, sliders, reset, and the link with the query `link`.

    `change` takes a function from the last settings to new ones, so that two quick moves both count.
    """
    stamp, set_stamp = solara.use_state(0)
    folded, fold = solara.use_state(False)

    def reset() -> None:
        set_stamp(stamp + 1)
        change(lambda previous: Settings(previous.scenario, (), previous.schools))

    def pick(name: str) -> None:
        set_stamp(stamp + 1)
        change(lambda previous: Settings(name, (), previous.schools))

    with solara.Div(classes=["lab-controls", *(["lab-folded"] if folded else [])]):
        label = "Show the settings" if folded else "Hide the settings"
        solara.Button(label, on_click=lambda: fold(not folded), classes=["lab-fold"])
        choice(
            name="scenario", label="Scenario", options=scenario_choices(), value=settings.scenario, event_chosen=pick
        )
        html(safe(scenario_sentence(settings.scenario)), "p", "lab-about")
        with solara.Div(classes=["lab-take"]):
            solara.Button("Reset the sliders", on_click=reset, classes=["lab-reset"])
            solara.Button("Remember for “Compare”", on_click=remember, classes=["lab-remember"])
        for lever in LEVERS:
            slider(
                lever={name: value for name, value in asdict(lever).items() if name != "scale"},
                value=settings.value(lever.key),
                usual=scenario_value(settings.scenario, lever.key),
                stamp=stamp,
                event_moved_to=_slider_handler(lever.key, change),
            ).key(lever.key)
        address(query=link, note=OWN_NOTE if settings.schools else "")


def _slider_handler(key: str, change: Callable[[Callable[[Settings], Settings]], None]) -> Callable[[float], None]:
    return lambda shown: change(lambda last: last.with_(key, float(shown)))


@solara.component
def own_schools(
    settings: Settings,
    change: Callable[[Callable[[Settings], Settings]], None],
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
