"""Reasons in words: the strongest of them, for and against, with their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, repeat

STRONGEST = 3
"""Number of reasons that a sentence names, with at least one on each side."""

STRONG = 1 / 3
"""Part of the strongest reason from which another is named too [share]."""

NOTHING = 0.005
"""Size below which a reason is left out, since it would be written as zero [logit]."""


ALIKE, MORE = 0.8, 0.4
"""Weaker side over the stronger one, from which both weigh about as much, and below which one weighs far more [ratio]."""


def reasons_text(terms: Mapping[str, float], unit: str = "logits") -> str:
    r"""Return which side weighs more, the strongest reasons for it and against it, and the sum of the others.

    Args:
        terms: reasons by name [logit, or the unit given]
        unit: of the reasons, which stands with the first number

    >>> print(reasons_text({"trust": 1.2, "cost": -0.8, "luck": 0.0}).replace("\N{MINUS SIGN}", "-"))
    the reasons for it weigh more; strongest for it: trust (+1.20 logits); strongest against it: cost (-0.80)
    >>> print(reasons_text({"a": -3.0, "b": -2.0, "c": -1.0, "d": -0.25}).replace("\N{MINUS SIGN}", "-"))
    every reason speaks against it; strongest against it: a (-3.00 logits), b (-2.00), c (-1.00); the others together (-0.25)
    >>> reasons_text({"need": 0.9}, "of its score")
    'every reason speaks for it; strongest for it: need (+0.90 of its score)'
    >>> reasons_text({"luck": 0.0})
    'no reason for or against it'
    """
    sizes = {name: float(value) for name, value in terms.items() if abs(value) >= NOTHING}
    if not sizes:
        return "no reason for or against it"
    order = sorted(sizes, key=lambda name: -abs(sizes[name]))
    sides = [[name for name in order if sizes[name] * sign > 0.0] for sign in (1.0, -1.0)]
    named = {*order[:STRONGEST], *(side[0] for side in sides if side)}
    named |= {name for name in order if abs(sizes[name]) >= STRONG * abs(sizes[order[0]])}
    parts, units = (
        [balance_text([sum(abs(sizes[name]) for name in side) for side in sides])],
        chain([f" {unit}"], repeat("")),
    )
    for label, side in zip(("for it", "against it"), sides, strict=True):
        those = [f"{name} ({signed_text(sizes[name])}{next(units)})" for name in side if name in named]
        parts += [f"strongest {label}: {', '.join(those)}"] if those else []
    rest = [sizes[name] for name in order if name not in named]
    parts += [f"the others together ({signed_text(sum(rest))})"] if rest else []
    return "; ".join(parts)


def balance_text(sums: Sequence[float]) -> str:
    """Return in words which of two sides weighs more.

    Args:
        sums: of the reasons for it and of those against it, both from 0 and not both 0

    >>> balance_text([3.0, 1.0]), balance_text([0.0, 1.0])
    ('the reasons for it weigh far more', 'every reason speaks against it')
    """
    weaker, stronger = sorted(sums)
    side = "for it" if sums[0] > sums[1] else "against it"
    if not weaker:
        return f"every reason speaks {side}"
    if weaker >= ALIKE * stronger:
        return "the reasons for and against it weigh about as much"
    return f"the reasons {side} weigh {'more' if weaker >= MORE * stronger else 'far more'}"


def signed_text(value: float) -> str:
    r"""Return a reason as a sentence has it, with a true minus sign [logit].

    Args:
        value: of a reason [logit]

    >>> signed_text(1.2), signed_text(-0.804) == "\N{MINUS SIGN}0.80"
    ('+1.20', True)
    """
    return f"{value if abs(value) >= NOTHING else 0.0:+.2f}".replace("-", "\N{MINUS SIGN}")


def share_text(value: float) -> str:
    """Return a share or a chance with two significant digits, never rounded to 0 or 1.

    Args:
        value: a share or a chance [share]

    >>> share_text(0.0349), share_text(0.51234), share_text(1.0), share_text(0.0), share_text(0.99999)
    ('0.035', '0.51', '1', '0', '0.99999')
    """
    if value in (0.0, 1.0):
        return f"{value:.0f}"
    return f"{value:.2g}" if value < 0.95 else f"{value:.5g}"


def draw_text(chance: float, draw: float, of: str = "") -> str:
    """Return a chance and the draw that decided, with as many digits as show which is smaller.

    Args:
        chance: of the event [share]
        draw: uniform [share]
        of: the event, in words

    >>> draw_text(0.31, 0.1204), draw_text(0.5249, 0.5230, "to open it")
    ('chance 0.31, draw 0.12', 'chance to open it 0.525, draw 0.523')
    """
    for digits in range(2, 18):
        chance_text, drawn = f"{chance:.{digits}g}", f"{draw:.{digits}g}"
        if (float(drawn) < float(chance_text)) == (draw < chance) and (float(chance_text) == 1.0) == (chance == 1.0):
            break
    return f"chance {of}{' ' if of else ''}{chance_text}, draw {drawn}"
