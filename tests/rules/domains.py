"""Rules for one number, and the range of each argument by its unit."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from typing import Any

import numpy as np

import sim.rules

BY_UNIT = {
    "share": (0.0, 1.0),
    "share/month": (0.0, 1.0),
    "share/year": (0.0, 1.0),
    "logit": (-30.0, 30.0),
    "logit/2": (-3.0, 3.0),
    "logit/sd": (-3.0, 3.0),
    "logit/year": (-0.2, 0.2),
    "-1 to 1": (-1.0, 1.0),
    "ratio": (0.0, 5.0),
    "sd": (-4.0, 4.0),
    "log students": (0.05, 2.0),
    "persons": (0, 400),
    "organisations": (0.0, 200.0),
    "students": (0.01, 400.0),
    "pupils": (1.0, 2000.0),
    "teachers": (0.0, 50.0),
    "contacts": (0.1, 60.0),
    "months": (0.5, 24.0),
    "meetings/month": (0.0, 31.0),
    "hours/month": (0.1, 900.0),
    "NIS/pupil": (1.0, 9000.0),
    "NIS million": (0.0, 20.0),
    "year": (1995.0, 2035.0),
}
"""Where a quantity may lie; whole numbers where both ends are whole."""

EXCEPT = {
    ("problem", "target"): (0.01, 1.0),
    ("problem", "share"): (0.0, 0.6),
    ("stream_term", "floor"): (0.001, 0.5),
    ("stream_term", "weight"): (0.0, 3.0),
    ("stream_term_additive", "weight"): (0.0, 3.0),
    ("break_even", "ratio"): (0.1, 5.0),
    ("count_of_many", "number"): (4000, 200000),
    ("count_of_many", "probability"): (0.1, 0.5),
    ("evidence", "growth"): (-2.0, 2.0),
    ("surplus", "width"): (0.01, 1.0),
    ("delivered_share", "steepness"): (1.0, 20.0),
    ("fallen", "start"): (1995.0, 2005.0),
    ("fallen", "turn"): (2005.0, 2014.0),
    ("fallen", "fall"): (-0.35, 0.0),
    ("recovered", "most"): (0.0, 3.0),
    ("recovered_steadily", "most"): (0.0, 3.0),
    ("pushed", "aspiration"): (0.0, 10.0),
    ("sought", "training"): (1.0, 2.0),
}
"""Where the rule itself holds for less."""


def rules() -> dict[str, Callable[..., Any]]:
    """Return every rule written for one number, by name."""
    by_name = {}
    for module in pkgutil.iter_modules(sim.rules.__path__):
        for name, rule in vars(importlib.import_module(f"sim.rules.{module.name}")).items():
            inner = getattr(rule, "__wrapped__", None)
            public = inspect.isfunction(rule) and not name.startswith("_") and inner is not None
            if public and set(inner.__annotations__.values()) == {"float"}:
                by_name[name] = rule
    return by_name


def domains(rule: Callable[..., Any]) -> dict[str, tuple[float, float]]:
    """Return the range of each argument of a rule, by name, in the order of the signature."""
    name, text = rule.__name__, inspect.getdoc(rule) or ""
    units = dict(re.findall(r"^    (\w+): .*\[([^\[\]]+)\]$", text, re.MULTILINE))
    return {a: EXCEPT.get((name, a)) or BY_UNIT[units[a]] for a in inspect.signature(rule).parameters}


def drawn(rule: Callable[..., Any], size: int, seed: int = 1) -> dict[str, Any]:
    """Draw arguments of a rule within their ranges, both ends included; arrays of one shape, by name."""
    source = np.random.default_rng(seed)
    values = {}
    for name, (low, high) in domains(rule).items():
        whole = isinstance(low, int) and isinstance(high, int)
        lot = source.integers(low, high + 1, size).astype(float) if whole else source.uniform(low, high, size)
        lot[source.random(size) < 0.05], lot[source.random(size) < 0.05] = low, high
        values[name] = lot
    return values


def value_of_rule(rule: Callable[..., Any], values: dict[str, Any]) -> Any:
    """Return the value of a rule for arguments by name: its parameters by keyword, the rest by position."""
    parameters = inspect.signature(rule).parameters.values()
    keywords = {p.name: values[p.name] for p in parameters if p.kind is p.KEYWORD_ONLY}
    return rule(*(values[p.name] for p in parameters if p.kind is not p.KEYWORD_ONLY), **keywords)
