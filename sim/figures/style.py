"""One style for all figures: font sizes, colours safe for colour-blind readers, captions and labels."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, QUIET, FAINT, GROUND = "#1a1a1a", "#5c5c5c", "#b8b8b8", "#ececec"
"""Colours of text, of secondary text, of background lines, and of cells without a value."""

BLUE, ORANGE, GREEN, PURPLE, SKY, YELLOW, RED = (
    "#0072b2", "#d55e00", "#009e73", "#aa4499", "#56b4e9", "#e69f00", "#882255",
)  # fmt: skip
"""Colours of Okabe and Ito (and two of Tol) that colour-blind readers can distinguish."""

CYCLE = (BLUE, ORANGE, GREEN, PURPLE, YELLOW, SKY, RED)
"""Order in which series take colours."""

PROBABILITY_COLOURS, YEARS_COLOURS = "YlGnBu", "YlOrBr"
"""Colour maps that are darker for higher values, readable in grey."""

SMALL, NORMAL, LARGE, TITLE = 7.8, 8.8, 10.5, 17.0
"""Font sizes [points]."""

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
    "text.hinting": "none",  # text is as wide on paper as on a screen
    "text.parse_math": False,  # a dollar sign in a name stays a dollar sign
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "collective-impact",
}
"""Settings that differ from matplotlib's own."""


@contextmanager
def figure_style() -> Iterator[None]:
    """Apply the style while figures are drawn or saved.

    Interactive mode is not part of the style: a notebook turns it on with the first figure, and it stays on.
    """
    import matplotlib as mpl
    from cycler import cycler

    settings: Any = {**SETTINGS, "axes.prop_cycle": cycler(color=CYCLE)}
    interactive = mpl.is_interactive()
    try:
        with mpl.rc_context(settings):
            try:
                yield
            finally:
                interactive = mpl.is_interactive()
    finally:
        mpl.interactive(interactive)


def sheet(width: float, height: float) -> Figure:
    """Return an empty figure of this size [inches]; pyplot does not hold it, so any number may be drawn."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def axes(width: float = 7.5, height: float = 4.5) -> Axes:
    """Return axes of a new figure of this size [inches] that notebooks display."""
    import matplotlib.pyplot as plt

    with figure_style():
        _, ax = plt.subplots(figsize=(width, height), layout="constrained")
    return ax


def add_heading(ax: Axes, letter: str, title: str, subtitle: str = "", outwards: float = 0.0) -> None:
    """Write a panel's letter and title above its axes, and a second line for unit and explanation.

    Args:
        ax: axes of the panel
        letter: of the panel
        title: of the panel
        subtitle: second line; empty for none
        outwards: distance to the left of the axes [points]
    """
    ax.set_title("")
    ax.annotate(
        f"{letter}  {title}".strip(), (0, 1), (-outwards, 18 if subtitle else 6), xycoords="axes fraction",
        textcoords="offset points", fontsize=LARGE, fontweight="bold", va="bottom", annotation_clip=False,
    )  # fmt: skip
    if subtitle:
        ax.annotate(
            subtitle, (0, 1), (-outwards, 5), xycoords="axes fraction", textcoords="offset points", fontsize=SMALL,
            color=QUIET, va="bottom", annotation_clip=False,
        )  # fmt: skip


def add_caption(fig: Figure, text: str) -> float:
    """Write provenance and sources at the foot of a figure, wrapped to its width; return the height of the text [inches]."""
    width = int(fig.get_figwidth() * 0.95 * 72 / (SMALL * 0.57))
    lines = [line for part in text.splitlines() for line in wrap_lines(part, width)]
    fig.text(0.025, 0.008, "\n".join(lines), fontsize=SMALL, color=QUIET, va="bottom", linespacing=1.35)
    return len(lines) * SMALL * 1.4 / 72


COMMAND = re.compile(r"python -m |impact-lab (?=[a-z])")
"""Start of a command: in a checkout, and in an installed project."""

QUOTED = re.compile(r"'[^']*'(?:\"'\"'[^']*')*")
"""A quoted word of a shell, as `shlex.quote` writes it."""


def wrap_lines(text: str, width: int) -> list[str]:
    r"""Return the lines of a text; a command breaks only between its words, with backslashes, so that it can be pasted.

    Args:
        text: one line; a command reaches to the first semicolon outside of quotes
        width: letters of a line

    >>> wrap_lines("python -m x 'out=a b' n=2; model 5", 14)
    ['python -m x \\', "'out=a b' \\", 'n=2; model 5']
    """
    match = COMMAND.search(text)
    if match is None:
        return textwrap.wrap(text, width)
    before, prefix, rest = text[: match.start()], match[0], text[match.end() :]
    protected = QUOTED.sub(lambda quoted: quoted[0].replace(" ", "\0"), rest)
    command, separator, after = protected.partition("; ")
    lines = textwrap.wrap(prefix + command, width - 2, break_on_hyphens=False, break_long_words=False)
    last = textwrap.wrap(lines.pop() + separator + after, width, break_on_hyphens=False, break_long_words=False)
    lines = [f"{line} \\" for line in lines] + last
    return textwrap.wrap(before, width) + [line.replace("\0", " ") for line in lines]


def thousands(axis: Any) -> None:
    """Format tick labels with thousands separators."""
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}".replace("-", "\N{MINUS SIGN}")))


def signed(text: object) -> str:
    """Return text with a true minus sign.

    >>> signed(-18) == "\N{MINUS SIGN}18"
    True
    """
    return str(text).replace("-", "\N{MINUS SIGN}")


LEAD = 11
"""Distance of a name from the end of its line if a leader connects them [points]."""


def label_ends(ax: Axes, ends: dict[str, tuple[float, float, str]], apart: float = 1.25) -> None:
    """Write names at the right ends of lines, moved apart where they would overlap.

    Args:
        ax: axes with their final limits
        ends: by name, the end of the line and its colour: x, y, colour
        apart: least distance of two names [font heights]
    """
    from matplotlib.patches import ConnectionPatch
    from matplotlib.transforms import offset_copy

    low, high = ax.get_ylim()
    gap = apart * SMALL / (ax.get_window_extent().height * 72 / ax.figure.dpi)
    ordered = sorted(ends.items(), key=lambda item: item[1][1])
    heights = spaced([(y - low) / (high - low) for _, (_, y, _) in ordered], gap)
    letter = SMALL * (high - low) / (ax.get_window_extent().height * 72 / ax.figure.dpi)
    shifted = any(
        abs(low + h * (high - low) - y) > letter / 2 for (_, (_, y, _)), h in zip(ordered, heights, strict=True)
    )
    for (name, (x, y, colour)), height in zip(ordered, heights, strict=True):
        place = low + height * (high - low)
        if shifted:  # then all names get a leader, so that they are aligned
            beside = offset_copy(ax.transData, ax.get_figure(root=True), x=LEAD, units="points")
            lead = ConnectionPatch((x, y), (x, place), ax.transData, beside, color=colour, linewidth=0.6, clip_on=False)
            ax.add_artist(lead)
        ax.annotate(
            name, (x, place), (LEAD + 2 if shifted else 5, 0), textcoords="offset points", va="center", color=colour,
            fontsize=SMALL, annotation_clip=False,
        )  # fmt: skip


def spaced(heights: list[float], gap: float) -> list[float]:
    """Return rising heights at least a gap apart, as near to the given ones as possible.

    >>> spaced([0.0, 0.5, 0.5], 0.2)
    [0.0, 0.4, 0.6]
    """
    groups: list[list[float]] = []
    for place, height in enumerate(heights):
        groups.append([height - place * gap])
        while len(groups) > 1 and _mean(groups[-2]) > _mean(groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
    spread = [_mean(group) for group in groups for _ in group]
    return [round(height + place * gap, 9) for place, height in enumerate(spread)]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


PLAIN_NAMES = {
    "ngo": "NGO", "ministry becomes pilot": "ministry decides on a pilot",
    "ministry becomes national": "ministry goes national",
}  # fmt: skip
"""Words for kinds and events whose names in tables are hard to read."""


def plain(name: str) -> str:
    """Return a kind or event as words.

    >>> plain("local_authority"), plain("ngo")
    ('local authority', 'NGO')
    """
    return PLAIN_NAMES.get(name, str(name).replace("_", " "))


def show_reason(ax: Axes, reason: str) -> None:
    """Write the reason into a panel that cannot be drawn."""
    ax.set(xticks=[], yticks=[], facecolor=GROUND)
    for side in ax.spines.values():
        side.set_visible(False)
    ax.text(
        0.5,
        0.5,
        textwrap.fill(reason, 34),
        ha="center",
        va="center",
        transform=ax.transAxes,
        color=QUIET,
        fontsize=NORMAL,
    )


def bullet_list(ax: Axes, items: list[str], largest: float = 9.8, smallest: float = 5.0) -> None:
    """Write sentences as a list in the largest font, from `largest` down to `smallest` points, that fits the axes."""
    ax.set_axis_off()
    box, size = ax.get_window_extent(), largest
    block = _list(ax, items, size)
    while block.get_window_extent().height > box.height and size > smallest:
        block.remove()
        size -= 0.2
        block = _list(ax, items, size)


def _list(ax: Axes, items: list[str], size: float) -> Any:
    """Write the list in one font size, its lines as long as the axes are wide, and return the text."""
    box = ax.get_window_extent()
    longest = int(box.width * 72 / ax.figure.dpi / (size * 0.48))
    for width in range(longest, 20, -2):
        text = "\n".join(textwrap.fill(f"\N{BULLET} {item}", width, subsequent_indent="   ") for item in items)
        block = ax.text(0, 1, text, fontsize=size, va="top", linespacing=1.28, transform=ax.transAxes)
        if block.get_window_extent().width <= 0.985 * box.width:
            break
        block.remove()
    return block
