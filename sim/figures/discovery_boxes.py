"""Scenario discovery: the limits of a box within the ranges of its parameters, and the samples by the two main parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.scenario_discovery import Box
from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def box_page(cases: pd.DataFrame, happened: Any, box: Box, what: str, provenance: str) -> Figure:
    """Return the page of one box.

    Args:
        cases: a row for each sample, a column for each parameter
        happened: true for samples with the event; shape (samples,) [flag]
        box: as `prim` returns it, limited by at least one number
        what: the event in words
        provenance: for the foot of the page
    """
    limited = [name for name, ends in box.limits.items() if is_numeric_limit(ends)]
    fig = style.sheet(12.5, 5.4)
    with style.figure_style():
        fig.suptitle(f"Where {what}", x=0.02, y=0.985, ha="left", fontsize=style.TITLE, fontweight="bold")
        left, right = fig.subplots(1, 2, gridspec_kw={"width_ratios": [1.0, 0.85]})
        fig.subplots_adjust(left=0.19, right=0.98, top=0.78, bottom=0.2, wspace=0.22)
        draw_ranges(cases, box, limited, left)
        style.add_heading(left, "A", "The box", "grey: sampled range; blue: inside the box", outwards=style.NORMAL * 13)
        axes_names = [
            *limited[:2],
            *(str(name) for name in cases if name not in limited and is_sampled_range(cases[name])),
        ][:2]
        if len(axes_names) > 1:
            draw_samples(cases, happened, box, (axes_names[0], axes_names[1]), right)
        else:
            style.show_reason(right, "Fewer than two numeric parameters were sampled")
        style.add_heading(right, "B", "The samples", f"filled: {what}; frame: the box")
        style.add_caption(fig, f"{box.text}. PRIM (patient rule induction). {provenance}")
    return fig


def is_sampled_range(values: pd.Series) -> bool:
    """Return true if a parameter was sampled from a range."""
    return bool(pd.api.types.is_numeric_dtype(values) and values.nunique() > 1)


def is_numeric_limit(ends: tuple[Any, ...]) -> bool:
    """Return true if a limit is a pair of numbers and not a choice."""
    return len(ends) == 2 and all(end is None or isinstance(end, float) for end in ends)


def draw_ranges(cases: pd.DataFrame, box: Box, limited: list[str], ax: Axes) -> None:
    """Draw the range of each limited parameter as a bar, and the part of it inside the box."""
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


def draw_samples(cases: pd.DataFrame, happened: Any, box: Box, names: tuple[str, str], ax: Axes) -> None:
    """Draw the samples by two parameters, filled where the event happened, with the box around them."""
    from matplotlib.patches import Rectangle

    x_values, y_values = (cases[name] for name in names)
    for inside, fill in ((False, "none"), (True, style.ORANGE)):
        selected = happened == inside
        ax.scatter(
            x_values[selected].tolist(), y_values[selected].tolist(), s=14, facecolor=fill,
            edgecolor=style.ORANGE if inside else style.FAINT, linewidth=0.7,
        )  # fmt: skip
    limits = [box.limits.get(name, (None, None)) for name in names]
    ends = [
        (column.min() if low is None else low, column.max() if high is None else high)
        for column, (low, high) in zip((x_values, y_values), limits, strict=True)
    ]
    (left, right), (below, above) = ends
    ax.add_patch(Rectangle((left, below), right - left, above - below, fill=False, edgecolor=style.BLUE, linewidth=1.8))
    ax.set(xlabel=names[0], ylabel=names[1])
