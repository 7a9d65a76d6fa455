"""The command line that makes the same sweep as a call in Python."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.commands import option, quoted
from sim.design.factors import ALL, UNCERTAIN
from sim.design.points import FACILITATION
from sim.design.samples import TABLE
from sim.policy import Scenario

UNTIL = "setting.until"
"""Parameter that a command always sets."""

NOTHING_CROSSED = "hydra.sweeper.params=null"
"""Word for a grid that has no values besides the named ones."""

_PLAIN = re.compile(r"[A-Za-z_][\w.+-]*|\d{4}-\d{2}", re.ASCII)
_WORDS_OF_HYDRA = ("null", "true", "false", "inf", "nan")


@dataclass(frozen=True)
class SweepWords:
    """Arguments of a sweep that a command can have.

    Args:
        scenarios: names of scenarios, or scenarios
        timings: of the policies; None for those of the scenarios
        levers: values that are crossed, by dotted name
        overrides: parameters that differ in all points, by dotted name
        design: grid, lhs, sobol, morris, or the path of a file of points
        vary: parameters that are sampled
        others: keys with one value, such as seeds
    """

    scenarios: Sequence[str | Scenario]
    timings: Sequence[Any]
    levers: Mapping[str, Sequence[Any]]
    overrides: Mapping[str, Any]
    design: str
    vary: Any
    others: Mapping[str, Any] = field(default_factory=dict)

    def words(self, sampled: Sequence[str], until: set[str]) -> tuple[str, ...] | None:
        """Return the words of the command; None if no command makes this sweep.

        Args:
            sampled: names of the parameters that are sampled
            until: last months of its points
        """
        crossed = {*self.levers, *self.overrides}
        files = len(self.scenarios) > 1 and any(
            str(scenario).endswith(".yaml") for scenario in self.scenarios
        )  # a table has the name of the file, a command its path
        named = all(isinstance(scenario, str) for scenario in self.scenarios) and not files
        if not named or len(until) > 1 or crossed & set(sampled):
            return None
        own = {name: value for name, value in self.overrides.items() if name not in self.levers}
        if UNTIL not in crossed:
            own = {UNTIL: next(iter(until)), **own}
        values = [_word("scenario", self.scenarios), _word("timing", self.timings)]
        values += [f"{name}=choice({','.join(map(_value, each))})" for name, each in self.levers.items()]
        values += [_word(name, [value]) for name, value in own.items()]
        return (*values, *self._design(crossed), *(_word(name, [value]) for name, value in self.others.items()))

    def _design(self, crossed: set[str]) -> list[str]:
        """Return the words for the sample; for a grid, the word for no values besides the named ones."""
        if str(self.design).endswith((".csv", ".parquet")):
            return [f"design={TABLE}", option("points", self.design)]
        if "n" in self.others:
            vary = self.vary if self.vary in (UNCERTAIN, ALL) else _value(_listed(self.vary))
            return [f"design={self.design}", f"vary={vary}"]
        return [] if FACILITATION in crossed else [NOTHING_CROSSED]


def _listed(vary: Any) -> Any:
    if isinstance(vary, str):
        return [name.strip() for name in vary.split(",")]
    return vary if isinstance(vary, Mapping) else list(vary)


def _word(key: str, values: Sequence[Any]) -> str:
    """Return a word of the command: a key with one value or several."""
    if len(values) == 1 and isinstance(values[0], Path):
        return option(key, values[0])
    return f"{key}={','.join(map(_value, values))}"


def _value(value: Any) -> str:
    r"""Return a value in Hydra's grammar.

    >>> _value([True, None, 0.5, "a", "a b"]), _value({"trust.gain": [0, 1]})
    ("[true,null,0.5,a,'a b']", '{trust.gain:[0,1]}')
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str | Path):
        text = str(value)
        return text if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_HYDRA else quoted(text)
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{name}:{_value(each)}' for name, each in value.items())}}}"
    if isinstance(value, Sequence):
        return f"[{','.join(map(_value, value))}]"
    return repr(value.item() if hasattr(value, "item") else value)
