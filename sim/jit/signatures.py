"""Types of arguments as JSON, in which the recorded list of functions to compile is written."""

from __future__ import annotations

import json
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).with_name("signatures.json")
"""The functions that the first compilation compiles, with the types of their arguments.

`python -m experiments.maintenance.signatures` writes it."""


def encoded(of: Any) -> Any:
    """Return a type of Numba as JSON; its name where nothing else describes it."""
    from numba import types

    if isinstance(of, types.Array):
        return ["array", encoded(of.dtype), of.ndim, of.layout, of.mutable]
    if isinstance(of, types.BaseTuple):
        of_class = getattr(of, "instance_class", None)
        named = f"{of_class.__module__}:{of_class.__qualname__}" if of_class else ""
        return ["tuple", named, [encoded(each) for each in of]]
    if isinstance(of, types.CPointer):
        return ["pointer", encoded(of.dtype)]
    if isinstance(of, types.Literal):
        return ["literal", of.literal_value]
    return "boolean" if of == types.boolean else str(of)


def decoded(text: Any) -> Any:
    """Return the type of Numba that JSON describes.

    Raises:
        AttributeError: there is no such type
    """
    from numba import types

    if isinstance(text, str):
        return getattr(types, text)
    if text[0] == "array":
        return types.Array(decoded(text[1]), text[2], text[3], readonly=not text[4])
    if text[0] == "pointer":
        return types.CPointer(decoded(text[1]))
    if text[0] == "literal":
        return types.literal(text[1])
    module, _, name = text[1].partition(":")
    of_class = getattr(import_module(module), name) if module else tuple
    return types.BaseTuple.from_types([decoded(each) for each in text[2]], of_class)


@cache
def recorded() -> list[tuple[str, list[Any]]]:
    """Return the recorded functions, each with the types of its arguments as JSON, callees first."""
    return [(name, arguments) for name, arguments in json.loads(RECORDED.read_text(encoding="utf-8"))]


def as_file(functions: list[tuple[str, list[Any]]]) -> bytes:
    """Return the content of the recorded list, a line a function."""
    lines = ",\n".join(json.dumps(each, separators=(",", ":")) for each in functions)
    return f"[\n{lines}\n]\n".encode()
