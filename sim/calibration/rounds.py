"""Rounds of draws: each draws from the posterior of the earlier rounds and is stored in parts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from sim.calibration.emulator import Chain, Draws, Emulator, chain
from sim.calibration.emulator_error import emulator_errors, joined, patterns_off_target
from sim.calibration.evidence import evidence
from sim.calibration.stages import Draw
from sim.calibration.stored_fits import digest_of, stored_fit, write_fit
from sim.draws import Luck, Stream
from sim.progress import bar
from sim.results.files import bytes_of, writable, written
from sim.runs.parallel import results_as_they_end
from sim.runs.posterior import ParameterSets

PART = 50
"""Number of draws in a part; a calibration that is killed loses less than one part per process."""


@dataclass(frozen=True)
class Budget:
    """The number of draws and processes of a stage.

    Args:
        draws: number per round
        rounds: number per stage
        sets: number of parameter sets at the end of a stage
        seed: of the calibration's own random numbers
        jobs: number of processes
        progress: show progress bars
        extra_rounds: maximum number of additional rounds while errors of the emulator are too large
        largest_error: largest acceptable error of the emulator in the region of the posterior [tolerances]
    """

    draws: int
    rounds: int
    sets: int
    seed: int
    jobs: int
    progress: bool = True
    extra_rounds: int = 0
    largest_error: float = 0.5


@dataclass(frozen=True)
class StageResult:
    """The result of a stage.

    Args:
        chain: sample of the posterior, columns in the order of the stage's parameters
        emulator: fitted to all rounds
        log: one row per round
        errors: of the emulator of the earlier rounds at the draws of each round
    """

    chain: Chain
    emulator: Emulator
    log: pd.DataFrame
    errors: pd.DataFrame


@dataclass(frozen=True)
class SamplingRounds:
    """The rounds of a stage in a folder.

    Args:
        draw: function of one draw
        budget: number of draws and processes
        folder: for the parts
    """

    draw: Draw
    budget: Budget
    folder: Path

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the estimated parameters."""
        return self.draw.stage.parameters

    def result(self, begin: ParameterSets) -> StageResult:
        """Run all rounds, the first at some sets, and return their result."""
        writable(self.folder)
        proposals, rounds, rows = scores_of(begin, self.names), list[Draws](), list[dict[str, Any]]()
        errors, emulators = list[pd.DataFrame](), list[Emulator]()
        while self.goes_on(len(rounds), joined(errors)):
            start, number = time.perf_counter(), len(rounds) + 1
            rounds.append(self.round(number, proposals))
            if emulators:
                errors.append(emulator_errors(emulators[-1], rounds[-1], self.draw.stage, number))
            emulator, sampled = self.fit(number, Draws.joined(rounds))
            emulators.append(emulator)
            estimated = evidence(emulator, sampled, self.seed(number))
            row = round_row(number, rounds[-1], emulator, sampled) | {
                "evidence": estimated.log,
                "error": estimated.error,
            }
            rows.append({**row, "seconds": time.perf_counter() - start})
            proposals = sampled.scores[: self.budget.draws]
        return StageResult(sampled, emulators[-1], pd.DataFrame(rows), joined(errors))

    def goes_on(self, done: int, errors: pd.DataFrame) -> bool:
        """Return whether another round follows: a declared one, or an additional one if errors are too large.

        Args:
            done: number of finished rounds
            errors: of the emulator in the rounds so far
        """
        declared, extra = self.budget.rounds, self.budget.extra_rounds
        return done < declared or (
            done < declared + extra and len(patterns_off_target(errors, self.budget.largest_error)) > 0
        )

    def fit(self, number: int, draws: Draws) -> tuple[Emulator, Chain]:
        """Return the emulator fitted to all rounds, with more weight near the record, and its chain; read them if stored.

        Args:
            number: of the last round
            draws: of all rounds so far
        """
        sets, seed = max(self.budget.draws, self.budget.sets), self.seed(number)
        path, digest = self.folder / f"{number:02d}.npz", digest_of(draws, seed, sets)
        before = stored_fit(path, digest)
        stage = self.draw.stage
        own = stage.measure, stage.noisy_measure, draws, self.budget.jobs
        if before is not None:
            return Emulator.of(*own, before[0]), before[1]
        emulator = Emulator.of(*own)
        with self.bar(number, "sampling the posterior of the emulator", 1, "chain") as bar:
            sampled = chain(emulator, sets, seed)
            bar.update(1)
        write_fit(path, digest, emulator.surfaces, sampled)
        return emulator, sampled

    def seed(self, number: int) -> int:
        """Return the seed of a round's chain."""
        return int(Luck(self.budget.seed).once(Stream.PROPOSAL, number) * 2**32)

    def round(self, number: int, proposals: Any) -> Draws:
        """Return the draws of a round: read stored parts, simulate the others and store each when it ends."""
        firsts = range(0, len(proposals), PART)
        paths = [self.folder / f"{number:02d}-{first:06d}.parquet" for first in firsts]
        parts = [
            self.stored_part(path, proposals[first : first + PART]) for path, first in zip(paths, firsts, strict=True)
        ]
        missing = [k for k, part in enumerate(parts) if part is None]
        tasks = ((k, self.draw, self.by_name(proposals, k)) for k in missing)
        with self.bar(number, "", len(proposals), "set") as bar:
            bar.update(sum(len(part.scores) for part in parts if part is not None))
            for k, figures in results_as_they_end(simulated, tasks, self.budget.jobs):
                parts[k] = Draws(proposals[firsts[k] : firsts[k] + PART], figures)
                self.write_part(paths[k], parts[k])
                bar.update(len(figures))
        return Draws.joined([part for part in parts if part is not None])

    def bar(self, number: int, work: str, total: int, unit: str) -> Any:
        """Return the progress bar of a round."""
        label = f"{self.draw.stage.name}, round {number}{f': {work}' if work else ''}"
        return bar(total=total, desc=label, unit=unit, smoothing=0.1, disable=not self.budget.progress)

    def by_name(self, proposals: Any, part: int) -> list[dict[str, float]]:
        """Return the proposals of a part by the names of their parameters."""
        rows = proposals[part * PART : (part + 1) * PART]
        return [dict(zip(self.names, map(float, row), strict=True)) for row in rows]

    def write_part(self, path: Path, part: Draws) -> None:
        """Write a part.

        Raises:
            InputError: the file cannot be written
        """
        columns = [*self.names, *[f"fact_{k:03d}" for k in range(part.figures.shape[1])]]
        written(path, bytes_of(pd.DataFrame(np.hstack((part.scores, part.figures)), columns=columns), "parquet"))

    def stored_part(self, path: Path, proposals: Any) -> Draws | None:
        """Return a part on disk; None if there is none, or one of other proposals."""
        try:
            table = pd.read_parquet(path)
            scores = table[list(self.names)].to_numpy()
        except Exception:  # broken or foreign: it is drawn again
            return None
        alike = scores.shape == proposals.shape and bool(np.array_equal(scores, proposals))
        return Draws(scores, table.iloc[:, len(self.names) :].to_numpy(dtype=float)) if alike else None


def simulated(part: int, draw: Draw, proposals: ParameterSets) -> tuple[int, Any]:
    """Return the number of a part and the figures of its draws."""
    return part, np.array([draw(scores) for scores in proposals])


def round_row(number: int, draws: Draws, emulator: Emulator, sampled: Chain) -> dict[str, Any]:
    """Return the row of a round: draws, distance from the record, and distance from the surfaces."""
    flags = emulator.noisy_measure.flags(draws.figures)
    distance = emulator.noisy_measure.distance(draws.figures)
    errors = np.sqrt(np.diag(emulator.surfaces.covariance)) / emulator.measure.tolerance[emulator.measure.smooth]
    return {
        "round": number,
        "draws": len(draws.scores),
        "distance": float(np.median(distance)),
        "yes": float(flags.all(axis=1).mean()),
        "off_surface": float(np.median(errors)),
        "effective": round(sampled.effective),
    }


def scores_of(sets: ParameterSets, names: Sequence[str]) -> Any:
    """Return parameter sets as an array of scores; shape (sets, parameters)."""
    return np.array([[values[name] for name in names] for values in sets], dtype=float)


def prior_scores(names: Sequence[str], n: int, seed: int) -> list[dict[str, float]]:
    """Return draws from the prior of some parameters, as scores."""
    scores = ndtri(Luck(seed).table(Stream.PRIOR, 0, np.arange(n), np.arange(len(names))))
    return [dict(zip(names, map(float, row), strict=True)) for row in scores]
