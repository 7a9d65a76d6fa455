"""Findings of a calibration: number of draws, distance from the record, and evidence for rivals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sim.analysis.fit import root_mean_square
from sim.findings.numbers import minus

ITSELF = "the model"
"""Name of the model among its rivals."""

COUNTS, BAND = "maths5_examinees", (2013, 2017)
"""Pattern of the national counts, and the years for which the width of their band is reported."""

STRONG = 3.0
"""Log odds from which evidence is strong: twenty to one, by Kass and Raftery (1995)."""

EFFECT = "backbone's effect, examinees of 2020"
"""Name of the effect in a test of recovery."""

INFORMATION = (
    "Information: the three strongest patterns and their parts of the total (a total of 1 halves the prior variance)."
)
"""Note of the table of information."""

RIVALS = (
    "evidence: log density of the record, parameters averaged over their prior; log_odds: against the model that answers "
    "for as many facts, by the last round, and by the round before; error: standard error of the evidence by the chain, to "
    "which the error of the surfaces is added; counts_off: root mean square of the logs of the national counts' medians; "
    "inside: share of simulated facts in the middle 90%; backbone: its effect on the examinees of 2020, mean within pairs "
    "over the posterior (low to high: 95% interval of the mean)."
)
"""Note of the table of rivals."""


def few_draws(parameters: int, draws: int, rounds: int) -> str:
    """Return a warning if there are fewer draws than coefficients of a surface, else an empty text.

    Args:
        parameters: of the last stage
        draws: of a round
        rounds: of a stage

    >>> few_draws(2, 100, 3), few_draws(34, 24, 1)[:14]
    ('', 'NOT TO BE USED')
    """
    coefficients, fitted = parameters * (parameters + 3) // 2 + 1, draws * rounds
    if fitted >= coefficients:
        return ""
    return f"NOT TO BE USED: {fitted:,} draws are too few to fit surfaces of {coefficients:,} coefficients; use more `draws`."


def effective_sentence(numbers: Mapping[str, float]) -> str:
    """Return a sentence on the independent facts of the record and the number of parameters that it determines.

    Args:
        numbers: facts, independent, flags, parameters, learned, from `sim.calibration.effective_numbers.EffectiveNumbers`

    >>> numbers = {"facts": 80, "independent": 41.3, "flags": 3, "parameters": 45, "learned": 12.26}
    >>> effective_sentence(numbers)[:60]
    'The record has 80 counts, shares and parts, equivalent to 41'
    """
    return (
        f"The record has {numbers['facts']:.0f} counts, shares and parts, equivalent to {numbers['independent']:.1f} "
        f"independent ones by the correlation of their errors, and {numbers['flags']:.0f} yes-or-no facts. It determines "
        f"{numbers['learned']:.1f} of {numbers['parameters']:.0f} parameters: the sum of 1 less the ratio of posterior to "
        "prior variance."
    )


def failed_draws(failures: int) -> str:
    """Return a sentence on the number of failed draws; empty if none failed."""
    if not failures:
        return ""
    return f"{failures} draws failed; their tracebacks are in the folder `failures` of the calibration."


def recovery_sentence(rows: pd.DataFrame) -> str:
    """Return a sentence on the recovery of known parameters.

    Args:
        rows: of a test of recovery: name, truths, within_50, within_90
    """
    mean = rows[rows["name"] != EFFECT][["within_50", "within_90"]].mean()
    return (
        f"Recovery of known parameters in {rows['truths'].iloc[0]} runs: {mean['within_50']:.0%} lie within the "
        f"middle 50% of their "
        f"posterior, {mean['within_90']:.0%} within the middle 90%."
    )


def record_sentence(table: pd.DataFrame) -> str:
    """Return a sentence on the facts that lie among the runs, and on the distance of the national counts.

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
    """Return a sentence on the half-widths of the national counts' middle 90%, as shares of their medians.

    Args:
        table: of `sim.analysis.fit.fit`, of one scenario
    """
    rows = table[(table["pattern"] == COUNTS) & table["year"].between(*BAND) & (table["n"] > 0)]
    half = (rows["high_90"] - rows["low_90"]) / 2.0 / rows["median"]
    widths = ", ".join(f"{year} {width:.1%}" for year, width in zip(rows["year"], half, strict=True))
    return f"Half-width of the counts' middle 90%: {widths or 'none was simulated'}."


def defaults_sentence(runs: int, distance: float, distances: pd.Series, farther: float) -> str:
    """Return a sentence on the defaults: distance from the record, and place in the posterior.

    Args:
        runs: number of runs at the defaults
        distance: of them from the record, median [tolerances]
        distances: of the posterior's sets from the record [tolerances]
        farther: share of the sets that are farther from the posterior's centre than the defaults
    """
    return (
        f"The defaults are {distance:.2f} tolerances from the record, median of {runs} runs; "
        f"{(distances > distance).mean():.0%} of the sets are farther, and {farther:.0%} are farther from the posterior's "
        "centre."
    )


def rival_sentences(rows: pd.DataFrame) -> list[str]:
    """Return sentences on the evidence for and against rivals, never stronger than in both of the last rounds.

    Args:
        rows: the table of models, one row per model
    """
    rivals = rows[rows["model"] != rows["against"]]
    low, high = (rivals[["log_odds", "odds_before"]].agg(kind, axis=1) for kind in ("min", "max"))
    parts = [
        ("The record speaks against: ", rivals[high < -STRONG]),
        ("The record speaks for: ", rivals[low > STRONG]),
        ("The record does not distinguish from the model: ", rivals[(high >= -STRONG) & (low <= STRONG)]),
    ]
    sentences = [
        start + "; ".join(f"{row.model} (against {row.against})" for row in models.itertuples())
        for start, models in parts
        if len(models)
    ]
    return [*sentences, *backbone_sentence(rows, list(parts[-1][1]["model"]))]


def backbone_sentence(rows: pd.DataFrame, alike: Sequence[str]) -> list[str]:
    """Return a sentence on the backbone's effect over the models that the record does not distinguish; empty without effects.

    Args:
        rows: the table of models
        alike: models that the record does not distinguish from the model
    """
    models = rows[rows["model"].isin([ITSELF, *alike])].dropna(subset=["backbone"]).sort_values("backbone")
    if len(models) < 2:
        return []
    least, most = models.iloc[0], models.iloc[-1]
    caveat = "; an effect of zero cannot be excluded" if (models["low"] <= 0.0).any() else ""
    return [
        f"Among models that the record does not distinguish, the backbone adds from {least['backbone']:,.0f} "
        f"({least['model']}) "
        f"to {most['backbone']:,.0f} ({most['model']}) examinees of 2020{caveat}"
    ]


def record_cells(table: pd.DataFrame) -> pd.DataFrame:
    """Return the record and runs as a table of text: observed, median, middle 90%, deviation, place.

    Args:
        table: of `sim.analysis.fit.fit`, of one scenario
    """
    table = table[table["n"] > 0].rename(columns={"low_90": "5%", "high_90": "95%", "reliability": "rated"})
    numbers = {name: table[name].map(number_text) for name in ("observed", "median", "5%", "95%")}
    deviation = table["deviation"].map(lambda value: minus(f"{value:+.1f}"))
    columns = ["pattern", "year", "group", "rated", "observed", "median", "5%", "95%", "deviation", "lies"]
    return table.assign(**numbers, deviation=deviation)[columns].astype(str)


def number_text(value: float) -> str:
    """Return a figure of the record as text: a whole number from 100, else four digits.

    >>> number_text(1234.5), number_text(0.12345), number_text(float("nan"))
    ('1,234', '0.1235', '-')
    """
    return "-" if np.isnan(value) else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.4g}"
