"""The points of a design, each from its configuration, and no two of them alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from omegaconf import DictConfig

from sim.declare import problem_with
from sim.errors import Mistake
from sim.parameters import declared
from sim.results.identity import identity
from sim.runs.posterior import ParameterSets, fingerprint
from sim.runs.seed_runs import Point

from .command_line.options import scenario_in


def point_of(factors: Mapping[str, Any], cfg: DictConfig) -> Point:
    """A design point: its factors, its scenario, and the scenario whose dates it is also run with."""
    case = scenario_in(cfg)
    held = held_of(cfg)
    reference = None if held is None else case.with_({"backbone.facilitation": held})
    own = {"backbone.facilitation": case.parameters["backbone.facilitation"], "timing": str(cfg.timing)}
    return Point(own | {k: v for k, v in factors.items() if k not in own}, case, reference)


def held_of(cfg: DictConfig) -> float | None:
    """The facilitation whose dates the ministry also follows, if any. Raises Mistake for what is no facilitation."""
    if cfg.held is None:
        return None
    problem = problem_with("held", cfg.held, *declared("backbone.facilitation"))
    if problem:
        raise Mistake(problem)
    return float(cfg.held)


def distinct(points: Sequence[Point], sets: ParameterSets = ()) -> Sequence[Point]:
    """The points. Raises Mistake where two of them are the same runs, whatever their factors are called."""
    first: dict[str, Point] = {}
    for point in points:
        known = first.setdefault(identity(point.case) + fingerprint(sets, point.case), point)
        if known is not point:
            one, other = (", ".join(f"{k}={v}" for k, v in p.factors.items()) for p in (known, point))
            raise Mistake(f"two points of the design are one and the same: {one}; and {other}")
    return points
