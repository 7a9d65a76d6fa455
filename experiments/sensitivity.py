"""What matters in a sampled sweep, where it doubles, and whether there were seeds enough.

    python -m experiments.sweep design=sobol n=64 seeds=2
    python -m experiments.sensitivity out=results/sobol
    python -m experiments.sensitivity out=results/sobol outcomes=[doubled,examinees_2020]

Sobol indices or Morris' effects with intervals, as the sweep was sampled, PAWN of lhs; boxes of parameters
in which enrolment doubles. It leaves sensitivity.csv, sensitivity.txt and pages in the sweep's folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import hydra
import numpy as np
import pandas as pd
from omegaconf import DictConfig

from sim.analysis.headlines import DOUBLED, SAMPLE, headlines, headlines_in, policy_columns
from sim.analysis.replications import in_words, replications
from sim.analysis.scenario_discovery import cart, prim, scores
from sim.analysis.sensitivity import by_sample, pawn, settled, settling
from sim.analysis.sweep_grid import EMERGENT
from sim.commands import command
from sim.configuration import configs
from sim.design.factors import Factor
from sim.design.samples import LHS, MORRIS, NEEDS_ANALYSIS, SOBOL, shares_of
from sim.errors import Mistake, shown
from sim.figures.style import drawn
from sim.results.files import all_written, bytes_of
from sim.results.identity import sources_hash
from sim.results.store import Store

from .command_line.entry import reports_errors, start
from .command_line.options import doubling_of, folder_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INDEX = {SOBOL: "ST", MORRIS: "mu_star"}
"""The index by which factors are ordered."""


def analysed(store: Store, table: pd.DataFrame, cfg: DictConfig) -> tuple[pd.DataFrame, list[str], str]:
    """Indices of every outcome under every policy, what is to be said of them, and the kind of the design.

    Raises Mistake where an outcome that was asked for cannot be analysed.
    """
    sampling = store.manifest()["sampling"]
    factors = factors_from(sampling)
    shares = shares_of(sampling["kind"], len(factors), sampling["n"])
    agreed(table, factors, shares)
    runs, frames, said = headlines(table, doubling_of(cfg)), [], []
    for policy, mine in policies_in(runs):
        for outcome in outcomes_of(cfg, mine):
            try:
                values = by_sample(mine, outcome, len(shares))
            except Mistake as mistake:
                if cfg.outcomes is not None:
                    raise
                said.append(f"{policy}: {mistake}")
                continue
            frame = indices(sampling["kind"], [factor.name for factor in factors], shares, values)
            frames.append(frame.assign(outcome=outcome, policy=policy))
            said.append(f"{policy}, {outcome}: {told(sampling['kind'], frame)}")
    if not frames:
        raise Mistake(f"no outcome of {store.folder} can be analysed: {said[0] if said else 'there is none'}")
    return pd.concat(frames, ignore_index=True), said, str(sampling["kind"])


def factors_from(sampling: dict[str, Any]) -> list[Factor]:
    """The factors as the manifest has them."""
    return [Factor(**{**said, "choices": tuple(said["choices"])}) for said in sampling["factors"]]


def agreed(table: pd.DataFrame, factors: list[Factor], shares: Any) -> None:
    """Raises Mistake where the points of a table are not those that its manifest says."""
    points = table.drop_duplicates(SAMPLE).set_index(SAMPLE)
    for k, factor in enumerate(factors):
        expected = [factor.at(float(shares[number, k])) for number in points.index]
        same = points[factor.name].to_numpy() == np.asarray(expected)
        if not same.all():
            raise Mistake(f"the points of the table are not those of the design in its manifest: `{factor.name}` of sample "
                          f"{points.index[~same][0]} differs; sweep again")  # fmt: skip


def boxes(
    table: pd.DataFrame, sampling: dict[str, Any], cfg: DictConfig, made: str
) -> tuple[list[str], dict[str, Figure]]:
    """Where it doubles, policy by policy: what is to be said, and a page for each by the end of its name."""
    from sim.figures.discovery_boxes import box_page, in_numbers

    doubling, said, figures = doubling_of(cfg), list[str](), dict[str, Any]()
    names = [factor.name for factor in factors_from(sampling)]
    if sampling["kind"] in INDEX:
        said.append(
            f"boxes rest on the {sampling['n']:,} rows of a {sampling['kind']} design: design=lhs finds them better"
        )
    runs = headlines(table, doubling)
    if DOUBLED not in runs:
        return [*said, f"no box: the runs end before the examination of {doubling.by}"], {}
    several = len(policies_in(runs)) > 1
    for number, (policy, mine) in enumerate(policies_in(runs), 1):
        cases, share = mine.groupby(SAMPLE)[names].first(), mine.groupby(SAMPLE)[DOUBLED].mean()
        happened, what = (share > 0.5).to_numpy(), f"it comes to {doubling.brief} by {doubling.by}"
        try:
            box, others, telling = prim(cases, happened), cart(cases, happened), scores(cases, share)
        except Mistake as mistake:
            said.append(f"{policy}, where {what}: {mistake}")
            continue
        said.append(f"{policy}, where {what} in most seeds: {box.words}")
        said += [f"{policy}, by a tree: {other.words}" for other in others[:2]]
        best = ", ".join(f"{factor} {score:.2f}" for factor, score in telling.head(3).to_numpy())
        said.append(f"{policy}, which parameters tell of it: {best}")
        if any(in_numbers(ends) for ends in box.limits.values()):
            title = f"{what} ({policy})" if several else what
            figures[f"box-{number}"] = box_page(cases, happened, box, title, f"{policy}. {made}")
    return said, figures


def policies_in(runs: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The runs of each policy, with its name."""
    told_apart = policy_columns(runs) or ["scenario"]
    return [
        (", ".join(f"{name}={value}" for name, value in zip(told_apart, key, strict=True)), mine)
        for key, mine in runs.groupby(told_apart, observed=True)
    ]


def outcomes_of(cfg: DictConfig, runs: pd.DataFrame) -> list[str]:
    """The outcomes to analyse. Raises Mistake for a column that there is not."""
    if cfg.outcomes is None:
        return [name for name in headlines_in(runs) if runs[name].notna().any()]
    asked = [cfg.outcomes] if isinstance(cfg.outcomes, str) else list(cfg.outcomes)
    unknown = [name for name in asked if name not in runs]
    if unknown or not asked:
        raise Mistake(f"the table has no outcome {shown(unknown[0] if unknown else asked)}")
    return asked


def indices(kind: str, names: list[str], shares: Any, values: Any) -> pd.DataFrame:
    """Indices by the design's own estimator as it grew, else PAWN. Raises Mistake where SALib is not installed."""
    try:
        if kind in INDEX:
            return settling(kind, names, shares, values)
        return pawn(names, shares, values)
    except ImportError:
        raise Mistake(f"indices are estimated by SALib, which is not installed; {NEEDS_ANALYSIS}") from None


def told(kind: str, frame: pd.DataFrame) -> str:
    """The greatest factors of an outcome, in a line."""
    index = INDEX.get(kind, "median")
    last = frame[frame["n"] == frame["n"].max()].nlargest(3, index)
    greatest = ", ".join(f"{row['factor']} {row[index]:.2g}" for _, row in last.iterrows())
    return f"{index} {greatest}" + (f"; {settled(frame, index)}" if kind in INDEX else "")


def seeds_enough(table: pd.DataFrame, cfg: DictConfig, made: str) -> tuple[list[str], dict[str, Figure]]:
    """How many seeds are enough: what is to be said, and a page."""
    from sim.figures.replications import replications_page

    runs = headlines(table, doubling_of(cfg))
    points = [name for name in table.columns[: table.columns.get_loc("dates")] if table[name].nunique() > 1]
    if not points:
        return ["how many seeds are enough is asked of two points or more"], {}
    points = [name for name in points if name in policy_columns(runs)] + [SAMPLE] if SAMPLE in table else points
    try:
        found = replications(runs, points, outcomes_of(cfg, runs), cfg.within)
    except Mistake as mistake:
        return [str(mistake)], {}
    return [in_words(found, cfg.within)], {"seeds": replications_page(found, made)}


def pages(found: pd.DataFrame, kind: str, made: str) -> dict[str, Figure]:
    """A page of indices for each policy, by the end of its name."""
    from sim.figures.sensitivity import sensitivity_page

    figures = {}
    for number, (policy, mine) in enumerate(found.groupby("policy", sort=False), 1):
        title = f"What matters, n = {mine['n'].max():,}: {policy}"
        figures[f"indices-{number}"] = sensitivity_page(mine, kind, title, made)
    return figures


def provenance(manifest: dict[str, Any]) -> str:
    """What made the runs, for the foot of a page."""
    return f"{manifest['command']}; model {sources_hash()}, commit {manifest['environment']['commit'][:10]}"


def there(store: Store, table: pd.DataFrame) -> str:
    """How much of a sweep it is that was analysed, where something is missing."""
    manifest = store.manifest()
    design, (first, last) = manifest["design"], manifest["seeds"]
    points = sum(point.get("samples", 1) for point in design) * len(manifest.get("policies", [0]))
    runs, here = points * (last - first + 1), int((table["dates"] == EMERGENT).sum())
    if here >= runs:
        return ""
    see = command("sweeps", ["status"])
    return f"of {runs:,} runs {runs - here:,} are missing (see `{see}`); the others were analysed"


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="sensitivity")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Print what matters, and leave it as tables and pages beside the sweep."""
    doubling_of(cfg)
    store = Store(folder_of(cfg))
    table = store.collect()
    manifest = store.manifest()
    made = provenance(manifest)
    said, figures = seeds_enough(table, cfg, made)
    files, kind = {}, manifest.get("sampling", {}).get("kind", "grid")
    if kind in (SOBOL, MORRIS, LHS):
        found, about, kind = analysed(store, table, cfg)
        files[store.folder / "sensitivity.csv"] = bytes_of(found, "csv")
        said, figures = [*about, *said], figures | (pages(found, kind, made) if kind in INDEX else {})
        if cfg.boxes:
            where, boxed = boxes(table, manifest["sampling"], cfg, made)
            said, figures = [*said, *where], figures | boxed
    else:
        said.append(f"no indices: the sweep in {store.folder} is a {kind}; design=sobol, morris or lhs has them")
    said = [*filter(None, [there(store, table)]), *said]
    files[store.folder / "sensitivity.txt"] = "\n".join(said).encode()
    for name, figure in figures.items():
        files |= drawn(figure, store.folder / f"sensitivity-{name}")
    all_written(files)
    print("\n".join(said))
    print("\n" + "\n".join(str(path) for path in files))


if __name__ == "__main__":
    start(main, "sensitivity")
