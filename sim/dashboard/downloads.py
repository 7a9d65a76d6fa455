"""What a student may take away: pictures as SVG, PNG and PDF, tables as CSV."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import solara

from sim.dashboard.figures import Picture
from sim.dashboard.session import Desk
from sim.figures.sweep import Choices
from sim.results.files import bytes_of

if TYPE_CHECKING:
    import pandas as pd

FORMS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
"""Forms of a picture, and what a browser calls them."""


@dataclass(frozen=True)
class Take:
    """Something to take away: its name in files, its title, the picture, the table behind it; whether it shows real counts."""

    name: str
    title: str
    picture: Picture
    table: Callable[[], pd.DataFrame]
    counted: bool = False


def named(name: str, told: str) -> str:
    """Return a name of a file that says what it is and of which settings, without its ending.

    >>> named("enrolment", "no backbone; Luck: 3")
    'enrolment-no-backbone-luck-3'
    """
    return re.sub(r"[^a-z0-9]+", "-", f"{name} {told}".lower()).strip("-")[:120]


def note_of(desk: Desk, counted: bool) -> str:
    """What a picture that leaves the page says at its foot: the settings, what made it, and who published counts it shows.

    Luck and model stand there, so that anybody can make the picture again.
    """
    run = desk.one.run
    counts = f" Published counts: {Choices.sources}." if counted and run.case.national else ""
    made = f"seed {run.seed}, model {run.provenance['model']}"
    return f"A model, not a forecast. Settings: {desk.told}. Collective Impact Lab, {made}.{counts}"


@solara.component
def downloads(take: Take, desk: Desk) -> None:
    """Buttons for the picture and its data.

    What they call stays the same while results come in, and asks for the newest: a click would be lost with its button.
    """
    stem, newest = named(take.name, desk.told), solara.use_ref((take, desk))
    newest.current = (take, desk)
    made = solara.use_memo(lambda: {form: _making(newest, form) for form in (*FORMS, "csv")}, [])
    with solara.Div(classes=["lab-take"]):
        solara.HTML(tag="span", unsafe_innerHTML="Take away:")
        for form, make in made.items():
            name = "data (CSV)" if form == "csv" else f"picture ({form.upper()})"
            solara.FileDownload(
                make, filename=f"{stem}.{form}", label=name, icon_name=None, mime_type=FORMS.get(form, "text/csv")
            )


def _making(newest: solara.Ref[tuple[Take, Desk]], form: str) -> Callable[[], bytes]:
    def make() -> bytes:
        take, desk = newest.current
        if form == "csv":
            return bytes_of(take.table(), "csv")
        return take.picture.as_file(form, title=take.title, note=note_of(desk, take.counted))

    return make
