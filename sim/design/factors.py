"""Factors of a sampled design: declared parameters with the range, the scale or the choices they are sampled from."""

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
"""Words for factors: the uncertain parameters; every declared number with a range, but for places and head counts."""

SCALES = ("linear", "log")
"""How a range is sampled: evenly, or evenly in its logarithm."""

Vary = str | Sequence[str] | Mapping[str, Any]
"""What varies: `uncertain`, `all`, names, or names with the range (a pair), the values (a list) or both in a mapping."""


@dataclass(frozen=True)
class Factor:
    """What one parameter is sampled from: a range between low and high, or choices.

    `whole`: only whole numbers of the range, each as likely as any other.
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
    """Return the factors that somebody names, with their declared ranges where no other is given.

    Raises:
        InputError: an unknown name, for none at all, and for a range or choices that the parameter cannot have
    """
    factors = tuple(factor_of(name, said) for name, said in options_by_factor(vary).items())
    if not factors:
        raise InputError(
            "a sampled design needs at least one parameter to vary: `vary=uncertain` or `vary=[trust.ratio]`"
        )
    return factors


def options_by_factor(vary: Vary) -> dict[str, Any]:
    """Names of what varies, each with what is said of it, None where nothing is.

    Raises:
        InputError: neither
    """
    if is_one_of(vary, (UNCERTAIN, ALL)):
        return dict.fromkeys(uncertain() if vary == UNCERTAIN else parameters_with_range())
    if isinstance(vary, str):
        return {name.strip(): None for name in vary.split(",")}
    if isinstance(vary, Mapping):
        return dict(vary)
    if not isinstance(vary, Iterable):
        raise InputError(f"`vary` is {UNCERTAIN}, {ALL} or names of parameters, with ranges or not; got {shown(vary)}")
    names = list(vary)
    for name in names:
        declared(name)
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InputError(f"`vary` names {shown(twice[0])} twice")
    return dict.fromkeys(names)


def parameters_with_range() -> list[str]:
    """Dotted names of every declared number with a range, but for the setting and the number of organisations."""
    return [
        name
        for name, (default, said) in declared_parameters().items()
        if isinstance(default, Real)
        and not isinstance(default, bool)
        and None not in (said.low, said.high)
        and not name.startswith("setting.")
        and not name.endswith(".number")
    ]


def prior_range(name: str) -> tuple[float, float]:
    """Return the range of an uncertain parameter, which is its prior."""
    _, declaration = declared(name)
    assert declaration.low is not None
    assert declaration.high is not None
    return float(declaration.low), float(declaration.high)


def prior_value(name: str, share: Any) -> Any:
    """Return the value of an uncertain parameter below which a share of its prior lies; shape as the share's.

    >>> prior_value("school.complementarity", 0.25), round(float(prior_value("package.bonus", 0.5)), 2)
    (0.25, 0.17)
    """
    low, high = prior_range(name)
    _, declaration = declared(name)
    if declaration.prior != "half-normal":
        return low + (high - low) * share
    scale = declaration.spread
    return low + scale * ndtri(0.5 + share * (ndtr((high - low) / scale) - 0.5))


def factor_of(name: str, said: Any = None) -> Factor:
    """Return a declared parameter as a factor.

    Args:
        name: dotted name
        said: None for its declared range or choices; a pair of numbers for a range; a list of values for choices; or a
            mapping with `low`, `high`, `scale` or with `values`

    Raises:
        InputError: an unknown name, and for what cannot be sampled
    """
    default, about = declared(name)
    asked = range_or_values(name, said)
    if "values" in asked:
        return Factor(name, choices=checked_choices(name, asked["values"]))
    if isinstance(default, bool | str):
        choices = about.choices or ((False, True) if isinstance(default, bool) else ())
        if not choices or said is not None:
            raise InputError(
                f"`{name}` is no number: say which values it may have, `vary={{{name}: {{values: [...]}}}}`"
            )
        return Factor(name, choices=choices)
    low, high = asked.get("low", about.low), asked.get("high", about.high)
    if low is None or high is None:
        raise InputError(f"`{name}` has no declared range: give one, `vary={{{name}: [low, high]}}`")
    return factor_with_range(name, checked(name, low), checked(name, high), asked.get("scale", SCALES[0]))


def range_or_values(name: str, said: Any) -> dict[str, Any]:
    """What is said of a factor, by `low`, `high`, `scale`, `values`.

    Raises:
        InputError: anything else
    """
    if said is None:
        return {}
    if isinstance(said, Mapping):
        unknown = [key for key in said if key not in ("low", "high", "scale", "values")]
        if unknown or ("values" in said and len(said) > 1):
            raise InputError(f"of `{name}` one says low, high and scale, or values; got {shown(dict(said))}")
        return {str(key): value for key, value in said.items()}
    if isinstance(said, str) or not isinstance(said, Sequence):
        raise InputError(f"`{name}` is sampled from a range [low, high] or from values; got {shown(said)}")
    numbers = [value for value in said if isinstance(value, Real) and not isinstance(value, bool)]
    if len(said) == 2 and len(numbers) == 2:
        return {"low": said[0], "high": said[1]}
    return {"values": list(said)}


def checked_choices(name: str, values: Any) -> tuple[Any, ...]:
    """Choices of a factor.

    Raises:
        InputError: fewer than two, for one twice, and for a value that may not be
    """
    if isinstance(values, str) or not isinstance(values, Sequence) or len(values) < 2:
        raise InputError(f"`{name}` needs two values or more to vary; got {shown(values)}")
    fit = tuple(checked(name, value) for value in values)
    if len(set(fit)) < len(fit):
        raise InputError(f"`{name}` has a value twice; got {shown(values)}")
    return fit


def factor_with_range(name: str, low: float, high: float, scale: Any) -> Factor:
    """Return a factor with a range.

    Raises:
        InputError: it is empty, or where a logarithm has no zero to begin from
    """
    if not low < high:
        raise InputError(f"the range of `{name}` runs from low to high; got {low} to {high}")
    if not is_one_of(scale, SCALES):
        raise InputError(f"the scale of `{name}` must be one of {', '.join(SCALES)}; got {shown(scale)}")
    whole = isinstance(declared(name)[0], int)
    if scale == "log" and (whole or low <= 0):
        raise InputError(f"`{name}` cannot be sampled on a log scale: its range is {low} to {high}"
                      f"{' in whole numbers' if whole else ''}")  # fmt: skip
    return Factor(name, low, high, str(scale), whole)
