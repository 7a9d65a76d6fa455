"""Rules as they are called: keywords bound to positions, and rules for one number lifted to arrays."""

from __future__ import annotations

import ctypes
import inspect
import types
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from sim.jit.steps import COMPILED, Step, step_of
from sim.jit.store import Store


def elementwise(function: Callable[..., Any]) -> Callable[..., Any]:
    """Lift a rule for one number to arrays of any matching shapes.

    The rule is written with plain ``if``s; its parameters are keyword-only. The lifted rule is called in the same way and is
    compiled at its first call. Plain numbers do not pass through arrays, which is several times faster.

    Raises:
        TypeError: parameters of the rule are missing in a call, or too many
    """
    one = step_of(function)
    lifted = Loop(one) if isinstance(one, Step) else interpreted(one)
    names = list(inspect.signature(function).parameters)
    plain, values = " and ".join([f"type({name}) is float" for name in names]), ", ".join(names)
    return caller(function, f"_one({values}) if {plain} else _lifted({values})", _one=one, _lifted=lifted)


def segment(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a rule that sums over an organisation's ties, given as arrays of values with their targets and offsets."""
    values = ", ".join(inspect.signature(function).parameters)
    return caller(function, f"_one({values})", _one=step_of(function)) if COMPILED else function


CALLER = """
def {name}({parameters}):
    return {value}
"""


def caller(function: Callable[..., Any], value: str, **read: Any) -> Callable[..., Any]:
    """Return a function with the parameters of a rule and another value, an expression; quicker than `*values, **parameters`.

    Args:
        function: the rule; its positional parameters cannot be given by name
        value: expression of its parameters
        read: further names in the expression
    """
    parameters = inspect.signature(function).parameters.values()
    listed = [parameter.name for parameter in parameters if parameter.kind is not parameter.KEYWORD_ONLY]
    named = [parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY]
    form = [*listed, *["/"][: len(listed)], *["*"][: len(named)], *named]
    exec(CALLER.format(name=function.__name__, parameters=", ".join(form), value=value), read)
    return wraps(function)(read[function.__name__])


def interpreted(one: Callable[..., Any]) -> Callable[..., Any]:
    """Return a rule for one number lifted to arrays, without a compiler."""
    called = np.frompyfunc(one, one.__code__.co_argcount, 1)

    def lifted(*values: Any) -> Any:
        value = called(*values)
        return np.asarray(value, dtype=float) if isinstance(value, np.ndarray) else float(value)

    return lifted


LOOP = """
def loop(at, sizes, strides, failed):
    try:
        for k in range(sizes[0]):
            at[{count}][k * (strides[{count}] >> 3)] = one({values})
    except Exception:
        failed[0] = 1
"""
"""A loop over rows of addresses with strides in bytes, as NumPy calls it; it runs over numbers of eight bytes."""


class Loop(Step):
    """A rule for one number in a compiled loop, which NumPy calls with arrays that it has brought to one shape.

    Only the loop is compiled; it is stored as every step is. (`numba.vectorize` would compile its frame in every process.)

    Args:
        one: the rule for one number
    """

    def __init__(self, one: Step) -> None:
        self.count = one.plain.__code__.co_argcount
        values = ", ".join(f"at[{k}][k * (strides[{k}] >> 3)]" for k in range(self.count))
        own: dict[str, Any] = {"__name__": one.plain.__module__, "one": one}
        exec(LOOP.format(count=self.count, values=values), own)
        plain: types.FunctionType = own["loop"]
        plain.__module__, plain.__qualname__ = one.plain.__module__, f"{one.plain.__qualname__}_of_each"
        plain.__name__ = plain.__qualname__
        self.one, self.failed = one, np.zeros(1, np.intp)
        self._ufunc: Any = None
        super().__init__(plain)

    def __call__(self, *values: Any) -> Any:
        """Return the rule's value for each element; an error is raised as the rule for one number raises it."""
        value = (self._ufunc or self.ufunc)(*values)
        if self.failed[0]:
            self.failed[0] = 0
            return interpreted(self.one.plain)(*values)
        return value

    @property
    def ufunc(self) -> Any:
        """NumPy's function around the compiled loop."""
        if self._ufunc is None:
            self._ufunc = _as_ufunc(self._address(), self.count, self.plain.__name__, self.failed)
        return self._ufunc

    def compile(self, arguments: Sequence[Any] = ()) -> None:
        """Compile the loop, or take the stored code."""
        self._address()

    def _address(self) -> int:
        from numba import types as of
        from numba.core.ccallback import CFunc

        whole = of.CPointer(of.intp)
        own = dict(self.plain.__globals__)
        bound = types.FunctionType(self.plain.__code__, own, self.plain.__name__)
        bound.__qualname__, bound.__module__ = self.plain.__qualname__, self.plain.__module__
        signature = (of.CPointer(of.CPointer(of.float64)), whole, whole, whole), of.void
        compiled: Any = CFunc(bound, signature, locals={}, options={})
        compiled._cache = Store(self, lambda: own.update(one=self.one.within.dispatcher))
        compiled.compile()
        self._dispatcher = compiled  # only now, as threads may ask for the same loop
        return int(compiled.address)


_POINTED_TO: list[Any] = []
"""What NumPy's functions point to, as long as the process lives."""


def _as_ufunc(address: int, count: int, name: str, failed: Any) -> Any:
    """Return NumPy's function around a compiled loop over numbers of eight bytes.

    Args:
        address: of the loop
        count: number of arguments
        name: of the function
        failed: set to 1 by the loop when it fails, shape (1,)

    It calls `PyUFunc_FromFuncAndData` of NumPy's C interface.
    """
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    table = ctypes.cast(pointer(np._core._multiarray_umath._UFUNC_API, None), ctypes.POINTER(ctypes.c_void_p))  # type: ignore[attr-defined]
    made = ctypes.PYFUNCTYPE(
        ctypes.py_object, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p, *[ctypes.c_int] * 4,
        ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int,
    )(table[1])  # fmt: skip
    loops, data = (ctypes.c_void_p * 1)(address), (ctypes.c_void_p * 1)(failed.ctypes.data)
    kinds, words = bytes([np.dtype(float).num] * (count + 1)), name.encode()
    _POINTED_TO.append((loops, data, kinds, words, failed))
    none = -1  # without a neutral element
    return made(ctypes.addressof(loops), ctypes.addressof(data), kinds, 1, count, 1, none, words, words, 0)
