"""Compute the small tables of the web page: python -m experiments.maintenance.page_tables, or `make page-tables`.

Writes into sim/dashboard/tables: `dose_response.csv` with examinees at settings of each slider and switch, `ranges.csv` with
the paired differences between the two ends of each, which it prints for examinees, `opening.json` with the comparison of the
page's first sentence, and `film.json` with two networks over time. A test repeats some runs.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.doubling import PUBLISHED_BASE
from sim.analysis.effects import estimate
from sim.configuration import scenario
from sim.dashboard import precomputed
from sim.dashboard.landing import animation
from sim.dashboard.live_run import LEAST, fan_years, simulate_live
from sim.dashboard.network_player import player_data
from sim.dashboard.precomputed import TABLES, WITH, WITHOUT
from sim.dashboard.settings import Settings
from sim.dashboard.sliders import CONDITIONS, LEVERS, SEED, TIMING, UNTIL, Lever
from sim.results.files import bytes_of, written
from sim.results.identity import sources_hash
from sim.runs.ensemble import ensemble
from sim.runs.streams import escape_what_cannot_be_encoded

DOSES = 6
"""Number of settings of each slider, besides the scenario's own."""

DOSE_SEEDS = range(1, 13)
"""Seeds of each setting of a slider."""

SEEDS = range(1, 31)
"""Seeds of the comparison with and without a backbone."""

TIMINGS = (-24, -12, 0, 12, 24, 36)
"""Shifts of the windows for which both are compared [months]."""

YEAR = 2020
"""Year of the figures [school year]."""

FRAME = 3
"""Months between two images of the film."""

LAUNCH_YEAR = 2012
"""First year of the curves of the film [school year]."""

ANIMATION = Path(__file__).resolve().parents[2] / "docs" / "landing.svg"
"""Animation of the first comparison, for documents."""

Table = Any  # a pandas.DataFrame, which this program takes as it comes


def main(arguments: Sequence[str] | None = None) -> int:
    """Compute and write the three tables and the animation of README; with `--responses` only those of the sliders."""
    escape_what_cannot_be_encoded()
    if "--responses" not in (sys.argv[1:] if arguments is None else arguments):
        comparison_tables()
    written(TABLES / "dose_response.csv", bytes_of(dose_responses(), "csv"))
    ranges = range_table()
    written(TABLES / "ranges.csv", bytes_of(ranges, "csv"))
    print(ranges[ranges["outcome"] == RANGE_OUTCOMES[0]].drop(columns="outcome").to_string(index=False))
    print(f"written: {', '.join(path.name for path in sorted(TABLES.iterdir()))} in {TABLES}, and {ANIMATION.name}")
    return 0


def comparison_tables() -> None:
    """Compute and write the comparison with and without a backbone, the film, and the animation made of both."""
    runs = {(arm, timing): years_of(settings_of(arm, timing)) for arm in (WITH, WITHOUT) for timing in TIMINGS}
    opening = opening_table(runs)
    written(TABLES / "opening.json", json_bytes(opening, indent=1))
    film = film_data(opening["typical_seed"])
    written(TABLES / "film.json", json_bytes(film))
    for table in (precomputed.opening, precomputed.film):
        table.cache_clear()
    written(ANIMATION, animation().encode())


def json_bytes(value: Any, indent: int | None = None) -> bytes:
    """Return a value as JSON."""
    return (json.dumps(value, indent=indent, separators=None if indent else (",", ":")) + "\n").encode()


def settings_of(arm: str, timing: int = 0) -> Settings:
    """Return the settings of an arm with windows that open some months later."""
    return Settings(arm).with_(TIMING, timing)


def years_of(settings: Settings, seeds: range = SEEDS) -> Table:
    """Return the school years of runs with these settings, a row for each run and year."""
    return list(fan_years(settings.as_scenario(), seeds, threading.Event()))[-1]


def by_seed(years: Table) -> Table:
    """Return examinees by seed (rows) and year (columns) [students]."""
    return years.pivot_table(index="seed", columns="year", values="examinees")


def doubled(years: Table) -> Table:
    """Return by seed whether examinees reach twice the published base."""
    table = by_seed(years)
    return (table.loc[:, LAUNCH_YEAR + 1 :] >= 2 * PUBLISHED_BASE).any(axis=1)


def opening_table(runs: dict[tuple[str, int], Table]) -> dict[str, Any]:
    """Return the figures of the first sentence: doublings and paired differences by timing, curves, the typical seed."""
    rows = []
    for timing in TIMINGS:
        first, second = (runs[arm, timing] for arm in (WITH, WITHOUT))
        gap = estimate((by_seed(first)[YEAR] - by_seed(second)[YEAR]).to_numpy())
        rows.append(
            {"timing": timing, "doubled_with": int(doubled(first).sum()), "doubled_without": int(doubled(second).sum()),
             "difference": round(gap.mean), "low": round(gap.low), "high": round(gap.high)}
        )  # fmt: skip
    usual = by_seed(runs[WITH, 0])
    distance = (usual / usual.median() - 1).abs().mean(axis=1)
    return {
        "model": sources_hash(),
        "runs": len(SEEDS),
        "year": YEAR,
        "typical_seed": int(distance.idxmin()),
        "by_timing": rows,
        "curves": {arm: curve(by_seed(runs[arm, 0])) for arm in (WITH, WITHOUT)},
    }


def curve(table: Table) -> list[dict[str, int]]:
    """Return median, middle half and nine tenths of runs by year [students]."""
    quantiles = table.loc[:, LAUNCH_YEAR:].quantile([0.05, 0.25, 0.5, 0.75, 0.95])
    return [{"year": int(year), **dict(zip(("p5", "p25", "median", "p75", "p95"), map(round, quantiles[year]), strict=True))}
            for year in quantiles]  # fmt: skip


def film_data(seed: int) -> dict[str, Any]:
    """Return two networks of trust over time, with and without a backbone, with the same seed."""
    films = {arm: player_data(simulate_live(Settings(arm).as_scenario(), seed)) for arm in (WITH, WITHOUT)}
    first = films[WITH]
    frames = range(len(first["frames"]) - 1, -1, -FRAME)
    return {
        "seed": seed,
        "least": LEAST,
        "nodes": [[n["x"], n["y"], n["colour"], int(n["middle"])] for n in first["nodes"]],
        "sectors": first["sectors"],
        "months": [first["frames"][place]["month"] for place in frames][::-1],
        "arms": {arm: [frame_data(film["frames"], place) for place in frames][::-1] for arm, film in films.items()},
    }


def frame_data(frames: list[dict[str, Any]], place: int) -> dict[str, Any]:
    """Return an image of the film: ties without direction, who takes part, the ministry's stage, events since the last."""
    flat = np.array(frames[place]["ties"], dtype=int).reshape(-1, 3)
    pairs = {(min(a, b), max(a, b)) for a, b, _ in flat.tolist()}
    events = [f"{f['month']}: {f['event']}" for f in frames[max(0, place - FRAME + 1) : place + 1] if f["event"]]
    return {
        "ties": [row for pair in sorted(pairs) for row in pair],
        "part": frames[place]["part"],
        "stage": frames[place]["stage"],
        "members": frames[place]["member"],
        "event": "; ".join(events),
    }


def doses(lever: Lever) -> list[float]:
    """Return the settings of a slider or switch at which runs are made, its own among them."""
    if lever.switch:
        return [0.0, 1.0]
    even = lever.low + lever.step * np.round(np.linspace(0, (lever.high - lever.low) / lever.step, DOSES))
    return sorted({*map(float, even), Settings().value(lever.key)})


def dose_responses() -> Table:
    """Return examinees by slider, setting and seed; other sliders stay as in the scenario."""
    import pandas as pd

    rows = [row for lever in (*LEVERS, *CONDITIONS) if lever.key not in (UNTIL, SEED) for row in responses(lever)]
    return pd.DataFrame(rows)


RANGE_OUTCOMES = (f"examinees_{YEAR}", "attendance", "trust_across", "consensus", "transparency", "delivered_partners")
"""Outcomes of which the page says how far a control moves them."""


def range_table(seeds: range = SEEDS, levers: Sequence[Lever] = (*LEVERS, *CONDITIONS)) -> Table:
    """Return the paired differences of outcomes between the two ends of each control: its high end less its low end.

    Returns:
        A row a control and outcome: key, low_end, high_end (as the page shows them), outcome, at_low, at_high (means),
        difference, low, high (95% interval) [unit of the outcome], pairs
    """
    import pandas as pd

    chosen = [lever for lever in levers if lever.key not in (UNTIL, SEED)]
    ends = [(lever, end) for lever in chosen for end in (lever.low, lever.high)]
    scenarios = [
        scenario(Settings().with_(each.key, end).as_scenario(), name=f"{each.key}={end}") for each, end in ends
    ]
    frame = ensemble(scenarios, list(seeds), progress=False).frame.set_index(["scenario", "seed"])
    rows = []
    for lever in chosen:
        for outcome in RANGE_OUTCOMES:
            first, second = (frame[outcome].loc[f"{lever.key}={end}"] for end in (lever.low, lever.high))
            gap = estimate((second - first).to_numpy())
            figures = {
                "at_low": first.mean(),
                "at_high": second.mean(),
                "difference": gap.mean,
                "low": gap.low,
                "high": gap.high,
            }
            rows.append(
                {"key": lever.key, "low_end": lever.low, "high_end": lever.high, "outcome": outcome}
                | {name: round(float(value), 4) for name, value in figures.items()} | {"pairs": gap.n}
            )  # fmt: skip
    return pd.DataFrame(rows)


def responses(lever: Lever) -> Iterator[dict[str, Any]]:
    """Yield a row for each setting and seed of a slider."""
    for dose in doses(lever):
        table = by_seed(years_of(Settings().with_(lever.key, dose), DOSE_SEEDS))
        for seed, examinees in table[YEAR].items():
            yield {"key": lever.key, "value": dose, "seed": seed, "examinees": round(examinees)}


if __name__ == "__main__":
    sys.exit(main())
