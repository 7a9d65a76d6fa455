"""Names of version 0.1, understood for one version with a warning that says the new one; removed in 0.3.

Modules that documents or notebooks of 0.1 named, or that a class of a user's own may have imported, and configurations.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from inspect import signature
from types import ModuleType
from typing import Any

MODULES = {
    "sim.analysis.arithmetic": "sim.analysis.examination_lag",
    "sim.analysis.did": "sim.analysis.difference_in_differences",
    "sim.analysis.discovery": "sim.analysis.scenario_discovery",
    "sim.analysis.equity_findings": "sim.findings.equity",
    "sim.analysis.findings": "sim.findings.comparison",
    "sim.analysis.fronts": "sim.analysis.pareto",
    "sim.analysis.interaction": "sim.findings.interaction",
    "sim.analysis.learned": "sim.analysis.posterior_summary",
    "sim.analysis.pairs": "sim.analysis.paired_differences",
    "sim.analysis.panels": "sim.analysis.school_panels",
    "sim.analysis.points": "sim.analysis.sweep_grid",
    "sim.analysis.reading": "sim.findings.sweep",
    "sim.analysis.scoring": "sim.analysis.scores",
    "sim.analysis.series": "sim.analysis.enrolment",
    "sim.analysis.studies": "sim.analysis.evaluation_bias",
    "sim.analysis.surviving": "sim.analysis.robustness",
    "sim.comparing": "sim.runs.compare",
    "sim.compiling": "sim.jit",
    "sim.ensembles": "sim.runs.ensemble",
    "sim.factors": "sim.design.factors",
    "sim.figures.boxes": "sim.figures.discovery_boxes",
    "sim.figures.comparisons": "sim.figures.comparison_page",
    "sim.figures.fronts": "sim.figures.pareto",
    "sim.figures.maps": "sim.figures.heat_maps",
    "sim.own": "sim.extensions",
    "sim.plotting": "sim.figures.plots",
    "sim.reasons": "sim.explain",
    "sim.rules.counting": "sim.rules.counts",
    "sim.rules.predicting": "sim.rules.logit",
    "sim.sampling": "sim.design.samples",
    "sim.store": "sim.results.store",
    "sim.surveying": "sim.sweeps.sweep",
    "sim.world.describing": "sim.world.files.check",
}
"""Modules by their old names, where most of what they held is now."""

CONFIGURATIONS = {("policy", "case"): "initiative_5x2", ("arms", "case"): "main"}
"""Files of `configs/` by group and old name."""


PARAMETERS = {
    "ministry.ajar": "ministry.openness_outside_window",
    "ministry.carries": "ministry.trust_carried_over",
    "ministry.erased": "ministry.trust_erased_by_departure",
    "ministry.sits": "ministry.attends_plenum",
    "network.partial": "network.mandate_of_player",
    "placing.ease": "placing.weight_of_size",
    "school.near": "school.share_near_five_units",
}
"""Parameters by the name that they had in 0.2, with their name now."""


KEYS = {"sweep": {"held": "reference_facilitation", "only": "runs", "afresh": "overwrite"}}
"""Keys of programs by program and old name."""


class OldNameWarning(FutureWarning):
    """A configuration, command or key is called by its old name."""


def current_name(group: str, name: Any) -> Any:
    """Return the present name of a configuration; warn where it is called by its old one.

    Args:
        group: folder of `configs/`, for example `policy`
        name: of a file of the project; anything else is returned as it is

    >>> current_name("policy", "stages")
    'stages'
    """
    new = CONFIGURATIONS.get((group, name)) if isinstance(name, str) else None
    if new is None:
        return name
    warnings.warn(f"the {group} `{name}` is now `{new}`; version 0.3 will remove the old name", OldNameWarning, 2)
    return new


def current_words(program: str, words: Sequence[str], warn: bool = False) -> list[str]:
    """Return the words of a command with the present names of keys.

    Args:
        program: its name
        words: as they were typed or recorded
        warn: warn if a key has its old name

    >>> current_words("sweep", ["held=null", "seeds=2"])
    ['reference_facilitation=null', 'seeds=2']
    """
    current = []
    for word in words:
        key, sign, value = word.partition("=")
        new = KEYS.get(program, {}).get(key)
        if new is not None and sign and warn:
            message = f"the key `{key}` of `{program}` is called `{new}` now; 0.3 will not know the old name"
            warnings.warn(message, OldNameWarning, 2)
        current.append(f"{new}={value}" if new is not None and sign else word)
    return current


def current_keys(program: str, configuration: Mapping[str, Any]) -> dict[str, Any]:
    """Return a recorded configuration with the present names of keys.

    Args:
        program: its name
        configuration: values by key

    >>> current_keys("sweep", {"held": 0.8, "seeds": 2})
    {'reference_facilitation': 0.8, 'seeds': 2}
    """
    names = KEYS.get(program, {})
    return {names.get(key, key): value for key, value in configuration.items()}


def renamed_keywords[**P, R](**names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator with which a function takes keywords by their old names too, with a warning.

    An old name that is now the name of another keyword keeps its old meaning only in a call without the keyword that
    it was.

    Args:
        names: present name of each old keyword

    Raises:
        TypeError: a call has a keyword by its old and its present name

    >>> @renamed_keywords(called="name")
    ... def greeting(name): return f"Hello, {name}"
    >>> greeting(name="Ada")
    'Hello, Ada'
    """

    def decorated(function: Callable[P, R]) -> Callable[P, R]:
        places = {name: place for place, name in enumerate(signature(function).parameters)}

        @wraps(function)
        def with_old_names(*arguments: P.args, **keywords: P.kwargs) -> R:
            for old, new in names.items():
                twice = new in keywords or places[new] < len(arguments)
                if old not in keywords or (old in places and twice):
                    continue
                if twice:
                    raise TypeError(f"{function.__name__}() has `{new}` twice: `{old}` is its old name")
                _warn(f"{function.__name__}({old}=...)", f"{function.__name__}({new}=...)", 3)
                keywords[new] = keywords.pop(old)
            return function(*arguments, **keywords)

        return with_old_names

    return decorated


def renamed_attribute(old: str, new: str) -> property:
    """Return a property that reads an attribute by its old name, with a warning.

    Args:
        old: name as code has it, for example `run.case`
        new: present name of the attribute
    """

    def value(self: Any) -> Any:
        _warn(old, f"{old.split('.')[0]}.{new}", 3)
        return getattr(self, new)

    return property(value, doc=f"Old name of `{new}`.")


def moved(module: str, names: Mapping[str, str], level: int = 3) -> Callable[[str], Any]:
    """Return a `__getattr__` for a module from which names have moved.

    Args:
        module: its name
        names: the present module of each name; `module:name` where the name has changed too
        level: calls between the warning and the line that it is about
    """

    def __getattr__(name: str) -> Any:  # noqa: N807
        if name not in names:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        place, _, new = names[name].partition(":")
        _warn(f"{module}.{name}", f"{place}.{new or name}", level)
        return getattr(import_module(place), new or name)

    return __getattr__


def register_old_modules() -> None:
    """Let `import` find modules by their old names from now on."""
    if not any(isinstance(finder, OldModules) for finder in sys.meta_path):
        sys.meta_path.append(OldModules())


class OldModules(MetaPathFinder):
    """Finds a module of 0.1 by its old name, where nothing else does."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return what loads the module that has the present name; None for a name that is not an old one."""
        new = MODULES.get(fullname)
        if new is None:
            return None
        _warn(fullname, new, 3)
        return ModuleSpec(fullname, _Alias(import_module(new)))


class _Alias(Loader):
    """Gives a module that is loaded already, and leaves it as it is."""

    def __init__(self, module: ModuleType) -> None:
        self.module, self.spec = module, module.__spec__

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return self.module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self.spec  # import has put the one of the old name there


def _warn(old: str, new: str, level: int) -> None:
    warnings.warn(f"`{old}` is now `{new}`; version 0.3 will remove the old name", DeprecationWarning, level)
