"""A laboratory for collective impact: simulate, compare and explain how a network wins the state over, or does not."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():  # Mesa loads it for bars that no run shows; in a notebook without widgets it complains
    warnings.filterwarnings("ignore", message="IProgress not found")
    import tqdm.auto  # noqa: F401

from types import ModuleType
from typing import TYPE_CHECKING, Any

from sim.catalogue import assumptions, diff, levers, references, uncertain
from sim.catalogue import outcomes as declared_outcomes
from sim.configuration import scenario, scenarios
from sim.errors import Mistake, is_one_of
from sim.extensions import add_outcome, add_parameter
from sim.old_names import register_old_modules
from sim.policy import Change, Policy, Scenario
from sim.runs.compare import Pairs, compare
from sim.runs.ensemble import Ensemble, ensemble
from sim.runs.posterior import posterior
from sim.runs.run import Run, simulate
from sim.sweeps.sweep import sweep
from sim.world.files.check import described as check

if TYPE_CHECKING:
    from sim.model import CollaborationModel

register_old_modules()

__version__ = "0.2.0"

outcomes = declared_outcomes  # last, since the package of the same name has been imported by now

__all__ = [
    "Change",
    "CollaborationModel",
    "Ensemble",
    "Mistake",
    "Pairs",
    "Policy",
    "Run",
    "Scenario",
    "add_outcome",
    "add_parameter",
    "assumptions",
    "check",
    "compare",
    "diff",
    "ensemble",
    "levers",
    "outcomes",
    "posterior",
    "references",
    "register",
    "scenario",
    "scenarios",
    "simulate",
    "sweep",
    "uncertain",
]


def register(kind: type[Any]) -> type[Any]:
    """Let a class decide for its kind from now on, in this process: ``@sim.register class CautiousFoundation(...)``.

    Raises Mistake for a class without a known `kind`.
    """
    from sim.agents import KIND_CLASSES, classes_with

    name: Any = getattr(kind, "kind", None)
    if not is_one_of(name, KIND_CLASSES):
        raise Mistake(f"{getattr(kind, '__name__', kind)} has no known `kind`; there are {', '.join(KIND_CLASSES)}")
    KIND_CLASSES.update(classes_with({name: kind}))
    return kind


def __getattr__(name: str) -> Any:
    if name == "CollaborationModel":
        from sim.model import CollaborationModel

        return CollaborationModel
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public face and the modules loaded so far, and not what this module needs to be written."""
    modules = [name for name, held in globals().items() if isinstance(held, ModuleType)]
    return sorted({*__all__, *modules, *(name for name in globals() if name.startswith("__"))})
