"""One style for every figure: letters, colours safe for colour-blind eyes, captions of provenance, vector output."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, QUIET, FAINT, GROUND = "#1a1a1a", "#5c5c5c", "#b8b8b8", "#ececec"
"""Text, second text, lines that stay behind, cells without an answer."""

BLUE, ORANGE, GREEN, PURPLE, SKY, YELLOW, RED = (
    "#0072b2", "#d55e00", "#009e73", "#aa4499", "#56b4e9", "#e69f00", "#882255",
)  # fmt: skip
"""Colours of Okabe and Ito (and two of Tol) that stay apart for colour-blind eyes."""

CYCLE = (BLUE, ORANGE, GREEN, PURPLE, YELLOW, SKY, RED)
"""The order in which series take colours."""

PROBABILITY_COLOURS, YEARS_COLOURS = "YlGnBu", "YlOrBr"
"""Colour maps that grow darker with the value, readable in grey."""

SMALL, NORMAL, LARGE, TITLE = 7.8, 8.8, 10.5, 17.0
"""Sizes of letters [points]."""

RASTER = 160
"""Resolution of bitmap copies [dots/inch]."""

SETTINGS: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": NORMAL,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": NORMAL,
    "axes.titlesize": LARGE,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": False,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
    "hatch.linewidth": 0.7,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "text.hinting": "none",  # so that words are as long on paper as on any screen
    "text.parse_math": False,  # a dollar in the name of a file or an organisation is a dollar
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "collective-impact",
}
"""What differs from matplotlib's own settings."""


@contextmanager
def applied() -> Iterator[None]:
    """The style, while figures are drawn or saved inside it.

    Whether figures show themselves is no style: a notebook turns it on when the first is drawn, and it stays on.
    """
    import matplotlib as mpl
    from cycler import cycler

    settings: Any = {**SETTINGS, "axes.prop_cycle": cycler(color=CYCLE)}
    shows = mpl.is_interactive()
    try:
        with mpl.rc_context(settings):
            try:
                yield
            finally:
                shows = mpl.is_interactive()
    finally:
        mpl.interactive(shows)


def sheet(width: float, height: float) -> Figure:
    """Return an empty figure of this size [inches], known to no window manager, so any number may be drawn."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def axes(width: float = 7.5, height: float = 4.5) -> Axes:
    """Axes of a new figure of this size [inches] that notebooks show by themselves."""
    import matplotlib.pyplot as plt

    with applied():
        _, ax = plt.subplots(figsize=(width, height), layout="constrained")
    return ax


def headed(ax: Axes, letter: str, title: str, second: str = "", outwards: float = 0.0) -> None:
    """A panel's letter and title above its axes, left or further outwards [points], a second line for unit and reading."""
    ax.set_title("")
    ax.annotate(
        f"{letter}  {title}".strip(), (0, 1), (-outwards, 18 if second else 6), xycoords="axes fraction",
        textcoords="offset points", fontsize=LARGE, fontweight="bold", va="bottom", annotation_clip=False,
    )  # fmt: skip
    if second:
        ax.annotate(
            second, (0, 1), (-outwards, 5), xycoords="axes fraction", textcoords="offset points", fontsize=SMALL,
            color=QUIET, va="bottom", annotation_clip=False,
        )  # fmt: skip


def caption(fig: Figure, text: str) -> float:
    """Provenance and sources in small letters at the foot of a figure, wrapped to its width; the height they take [inches]."""
    wide = int(fig.get_figwidth() * 0.95 * 72 / (SMALL * 0.57))
    lines = [line for part in text.splitlines() for line in wrapped(part, wide)]
    fig.text(0.025, 0.008, "\n".join(lines), fontsize=SMALL, color=QUIET, va="bottom", linespacing=1.35)
    return len(lines) * SMALL * 1.4 / 72


COMMAND = re.compile(r"python -m |impact-lab (?=[a-z])")
"""How a command begins: in a checkout, and where the project is installed."""

_APART = re.compile(r"'[^']*'(?:\"'\"'[^']*')*")
"""What a shell has in quotes, as `shlex.quote` writes it."""


def wrapped(text: str, wide: int) -> list[str]:
    r"""Return the lines of a text; a command in it is broken between its words only, by backslashes, so that it can be pasted.

    Args:
        text: in one line; a command reaches to the first semicolon outside of quotes
        wide: letters of a line

    >>> wrapped("python -m x 'out=a b' n=2; model 5", 14)
    ['python -m x \\', "'out=a b' \\", 'n=2; model 5']
    """
    begin = COMMAND.search(text)
    if begin is None:
        return textwrap.wrap(text, wide)
    before, begins, rest = text[: begin.start()], begin[0], text[begin.end() :]
    joined = _APART.sub(lambda quoted: quoted[0].replace(" ", "\0"), rest)
    command, semicolon, after = joined.partition("; ")
    lines = textwrap.wrap(begins + command, wide - 2, break_on_hyphens=False, break_long_words=False)
    last = textwrap.wrap(lines.pop() + semicolon + after, wide, break_on_hyphens=False, break_long_words=False)
    lines = [f"{line} \\" for line in lines] + last
    return textwrap.wrap(before, wide) + [line.replace("\0", " ") for line in lines]


def thousands(axis: Any) -> None:
    """Tick labels with separated thousands."""
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}".replace("-", "\N{MINUS SIGN}")))


def signed(text: object) -> str:
    """Text with a true minus sign.

    >>> signed(-18) == "\N{MINUS SIGN}18"
    True
    """
    return str(text).replace("-", "\N{MINUS SIGN}")


LEAD = 11
"""How far a name stands from the end of its line where it is led to it [points]."""


def named_ends(ax: Axes, ends: dict[str, tuple[float, float, str]], apart: float = 1.25) -> None:
    """Names at the right ends of lines, pushed apart where they would touch.

    Args:
        ax: axes with their final limits
        ends: by name, where the line ends and its colour: x, y, colour
        apart: least distance of two names [heights of a letter]
    """
    from matplotlib.patches import ConnectionPatch
    from matplotlib.transforms import offset_copy

    low, high = ax.get_ylim()
    gap = apart * SMALL / (ax.get_window_extent().height * 72 / ax.figure.dpi)
    listed = sorted(ends.items(), key=lambda item: item[1][1])
    heights = spread([(y - low) / (high - low) for _, (_, y, _) in listed], gap)
    letter = SMALL * (high - low) / (ax.get_window_extent().height * 72 / ax.figure.dpi)
    moved = any(abs(low + h * (high - low) - y) > letter / 2 for (_, (_, y, _)), h in zip(listed, heights, strict=True))
    for (name, (x, y, colour)), height in zip(listed, heights, strict=True):
        place = low + height * (high - low)
        if moved:  # then all are led to, so that they stand below one another
            aside = offset_copy(ax.transData, ax.get_figure(root=True), x=LEAD, units="points")
            lead = ConnectionPatch((x, y), (x, place), ax.transData, aside, color=colour, linewidth=0.6, clip_on=False)
            ax.add_artist(lead)
        ax.annotate(
            name, (x, place), (LEAD + 2 if moved else 5, 0), textcoords="offset points", va="center", color=colour,
            fontsize=SMALL, annotation_clip=False,
        )  # fmt: skip


def spread(heights: list[float], gap: float) -> list[float]:
    """Rising heights at least a gap apart, as near to those given as that allows.

    >>> spread([0.0, 0.5, 0.5], 0.2)
    [0.0, 0.4, 0.6]
    """
    groups: list[list[float]] = []
    for place, height in enumerate(heights):
        groups.append([height - place * gap])
        while len(groups) > 1 and _mean(groups[-2]) > _mean(groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
    free = [_mean(group) for group in groups for _ in group]
    return [round(height + place * gap, 9) for place, height in enumerate(free)]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


IN_WORDS = {
    "ngo": "NGO", "ministry becomes pilot": "ministry decides on a pilot",
    "ministry becomes national": "ministry goes national",
}  # fmt: skip
"""Kinds and events that read better in other words than those of tables."""


def plain(name: str) -> str:
    """Return a kind or event as words.

    >>> plain("local_authority"), plain("ngo")
    ('local authority', 'NGO')
    """
    return IN_WORDS.get(name, str(name).replace("_", " "))


def unanswered(ax: Axes, why: str) -> None:
    """A panel that cannot be drawn says why."""
    ax.set(xticks=[], yticks=[], facecolor=GROUND)
    for side in ax.spines.values():
        side.set_visible(False)
    ax.text(
        0.5, 0.5, textwrap.fill(why, 34), ha="center", va="center", transform=ax.transAxes, color=QUIET, fontsize=NORMAL
    )


def bulleted(ax: Axes, items: list[str], largest: float = 9.8, smallest: float = 5.0) -> None:
    """Sentences as a list in the largest letters, from `largest` down to `smallest` points, that fit the axes."""
    ax.set_axis_off()
    box, size = ax.get_window_extent(), largest
    drawn = _list(ax, items, size)
    while drawn.get_window_extent().height > box.height and size > smallest:
        drawn.remove()
        size -= 0.2
        drawn = _list(ax, items, size)


def _list(ax: Axes, items: list[str], size: float) -> Any:
    """Return the list at one size of letters, its lines as long as the axes are wide."""
    box = ax.get_window_extent()
    longest = int(box.width * 72 / ax.figure.dpi / (size * 0.48))
    for wide in range(longest, 20, -2):
        text = "\n".join(textwrap.fill(f"\N{BULLET} {item}", wide, subsequent_indent="   ") for item in items)
        drawn = ax.text(0, 1, text, fontsize=size, va="top", linespacing=1.28, transform=ax.transAxes)
        if drawn.get_window_extent().width <= 0.985 * box.width:
            break
        drawn.remove()
    return drawn


def drawn(fig: Figure, stem: Path | str, forms: tuple[str, ...] = ("pdf", "svg", "png")) -> dict[Path, bytes]:
    """Return a figure under a path without ending, once a form, as what is to be written, the same each time; pyplot forgets it."""
    undated = {"pdf": {"CreationDate": None}, "svg": {"Date": None}, "png": {"Software": None}}
    found = {}
    with applied():
        for form in forms:
            page = BytesIO()
            fig.savefig(page, format=form, dpi=RASTER, metadata=undated.get(form))
            found[Path(f"{stem}.{form}")] = page.getvalue()
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(fig)
    return found


def save(fig: Figure, stem: Path | str, forms: tuple[str, ...] = ("pdf", "svg", "png")) -> list[Path]:
    """Write a figure under a path without ending, once a form.

    Raises:
        OSError: the folder cannot be written
    """
    pages = drawn(fig, stem, forms)
    for path, page in pages.items():
        path.write_bytes(page)
    return list(pages)
