"""Figures as files: PDF, SVG and PNG with the same bytes each time."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from sim.figures.style import figure_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RASTER = 160
"""Resolution of bitmap copies [dots/inch]."""


def render(fig: Figure, stem: Path | str, forms: tuple[str, ...] = ("pdf", "svg", "png")) -> dict[Path, bytes]:
    """Return the content of the files of a figure, the same bytes each time, and close the figure.

    Args:
        fig: figure
        stem: path without suffix
        forms: suffixes, one file each
    """
    undated = {"pdf": {"CreationDate": None}, "svg": {"Date": None}, "png": {"Software": None}}
    files = {}
    with figure_style():
        for form in forms:
            page = BytesIO()
            fig.savefig(page, format=form, dpi=RASTER, metadata=undated.get(form))
            files[Path(f"{stem}.{form}")] = page.getvalue()
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(fig)
    return files


def save(fig: Figure, stem: Path | str, forms: tuple[str, ...] = ("pdf", "svg", "png")) -> list[Path]:
    """Write a figure to files and return their paths.

    Args:
        fig: figure
        stem: path without suffix
        forms: suffixes, one file each

    Raises:
        OSError: the folder cannot be written
    """
    files = render(fig, stem, forms)
    for path, content in files.items():
        path.write_bytes(content)
    return list(files)
