"""Downloads of the page: pictures as SVG, PNG and PDF, tables as CSV."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import solara

from sim.dashboard.images import Picture
from sim.dashboard.session import Desk
from sim.figures.sweep import Choices
from sim.results.files import bytes_of

if TYPE_CHECKING:
    import pandas as pd

FORMS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
"""Formats of a picture and their media types."""


@dataclass(frozen=True)
class Download:
    """A download: name in files, title, picture, function of its table, and whether it shows real counts."""

    name: str
    title: str
    picture: Picture
    table: Callable[[], pd.DataFrame]
    counted: bool = False


def file_stem(name: str, description: str) -> str:
    """Return the name of a file, without suffix, from its content and settings.

    >>> file_stem("enrolment", "no backbone; Seed: 3")
    'enrolment-no-backbone-seed-3'
    """
    return re.sub(r"[^a-z0-9]+", "-", f"{name} {description}".lower()).strip("-")[:120]


def picture_note(desk: Desk, counted: bool) -> str:
    """Return the note at the foot of a downloaded picture: settings, seed, model, and the source of published counts.

    Seed and model allow anybody to make the picture again.
    """
    run = desk.live.run
    counts = f" Published counts: {Choices.sources}." if counted and run.scenario.national else ""
    run_text = f"seed {run.seed}, model {run.provenance['model']}"
    return f"A model, not a forecast. Settings: {desk.description}. Collective Impact Lab, {run_text}.{counts}"


@solara.component
def downloads(download: Download, desk: Desk) -> None:
    """Show buttons for the picture and its data.

    The functions stay the same while results arrive and use the newest: a new function would replace the button during a click.
    """
    stem, newest = file_stem(download.name, desk.description), solara.use_ref((download, desk))
    newest.current = (download, desk)
    makers = solara.use_memo(lambda: {form: _file_maker(newest, form) for form in (*FORMS, "csv")}, [])
    with solara.Div(classes=["lab-take"]):
        solara.HTML(tag="span", unsafe_innerHTML="Download:")
        for form, make in makers.items():
            name = "data (CSV)" if form == "csv" else f"picture ({form.upper()})"
            solara.FileDownload(
                make, filename=f"{stem}.{form}", label=name, icon_name=None, mime_type=FORMS.get(form, "text/csv")
            )


def _file_maker(newest: solara.Ref[tuple[Download, Desk]], form: str) -> Callable[[], bytes]:
    def make() -> bytes:
        download, desk = newest.current
        if form == "csv":
            return bytes_of(download.table(), "csv")
        return download.picture.as_file(form, title=download.title, note=picture_note(desk, download.counted))

    return make
