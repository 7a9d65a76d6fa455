"""Mesa, loaded without the libraries of its tables, spaces and batches, which no run needs: they load at their first use."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

LATER = {
    "mesa.batchrunner": ("batch_run",),
    "pandas": (),
    "networkx": ("Graph", "spring_layout"),
    "scipy.spatial": ("KDTree",),
    "scipy.spatial.distance": ("cdist",),
}
"""Modules that Mesa imports, and the names that it reads from them when it is loaded."""


class _Later(ModuleType):
    """Stands for a library until something of it is used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def _called_later(module: str, name: str) -> Any:
    """Return a function that calls one of a library, which is loaded then."""

    def called(*values: Any, **named: Any) -> Any:
        return getattr(import_module(module), name)(*values, **named)

    called.__name__ = name
    return called


@contextmanager
def _deferred() -> Iterator[None]:
    """Let imports of the libraries succeed without loading them; those that are loaded already stay."""
    stand_ins = {}
    for module, names in LATER.items():
        if module not in sys.modules:
            stand_ins[module] = sys.modules[module] = _Later(module)
            for name in names:
                setattr(stand_ins[module], name, _called_later(module, name))
    try:
        with (
            warnings.catch_warnings()
        ):  # Mesa loads bars that no run shows; in a notebook without widgets they complain
            warnings.filterwarnings("ignore", message="IProgress not found")
            yield
    finally:
        for module, stand_in in stand_ins.items():
            if sys.modules.get(module) is stand_in:
                del sys.modules[module]


with _deferred():
    import mesa

__all__ = ["mesa"]
