"""Draw the pictures of the README and of the page in pictures: python -m experiments.maintenance.pictures.

It simulates every setting with 30 seeds and writes docs/answer.png, and the pictures and the table of
docs/tutorials/page_in_pictures. `make docs` then brings the sentences of the pages up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

import sim
from sim.analysis.doubling import Doubling, reached
from sim.analysis.effects import estimate
from sim.analysis.enrolment import yearly
from sim.catalogue import published
from sim.figures import fans, networks, style
from sim.findings.numbers import amount
from sim.results.files import all_written
from sim.runs.streams import escape_what_cannot_be_encoded

from ..command_line.entry import exit_with_one_line
from .gallery import few_colours

DOCS = Path(__file__).resolve().parents[2] / "docs"
FOLDER = DOCS / "tutorials" / "page_in_pictures"
TABLE = FOLDER / "settings.csv"
"""Results of the settings: doubled and national [runs], examinees in 2020, paired difference from the first setting."""

SEEDS = 30
"""Runs of a setting, as many as the fan of the web page has."""

YEAR = 2018
"""School year at whose end the network is drawn."""

LEAST = 0.5
"""Weakest trust that the network shows [share]."""

GOAL = Doubling()
INCHES, DOTS = 10.0, 100
"""Width of a picture, and its dots an inch: readable at the width of a page."""


@dataclass(frozen=True)
class Setting:
    """A setting of the web page.

    Args:
        name: of its picture
        title: human name
        controls: what a user sets on the page, in words
        scenario: name of its scenario
        overrides: parameters set besides
        timing: months by which windows come later, or never; None for that of the scenario
    """

    name: str
    title: str
    controls: str
    scenario: str = "historical_emergent"
    overrides: Mapping[str, Any] = field(default_factory=dict)
    timing: int | str | None = None

    def ready(self) -> sim.Scenario:
        """Return the scenario with the values of this setting."""
        return sim.scenario(self.scenario, timing=self.timing, overrides=dict(self.overrides), name=self.name)


SETTINGS = (
    Setting("as_it_was", "The initiative, with a ministry that decides by itself", "All controls as the page opens with them."),
    Setting("no_backbone", "No backbone", "Scenario: *Without a backbone*.", "no_backbone"),
    Setting("weak_backbone", "A weak backbone", "*Backbone's facilitation*: 20% of hours, in place of 80%.",
            overrides={"backbone.facilitation": 0.2}),
    Setting("late_windows", "Policy windows two years later", "*When windows open*: 24 months later.", timing=24),
    Setting("no_windows", "Policy windows never open", "None: only Python and programs have `timing=never`.", timing="never"),
    Setting("no_shared_data", "No shared measurement", "*Shared measurement*: off.",
            overrides={"conditions.shared_measurement": 0.0}),
    Setting("constant_trust", "Trust that never changes", "Scenario: *Trust never changes*.",
            overrides={"trust.rule": "constant"}),
    Setting("no_initiative", "No initiative at all", "Scenario: *No initiative*.", "no_initiative"),
)  # fmt: skip
"""Settings of the page in pictures; the others are compared with the first."""


def png(figure: Any) -> bytes:
    """Return a figure as a small PNG."""
    content = BytesIO()
    figure.savefig(content, format="png", dpi=DOTS, bbox_inches="tight", pad_inches=0.15)
    return few_colours(content.getvalue())


def draw_fan(runs: pd.DataFrame, ax: Any, title: str) -> None:
    """Draw the fan of a scenario's runs with the published counts and the line of the doubling."""
    fans.fan(yearly(runs, ["scenario", "seed"]), ax, "examinees")
    fans.draw_published(published(), ax)
    fans.draw_levels(ax, {f"{GOAL.brief}": float(GOAL.level or 0.0)})
    ax.set(ylabel="examinees at five units [students]", ylim=(0, 27000))
    ax.set_title(title, loc="left")
    ax.grid(axis="y", color=style.GROUND)
    style.thousands(ax.yaxis)


def answer_picture() -> bytes:
    """Return the picture of the README: fans with and without a backbone over the averaged models."""
    runs = sim.ensemble(["historical_emergent", "no_backbone"], SEEDS, uncertainty="structures", progress=False).frame
    figure = style.sheet(INCHES, 4.9)
    with style.figure_style():
        figure.suptitle("Does enrolment in advanced mathematics double by 2020?", x=0.01, ha="left", weight="bold")
        axes = figure.subplots(1, 2, sharey=True)
        for ax, (scenario, title) in zip(
            axes, {"historical_emergent": "With a backbone", "no_backbone": "Without a backbone"}.items(), strict=True
        ):
            draw_fan(runs[runs["scenario"] == scenario], ax, title)
        axes[1].set_ylabel("")
        axes[1].legend(handles=fans.fan_legend(style.BLUE), loc="lower right", fontsize=style.SMALL)
        style.add_caption(figure, "Source of the published counts: configs/data/targets.csv. "
                          f"{SEEDS} runs each, parameter sets of all averaged models.")  # fmt: skip
    return png(figure)


def setting_picture(setting: Setting, runs: pd.DataFrame) -> bytes:
    """Return the picture of a setting: its fan beside the network of trust of one run."""
    run = sim.simulate(setting.ready(), seed=1)
    figure = style.sheet(INCHES, 4.6)
    with style.figure_style():
        figure.suptitle(setting.title, x=0.01, ha="left", weight="bold")
        left, right = figure.subplots(1, 2, width_ratios=(1.25, 1.0))
        draw_fan(runs, left, f"Enrolment, {len(runs)} runs")
        left.legend(handles=fans.fan_legend(style.BLUE), loc="lower right", fontsize=style.SMALL)
        networks.trust_network(run.network(YEAR), right, LEAST)
        right.set_title(f"Trust of {LEAST:g} or more in {YEAR}, one run", loc="left")
        style.add_caption(
            figure, "Source of the published counts: configs/data/targets.csv. In the network filled marks take part."
        )
    return png(figure)


def summary_row(setting: Setting, runs: pd.DataFrame, first: pd.DataFrame) -> dict[str, Any]:
    """Return the results of a setting, with the mean paired difference of examinees in 2020 from the first setting."""
    last = runs.set_index("seed")["examinees_2020"]
    difference = estimate(last - first.set_index("seed")["examinees_2020"])
    low, median, high = last.quantile([0.05, 0.5, 0.95])
    return {
        "setting": setting.name, "runs": len(runs), "doubled": int(reached(runs, GOAL).sum()),
        "national": int(runs["month_national"].notna().sum()), "median": round(median), "low": round(low),
        "high": round(high), "difference": round(difference.mean), "difference_low": round(difference.low),
        "difference_high": round(difference.high),
    }  # fmt: skip


def runs_of_settings(seeds: int = SEEDS) -> dict[str, pd.DataFrame]:
    """Return the runs of each setting by its name, with common random numbers."""
    frame = sim.ensemble([setting.ready() for setting in SETTINGS], seeds, progress=False).frame
    return {setting.name: frame[frame["scenario"] == setting.name] for setting in SETTINGS}


def settings_table(runs: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the results of all settings, a row a setting."""
    first = runs[SETTINGS[0].name]
    return pd.DataFrame([summary_row(setting, runs[setting.name], first) for setting in SETTINGS])


def settings_text(path: Path = TABLE) -> str:
    """Return the page in pictures: each setting with its controls, its picture, and what to notice."""
    rows = pd.read_csv(path).set_index("setting")
    return "\n\n".join(setting_section(setting, rows.loc[setting.name]) for setting in SETTINGS)


def setting_section(setting: Setting, row: Any) -> str:
    """Return the section of one setting."""
    file = f"page_in_pictures/{setting.name}.png"
    picture = f"![{setting.title}: enrolment over {row.runs} runs, and the network of trust]({file})"
    notice = [
        f"Enrolment doubles by 2020 in {row.doubled} of {row.runs} runs.",
        f"The ministry takes its programme to the whole country in {row.national} of {row.runs} runs.",
        f"The median of 2020 is {row['median']:,} examinees (middle 90% of runs {row.low:,} to {row.high:,}).",
    ]
    if setting is not SETTINGS[0]:
        numbers = [amount(row[name]) for name in ("difference", "difference_low", "difference_high")]
        notice.append(
            f"Beside the first setting, with the same random numbers, that is {numbers[0]} examinees on average "
            f"(95% interval {numbers[1]} to {numbers[2]})."
        )
    points = "\n".join(f"* {sentence}" for sentence in notice)
    return f"## {setting.title}\n\n**Controls:** {setting.controls}\n\n{picture}\n\n**Notice:**\n\n{points}"


def main() -> int:
    """Simulate, draw and write; return the exit code; an input error ends the program with 2."""
    escape_what_cannot_be_encoded()
    with exit_with_one_line():
        runs = runs_of_settings()
        contents = {TABLE: settings_table(runs).to_csv(index=False).encode()}
        contents |= {FOLDER / f"{each.name}.png": setting_picture(each, runs[each.name]) for each in SETTINGS}
        FOLDER.mkdir(exist_ok=True)
        all_written(contents | {DOCS / "answer.png": answer_picture()})
    print(f"drawn: {FOLDER} and {DOCS / 'answer.png'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
