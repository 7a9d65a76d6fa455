"""Steps: functions that are compiled at their first use, and that other compiled functions call by position."""

from __future__ import annotations

import inspect
import os
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from typing import Any, ClassVar

import numpy as np

from sim.jit.store import Store

COMPILED: bool = os.environ.get("SIM_COMPILER", "on") != "off" and find_spec("numba") is not None
"""Whether rules run compiled in this process."""

STEPS: dict[str, Step] = {}
"""Every step by its name; a decorator registers it."""

WITHIN = " within"
"""End of the name of a step's form within compiled code."""

_OF_FUNCTION: dict[Callable[..., Any], Step] = {}


def positional(function: Callable[..., Any]) -> types.FunctionType:
    """Return a copy of a function whose keyword-only parameters are positional, in the order of its signature."""
    code = function.__code__
    plain = code.replace(co_argcount=code.co_argcount + code.co_kwonlyargcount, co_kwonlyargcount=0)
    copy = types.FunctionType(plain, function.__globals__, function.__name__, None, function.__closure__)
    copy.__qualname__, copy.__module__ = function.__qualname__, function.__module__
    return copy


def _names(code: types.CodeType) -> Iterator[str]:
    """Yield the global names that a code reads, those of functions within it included."""
    yield from code.co_names
    for part in code.co_consts:
        if isinstance(part, types.CodeType):
            yield from _names(part)


def _text(value: object, names: Sequence[str] = ()) -> str:
    """Return a part of a function as text that is the same in every process.

    Args:
        value: the part
        names: that the function reads, of a module of this package also as attributes

    Raises:
        TypeError: a change of the part could not be seen, since it has no text of its own
    """
    if isinstance(value, Step):
        return value.digest
    if isinstance(value, types.FunctionType):
        return _text(inspect.unwrap(value).__code__)
    if isinstance(value, types.CodeType):
        return repr((value.co_code, value.co_names, value.co_varnames, [_text(each) for each in value.co_consts]))
    if isinstance(value, types.ModuleType):
        ours = value.__name__.partition(".")[0] == __name__.partition(".")[0]
        return repr((value.__name__, [_text(getattr(value, n)) for n in names if hasattr(value, n)] if ours else []))
    if isinstance(value, type):
        return f"{value.__module__}.{value.__qualname__} {getattr(value, '_fields', '')}"
    if isinstance(value, np.ndarray):
        return repr((value.dtype.str, value.shape, value.tobytes()))
    if value is None or isinstance(value, int | float | str | bytes | np.generic):
        return repr(value)
    if isinstance(value, tuple | list | frozenset):
        return repr([_text(each) for each in (sorted(value) if isinstance(value, frozenset) else value)])
    if type(value).__module__ == "builtins":
        return repr(value)
    raise TypeError(
        f"a compiled function reads {value!r}, whose changes are not seen; use a number, an array or a step"
    )


class Step:
    """A function that is compiled at its first use; called by position, from Python or from another compiled function.

    Args:
        plain: the function, all of whose parameters are positional
        form: of the step; empty for the one that Python calls

    Attributes:
        name: module and name of the function, and the form of the step
        options: of the compiler
    """

    options: ClassVar[Mapping[str, bool]] = {}

    def __init__(self, plain: types.FunctionType, form: str = "") -> None:
        self.name = f"{plain.__module__}:{plain.__qualname__}{form}"
        self.plain = plain
        self._digest = ""
        self._dispatcher: Any = None
        STEPS[self.name] = self

    def __call__(self, *values: Any) -> Any:
        """Return the value of the function."""
        return (self._dispatcher or self.dispatcher)(*values)

    @property
    def needs(self) -> dict[str, Step]:
        """Steps that the function calls, in the form within compiled code, by the name that it calls them by."""
        read = {name: self.plain.__globals__.get(name) for name in _names(self.plain.__code__)}
        return {name: value.within for name, value in read.items() if isinstance(value, Step)}

    @cached_property
    def within(self) -> Step:
        """The form of the step that compiled functions call."""
        return Within(self.plain, WITHIN)

    @property
    def digest(self) -> str:
        """Hash of the function's code, of its steps' and of the constants that it reads."""
        if not self._digest:
            self._digest = self.name  # of a step that calls itself
            names, world = sorted({*_names(self.plain.__code__)}), self.plain.__globals__
            read = {name: _text(world.get(name), names) for name in names}
            cells = [_text(cell.cell_contents) for cell in self.plain.__closure__ or ()]
            self._digest = sha256(repr((self.name, _text(self.plain.__code__), read, cells)).encode()).hexdigest()
        return self._digest

    @property
    def stored(self) -> Store:
        """The step's compiled code on disk."""
        return Store(self, lambda: None)

    @property
    def dispatcher(self) -> Any:
        """Numba's function, which compiles itself for each combination of types that it is called with."""
        if self._dispatcher is None:
            numba = compiler()
            own = dict(self.plain.__globals__)
            bound = types.FunctionType(self.plain.__code__, own, self.plain.__name__, None, self.plain.__closure__)
            bound.__qualname__, bound.__module__ = self.plain.__qualname__, self.plain.__module__
            dispatcher = numba.njit(**self.options)(bound)
            dispatcher._cache = Store(self, lambda: own.update({n: s.dispatcher for n, s in self.needs.items()}))
            self._dispatcher = dispatcher
        return self._dispatcher

    def compile(self, arguments: Sequence[Any]) -> None:
        """Compile the function for the types of its arguments, or take the stored code."""
        self.dispatcher.compile(tuple(arguments))

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how another process finds the step."""
        return step_named, (self.name,)


class Within(Step):
    """The form of a step within compiled code: without wrappers for Python, which take a quarter of the time to compile."""

    options: ClassVar[Mapping[str, bool]] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}

    def __call__(self, *values: Any) -> Any:
        """Refuse a call from Python.

        Raises:
            TypeError: always
        """
        raise TypeError(f"{self.name} is called from compiled functions only")


def compiler() -> Any:
    """Return Numba.

    Raises:
        ImportError: it is installed and cannot be loaded
    """
    try:
        return import_module("numba")
    except ImportError as error:
        raise ImportError(f"the compiler cannot be loaded ({error}); set SIM_COMPILER=off to run without it") from error


def step_named(name: str) -> Step:
    """Return a step by its name, `module:function`, and its form.

    Raises:
        KeyError: there is no such step
    """
    of = name.removesuffix(WITHIN)
    if of not in STEPS:
        import_module(of.partition(":")[0])
    return STEPS[of] if of == name else STEPS[of].within


def step_of(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a step of a larger compiled rule, which other compiled rules call by position.

    Of a lifted rule, its form for one number is compiled, so that compiled loops and arrays give the same results. A
    function has one step, however often it is asked for.
    """
    plain = inspect.unwrap(function)
    if not COMPILED:
        return positional(plain)
    if plain not in _OF_FUNCTION:
        _OF_FUNCTION[plain] = Step(positional(plain))
    return _OF_FUNCTION[plain]
