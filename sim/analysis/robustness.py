"""Which findings survive another mechanism: the same comparison, judged by its own interval."""

from __future__ import annotations

import pandas as pd

from sim.analysis.paired_differences import estimate_of

HOLDS, OPEN, REVERSED, NONE = "holds", "open", "reversed", "no finding"
VERDICTS = (HOLDS, OPEN, REVERSED, NONE)
"""The whole interval on the model's side of zero; zero within it; on the other side; nothing was found in the model."""

ITSELF = "the model"
"""What mechanisms are held against, in the column mechanism."""

FINDING = ["arm", "outcome", "dates"]
"""What a finding is of."""


def surviving(table: pd.DataFrame, itself: str) -> pd.DataFrame:
    """Every comparison under every mechanism, with its verdict against the model's own.

    Args:
        table: rows of `sim.analysis.paired_differences.differences`, with the column mechanism
        itself: the mechanism that is the model

    Returns:
        the table with `found`, 1, -1 or 0 by the model's own interval, and `verdict`, one of VERDICTS
    """
    signs = table.assign(sign=[estimate_of(row).sign for _, row in table.iterrows()])
    own = signs[signs["mechanism"] == itself].set_index(FINDING)["sign"].rename("found")
    joined = signs.join(own, on=FINDING)
    verdicts = [judged(int(found), int(sign)) for found, sign in zip(joined["found"], joined["sign"], strict=True)]
    return joined.drop(columns="sign").assign(verdict=verdicts)


def judged(found: int, sign: int) -> str:
    """The verdict on a finding of some sign where another mechanism has another.

    >>> judged(1, 1), judged(-1, 0), judged(1, -1), judged(0, 1)
    ('holds', 'open', 'reversed', 'no finding')
    """
    if not found:
        return NONE
    return HOLDS if sign == found else OPEN if not sign else REVERSED


def survivors(table: pd.DataFrame, itself: str) -> pd.DataFrame:
    """The findings of the model, each with the mechanisms under which it does not hold.

    Returns:
        a row a finding: arm, outcome, dates, difference, low, high [outcome's unit], holds [mechanisms], of [mechanisms],
        and, as words, those under which it is open and those under which it is reversed
    """
    rows = []
    for key, rest in table[table["found"] != 0].groupby(FINDING, sort=False):
        own, others = rest[rest["mechanism"] == itself].iloc[0], rest[rest["mechanism"] != itself]
        named = {verdict: ", ".join(others.loc[others["verdict"] == verdict, "mechanism"]) for verdict in VERDICTS}
        holds = int((others["verdict"] == HOLDS).sum())
        rows.append(
            (*key, own["difference"], own["low"], own["high"], holds, len(others), named[OPEN], named[REVERSED])
        )
    return pd.DataFrame(rows, columns=[*FINDING, "difference", "low", "high", HOLDS, "of", OPEN, REVERSED])
