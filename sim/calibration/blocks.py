"""Blocks of a calibration's chapter that say how far it may be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from sim.calibration.emulator_error import POSTERIOR
from sim.findings.calibration import recovery_sentence
from sim.findings.calibration_checks import (
    CHECKS,
    ERRORS,
    RANKS,
    SAMPLING,
    UNSEEN,
    check_cells,
    checks_sentence,
    emulator_sentences,
    ranks_sentence,
    sampling_sentence,
)
from sim.reports.blocks import Block, Folded, Prose, Rows


def sampling_blocks(table: pd.DataFrame) -> Iterator[Block]:
    """Yield how well the chain has mixed.

    Args:
        table: of `sim.calibration.sampling.sampling`
    """
    yield Prose(sampling_sentence(table))
    yield Folded("How well the chain has mixed", [rows_of("The chain, parameter by parameter", table, 3, SAMPLING)])


def emulator_blocks(errors: pd.DataFrame | None, made_with: Mapping[str, Any]) -> Iterator[Block]:
    """Yield how far the emulator of the last stage is off at draws that it has not seen.

    Args:
        errors: of all stages: stage, and the columns of `sim.calibration.emulator_error.emulator_errors`; None where there
            was one round
        made_with: options of the calibration
    """
    if errors is None:
        yield Prose(UNSEEN)
        return
    last = errors[errors["stage"] == made_with["stages"][-1]]
    of_posterior = last[last["region"] == POSTERIOR]
    sentences = emulator_sentences(of_posterior, made_with["rounds"], made_with["largest_error"])
    yield from (Prose(sentence) for sentence in sentences)
    newest = last[last["round"] == last["round"].max()]
    wide = newest.pivot(index="group", columns="region", values="surface")[list(newest["region"].unique())]
    shown = newest[newest["region"] == POSTERIOR].set_index("group")[["facts", "error", "luck"]].join(wide)
    yield rows_of("Errors of the emulator by distance from the record, last round", shown.reset_index(), 2, ERRORS)


def recovery_blocks(table: pd.DataFrame) -> Iterator[Block]:
    """Yield whether known parameters are found again.

    Args:
        table: of `sim.calibration.recovery.recovery_rows`
    """
    yield Prose(f"{ranks_sentence(table)} {recovery_sentence(table)}")
    yield rows_of(
        "Shares of runs whose known values lie in the middle of the posterior, and their ranks", table, 3, RANKS
    )


def check_blocks(table: pd.DataFrame) -> Iterator[Block]:
    """Yield the posterior predictive checks.

    Args:
        table: of `sim.analysis.checks.checks`
    """
    yield Prose(checks_sentence(table))
    yield rows_of("Posterior predictive checks", check_cells(table), 3, CHECKS)


def rows_of(caption: str, table: pd.DataFrame, digits: int = 3, note: str = "") -> Rows:
    """Return a table as a block, numbers of a column with as many digits as one of them needs.

    Args:
        caption: what it holds
        table: with text, whole numbers and numbers
        digits: at most, behind the point
        note: how to read it
    """
    columns = {name: _cells(table[name], digits) for name in table}
    return Rows(
        caption, list(map(str, table.columns)), [list(row) for row in zip(*columns.values(), strict=True)], (), note
    )


def _cells(column: pd.Series, digits: int) -> list[str]:
    if not pd.api.types.is_float_dtype(column):
        return [str(value) for value in column]
    rounded = column.round(digits)
    texts = [f"{value:.{digits}f}".rstrip("0").partition(".")[2] for value in rounded.dropna()]
    places = max(map(len, texts), default=0)
    return ["-" if pd.isna(value) else f"{value:.{places}f}" for value in rounded]
