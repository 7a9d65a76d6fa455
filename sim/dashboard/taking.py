"""What a student may take away: pictures as SVG, PNG and PDF, tables as CSV."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import solara

from sim.dashboard.pictures import Picture

if TYPE_CHECKING:
    import pandas as pd

FORMS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
"""Forms of a picture, and what a browser calls them."""


@dataclass(frozen=True)
class Take:
    """Something to take away: its name, the picture, and the table behind it."""

    name: str
    picture: Picture
    table: Callable[[], pd.DataFrame]


def named(name: str, told: str) -> str:
    """A name of a file that says what it is and of which settings, without its ending.

    >>> named("enrolment", "no backbone; Luck: 3")
    'enrolment-no-backbone-luck-3'
    """
    return re.sub(r"[^a-z0-9]+", "-", f"{name} {told}".lower()).strip("-")[:120]


@solara.component
def downloads(take: Take, told: str, stamp: object) -> None:
    """Buttons for the picture and its data; `stamp` changes when they do."""
    stem = named(take.name, told)

    def files() -> dict[str, Callable[[], bytes]]:
        pictured = {form: _drawing(take.picture, form) for form in FORMS}
        return {**pictured, "csv": lambda: take.table().to_csv(index=False).encode()}

    made = solara.use_memo(files, [stamp, take.name])
    with solara.Div(classes=["lab-take"]):
        solara.HTML(tag="span", unsafe_innerHTML="Take away:")
        for form, make in made.items():
            name = "data (CSV)" if form == "csv" else f"picture ({form.upper()})"
            solara.FileDownload(
                make, filename=f"{stem}.{form}", label=name, icon_name=None, mime_type=FORMS.get(form, "text/csv")
            )


def _drawing(picture: Picture, form: str) -> Callable[[], bytes]:
    return lambda: picture.as_file(form)
