"""Simulate, compare and explain how a network for collective impact wins the support of the state, or does not."""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sim.declare import OUTCOMES
from sim.errors import InputError, is_one_of
from sim.old_names import moved, register_old_modules

if TYPE_CHECKING:
    from sim.calibration.calibrate import calibrate
    from sim.calibration.summary import Calibration
    from sim.catalogue import assumptions, diff, levers, outcomes, references, uncertain
    from sim.configuration import scenario, scenarios
    from sim.extensions import add_outcome, add_parameter
    from sim.model import CollaborationModel
    from sim.optimisation.result import Optimisation
    from sim.optimisation.study import optimise
    from sim.policy import Change, Policy, Scenario
    from sim.runs.ensemble import Ensemble, ensemble
    from sim.runs.pairs import Pairs
    from sim.runs.posterior import posterior
    from sim.runs.run import Run, simulate
    from sim.studies.animation import Animation, animate
    from sim.studies.attribution import Attribution, attribute
    from sim.studies.backbone_effect import backbone_effect
    from sim.studies.backbone_result import BackboneEffect
    from sim.studies.case import CaseStudy, case
    from sim.studies.comparison import Comparison, compare
    from sim.studies.equity import Equity, equity
    from sim.studies.mechanism_test import MechanismTest
    from sim.studies.mechanisms import mechanisms
    from sim.studies.prediction import Prediction, predict
    from sim.studies.programme_evaluation import ProgrammeEvaluation, evaluate_programme
    from sim.studies.report import ReportPage, report
    from sim.studies.robustness import RobustnessTest, robustness
    from sim.studies.run_summary import RunSummary, run_summary
    from sim.studies.scenario_table import ScenarioTable, scenario_table
    from sim.studies.school_panel import SchoolPanelComparison, school_panel
    from sim.studies.sensitivity import sensitivity
    from sim.studies.sensitivity_result import Sensitivity
    from sim.studies.validation import Validation, validate
    from sim.sweeps.result import Sweep
    from sim.sweeps.sweep import sweep
    from sim.world.files.check import check

register_old_modules()
OUTCOMES.load_by(lambda: import_module("sim.outcomes"))

__version__ = "0.2.0"

__all__ = [
    "Animation",
    "Attribution",
    "BackboneEffect",
    "Calibration",
    "CaseStudy",
    "Change",
    "CollaborationModel",
    "Comparison",
    "Ensemble",
    "Equity",
    "InputError",
    "MechanismTest",
    "Optimisation",
    "Pairs",
    "Policy",
    "Prediction",
    "ProgrammeEvaluation",
    "ReportPage",
    "RobustnessTest",
    "Run",
    "RunSummary",
    "Scenario",
    "ScenarioTable",
    "SchoolPanelComparison",
    "Sensitivity",
    "Sweep",
    "Validation",
    "add_outcome",
    "add_parameter",
    "animate",
    "assumptions",
    "attribute",
    "backbone_effect",
    "calibrate",
    "case",
    "check",
    "compare",
    "diff",
    "ensemble",
    "equity",
    "evaluate_programme",
    "levers",
    "mechanisms",
    "optimise",
    "outcomes",
    "posterior",
    "predict",
    "references",
    "register",
    "report",
    "robustness",
    "run_summary",
    "scenario",
    "scenario_table",
    "scenarios",
    "school_panel",
    "sensitivity",
    "simulate",
    "sweep",
    "uncertain",
    "validate",
]


_PLACES = {
    "Animation": "sim.studies.animation",
    "Attribution": "sim.studies.attribution",
    "BackboneEffect": "sim.studies.backbone_result",
    "Calibration": "sim.calibration.summary",
    "CaseStudy": "sim.studies.case",
    "Change": "sim.policy",
    "CollaborationModel": "sim.model",
    "Comparison": "sim.studies.comparison",
    "Ensemble": "sim.runs.ensemble",
    "Equity": "sim.studies.equity",
    "MechanismTest": "sim.studies.mechanism_test",
    "Optimisation": "sim.optimisation.result",
    "Pairs": "sim.runs.pairs",
    "Policy": "sim.policy",
    "Prediction": "sim.studies.prediction",
    "ProgrammeEvaluation": "sim.studies.programme_evaluation",
    "ReportPage": "sim.studies.report",
    "RobustnessTest": "sim.studies.robustness",
    "Run": "sim.runs.run",
    "RunSummary": "sim.studies.run_summary",
    "Scenario": "sim.policy",
    "ScenarioTable": "sim.studies.scenario_table",
    "SchoolPanelComparison": "sim.studies.school_panel",
    "Sensitivity": "sim.studies.sensitivity_result",
    "Sweep": "sim.sweeps.result",
    "Validation": "sim.studies.validation",
    "add_outcome": "sim.extensions",
    "add_parameter": "sim.extensions",
    "animate": "sim.studies.animation",
    "assumptions": "sim.catalogue",
    "attribute": "sim.studies.attribution",
    "backbone_effect": "sim.studies.backbone_effect",
    "calibrate": "sim.calibration.calibrate",
    "case": "sim.studies.case",
    "check": "sim.world.files.check",
    "compare": "sim.studies.comparison",
    "diff": "sim.catalogue",
    "ensemble": "sim.runs.ensemble",
    "equity": "sim.studies.equity",
    "evaluate_programme": "sim.studies.programme_evaluation",
    "levers": "sim.catalogue",
    "mechanisms": "sim.studies.mechanisms",
    "optimise": "sim.optimisation.study",
    "outcomes": "sim.catalogue",
    "posterior": "sim.runs.posterior",
    "predict": "sim.studies.prediction",
    "references": "sim.catalogue",
    "report": "sim.studies.report",
    "robustness": "sim.studies.robustness",
    "run_summary": "sim.studies.run_summary",
    "scenario": "sim.configuration",
    "scenario_table": "sim.studies.scenario_table",
    "scenarios": "sim.configuration",
    "school_panel": "sim.studies.school_panel",
    "sensitivity": "sim.studies.sensitivity",
    "simulate": "sim.runs.run",
    "sweep": "sim.sweeps.sweep",
    "uncertain": "sim.catalogue",
    "validate": "sim.studies.validation",
}
"""Module of each public name; it is loaded at the first use of the name, since most of them need large libraries."""

_MODULES = frozenset(module.name for module in iter_modules(__path__))


def register(kind: Any, decider: type[Any] | None = None, *, defaults: Any = None) -> type[Any]:
    """Let a class decide for a kind from now on, here and in the processes that simulate runs.

    ``@sim.register class CautiousFoundation(Foundation)`` replaces the class of an existing kind.
    ``sim.register("parents_association", ParentsAssociation, defaults=KindParameters(number=12))`` adds a kind. If the name
    of a kind of your own is registered again, its class and its defaults are replaced.

    Args:
        kind: a class of an existing kind, or the name of a kind of your own
        decider: class of a kind of your own, made of roles of `sim.agents.roles`
        defaults: parameters of a kind of your own, `sim.agents.KindParameters`

    Returns:
        The class.

    Raises:
        InputError: the `kind` of the class is unknown, the name is taken or not an identifier, the class is not made of roles
            or contradicts itself, or the defaults are wrong
    """
    from sim.agents import KIND_CLASSES, add_kind, classes_with

    if decider is not None or defaults is not None or isinstance(kind, str):
        return add_kind(kind, decider, defaults)
    name: Any = getattr(kind, "kind", None)
    if not is_one_of(name, KIND_CLASSES):
        raise InputError(
            f"the `kind` of {getattr(kind, '__name__', kind)} is unknown; it must be one of {', '.join(KIND_CLASSES)}"
        )
    KIND_CLASSES.update(classes_with({name: kind}))
    return kind


class _Face(ModuleType):
    """The public face: the function `sim.outcomes` stays when the package of the same name is loaded."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _PLACES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Face


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    return moved(__name__, {"Mistake": "sim.errors:InputError"}, level=4)(name)


def __dir__() -> list[str]:
    """Return the public names and the modules, without the imports of this module."""
    return sorted({*__all__, *_MODULES, *(name for name in globals() if name.startswith("__"))})
