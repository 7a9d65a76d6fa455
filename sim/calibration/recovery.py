"""Recovery: whether a calibration finds known parameters again, and the backbone's effect that follows from them.

A set of the posterior is simulated, its figures are added to the record as a second one, and the posterior of both is
asked where the set lies, and where what it says of the backbone. Had no step of a calibration an error, every rank would be
as likely as any other (posterior simulation-based calibration).

It shows errors of the emulator and of the chain near the record, where the result is used. It shows neither whether the model
is right nor how the calibration would do far from the record, and it is weak for a parameter of which the record says nothing:
then prior and posterior are the same, and ranks are uniform whatever the figures are. Truths from the prior (the plain test)
would need an emulator of the whole prior, which this one is not: its last rounds are drawn where it expects the record.

Source: saeilynoja_2025, talts_2018
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri
from tqdm import tqdm

from sim.analysis.uniformity import rank, uniformity
from sim.calibration.emulator import Emulator, chain
from sim.calibration.stages import Draw, Stage
from sim.configuration import scenario
from sim.declare import Fact
from sim.draws import Luck, Stream
from sim.findings.calibration import EFFECT
from sim.results.files import bytes_of, writable, written
from sim.runs.parallel import results_as_they_end

BANDS = {"within_50": (0.25, 0.75), "within_90": (0.05, 0.95)}
"""Quantiles of the posterior by the column that says how many truths lie between them."""

SETS, EFFECTS, ENOUGH = 499, 60, 15.0
"""Sets of each posterior; those of them whose effect is simulated; steps of its chain over those in which it forgets."""

COLUMNS = ("truth", "name", "rank", "sets")
"""Columns of a table of ranks: number of the truth, what was recovered, sets below it, and sets in all."""

ARMS = ("historical_emergent", "no_backbone")
"""With a backbone and without."""


@dataclass(frozen=True)
class KnownTruth:
    """Known parameters, and what their run adds to the record.

    Args:
        scores: of the parameters [normal scores], shape (parameters,)
        observed: its figures as a record of the same tolerances would give them, on its scale, shape (facts,)
        said: what it says where the record says yes, shape (yeses,)
    """

    scores: Any
    observed: Any
    said: Any


@dataclass(frozen=True)
class Recovery:
    """How truths are made and found again.

    Args:
        names: of the parameters
        emulator: by which they are found
        figures: of a run, from scores by name; shape (facts,)
        effect: of a run, from scores by name; none: no effect is predicted
        seed: of the chance of it all
        sets: of each posterior
    """

    names: tuple[str, ...]
    emulator: Emulator
    figures: Callable[[dict[str, float]], Any]
    effect: Callable[[dict[str, float]], float] | None
    seed: int
    sets: int = SETS

    def named(self, scores: Any) -> dict[str, float]:
        """Scores by the name of their parameter."""
        return dict(zip(self.names, map(float, scores), strict=True))

    def truth(self, number: int, scores: Any) -> KnownTruth:
        """Return a set with its run; each published figure of it is off by its tolerance."""
        measure, figures = self.emulator.measure, self.figures(self.named(scores))
        luck = Luck(self.seed).table(Stream.PRIOR, 1, np.array([number]), np.arange(len(figures)))[0]
        said = self.emulator.noisy_measure.flags(figures[None])[0]
        return KnownTruth(scores, measure.scaled(figures) + measure.tolerance * ndtri(luck), said)

    def ranks(self, number: int, scores: Any) -> pd.DataFrame:
        """Return where a set lies in the posterior of record and run: one row per parameter, and one of the effect if any."""
        run = self.truth(number, scores)
        more = partial(self.emulator.log_likelihood, observed=run.observed, said=run.said)
        sets = chain(self.emulator, self.sets, self.seed + number, more, ENOUGH).scores
        columns = [(name, sets[:, k], scores[k]) for k, name in enumerate(self.names)] + self._effects(sets, scores)
        among = Luck(self.seed).table(Stream.PRIOR, 2, np.array([number]), np.arange(len(columns)))[0]
        rows = [
            (number, name, rank(others, value, luck), len(others))
            for (name, others, value), luck in zip(columns, among, strict=True)
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def _effects(self, sets: Any, scores: Any) -> list[tuple[str, Any, float]]:
        if self.effect is None:
            return []
        others = np.array([self.effect(self.named(each)) for each in sets[:EFFECTS]])
        return [(EFFECT, others, self.effect(self.named(scores)))]

    def table(self, truths: Any, jobs: int, progress: bool = True, folder: Path | None = None) -> pd.DataFrame:
        """Return the ranks of all truths, one row per truth and parameter.

        Args:
            truths: sets of the posterior, shape (truths, parameters)
            jobs: processes
            progress: whether a bar is shown
            folder: that keeps the ranks of each truth as soon as they are there; None keeps nothing
        """
        assert self.emulator.surfaces  # taught once, not in every process
        assert self.emulator.chances is not None
        numbers = range(1, len(truths) + 1)
        done = {n: self.on_disk(folder, n, truths[n - 1]) for n in numbers}
        missing = [(n, self, truths[n - 1]) for n, table in done.items() if table is None]
        with tqdm(total=len(done), desc="finding known parameters", unit="set", disable=not progress) as bar:
            bar.update(len(done) - len(missing))
            for number, table in results_as_they_end(numbered_ranks, missing, jobs):
                done[number] = table
                self.keep(folder, number, truths[number - 1], table)
                bar.update(1)
        return pd.concat([table for table in done.values() if table is not None], ignore_index=True)

    def keep(self, folder: Path | None, number: int, scores: Any, table: pd.DataFrame) -> None:
        """Write the ranks of a truth, with its scores, if there is a folder for them.

        Raises:
            InputError: the disk does not take it
        """
        if folder is not None:
            own = dict(zip(self.names, map(float, scores), strict=True))
            content = table.assign(score=table["name"].map(own))
            written(writable(folder) / f"{number:04d}.parquet", bytes_of(content, "parquet"))

    def on_disk(self, folder: Path | None, number: int, scores: Any) -> pd.DataFrame | None:
        """Return the ranks of a truth on disk; None where there are none, or those of another truth."""
        if folder is None:
            return None
        try:
            table = pd.read_parquet(folder / f"{number:04d}.parquet")
            alike = np.array_equal(table["score"].dropna().to_numpy(), scores)
        except Exception:  # torn, truncated or foreign: it is done again
            return None
        return table[list(COLUMNS)] if alike else None


def numbered_ranks(number: int, recovery: Recovery, scores: Any) -> tuple[int, pd.DataFrame]:
    """Return the number of a truth and its ranks."""
    return number, recovery.ranks(number, scores)


def recovery_rows(ranks: pd.DataFrame) -> pd.DataFrame:
    """Return one row per parameter, and one of the effect: how often it was recovered, and whether its ranks are uniform.

    Args:
        ranks: of `Recovery.table`

    Returns:
        name, truths, `within_50` and `within_90` (shares of truths within the middle 50% and 90%), `deviation` and
        `outside` as `sim.analysis.uniformity` has them.
    """
    places = ranks.assign(place=(ranks["rank"] + 0.5) / (ranks["sets"] + 1.0))
    for name, (low, high) in BANDS.items():
        places[name] = places["place"].between(low, high, inclusive="neither")
    within = places.groupby("name", sort=False)[list(BANDS)].mean().reset_index()
    uniform = uniformity(ranks)
    return pd.concat([uniform[["name", "truths"]], within[list(BANDS)], uniform[["deviation", "outside"]]], axis=1)


@dataclass(frozen=True)
class Effect:
    """What a run has with a backbone and would not have without one, with the same seed.

    Args:
        draw: of both arms
    """

    draw: Draw

    @staticmethod
    def of(parameters: tuple[str, ...], fixed: Mapping[str, Any]) -> Effect:
        """Return the effect as a function of some parameters, others as they are fixed."""
        own = {**fixed, "setting.until": "2020-08"}
        fact = pd.DataFrame([Fact("maths5_examinees", 2020, "national")], columns=list(Fact._fields))
        arms = tuple(scenario(name, set=own) for name in ARMS)
        return Effect(Draw(Stage("effect", arms, parameters, (fact, fact))))

    def __call__(self, scores: dict[str, float]) -> float:
        """Return the examinees of 2020 that the backbone adds."""
        with_backbone, without = self.draw(scores)
        return float(with_backbone - without)
