"""Sentences about a calibration: what its draws suffice for, how near it comes to the record, what rivals say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sim.analysis.fit import root_mean_square
from sim.findings.numbers import minus

ITSELF = "the model"
"""What rivals are weighed against."""

COUNTS, BAND = "maths5_examinees", (2013, 2017)
"""The national counts, and the years over which the width of their band is told."""

STRONG = 3.0
"""Log odds from which the record tells two models apart: twenty to one, "strong" by Kass and Raftery 1995."""

EFFECT = "backbone's effect, examinees of 2020"
"""What is predicted in a test of recovery, besides parameters."""

INFORMATION = (
    "Information: of the three strongest patterns, each by itself, as parts of all they say (1 in all halves the prior's "
    "variance)."
)
"""What the numbers of the table of information are."""

RIVALS = (
    "evidence: log density of the record, parameters averaged over their prior; log_odds: against the model that answers "
    "for as many facts, by the last round, and by the round before; error: standard error of the evidence by the chain, to "
    "which comes what the surfaces are wrong by; counts_off: root mean square of the logs of the national counts' medians; "
    "inside: share of simulated facts in the middle 90%; backbone: what it adds to the examinees of 2020, mean within pairs "
    "over the posterior (low to high: 95% interval of the mean)."
)
"""What the numbers of the table of rivals are."""


def few_draws(parameters: int, draws: int, rounds: int) -> str:
    """Return a warning where the draws are fewer than the numbers of a surface; nothing otherwise.

    Args:
        parameters: of the last stage
        draws: of a round
        rounds: of a stage

    >>> few_draws(2, 100, 3), few_draws(34, 24, 1)[:14]
    ('', 'NOT TO BE USED')
    """
    numbers, teaching = parameters * (parameters + 3) // 2 + 1, draws * min(rounds, 2)
    if teaching >= numbers:
        return ""
    return f"NOT TO BE USED: {teaching:,} draws teach surfaces of {numbers:,} numbers; more `draws` are needed."


def effective_sentence(numbers: Mapping[str, float]) -> str:
    """Return how many independent facts the record is worth, and how many parameters it teaches.

    Args:
        numbers: facts, independent, flags, parameters, learned, as `sim.calibration.information.EffectiveNumbers` has them

    >>> numbers = {"facts": 80, "independent": 41.3, "flags": 3, "parameters": 45, "learned": 12.26}
    >>> effective_sentence(numbers)[:59]
    'The record has 80 counts, shares and parts, which are worth'
    """
    return (
        f"The record has {numbers['facts']:.0f} counts, shares and parts, which are worth {numbers['independent']:.1f} "
        f"independent ones by the correlation of their errors, and {numbers['flags']:.0f} yes-or-no facts. It teaches "
        f"{numbers['learned']:.1f} of {numbers['parameters']:.0f} parameters: the sum of 1 less the posterior over the prior "
        "variance."
    )


def failed_draws(failures: int) -> str:
    """Return how many draws failed; nothing where none did."""
    if not failures:
        return ""
    return f"{failures} draws failed; their tracebacks are in the folder `failures` of the calibration."


def recovery_sentence(rows: pd.DataFrame) -> str:
    """Return how often known parameters were recovered.

    Args:
        rows: of a test of recovery: name, truths, within_50, within_90
    """
    mean = rows[rows["name"] != EFFECT][["within_50", "within_90"]].mean()
    return (
        f"Known parameters found again, of {rows['truths'].iloc[0]} runs: parameters {mean['within_50']:.0%} within the "
        f"middle 50%, {mean['within_90']:.0%} within the middle 90%."
    )


def record_sentence(table: pd.DataFrame) -> str:
    """Return for how many facts the record lies among the runs, and how far the national counts are.

    Args:
        table: of `sim.analysis.fit.fit`, of one scenario
    """
    table = table[table["n"] > 0]
    if not (table["pattern"] == COUNTS).any():
        return "No published year was simulated."
    return (
        f"The record lies in the middle 90% of runs for {table['inside'].sum()} of {len(table)} facts; national counts: "
        f"{root_mean_square(table, COUNTS):.1%} away (root mean square of the log)."
    )


def band_sentence(table: pd.DataFrame) -> str:
    """Return half the width of the middle 90% of the national counts, over their median, around the launch.

    Args:
        table: of `sim.analysis.fit.fit`, of one scenario
    """
    rows = table[(table["pattern"] == COUNTS) & table["year"].between(*BAND) & (table["n"] > 0)]
    half = (rows["high_90"] - rows["low_90"]) / 2.0 / rows["median"]
    widths = ", ".join(f"{year} {width:.1%}" for year, width in zip(rows["year"], half, strict=True))
    return f"Half-width of the counts' middle 90%: {widths or 'none was simulated'}."


def defaults_sentence(runs: int, distance: float, distances: pd.Series, farther: float) -> str:
    """Return whether the defaults are a central, good member of the posterior.

    Args:
        runs: at the defaults
        distance: of them from the record, their median [tolerances]
        distances: of the posterior's sets from the record [tolerances]
        farther: share of the sets that are farther from the posterior's middle than the defaults
    """
    return (
        f"The defaults are {distance:.2f} tolerances from the record, median of {runs} runs; "
        f"{(distances > distance).mean():.0%} of the sets are farther, and {farther:.0%} are farther from the posterior's "
        "middle."
    )


def rival_sentences(rows: pd.DataFrame) -> list[str]:
    """Return what the record can and cannot tell, never more than both rounds say.

    Args:
        rows: the table of models, one row per model
    """
    rivals = rows[rows["model"] != rows["against"]]
    low, high = (rivals[["log_odds", "odds_before"]].agg(kind, axis=1) for kind in ("min", "max"))
    parts = [
        ("The record speaks against: ", rivals[high < -STRONG]),
        ("The record speaks for: ", rivals[low > STRONG]),
        ("The record cannot tell from the model: ", rivals[(high >= -STRONG) & (low <= STRONG)]),
    ]
    sentences = [
        start + "; ".join(f"{row.model} (against {row.against})" for row in some.itertuples())
        for start, some in parts
        if len(some)
    ]
    return [*sentences, *backbone_sentence(rows, list(parts[-1][1]["model"]))]


def backbone_sentence(rows: pd.DataFrame, alike: Sequence[str]) -> list[str]:
    """Return what the backbone adds under the model and under those that the record cannot tell from it; none if none says.

    Args:
        rows: the table of models
        alike: models that the record cannot tell from the model
    """
    some = rows[rows["model"].isin([ITSELF, *alike])].dropna(subset=["backbone"]).sort_values("backbone")
    if len(some) < 2:
        return []
    least, most = some.iloc[0], some.iloc[-1]
    none = "; no effect at all cannot be excluded" if (some["low"] <= 0.0).any() else ""
    return [
        f"Among models that the record cannot tell apart the backbone adds from {least['backbone']:,.0f} ({least['model']}) "
        f"to {most['backbone']:,.0f} ({most['model']}) examinees of 2020{none}"
    ]


def record_cells(table: pd.DataFrame) -> pd.DataFrame:
    """Return runs beside the record as text, pattern by pattern: observed, median, middle 90%, deviation, where it lies.

    Args:
        table: of `sim.analysis.fit.fit`, of one scenario
    """
    table = table[table["n"] > 0].rename(columns={"low_90": "5%", "high_90": "95%", "reliability": "rated"})
    numbers = {name: table[name].map(number_text) for name in ("observed", "median", "5%", "95%")}
    deviation = table["deviation"].map(lambda value: minus(f"{value:+.1f}"))
    columns = ["pattern", "year", "group", "rated", "observed", "median", "5%", "95%", "deviation", "lies"]
    return table.assign(**numbers, deviation=deviation)[columns].astype(str)


def number_text(value: float) -> str:
    """Return a figure of the record as text: whole from 100 on, else four digits.

    >>> number_text(1234.5), number_text(0.12345), number_text(float("nan"))
    ('1,234', '0.1235', '-')
    """
    return "-" if np.isnan(value) else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.4g}"
