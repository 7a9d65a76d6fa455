"""Recovery of known parameters, and of the backbone's effect that follows from them.

A set of the posterior is simulated, its figures are added to the record as a second record, and the set and its effect of
the backbone are ranked in the posterior of both records. Without any error in the calibration every rank would be equally
likely (posterior simulation-based calibration).

The test shows errors of the emulator and of the chain near the record, where the result is used. It does not show whether
the model is right or how a calibration would work far from the record, and it is weak for a parameter on which the record
has no information: prior and posterior are then equal, and ranks are uniform in any case. Truths from the prior (the plain
test) would need an emulator of the whole prior; this one is fitted near the record.

Source: saeilynoja_2025, talts_2018
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from sim.analysis.uniformity import rank, uniformity
from sim.calibration.emulator import Emulator, Record, chain
from sim.calibration.stages import Draw, Stage
from sim.configuration import scenario
from sim.declare import Fact
from sim.draws import Luck, Stream
from sim.findings.calibration import EFFECT
from sim.progress import bar
from sim.results.files import bytes_of, writable, written
from sim.runs.parallel import results_as_they_end

BANDS = {"within_50": (0.25, 0.75), "within_90": (0.05, 0.95)}
"""Quantiles of the posterior by the column of the truths between them."""

SETS, EFFECTS, ENOUGH = 499, 60, 15.0
"""Sets of each posterior; number of these with a simulated effect; length of its chain [autocorrelation times]."""

COLUMNS = ("truth", "name", "rank", "sets")
"""Columns of a table of ranks: number of the truth, name of the quantity, sets below it, and number of sets."""

ARMS = ("historical_emergent", "no_backbone")
"""Scenarios with a backbone and without."""


@dataclass(frozen=True)
class KnownTruth:
    """Known parameters, and the second record from their run.

    Args:
        scores: of the parameters [normal scores], shape (parameters,)
        record: its figures, with errors of the same tolerances
    """

    scores: Any
    record: Record


@dataclass(frozen=True)
class Recovery:
    """A test of recovery.

    Args:
        names: of the parameters
        emulator: of the calibration
        figures: returns the figures of a run from scores by name; shape (facts,)
        effect: returns the effect of a run from scores by name; None to rank only parameters
        seed: of the test's random numbers
        sets: number of sets of each posterior
    """

    names: tuple[str, ...]
    emulator: Emulator
    figures: Callable[[dict[str, float]], Any]
    effect: Callable[[dict[str, float]], float] | None
    seed: int
    sets: int = SETS

    def by_name(self, scores: Any) -> dict[str, float]:
        """Return scores by the name of their parameter."""
        return dict(zip(self.names, map(float, scores), strict=True))

    def truth(self, number: int, scores: Any) -> KnownTruth:
        """Return a set with the record from its run; each figure has an error of its tolerance."""
        measure, figures = self.emulator.measure, self.figures(self.by_name(scores))
        luck = Luck(self.seed).table(Stream.PRIOR, 1, np.array([number]), np.arange(len(figures)))[0]
        flags = self.emulator.noisy_measure.flags(figures[None])[0]
        return KnownTruth(scores, Record(measure.scaled(figures) + measure.tolerance * ndtri(luck), flags))

    def ranks(self, number: int, scores: Any) -> pd.DataFrame:
        """Return the ranks of a set in the posterior of both records: one row per parameter, and one for the effect."""
        run = self.truth(number, scores)
        sets = chain(self.emulator, self.sets, self.seed + number, (run.record,), ENOUGH).scores
        columns = [(name, sets[:, k], scores[k]) for k, name in enumerate(self.names)] + self._effects(sets, scores)
        uniform_numbers = Luck(self.seed).table(Stream.PRIOR, 2, np.array([number]), np.arange(len(columns)))[0]
        rows = [
            (number, name, rank(posterior, value, luck), len(posterior))
            for (name, posterior, value), luck in zip(columns, uniform_numbers, strict=True)
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def _effects(self, sets: Any, scores: Any) -> list[tuple[str, Any, float]]:
        if self.effect is None:
            return []
        effects = np.array([self.effect(self.by_name(sample)) for sample in sets[:EFFECTS]])
        return [(EFFECT, effects, self.effect(self.by_name(scores)))]

    def table(self, truths: Any, jobs: int, progress: bool = True, folder: Path | None = None) -> pd.DataFrame:
        """Return the ranks of all truths, one row per truth and parameter.

        Args:
            truths: sets of the posterior, shape (truths, parameters)
            jobs: number of processes
            progress: show a progress bar
            folder: for the ranks of each truth as soon as they are known; None for none
        """
        assert self.emulator.surfaces  # fitted once, not in every process
        assert self.emulator.chances is not None
        numbers = range(1, len(truths) + 1)
        done = {n: self.on_disk(folder, n, truths[n - 1]) for n in numbers}
        missing = [(n, self, truths[n - 1]) for n, table in done.items() if table is None]
        with bar(total=len(done), desc="recovering known parameters", unit="set", disable=not progress) as shown:
            shown.update(len(done) - len(missing))
            for number, table in results_as_they_end(numbered_ranks, missing, jobs):
                done[number] = table
                self.write(folder, number, truths[number - 1], table)
                shown.update(1)
        return pd.concat([table for table in done.values() if table is not None], ignore_index=True)

    def write(self, folder: Path | None, number: int, scores: Any, table: pd.DataFrame) -> None:
        """Write the ranks of a truth with its scores, if there is a folder.

        Raises:
            InputError: the file cannot be written
        """
        if folder is not None:
            own = dict(zip(self.names, map(float, scores), strict=True))
            content = table.assign(score=table["name"].map(own))
            written(writable(folder) / f"{number:04d}.parquet", bytes_of(content, "parquet"))

    def on_disk(self, folder: Path | None, number: int, scores: Any) -> pd.DataFrame | None:
        """Return the ranks of a truth on disk; None if there are none, or those of another truth."""
        if folder is None:
            return None
        try:
            table = pd.read_parquet(folder / f"{number:04d}.parquet")
            alike = np.array_equal(table["score"].dropna().to_numpy(), scores)
        except Exception:  # broken or foreign: it is done again
            return None
        return table[list(COLUMNS)] if alike else None


def numbered_ranks(number: int, recovery: Recovery, scores: Any) -> tuple[int, pd.DataFrame]:
    """Return the number of a truth and its ranks."""
    return number, recovery.ranks(number, scores)


def recovery_rows(ranks: pd.DataFrame) -> pd.DataFrame:
    """Return how often each parameter and the effect were recovered, and the uniformity of their ranks.

    Args:
        ranks: of `Recovery.table`

    Returns:
        name, truths, `within_50` and `within_90` (shares of truths within the middle 50% and 90%), `deviation` and
        `outside` from `sim.analysis.uniformity`.
    """
    places = ranks.assign(place=(ranks["rank"] + 0.5) / (ranks["sets"] + 1.0))
    for name, (low, high) in BANDS.items():
        places[name] = places["place"].between(low, high, inclusive="neither")
    within = places.groupby("name", sort=False)[list(BANDS)].mean().reset_index()
    uniform = uniformity(ranks)
    return pd.concat([uniform[["name", "truths"]], within[list(BANDS)], uniform[["deviation", "outside"]]], axis=1)


@dataclass(frozen=True)
class Effect:
    """The backbone's effect on examinees, from two runs with the same seed.

    Args:
        draw: of both arms
    """

    draw: Draw

    @staticmethod
    def of(parameters: tuple[str, ...], fixed: Mapping[str, Any]) -> Effect:
        """Return the effect as a function of some parameters, with others fixed."""
        own = {**fixed, "setting.until": "2020-08"}
        fact = pd.DataFrame([Fact("maths5_examinees", 2020, "national")], columns=list(Fact._fields))
        arms = tuple(scenario(name, overrides=own) for name in ARMS)
        return Effect(Draw(Stage("effect", arms, parameters, (fact, fact))))

    def __call__(self, scores: dict[str, float]) -> float:
        """Return the examinees of 2020 that the backbone adds."""
        with_backbone, without = self.draw(scores)
        return float(with_backbone - without)
