"""What a student can set: scenario, sliders, own schools, the link."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import solara

from sim.dashboard.levers import LEVERS
from sim.dashboard.panels import html, safe
from sim.dashboard.parts import address, choice, slider, upload
from sim.dashboard.settings import Settings, about, as_it_comes, choices
from sim.dashboard.uploading import MOST, checked, kept
from sim.declare import Mistake

OWN_NOTE = "The link does not hold your school file: upload it again after following the link."


ABOUT_SCHOOLS = """Your own schools in place of the country's: a table with a row a school and year, and the columns
<code>school_id, year, sector, supervision, nurture_quintile, maths_takers, maths_5unit_takers</code>. The file is checked, kept
on this server while the page is open, and shown to nobody else."""


@solara.component
def controls(
    settings: Settings, change: Callable[[Callable[[Settings], Settings]], None], remember: Callable[[], None]
) -> None:
    """Picker, sliders, reset, and the link.

    `change` takes what makes new settings of the last ones, so that two quick moves both count.
    """
    stamp, set_stamp = solara.use_state(0)

    def reset() -> None:
        set_stamp(stamp + 1)
        change(lambda last: Settings(last.scenario, (), last.schools))

    def pick(name: str) -> None:
        set_stamp(stamp + 1)
        change(lambda last: Settings(name, (), last.schools))

    with solara.Div(classes=["lab-controls"]):
        choice(name="scenario", label="Scenario", options=choices(), value=settings.scenario, event_chosen=pick)
        html(safe(about(settings.scenario)), "p", "lab-about")
        with solara.Div(classes=["lab-take"]):
            solara.Button("Reset the sliders", on_click=reset, classes=["lab-reset"])
            solara.Button("Remember for “Compare”", on_click=remember, classes=["lab-remember"])
        for lever in LEVERS:
            slider(
                lever={name: value for name, value in asdict(lever).items() if name != "scale"},
                value=settings.value(lever.key),
                usual=as_it_comes(settings.scenario, lever.key),
                stamp=stamp,
                event_moved_to=_mover(lever.key, change),
            ).key(lever.key)
        address(query=settings.query(), note=OWN_NOTE if settings.schools else "")


def _mover(key: str, change: Callable[[Callable[[Settings], Settings]], None]) -> Callable[[float], None]:
    return lambda shown: change(lambda last: last.with_(key, float(shown)))


@solara.component
def own_schools(settings: Settings, change: Callable[[Callable[[Settings], Settings]], None]) -> None:
    """Upload of a school file, its year, and the way back to the drawn schools."""
    wrong, set_wrong = solara.use_state("")
    years, set_years = solara.use_state(list[int]())
    folder = solara.use_memo(lambda: tempfile.mkdtemp(prefix="lab-"), [])
    solara.use_effect(lambda: lambda: shutil.rmtree(folder, ignore_errors=True), [])

    def use(path: Path, year: int | None = None) -> None:
        try:
            own, found = checked(path, year)
        except Mistake as mistake:
            set_wrong(f"This file cannot be used. {mistake}.")
        else:
            set_wrong("")
            set_years(found)
            change(lambda last: replace(last, schools=own))

    def given(sent: dict[str, str]) -> None:
        try:
            path = kept(sent, folder)
        except Mistake as mistake:
            set_wrong(f"This file cannot be used. {mistake}.")
        else:
            use(path)

    html(ABOUT_SCHOOLS)
    upload(most=MOST, event_given=given)
    if wrong:
        solara.HTML(tag="p", unsafe_innerHTML=safe(wrong), classes=["lab-wrong"], attributes={"role": "alert"})
    own = settings.schools
    if own is not None:
        html(f"In use: {safe(own.name)}, from {own.year}. Every panel shows it now.", "p", "lab-note")
        if len(years) > 1:
            options = [(str(year), str(year)) for year in years]
            choice(name="year", label="Begin from the year", options=options, value=str(own.year),
                   event_chosen=lambda year: use(Path(own.path), int(year)))  # fmt: skip
        solara.Button(
            "Back to the country's schools", on_click=lambda: change(lambda last: replace(last, schools=None))
        )
