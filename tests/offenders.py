"""One test over many examples: it goes through all of them, and names every one that fails, with the reason.

`each_of` is written as `pytest.mark.parametrize` is, with the same arguments. The test of a whole table is one item then:
it costs one set-up and one line of the report, however long the table is. Examples that take long (a run of the model, a
process) stay parametrised, so that workers share them.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__)
ROOT = HERE.parents[1]


def each_of(
    names: str | Sequence[str], examples: Iterable[Any], ids: Callable[[Any], Any] | Iterable[Any] | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Call a test once for each example, and fail with the list of those that fail.

    Every example has a `tmp_path` and a `monkeypatch` of its own, and an empty `capsys`; other fixtures are shared.

    Args:
        names: of the arguments, in one text with commas or several
        examples: a value each, or several where there are several names
        ids: names of the examples in the list: one each, or a function of a value
    """
    arguments = [name.strip() for name in names.split(",")] if isinstance(names, str) else [*names]
    rows = [(row,) if isinstance(names, str) and len(arguments) == 1 else tuple(row) for row in examples]
    assert rows, "there are no examples"
    assert all(len(row) == len(arguments) for row in rows), f"an example has other values than {arguments}"
    names_of_rows = ids if ids is None or callable(ids) else [*ids]
    labels = [label_of(number, row, names_of_rows) for number, row in enumerate(rows)]

    def decorated(test: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(test)
        rest = [item for name, item in signature.parameters.items() if name not in arguments]
        assert len(rest) == len(signature.parameters) - len(arguments), f"{test.__name__} does not take {arguments}"

        @wraps(test)
        def every_example(**fixtures: Any) -> None:
            offenders = [
                f"{label}: {reason}"
                for number, (label, row) in enumerate(zip(labels, rows, strict=True))
                if (reason := failure(test, dict(zip(arguments, row, strict=True)), fixtures, number))
            ]
            if offenders:
                pytest.fail(f"{len(offenders)} of {len(rows)} examples fail:\n" + "\n".join(offenders), pytrace=False)

        every_example.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]
        every_example.examples = labels  # type: ignore[attr-defined]
        return every_example

    return decorated


def failure(test: Callable[..., None], values: dict[str, Any], fixtures: dict[str, Any], number: int) -> str:
    """Return why a test fails for an example, and where; nothing where it passes."""
    own = dict(fixtures)
    if "tmp_path" in own:
        own["tmp_path"] = own["tmp_path"] / f"example_{number}"
        own["tmp_path"].mkdir()
    if "capsys" in own:
        own["capsys"].readouterr()
    with pytest.MonkeyPatch.context() as patch:
        if "monkeypatch" in own:
            own["monkeypatch"] = patch
        try:
            test(**values, **own)
        except (Exception, pytest.fail.Exception) as reason:
            return described(reason)
    return ""


def described(reason: BaseException) -> str:
    """Return the kind of an error, its words, and the last line of a test through which it came."""
    if isinstance(reason, pytest.fail.Exception) and " examples fail:\n" in str(reason):
        return str(reason).replace("\n", "\n  ")
    frames = traceback.extract_tb(reason.__traceback__)
    lines = [frame for frame in frames if "tests" in Path(frame.filename).parts and Path(frame.filename) != HERE]
    place = f" ({Path(lines[-1].filename).name}:{lines[-1].lineno})" if lines else ""
    return f"{type(reason).__name__}{place}: {reason}".replace("\n", "\n    ")


def label_of(number: int, row: tuple[Any, ...], ids: Callable[[Any], Any] | Sequence[Any] | None) -> str:
    """Return the name of an example in the list of those that fail."""
    if ids is not None and not callable(ids):
        return str(ids[number])
    words = [ids(value) if callable(ids) else value for value in row]
    return ", ".join(word if isinstance(word, str) else shown(word) for word in words)[:200]


def shown(value: Any) -> str:
    """Return a value in a few letters: the name that it has, or what it prints as."""
    name = getattr(value, "name", None) or getattr(value, "__name__", None)
    try:
        return name if isinstance(name, str) else repr(value)
    except ValueError:  # a whole number of more digits than Python prints
        return f"<{type(value).__name__}>"
