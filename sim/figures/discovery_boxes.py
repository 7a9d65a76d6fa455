"""Where it happens: the limits of a box in the ranges of its parameters, and the samples by the two that limit most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.scenario_discovery import Box
from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def box_page(cases: pd.DataFrame, happened: Any, box: Box, what: str, made: str) -> Figure:
    """Return the page of one box.

    Args:
        cases: a row a sample, a column a parameter
        happened: whether it happened in each; shape (samples,) [flag]
        box: as `prim` finds it, limited by one number or more
        what: happened, in words
        made: provenance, for the foot
    """
    limited = [name for name, ends in box.limits.items() if in_numbers(ends)]
    fig = style.sheet(12.5, 5.4)
    with style.applied():
        fig.suptitle(f"Where {what}", x=0.02, y=0.985, ha="left", fontsize=style.TITLE, fontweight="bold")
        left, right = fig.subplots(1, 2, gridspec_kw={"width_ratios": [1.0, 0.85]})
        fig.subplots_adjust(left=0.19, right=0.98, top=0.78, bottom=0.2, wspace=0.22)
        ranges_of(cases, box, limited, left)
        style.headed(left, "A", "The box", "grey: the range sampled; blue: inside the box", outwards=style.NORMAL * 13)
        beside = [*limited[:2], *(str(name) for name in cases if name not in limited and numeric(cases[name]))][:2]
        if len(beside) > 1:
            samples_of(cases, happened, box, (beside[0], beside[1]), right)
        else:
            style.unanswered(right, "fewer than two numbers were sampled")
        style.headed(right, "B", "The samples", f"filled: {what}; the frame is the box")
        style.caption(fig, f"{box.text}. PRIM (patient rule induction). {made}")
    return fig


def numeric(values: pd.Series) -> bool:
    """Whether a parameter was sampled from a range."""
    return bool(pd.api.types.is_numeric_dtype(values) and values.nunique() > 1)


def in_numbers(ends: tuple[Any, ...]) -> bool:
    """Whether a limit is of a number, not of a choice."""
    return len(ends) == 2 and all(end is None or isinstance(end, float) for end in ends)


def ranges_of(cases: pd.DataFrame, box: Box, limited: list[str], ax: Axes) -> None:
    """Each limited parameter's range as a bar, and the part of it that the box leaves."""
    for place, name in enumerate(limited):
        low, high = float(cases[name].min()), float(cases[name].max())
        inside = [low if box.limits[name][0] is None else box.limits[name][0],
                  high if box.limits[name][1] is None else box.limits[name][1]]  # fmt: skip
        shares = [(end - low) / (high - low) for end in inside]
        ax.barh(place, 1.0, height=0.34, color=style.GROUND)
        ax.barh(place, shares[1] - shares[0], left=shares[0], height=0.34, color=style.BLUE)
        for share, end in zip(shares, inside, strict=True):
            ax.text(share, place - 0.24, style.signed(f"{end:.3g}"), ha="center", va="bottom", fontsize=style.SMALL)
    ax.set_yticks(range(len(limited)), limited)
    ax.set_ylim(max(len(limited), 1) - 0.5, -0.7)
    ax.set_xlim(-0.07, 1.07)
    ax.set_xlabel("share of the range sampled")


def samples_of(cases: pd.DataFrame, happened: Any, box: Box, names: tuple[str, str], ax: Axes) -> None:
    """The samples by two parameters, filled where it happened, and the box around them."""
    from matplotlib.patches import Rectangle

    first, second = (cases[name] for name in names)
    for flag, face in ((False, "none"), (True, style.ORANGE)):
        mine = happened == flag
        ax.scatter(
            first[mine].tolist(), second[mine].tolist(), s=14, facecolor=face, edgecolor=style.ORANGE if flag else style.FAINT,
            linewidth=0.7,
        )  # fmt: skip
    limits = [box.limits.get(name, (None, None)) for name in names]
    ends = [
        (column.min() if low is None else low, column.max() if high is None else high)
        for column, (low, high) in zip((first, second), limits, strict=True)
    ]
    (left, right), (below, above) = ends
    ax.add_patch(Rectangle((left, below), right - left, above - below, fill=False, edgecolor=style.BLUE, linewidth=1.8))
    ax.set(xlabel=names[0], ylabel=names[1])
