"""Folders of results as programs leave them, made of invented runs in which every kind of answer occurs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.analysis.costs import costs
from sim.analysis.equity import gains, gaps
from sim.analysis.paired_differences import differences, effect_parts, outcome_traits, year_columns
from sim.analysis.robustness import ITSELF, findings_with_worst, robustness_table
from sim.analysis.shapley import attribution
from sim.figures.export import render
from sim.figures.style import sheet
from sim.results.identity import environment
from tests.figures.test_equity_page import frame as equity_runs

SEEDS = np.arange(1, 31)
ARMS = {"weaker": -900.0, "stronger": 700.0, "noisy": -20.0, "never": -4000.0, "alike": 0.0}
PLAYERS = ("common agenda", "shared measurement", "nobody", "quarrel")


def runs() -> pd.DataFrame:
    """A baseline and arms that are worse, better, not told apart, without a ministry, and the same."""
    draws, rows = np.random.default_rng(7), []
    luck = draws.normal(0.0, 300.0, len(SEEDS))
    for name, more in {"base": 0.0, **ARMS}.items():
        own = luck + (draws.normal(0.0, 200.0, len(SEEDS)) if name not in ("base", "alike") else 0.0)
        for dates, share in {"emergent": 1.0, "held": 0.4, "none": 0.0}.items():
            if (dates == "held" and name in ("base", "never")) or (dates == "none" and name not in ("base", "never")):
                continue
            base = 20000.0 + (-4000.0 if dates == "none" else more * share)
            about = {"scenario": name, "dates": dates, "seed": SEEDS, "month_national": 120.0}
            figures = {"examinees_2019": base / 2 + own, "examinees_2020": base + own, "doubled": base + own > 20000.0,
                       "trust_across": 0.4 + (base + own) / 1e6}  # fmt: skip
            rows.append(pd.DataFrame(about | figures).astype({"doubled": float}))
    return pd.concat(rows, ignore_index=True)


def coalitions() -> pd.DataFrame:
    """Runs of a game in which the second player may do nothing and the third does nothing in any seed."""
    draws, rows = np.random.default_rng(9), []
    for seed in SEEDS:
        noise = draws.normal(0.0, 50.0)
        for k in range(2 ** len(PLAYERS)):
            value = 1000.0 + 500.0 * bool(k & 1) + noise * bool(k & 2) - 200.0 * bool(k & 8)
            rows.append({"seed": seed, "coalition": k, "examinees_2020": value, "doubled": float(bool(k & 1))})
    return pd.DataFrame(rows)


def written(folder: Path, kind: str, record: Mapping[str, Any], pages: tuple[str, ...], **tables: pd.DataFrame) -> Path:
    """A folder of results; the table called `table` holds runs."""
    folder.mkdir(parents=True)
    command = f"python -m experiments.{folder.name.partition('_')[0]}"
    about = {"kind": kind, "command": command, **record, "environment": environment()}
    (folder / "manifest.json").write_text(json.dumps(about))
    for name, table in tables.items():
        if name == "table":
            table.to_parquet(folder / "table.parquet", index=False)
        else:
            table.to_csv(folder / f"{name}.csv", index=False)
    for page in pages:
        for path, drawing in render(sheet(3, 2), folder / page, ("svg",)).items():
            path.write_bytes(drawing)
    return folder


def comparison(folder: Path) -> Path:
    """A comparison of all arms."""
    frame, arms = runs(), list(ARMS)
    kinds = {"outcome": ["examinees_2020", "doubled", "trust_across"], "year": year_columns(frame)}
    table = pd.concat([differences(frame, "base", arms, names).assign(by=by) for by, names in kinds.items()])
    cases = {name: {"about": f"what {name} is", "differs": f"a.b: 1 in base, 2 in {name}"} for name in ("base", *arms)}
    record = {"asks": "What arms do", "baseline": "base", "arms": arms, "set": {}, "cases": cases, "uncertainty": "point",
            "posterior": "", "pairs": len(SEEDS), "failures": 0}  # fmt: skip
    effects = effect_parts(frame, "base", arms, "examinees_2020")
    return written(folder, "comparison", record, ("compare",), differences=table, parts=effects, table=frame)


def game(folder: Path) -> Path:
    """An attribution of two outcomes."""
    tables = [
        attribution(coalitions(), PLAYERS, name).assign(outcome=name, unit=outcome_traits(name).unit)
        for name in ("examinees_2020", "doubled")
    ]
    record = {"asks": "What players do", "baseline": "base", "set": {}, "uncertainty": "posterior", "sharing": ""}
    pages = ("attribution-examinees_2020", "attribution-doubled")
    return written(folder, "attribution", record, pages, attribution=pd.concat(tables), runs=coalitions())


def equity(folder: Path) -> Path:
    """A study of equity."""
    arms = {"base": 1.0, "base_half": 0.5, "harmful": -0.2, "idle": 0.0}
    frame, reference = equity_runs(arms), "nothing_at_all"
    tables = {
        "equity": pd.concat([gains(frame, name, reference, 2020) for name in arms]),
        "gaps": pd.concat([gaps(frame, name, reference, 2020) for name in (*arms, reference)]),
        "costs": costs(frame, [*arms, reference], reference),
        "table": frame.assign(**dict.fromkeys(("offered", "delivered", "unspent", "duplicated"), 0.0)),
    }
    record = {"baseline": "base", "arms": list(arms)[1:], "reference": reference, "year": 2020, "set": {}, "pairs": 12,
            "uncertainty": "posterior"}  # fmt: skip
    return written(folder, "study of equity", record, ("equity",), **tables)


def weaker(frame: pd.DataFrame, share: float, noise: float) -> pd.DataFrame:
    """The same runs where the arms do a share of what they do, and more is left to luck."""
    draws, made = np.random.default_rng(3), frame.copy()
    base = frame[(frame["scenario"] == "base") & (frame["dates"] == "emergent")].set_index("seed")["examinees_2020"]
    of_base = frame["seed"].map(base)
    luck = np.where(frame["scenario"] == "base", 0.0, draws.normal(0.0, noise, len(frame)))
    return made.assign(examinees_2020=of_base + share * (frame["examinees_2020"] - of_base) + luck)


def robust(folder: Path) -> Path:
    """A test of robustness: under one mechanism effects are as in the model, under one a fifth, under one nothing is sure."""
    frame = runs()
    frames = {
        ITSELF: frame,
        "reputation": frame,
        "no_readiness": weaker(frame, 0.2, 20.0),
        "no_network": weaker(frame, 0.0, 9e3),
    }
    table = robustness_table(frames, "base", list(ARMS), ["examinees_2020"])
    held = {"reputation": {"trust.rule": "constant"}, "no_readiness": {"school.readiness_irrelevance": 1.0},
            "no_network": {"ministry.floor": 0.1}}  # fmt: skip
    record = {"baseline": "base", "arms": list(ARMS), "set": {}, "pairs": len(SEEDS), "uncertainty": "posterior",
            "mechanisms": held}  # fmt: skip
    return written(folder, "test of robustness", record, ("robust",), robust=table, findings=findings_with_worst(table))


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder `results` with one of each, and a second comparison."""
    folder = tmp_path_factory.mktemp("report") / "results"
    comparison(folder / "compare")
    comparison(folder / "compare_governance")
    game(folder / "attribute_conditions")
    equity(folder / "equity")
    robust(folder / "robust")
    return folder
