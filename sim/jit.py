"""Compiled rules: a rule written for one number is lifted to arrays.

Numba compiles the rules. If it cannot be loaded, the same functions run interpreted: slower, with the same results.
Set the environment variable ``SIM_COMPILER=off`` to force the interpreted form.
"""

from __future__ import annotations

import inspect
import os
import sys
import types
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Any

import numpy as np

try:
    if os.environ.get("SIM_COMPILER", "on") == "off":
        raise ImportError("the compiler is switched off")
    import numba
except ImportError:
    numba = None

COMPILED: bool = numba is not None
"""Whether rules run compiled in this process."""


COMPILING = "compiling the rules, once"
"""Message for the first run on a machine, which takes a minute or two longer."""


def compiled_before(function: Any) -> bool:
    """Return whether nothing is left to compile: there is no compiler, or its cache has the function's module."""
    stats = getattr(function, "stats", None)
    return stats is None or any(Path(stats.cache_path).glob(f"{function.__module__.rpartition('.')[2]}.*.nbi"))


def say_if_compiling(function: Any) -> None:
    """Write a line to the terminal if a first run is about to compile the rules."""
    if not compiled_before(function):
        sys.stderr.write(f"{COMPILING} (a minute or two) ...\n")
        sys.stderr.flush()


def positional(function: Callable[..., Any]) -> types.FunctionType:
    """Return a copy of a function whose keyword-only parameters are positional, in the order of its signature."""
    code = function.__code__
    plain = code.replace(co_argcount=code.co_argcount + code.co_kwonlyargcount, co_kwonlyargcount=0)
    copy = types.FunctionType(plain, function.__globals__, function.__name__)
    copy.__qualname__, copy.__module__ = function.__qualname__, function.__module__
    return copy


def _lifted(function: types.FunctionType) -> Callable[..., Any]:
    arguments = function.__code__.co_argcount
    if numba is not None:
        signature = f"float64({', '.join(['float64'] * arguments)})"
        # The plain NumPy ufunc inside Numba's wrapper costs half as much to call.
        return numba.vectorize([signature], cache=True, nopython=True)(function).ufunc
    pyfunc = np.frompyfunc(function, arguments, 1)

    def interpreted(*values: Any) -> Any:
        value = pyfunc(*values)
        return np.asarray(value, dtype=float) if isinstance(value, np.ndarray) else float(value)

    return interpreted


def _index_or_nothing(load: Callable[[], dict[Any, Any]]) -> dict[Any, Any]:
    """Return the index of a cache; nothing if it names a class that was renamed or removed since, so that it is stale."""
    try:
        return load()
    except (AttributeError, ImportError):
        return {}


def _compiled(plain: types.FunctionType) -> Any:
    compiled = numba.njit(cache=True)(plain)
    used = [plain.__globals__.get(name) for name in plain.__code__.co_names]
    try:  # Numba's cache looks only at the file of a function, not at those of the steps that it calls.
        file = compiled._cache._cache_file
        steps = [step._cache._cache_file._source_stamp for step in used if isinstance(step, type(compiled))]
        file._source_stamp = (file._source_stamp, *steps)
        file._load_index = partial(_index_or_nothing, file._load_index)
    except AttributeError:
        pass  # a compiler with another kind of cache
    return compiled


def elementwise(function: Callable[..., Any]) -> Callable[..., Any]:
    """Lift a rule for one number to arrays of any matching shapes.

    The rule is written with plain ``if``s; its parameters are keyword-only. The lifted rule is called in the same way and is
    compiled at its first call. Plain numbers do not pass through arrays, which is several times faster.

    Raises:
        TypeError: parameters of the rule are missing in a call, or too many
    """
    names = [n for n, p in inspect.signature(function).parameters.items() if p.kind is p.KEYWORD_ONLY]
    one, lifted = step_of(function), list[Callable[..., Any]]()

    @wraps(function)
    def rule(*values: Any, **parameters: Any) -> Any:
        if names:
            if len(parameters) != len(names):
                raise TypeError(f"{function.__name__} takes the parameters {', '.join(names)}")
            values = (*values, *[parameters[name] for name in names])
        if type(values[0]) is float and all([type(value) is float for value in values]):  # noqa: C419 - a list is quicker
            return one(*values)
        if not lifted:
            lifted.append(_lifted(positional(function)))
        return lifted[0](*values)

    return rule


def segment(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a rule that sums over an organisation's ties, given as arrays of values with their targets and offsets."""
    if numba is None:
        return function
    names = [n for n, p in inspect.signature(function).parameters.items() if p.kind is p.KEYWORD_ONLY]
    compiled = _compiled(positional(function))

    @wraps(function)
    def rule(*values: Any, **parameters: Any) -> Any:
        return compiled(*values, *[parameters[name] for name in names])

    return rule


def step_of(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a step of a larger compiled rule, which other compiled rules call by position.

    Of a lifted rule, its form for one number is compiled, so that compiled loops and arrays give the same results.
    """
    plain = positional(inspect.unwrap(function))
    plain.__qualname__ += "_of_one"  # the compiler's cache knows a function by its name, and the lifted rule has it
    return plain if numba is None else _compiled(plain)
