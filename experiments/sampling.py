"""Rounds of draws: each where the record is expected, by what the rounds before have taught; kept part by part."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel
from scipy.special import ndtri
from tqdm import tqdm

from sim.draws import Luck, Stream
from sim.results.files import bytes_of, writable, written
from sim.runs.parallel import tasks_of
from sim.runs.posterior import ParameterSets

from .calibrating import Simulation
from .emulating import Chain, Draws, Emulator, chain
from .weighing import evidence

PART = 50
"""Draws that are kept together: a calibration that is killed loses fewer than so many, for each process."""


@dataclass(frozen=True)
class Effort:
    """How hard a stage is tried.

    Args:
        draws: of a round
        rounds: of a stage
        sets: parameter sets that a stage ends with
        seed: of the calibration's own chance
        jobs: processes
    """

    draws: int
    rounds: int
    sets: int
    seed: int
    jobs: int


@dataclass(frozen=True)
class Found:
    """What a stage has found.

    Args:
        chain: parameter sets as the record allows them, columns as the stage asks them
        emulator: by which it knows
        log: a row a round
    """

    chain: Chain
    emulator: Emulator
    log: pd.DataFrame


@dataclass(frozen=True)
class Rounds:
    """The rounds of a stage in a folder.

    Args:
        simulation: one draw
        effort: how hard it is tried
        folder: where parts are kept
    """

    simulation: Simulation
    effort: Effort
    folder: Path

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that are asked."""
        return self.simulation.stage.asked

    def found(self, begin: ParameterSets) -> Found:
        """All rounds, from given sets on, and what they come to."""
        writable(self.folder)
        proposals, kept, lines = scores_of(begin, self.names), list[Draws](), list[dict[str, Any]]()
        for number in range(1, self.effort.rounds + 1):
            began = time.perf_counter()
            kept.append(self.round(number, proposals))
            print(f"{self.simulation.stage.name}, round {number}: walking over the surfaces", file=sys.stderr)
            emulator, drawn = self.emulator(kept), self.seed(number)
            sampled = chain(emulator, max(self.effort.draws, self.effort.sets), drawn)
            about, found = line(number, kept[-1], emulator, sampled), evidence(emulator, sampled, drawn)
            about |= {"evidence": found.log, "error": found.error}
            lines.append({**about, "seconds": time.perf_counter() - began})
            proposals = sampled.scores[: self.effort.draws]
        return Found(sampled, emulator, pd.DataFrame(lines))

    def emulator(self, kept: Sequence[Draws]) -> Emulator:
        """What the rounds so far have taught: the last two, for what lies far from the record teaches little of it."""
        stage = self.simulation.stage
        return Emulator.of(stage.measure, stage.lucky, Draws.together(kept[-2:]))

    def seed(self, number: int) -> int:
        """The seed of a round's chain."""
        return int(Luck(self.effort.seed).once(Stream.PROPOSAL, number) * 2**32)

    def round(self, number: int, proposals: Any) -> Draws:
        """The draws of a round: those on disk, the others simulated and kept as soon as they are there."""
        firsts = range(0, len(proposals), PART)
        wanted = [self.folder / f"{number:02d}-{first:06d}.parquet" for first in firsts]
        parts = [self.kept(path, proposals[first : first + PART]) for path, first in zip(wanted, firsts, strict=True)]
        missing = [k for k, part in enumerate(parts) if part is None]
        bar = tqdm(
            total=len(proposals), desc=f"{self.simulation.stage.name}, round {number}", unit="set", smoothing=0.1
        )
        bar.update(sum(len(part.scores) for part in parts if part is not None))
        tasks = tasks_of(simulated, ((k, self.simulation, self.named(proposals, k)) for k in missing))
        with bar:
            for k, figures in Parallel(n_jobs=self.effort.jobs, return_as="generator_unordered")(tasks):
                parts[k] = Draws(proposals[firsts[k] : firsts[k] + PART], figures)
                self.keep(wanted[k], parts[k])
                bar.update(len(figures))
        return Draws.together([part for part in parts if part is not None])

    def named(self, proposals: Any, part: int) -> list[dict[str, float]]:
        """The proposals of a part, by the names of their parameters."""
        rows = proposals[part * PART : (part + 1) * PART]
        return [dict(zip(self.names, map(float, row), strict=True)) for row in rows]

    def keep(self, path: Path, part: Draws) -> None:
        """Write a part. Raises Mistake, in one sentence, when the disk does not take it."""
        columns = [*self.names, *[f"fact_{k:03d}" for k in range(part.figures.shape[1])]]
        written(path, bytes_of(pd.DataFrame(np.hstack((part.scores, part.figures)), columns=columns), "parquet"))

    def kept(self, path: Path, proposals: Any) -> Draws | None:
        """A part on disk; None where there is none, or none of these proposals."""
        try:
            table = pd.read_parquet(path)
            scores = table[list(self.names)].to_numpy()
        except Exception:  # torn, truncated or foreign: it is drawn again
            return None
        alike = scores.shape == proposals.shape and bool(np.array_equal(scores, proposals))
        return Draws(scores, table.iloc[:, len(self.names) :].to_numpy(dtype=float)) if alike else None


def simulated(part: int, simulation: Simulation, proposals: ParameterSets) -> tuple[int, Any]:
    """The figures of a part's draws, and which part it is."""
    return part, np.array([simulation(scores) for scores in proposals])


def line(number: int, draws: Draws, emulator: Emulator, sampled: Chain) -> dict[str, Any]:
    """A round in figures: draws, how far they lie from the record, how far from the surfaces."""
    said = emulator.lucky.said(draws.figures)
    distance = emulator.lucky.distance(draws.figures)
    errors = np.sqrt(np.diag(emulator.surfaces[1])) / emulator.measure.tolerance[emulator.measure.smooth]
    return {
        "round": number,
        "draws": len(draws.scores),
        "distance": float(np.median(distance)),
        "yes": float(said.all(axis=1).mean()),
        "off_surface": float(np.median(errors)),
        "effective": round(sampled.effective),
    }


def scores_of(sets: ParameterSets, names: Sequence[str]) -> Any:
    """Parameter sets as scores in an array; shape (sets, parameters)."""
    return np.array([[each[name] for name in names] for each in sets], dtype=float)


def prior_scores(names: Sequence[str], n: int, seed: int) -> list[dict[str, float]]:
    """Draws from the prior of some parameters, as scores."""
    scores = ndtri(Luck(seed).table(Stream.PRIOR, 0, np.arange(n), np.arange(len(names))))
    return [dict(zip(names, map(float, row), strict=True)) for row in scores]
