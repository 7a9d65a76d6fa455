"""Summaries of sweeps: the table, the headline outcomes as text, and a page of figures."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.analysis.clusters import STRUCTURE, sharing_note
from sim.analysis.doubling import CLAIM, Doubling, probability, reached, years_to_doubling
from sim.analysis.enrolment import years
from sim.analysis.headlines import SAMPLE, headline_outcomes, headline_runs, policy_columns
from sim.commands import command, option
from sim.errors import InputError, counted
from sim.results.files import all_written, written
from sim.results.folder import footnote
from sim.results.identity import sources_hash
from sim.results.store import Store
from sim.runs.posterior import POINT
from sim.sweeps.precision import extension_text, took, widest, widths_text

OF_PAGE = ["backbone.facilitation", "timing"]
"""Factors of the page of figures; a sweep in which anything else varies has no page."""

DEFAULT_REFERENCE = 0.8
"""Reference facilitation of the page, for a sweep without runs that have the dates of another facilitation."""

FEW = 20
"""Seeds below which a sweep is only a first look."""

BRACKETS = "[low high]: ends of a 95% interval; [-]: one run has no interval; -: no run doubles, or none is stored."
"""Line below tables of values with intervals."""

QUANTILES = {0.05: "5%", 0.5: "median", 0.95: "95%"}


@dataclass(frozen=True)
class SweepReport:
    """Report of a sweep.

    Args:
        table: a row a run; empty if no run is complete
        text: the summary, the time of the sweep, and the files that were written
        failures: identity of the point, factors, seed and traceback of each failed run
    """

    table: pd.DataFrame
    text: str
    failures: list[dict[str, Any]]


def finish(
    store: Store, doubling: Doubling, reference_facilitation: float | None = None, simulated: float = 0
) -> SweepReport:
    """Collect a sweep in its folder: write its table, its summary and its page.

    Args:
        store: of the sweep
        doubling: what counts as doubling
        reference_facilitation: facilitation whose dates the ministry also followed; None if there was none
        simulated: number of runs that were simulated now, of which the text has the time

    Returns:
        The table, the text to be printed, and the failures.

    Raises:
        InputError: there is no sweep, or a file of it is broken or cannot be written
    """
    manifest, failures = store.manifest(), store.failures()
    try:
        table = store.collect()
    except InputError:
        return SweepReport(pd.DataFrame(), "", failures)
    text = summary_of(table, doubling, manifest)
    written(store.folder / "summary.txt", text.encode())
    reference = DEFAULT_REFERENCE if reference_facilitation is None else float(reference_facilitation)
    began = time.perf_counter()
    page = draw(store, table, doubling, reference, manifest)
    more = "" if SAMPLE in table else extension_text(table["seed"].nunique(), store.folder)
    times = took(store, time.perf_counter() - began, simulated)
    return SweepReport(table, "\n".join([text, *([more] if more else []), times, page]), failures)


def basis(table: pd.DataFrame, record: Mapping[str, Any]) -> str:
    """Return in a sentence what the runs of a sweep rest on, and what its intervals include.

    Args:
        table: a row a run
        record: of the sweep, with its configuration
    """
    seeds = table["seed"].nunique()
    few = f" {counted(seeds, 'seed')} give a first look." if seeds < FEW else ""
    if str(record.get("configuration", {}).get("uncertainty", POINT)) != POINT:
        models = f"and {counted(table[STRUCTURE].nunique(), 'model')}" if STRUCTURE in table else "of one model"
        return f"Intervals (95%) include random variation and parameters, {models}.{few}"
    return (
        f"Intervals (95%) include random variation only: parameters other than the factors have one value each, tuned "
        f"by hand.{few} `uncertainty=structures` draws sets of all models that fit the record."
    )


def summary_of(table: pd.DataFrame, doubling: Doubling, record: Mapping[str, Any]) -> str:
    """Return the headline outcomes of a sweep as text, whatever its design.

    Args:
        table: a row a run
        doubling: what counts as doubling
        record: of the sweep, with its configuration
    """
    lacking = incomplete_text(len(table), record)
    if SAMPLE in table:
        return lacking + summary_of_samples(table, doubling)
    return f"{lacking}{summary(table, doubling)}\n\n{basis(table, record)}"


def incomplete_text(runs: int, record: Mapping[str, Any], end: str = "\n\n") -> str:
    """Return that a sweep lacks runs, to stand above its answer; empty if it has all, or its record has no number.

    Args:
        runs: number of its runs
        record: of the sweep
        end: what follows the sentence

    >>> incomplete_text(7, {"runs": 12}, ""), incomplete_text(12, {"runs": 12}), incomplete_text(12, {})
    ('Incomplete: 7 of 12 runs; the others can change what follows.', '', '')
    """
    whole = record.get("runs", runs)
    if runs >= whole:
        return ""
    return f"Incomplete: {runs:,} of {counted(whole, 'run')}; the others can change what follows.{end}"


def summary(table: pd.DataFrame, doubling: Doubling) -> str:
    """Return the headline outcomes point by point, as text."""
    free = table[table["dates"] == "emergent"]
    factors = list(table.columns[table["scenario"].nunique() == 1 : list(table.columns).index("dates")])
    last = last_examination(table)
    goals = {"16,085 by 2017": CLAIM} if CLAIM.by <= last else {}
    goals |= {f"{doubling.brief} by {year}": doubling.until(year) for year in (2018, 2020) if year <= last}
    lines = [
        f"{counted(len(table), 'run')}, {counted(len(free[factors].drop_duplicates()), 'point')}, {count(table['seed'])}"
    ]
    each = table.groupby([*factors, "dates"], observed=True).size()
    if each.nunique() > 1:
        lines.append(
            f"some runs are missing: points have {each.min()} to {counted(each.max(), 'seed')}, so not all are paired"
        )
    lines += filter(None, [sharing_note(table)])
    widths = dict[str, tuple[float, str]]()
    for name, goal in goals.items():
        shares = probability(free, factors, reached(free, goal))
        widths[f"P({name})"] = widest(shares), ""
        lines += ["", f"P({name}), the ministry free [low high]", cross(shares, factors, "p")]
    waited = years_to_doubling(free, factors, doubling.until(last))
    value = next(c for c in waited.columns if c not in (*factors, "n", "low", "high", "share"))
    lines += [
        "",
        "Years from the national decision to the doubling (mean of runs that double) [low high]",
        cross(waited, factors, value),
    ]
    widths["years to the doubling"] = widest(waited), " years"
    text = widths_text(widths, table["seed"].nunique())
    return "\n".join([*lines, "", BRACKETS, *filter(None, [text])])


def summary_of_samples(table: pd.DataFrame, doubling: Doubling) -> str:
    """Return the headline outcomes of a sampled design, policy by policy over all samples and seeds, as text."""
    runs = headline_runs(table, doubling)
    policies = policy_columns(table) or ["scenario"]
    lines = [f"{counted(len(table), 'run')}, {counted(table[SAMPLE].nunique(), 'sample')}, {count(table['seed'])}"]
    for policy, rows in runs.groupby(policies, observed=True):
        about = ", ".join(f"{name}={value}" for name, value in zip(policies, policy, strict=True))
        spread = rows[headline_outcomes(rows)].dropna(axis=1, how="all").quantile([0.05, 0.5, 0.95]).T
        lines += ["", f"{about}: over samples and seeds", spread.rename(columns=QUANTILES).round(3).to_string()]
    return "\n".join(lines)


def last_examination(table: pd.DataFrame) -> int:
    """Return the last year of which a table has an examination."""
    return max(years(table))


def count(seeds: pd.Series) -> str:
    """Return seeds in words.

    >>> count(pd.Series([1, 2, 2])), count(pd.Series([3, 3]))
    ('seeds 1 to 2', 'seed 3')
    """
    return f"seed {seeds.min()}" if seeds.nunique() == 1 else f"seeds {seeds.min()} to {seeds.max()}"


def cross(points: pd.DataFrame, factors: list[str], value: str) -> str:
    """Return a table of one value over the points: facilitation down and timing across, if these are the factors."""
    cells = points.assign(**{value: [with_ends(*row) for row in points[[value, "low", "high"]].to_numpy(float)]})
    if set(factors) == {"backbone.facilitation", "timing"}:
        from sim.analysis.sweep_grid import timings

        return cells.pivot(index="backbone.facilitation", columns="timing", values=value)[timings(points)].to_string()
    return cells[[*factors, value]].to_string(index=False)


def with_ends(value: float, low: float, high: float) -> str:
    """Return a value with the ends of its interval; a dash for what there is too little of to say.

    >>> with_ends(0.87, 0.7, 0.951), with_ends(3.0, math.nan, math.nan), with_ends(math.nan, math.nan, math.nan)
    ('0.87 [0.70 0.95]', '3.00 [-]', '-')
    """
    if math.isnan(value):
        return "-"
    return f"{value:.2f} [-]" if math.isnan(low) else f"{value:.2f} [{low:.2f} {high:.2f}]"


def varied(table: pd.DataFrame) -> list[str]:
    """Return the columns of scenario and factors that differ between the points of a sweep."""
    about = table.columns[: table.columns.get_loc("dates")]
    return [name for name in about if table[name].nunique() > 1]


def draw(store: Store, table: pd.DataFrame, doubling: Doubling, reference: float, manifest: Mapping[str, Any]) -> str:
    """Write the page and its appendix, where the factors are facilitation and timing.

    Args:
        store: of the sweep
        table: its runs
        doubling: what counts as doubling
        reference: facilitation that the page refers to
        manifest: of the sweep

    Returns:
        Where table and page are, or why there is no page.
    """
    last, why = last_examination(table), ""
    if SAMPLE in table:
        why = f"what matters in it: {command('sensitivity', [option('out', store.folder)])}"
    elif varied(table) != OF_PAGE:
        why = "no page: it needs several facilitations and timings, and nothing else that varies"
    elif last < CLAIM.by:
        why = f"no page: the runs end before the examination of {CLAIM.by}"
    if why:
        return f"\nTable: {store.folder / 'table.parquet'} ({why})"
    from sim.catalogue import targets
    from sim.figures.export import render
    from sim.figures.sweep import Choices, sweep_appendix
    from sim.figures.sweep_page import sweep_page

    commit = manifest["environment"]["commit"][:10]
    made = footnote(
        f"{manifest['command']}; {counted(len(table), 'run')}; model {sources_hash()}, commit {commit}",
        sharing_note(table),
    )
    point = str(manifest.get("configuration", {}).get("uncertainty", POINT)) == POINT
    lacking = incomplete_text(len(table), manifest, "")
    choices = Choices(doubling=doubling, reference=reference, default_parameters=point, notice=lacking)
    page = render(sweep_page(table, targets(), made, choices), store.folder / "page")
    appendix = render(sweep_appendix(table, targets(), made, choices), store.folder / "appendix", ("pdf", "png"))
    all_written(page | appendix)
    lines = {"Table": [store.folder / "table.parquet"], "Page": list(page), "Appendix": list(appendix)}
    return "".join(f"\n{f'{name}:':9} {', '.join(map(str, paths))}" for name, paths in lines.items())
