"""Findings on the reliability of a calibration: its chain, its emulator, ranks of known values, and checks."""

from __future__ import annotations

import pandas as pd

from sim.analysis.checks import AT_LEAST, AT_MOST, IN_BAND, MET, MISSED, NOT_JUDGED
from sim.findings.calibration import EFFECT, number_text

ENOUGH_TRUTHS = 30
"""Number of truths from which a test of ranks is informative."""

RANKS = (
    "deviation: largest distance of the ranks' cumulative distribution from the uniform one (positive: ranks are low); "
    "outside: it leaves its simultaneous 95% band (saeilynoja_2022). Truths are sets of the posterior, added to the record "
    "(saeilynoja_2025): this tests emulator and chain near the record, and not the model. A parameter on which the record "
    "has no information passes in any case."
)
"""Note of a test of recovery."""

SAMPLING = (
    "r_hat and effective sample sizes (ess) by ArviZ, walkers as chains; the moves of walkers depend on one "
    "another, so an r_hat near 1 is necessary but not sufficient (vehtari_2021). autocorrelation: autocorrelation time in "
    "steps."
)
"""Note of the table of the chain."""

UNSEEN = "The error of the emulator at new draws is not known; it needs two rounds."
"""Sentence in place of the emulator's errors after a single round."""

ERRORS = (
    "Errors of the emulator of the earlier rounds at the draws of a round [tolerances]. error: root mean square; noise: part "
    "of random variation; surface: the rest, in squares, for all draws and for their quarters by distance from the record. A "
    "draw may be near by chance, so only all draws measure the error. Dates and yes-or-no facts are probabilities and have "
    "no row."
)
"""Note of the table of the emulator's errors."""

CHECKS = (
    "Bands and medians are over parameter sets and random variation. A fact is inside if its tolerance overlaps the "
    "middle 90% of runs; rows without tolerance compare the figure itself. Bars were fixed before the calibration."
)
"""Note of the posterior predictive checks."""


def ranks_sentence(rows: pd.DataFrame) -> str:
    """Return a sentence on the parameters outside their bands of ranks, with the number expected by chance.

    Args:
        rows: of a test of recovery: name, truths, outside
    """
    own, truths = rows[rows["name"] != EFFECT], rows["truths"].iloc[0]
    effect = rows.loc[rows["name"] == EFFECT, "outside"]
    outside = list(own.loc[own["outside"], "name"])
    names = f" ({', '.join(outside)})" if outside else ""
    other = "" if effect.empty else f" The backbone's effect lies {'outside' if effect.iloc[0] else 'inside'} its band."
    few = f" {truths} truths are too few; use at least {ENOUGH_TRUTHS}." if truths < ENOUGH_TRUTHS else ""
    return (
        f"{len(outside)} of {len(own)} parameters lie outside their 95% bands{names}; random variation alone puts about "
        f"{0.05 * len(own):.0f} there.{other}{few}"
    )


def sampling_sentence(rows: pd.DataFrame) -> str:
    """Return a sentence on the mixing of the chain.

    Args:
        rows: of `sim.calibration.sampling.sampling`
    """
    slowest = rows.iloc[int(rows["autocorrelation"].argmax())]
    time = f"autocorrelation time at most {slowest['autocorrelation']:.0f} steps ({slowest['parameter']})"
    if rows["r_hat"].isna().all():
        return f"R-hat and effective sample sizes are not known, since ArviZ was not installed; {time}."
    worst, least = rows.iloc[int(rows["r_hat"].argmax())], rows.iloc[int(rows["ess_bulk"].argmin())]
    return (
        f"R-hat at most {worst['r_hat']:.3f} ({worst['parameter']}); effective sample size at least "
        f"{least['ess_bulk']:,.0f} ({least['parameter']}), in the tails {rows['ess_tail'].min():,.0f}; {time}."
    )


def emulator_sentences(errors: pd.DataFrame, rounds: int, largest: float) -> list[str]:
    """Return a sentence per round on the errors of the last stage's emulator.

    Args:
        errors: of the last stage, all draws of each round: round, group, surface
        rounds: number of declared rounds
        largest: largest acceptable error of a surface [tolerances]
    """
    sentences = []
    for number, rows in errors.groupby("round"):
        worst = rows.iloc[int(rows["surface"].argmax())]
        over = int((rows["surface"] > largest).sum())
        extra = " (an extra round)" if int(str(number)) > rounds else ""
        sentences.append(
            f"At the new draws of round {number}{extra} the emulator had errors of at most {worst['surface']:.2f} tolerances "
            f"({worst['group']}), without random variation; {over} of {len(rows)} groups of patterns exceed {largest:g}."
        )
    return sentences


def checks_sentence(rows: pd.DataFrame) -> str:
    """Return sentences on the bars that are met, missed or not judged.

    Args:
        rows: of `sim.analysis.checks.checks`
    """
    judged, gains = rows[rows["rule"].isin([AT_MOST, AT_LEAST])], rows[rows["rule"] == IN_BAND]
    missed, not_judged = judged[judged["met"] == MISSED], judged[judged["met"] == NOT_JUDGED]
    parts = [f"{len(judged) - len(missed) - len(not_judged)} of {len(judged)} bars are met."]
    parts += [f"Missed: {'; '.join(missed['check'])}."] if len(missed) else []
    parts += [f"Not judged: {'; '.join(not_judged['check'])}."] if len(not_judged) else []
    inside = f"{(gains['met'] == MET).sum()} of {len(gains)}"
    parts += [f"Gains of {inside} quintiles lie in their bands, within tolerance."] if len(gains) else []
    return " ".join(parts)


def check_cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Return posterior predictive checks as a table of text: check, value, middle 90%, bar, met, note.

    Args:
        rows: of `sim.analysis.checks.checks`
    """
    words = {AT_MOST: "at most ", AT_LEAST: "at least "}
    numbers = {name: rows[name].map(number_text) for name in ("value", "low_90", "high_90")}
    bars = rows["rule"].map(lambda rule: words.get(rule, "")) + rows["bar"].map(number_text)
    table = rows.assign(**numbers, bar=bars).rename(columns={"low_90": "5%", "high_90": "95%"})
    return table[["check", "value", "5%", "95%", "bar", "met", "note"]].astype(str)
