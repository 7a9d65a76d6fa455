"""Blocks of a calibration's chapter on its reliability."""

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
    """Yield blocks on the mixing of the chain.

    Args:
        table: of `sim.calibration.sampling.sampling`
    """
    yield Prose(sampling_sentence(table))
    yield Folded("Mixing of the chain", [rows_of("The chain, parameter by parameter", table, 3, SAMPLING)])


def emulator_blocks(errors: pd.DataFrame | None, options: Mapping[str, Any]) -> Iterator[Block]:
    """Yield blocks on the errors of the last stage's emulator at new draws.

    Args:
        errors: of all stages: stage, and the columns of `sim.calibration.emulator_error.emulator_errors`; None after
            a single round
        options: options of the calibration
    """
    if errors is None:
        yield Prose(UNSEEN)
        return
    last = errors[errors["stage"] == options["stages"][-1]]
    posterior_errors = last[last["region"] == POSTERIOR]
    sentences = emulator_sentences(posterior_errors, options["rounds"], options["largest_error"])
    yield from (Prose(sentence) for sentence in sentences)
    newest = last[last["round"] == last["round"].max()]
    wide = newest.pivot(index="group", columns="region", values="surface")[list(newest["region"].unique())]
    shown = newest[newest["region"] == POSTERIOR].set_index("group")[["facts", "error", "noise"]].join(wide)
    yield rows_of("Errors of the emulator by distance from the record, last round", shown.reset_index(), 2, ERRORS)


def recovery_blocks(table: pd.DataFrame) -> Iterator[Block]:
    """Yield blocks on the recovery of known parameters.

    Args:
        table: of `sim.calibration.recovery.recovery_rows`
    """
    yield Prose(f"{ranks_sentence(table)} {recovery_sentence(table)}")
    yield rows_of(
        "Shares of runs with known values in the middle of the posterior, and uniformity of ranks", table, 3, RANKS
    )


def check_blocks(table: pd.DataFrame) -> Iterator[Block]:
    """Yield blocks on the posterior predictive checks.

    Args:
        table: of `sim.analysis.checks.checks`
    """
    yield Prose(checks_sentence(table))
    yield rows_of("Posterior predictive checks", check_cells(table), 3, CHECKS)


def rows_of(caption: str, table: pd.DataFrame, digits: int = 3, note: str = "") -> Rows:
    """Return a table as a block, with the number of digits that each column needs.

    Args:
        caption: of the table
        table: with text, whole numbers and numbers
        digits: maximum number after the decimal point
        note: below the table
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
