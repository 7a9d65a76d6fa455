"""Sentences about how far a calibration may be trusted: its chain, its emulator, ranks of known values, and checks."""

from __future__ import annotations

import pandas as pd

from sim.analysis.checks import AT_LEAST, AT_MOST, IN_BAND, MET, MISSED, NOT_JUDGED
from sim.findings.calibration import EFFECT, number_text

ENOUGH_TRUTHS = 30
"""Truths from which a test of ranks tells."""

RANKS = (
    "deviation: largest distance of the ranks' cumulative distribution from the uniform one (positive: ranks are low); "
    "outside: it leaves its simultaneous 95% band (saeilynoja_2022). Truths are sets of the posterior, added to the record "
    "(saeilynoja_2025): this tests emulator and chain near the record, and not the model. A parameter of which the record "
    "says nothing passes whatever the figures are."
)
"""How to read a test of recovery."""

SAMPLING = (
    "r_hat and effective sample sizes (ess) by ArviZ, walkers as chains; walkers of an ensemble move by one another's "
    "places, so that an r_hat near 1 is necessary and not sufficient (vehtari_2021). autocorrelation: steps in which the "
    "chain forgets."
)
"""What the numbers of the table of the chain are."""

UNSEEN = "How far the emulator is off at new draws is not known: that takes two rounds."
"""In place of the emulator's errors where there was one round."""

ERRORS = (
    "Draws of a round as the emulator of the rounds before predicts them [tolerances]. error: root mean square; luck: what "
    "random variation has of it; surface: what is left, by squares, for all draws and for their quarters by distance from "
    "the record. A draw is near partly because random variation took it there: only all draws measure. Dates, and "
    "what is a yes or a no, are chances and have no row."
)
"""What the numbers of the table of the emulator's errors are."""

CHECKS = (
    "Bands and medians are over parameter sets and random variation. A fact is inside where it lies in the middle 90% of "
    "runs, give or take its tolerance; the rows without tolerance leave that out. Bars were fixed before the calibration."
)
"""How to read the posterior predictive checks."""


def ranks_sentence(rows: pd.DataFrame) -> str:
    """Return how many parameters lie outside their bands of ranks, beside what chance alone brings.

    Args:
        rows: of a test of recovery: name, truths, outside
    """
    own, truths = rows[rows["name"] != EFFECT], rows["truths"].iloc[0]
    effect = rows.loc[rows["name"] == EFFECT, "outside"]
    outside = list(own.loc[own["outside"], "name"])
    names = f" ({', '.join(outside)})" if outside else ""
    other = "" if effect.empty else f" The backbone's effect lies {'outside' if effect.iloc[0] else 'inside'} its band."
    few = f" {truths} truths are few: {ENOUGH_TRUTHS} tell." if truths < ENOUGH_TRUTHS else ""
    return (
        f"{len(outside)} of {len(own)} parameters lie outside their 95% bands{names}; random variation alone puts about "
        f"{0.05 * len(own):.0f} there.{other}{few}"
    )


def sampling_sentence(rows: pd.DataFrame) -> str:
    """Return how well the chain has mixed.

    Args:
        rows: of `sim.calibration.sampling.sampling`
    """
    slowest = rows.iloc[int(rows["autocorrelation"].argmax())]
    forgets = f"the chain forgets in {slowest['autocorrelation']:.0f} steps at most ({slowest['parameter']})"
    if rows["r_hat"].isna().all():
        return f"R-hat and effective sample sizes are not known, since ArviZ was not installed; {forgets}."
    worst, least = rows.iloc[int(rows["r_hat"].argmax())], rows.iloc[int(rows["ess_bulk"].argmin())]
    return (
        f"R-hat at most {worst['r_hat']:.3f} ({worst['parameter']}); effective sample size at least "
        f"{least['ess_bulk']:,.0f} ({least['parameter']}), in the tails {rows['ess_tail'].min():,.0f}; {forgets}."
    )


def emulator_sentences(errors: pd.DataFrame, rounds: int, largest: float) -> list[str]:
    """Return how far the emulator of the last stage was off where the posterior is, and which rounds were extra.

    Args:
        errors: of the last stage, all draws of each round: round, group, surface
        rounds: that were declared
        largest: error that surfaces may have [tolerances]
    """
    sentences = []
    for number, some in errors.groupby("round"):
        worst = some.iloc[int(some["surface"].argmax())]
        over = int((some["surface"] > largest).sum())
        extra = " (an extra round)" if int(str(number)) > rounds else ""
        sentences.append(
            f"At the draws of round {number}{extra}, which it had not seen, the emulator was off by "
            f"{worst['surface']:.2f} tolerances at most ({worst['group']}), random variation apart; {over} of {len(some)} "
            f"groups of patterns exceed {largest:g}."
        )
    return sentences


def checks_sentence(rows: pd.DataFrame) -> str:
    """Return which bars are met and which are missed.

    Args:
        rows: of `sim.analysis.checks.checks`
    """
    held, gains = rows[rows["rule"].isin([AT_MOST, AT_LEAST])], rows[rows["rule"] == IN_BAND]
    missed, untold = held[held["met"] == MISSED], held[held["met"] == NOT_JUDGED]
    parts = [f"{len(held) - len(missed) - len(untold)} of {len(held)} bars are met."]
    parts += [f"Missed: {'; '.join(missed['check'])}."] if len(missed) else []
    parts += [f"Not told: {'; '.join(untold['check'])}."] if len(untold) else []
    inside = f"{(gains['met'] == MET).sum()} of {len(gains)}"
    parts += [f"Gains of {inside} quintiles lie in their bands, with tolerance."] if len(gains) else []
    return " ".join(parts)


def check_cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Return posterior predictive checks as text: check, value, middle 90%, bar, met, note.

    Args:
        rows: of `sim.analysis.checks.checks`
    """
    words = {AT_MOST: "at most ", AT_LEAST: "at least "}
    numbers = {name: rows[name].map(number_text) for name in ("value", "low_90", "high_90")}
    bars = rows["rule"].map(lambda rule: words.get(rule, "")) + rows["bar"].map(number_text)
    table = rows.assign(**numbers, bar=bars).rename(columns={"low_90": "5%", "high_90": "95%"})
    return table[["check", "value", "5%", "95%", "bar", "met", "note"]].astype(str)
