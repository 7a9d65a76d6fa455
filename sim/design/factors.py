"""Factors of a sampled design: parameters with their range and scale, or their choices."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

from scipy.special import ndtr, ndtri

from sim.errors import InputError, is_one_of, shown
from sim.parameters import checked, declared, declared_parameters, uncertain

UNCERTAIN, ALL = "uncertain", "all"
"""Names of sets of factors: uncertain parameters; all numbers with a range, without the setting and head counts."""

SCALES = ("linear", "log")
"""Scales of a range: uniform in the value or in its logarithm."""

Vary = str | Sequence[str] | Mapping[str, Any]
"""Option `vary`: `uncertain`, `all`, names, or a mapping of names to a range (a pair), values (a list) or options."""


@dataclass(frozen=True)
class Factor:
    """A sampled parameter: a range between low and high, or choices.

    Args:
        name: dotted name of the parameter
        low: end of the range
        high: end of the range
        scale: one of SCALES
        whole: true for whole numbers, all equally likely
        choices: values in place of a range
    """

    name: str
    low: float = 0.0
    high: float = 1.0
    scale: str = "linear"
    whole: bool = False
    choices: tuple[Any, ...] = ()

    def at(self, share: float) -> Any:
        """Return the value at a share of the range.

        >>> Factor("a", 1, 100, "log").at(0.5), Factor("a", 1, 4, whole=True).at(0.99), Factor("a", choices="xy").at(1.0)
        (10.0, 4, 'y')
        """
        if self.choices:
            return self.choices[min(int(share * len(self.choices)), len(self.choices) - 1)]
        if self.whole:
            return int(min(self.low + math.floor(share * (self.high - self.low + 1)), self.high))
        if self.scale == "log":
            return min(max(self.low * (self.high / self.low) ** share, self.low), self.high)
        return self.low + share * (self.high - self.low)


def factors_of(vary: Vary) -> tuple[Factor, ...]:
    """Return the factors of `vary`, with declared ranges by default.

    Raises:
        InputError: a name is unknown, there is no factor, or the parameter cannot have the range or choices
    """
    factors = tuple(factor_of(name, content) for name, content in options_by_factor(vary).items())
    if not factors:
        raise InputError(
            "a sampled design needs at least one parameter; use for example `vary=uncertain` or `vary=[trust.ratio]`"
        )
    return factors


def options_by_factor(vary: Vary) -> dict[str, Any]:
    """Return the options of each factor by name; None for its declared range.

    Raises:
        InputError: `vary` has a wrong type, an unknown name, or a name twice
    """
    if is_one_of(vary, (UNCERTAIN, ALL)):
        return dict.fromkeys(uncertain() if vary == UNCERTAIN else parameters_with_range())
    if isinstance(vary, str):
        return {name.strip(): None for name in vary.split(",")}
    if isinstance(vary, Mapping):
        return dict(vary)
    if not isinstance(vary, Iterable):
        raise InputError(
            f"`vary` must be {UNCERTAIN}, {ALL} or names of parameters, with or without ranges; got {shown(vary)}"
        )
    names = list(vary)
    for name in names:
        declared(name)
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InputError(f"`vary` names {shown(twice[0])} twice; name it once")
    return dict.fromkeys(names)


def parameters_with_range() -> list[str]:
    """Return the names of all numbers with a range, without the setting and numbers of organisations."""
    return [
        name
        for name, (default, declaration) in declared_parameters().items()
        if isinstance(default, Real)
        and not isinstance(default, bool)
        and None not in (declaration.low, declaration.high)
        and not name.startswith("setting.")
        and not name.endswith(".number")
    ]


def prior_range(name: str) -> tuple[float, float]:
    """Return the range of the prior of an uncertain parameter."""
    _, declaration = declared(name)
    assert declaration.low is not None
    assert declaration.high is not None
    return float(declaration.low), float(declaration.high)


def prior_value(name: str, share: Any) -> Any:
    """Return the quantile of an uncertain parameter's prior at a share; shape of the share.

    >>> prior_value("school.complementarity", 0.25), round(float(prior_value("package.bonus", 0.5)), 2)
    (0.25, 0.17)
    """
    low, high = prior_range(name)
    _, declaration = declared(name)
    if declaration.prior != "half-normal":
        return low + (high - low) * share
    scale = declaration.spread
    return low + scale * ndtri(0.5 + share * (ndtr((high - low) / scale) - 0.5))


def factor_of(name: str, content: Any = None) -> Factor:
    """Return a parameter as a factor.

    Args:
        name: dotted name
        content: None for its declared range or choices; a pair of numbers for a range; a list of values for choices; or a
            mapping with `low`, `high`, `scale` or with `values`

    Raises:
        InputError: the name is unknown, or the parameter cannot be sampled
    """
    default, declaration = declared(name)
    options = range_or_values(name, content)
    if "values" in options:
        return Factor(name, choices=checked_choices(name, options["values"]))
    if isinstance(default, bool | str):
        choices = declaration.choices or ((False, True) if isinstance(default, bool) else ())
        if not choices or content is not None:
            raise InputError(f"`{name}` is not a number; give its values, `vary={{{name}: {{values: [...]}}}}`")
        return Factor(name, choices=choices)
    low, high = options.get("low", declaration.low), options.get("high", declaration.high)
    if low is None or high is None:
        raise InputError(f"`{name}` has no declared range; give one, `vary={{{name}: [low, high]}}`")
    return factor_with_range(name, checked(name, low), checked(name, high), options.get("scale", SCALES[0]))


def range_or_values(name: str, content: Any) -> dict[str, Any]:
    """Return the options of a factor: `low`, `high` and `scale`, or `values`.

    Raises:
        InputError: the options have another form
    """
    if content is None:
        return {}
    if isinstance(content, Mapping):
        unknown = [key for key in content if key not in ("low", "high", "scale", "values")]
        if unknown or ("values" in content and len(content) > 1):
            raise InputError(
                f"the options of `{name}` must be low, high and scale, or values; got {shown(dict(content))}"
            )
        return {str(key): value for key, value in content.items()}
    if isinstance(content, str) or not isinstance(content, Sequence):
        raise InputError(f"`{name}` must have a range [low, high] or a list of values; got {shown(content)}")
    numbers = [value for value in content if isinstance(value, Real) and not isinstance(value, bool)]
    if len(content) == 2 and len(numbers) == 2:
        return {"low": content[0], "high": content[1]}
    return {"values": list(content)}


def checked_choices(name: str, values: Any) -> tuple[Any, ...]:
    """Return the choices of a factor.

    Raises:
        InputError: there are fewer than two values, one comes twice, or one is not allowed
    """
    if isinstance(values, str) or not isinstance(values, Sequence) or len(values) < 2:
        raise InputError(f"`{name}` must have at least two values; got {shown(values)}")
    checked_values = tuple(checked(name, value) for value in values)
    if len(set(checked_values)) < len(checked_values):
        raise InputError(f"the values of `{name}` must be different; got {shown(values)}")
    return checked_values


def factor_with_range(name: str, low: float, high: float, scale: Any) -> Factor:
    """Return a factor with a range.

    Raises:
        InputError: the range is empty, or cannot have the scale
    """
    if not low < high:
        raise InputError(f"the range of `{name}` must run from low to high; got {low} to {high}")
    if not is_one_of(scale, SCALES):
        raise InputError(f"the scale of `{name}` must be one of {', '.join(SCALES)}; got {shown(scale)}")
    whole = isinstance(declared(name)[0], int)
    if scale == "log" and (whole or low <= 0):
        raise InputError(f"`{name}` cannot be sampled on a log scale: its range is {low} to {high}"
                      f"{' in whole numbers' if whole else ''}")  # fmt: skip
    return Factor(name, low, high, str(scale), whole)
