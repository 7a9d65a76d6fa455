"""The answer over all averaged models as sentences: whether the backbone matters, when, and how much it adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
"""Small numbers in words."""


@dataclass(frozen=True)
class Headline:
    """A result with its 95% interval.

    Args:
        unit: `share of runs`, or what is counted
        value: in the unit
        low: lower end of the interval
        high: upper end of the interval
    """

    unit: str
    value: float
    low: float
    high: float

    @property
    def text(self) -> str:
        """The value.

        >>> Headline("share of runs", 0.83, 0.74, 0.89).text, Headline("examinees in 2020", 1951, 1534, 2365).text
        ('83%', '1,951')
        """
        return f"{self.value:.0%}" if self.unit.startswith("share") else f"{self.value:,.0f}"

    @property
    def interval(self) -> str:
        """Both ends of the interval.

        >>> Headline("examinees in 2020", 1951, 1534, 2365).interval
        '1,534 to 2,365'
        """
        if self.unit.startswith("share"):
            return f"{self.low * 100:.0f}\N{EN DASH}{self.high:.0%}"
        return f"{self.low:,.0f} to {self.high:,.0f}"


def number_in_words(number: int) -> str:
    """Return a small number in words, another one in digits.

    >>> number_in_words(7), number_in_words(12)
    ('seven', '12')
    """
    return NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"


def answer_sentences(results: Mapping[str, Headline]) -> tuple[str, str]:
    """Return a sentence on whether the backbone matters and when, and one on policy that never comes.

    Args:
        results: by quantity, of `sim.runs.headlines.headlines`
    """
    backed, alone, never = (
        results[f"doubled_{name}"] for name in ("with_backbone", "without_backbone", "without_window")
    )
    matters = backed.low > alone.high
    needs_window = never.high < alone.low
    claim = "the backbone matters" if matters else "it is not clear whether the backbone matters"
    when = " when policy windows open" if matters and needs_window else ""
    return (
        f"In the model {claim}{when}: enrolment doubles by 2020 in {backed.text} of runs "
        f"(95% interval {backed.interval}), against {alone.text} ({alone.interval}) without.",
        f"If policy never comes, it doubles in {never.text} of runs ({never.interval}).",
    )


def added_sentence(results: Mapping[str, Headline], models: int) -> str:
    """Return a sentence on what the backbone adds over all averaged models.

    Args:
        results: by quantity, of `sim.runs.headlines.headlines`
        models: number of averaged models

    >>> added_sentence({"backbone_adds": Headline("examinees in 2020", 1951, 1534, 2365)}, 7)
    'Over seven models that fit the record a backbone adds 1,951 examinees in 2020 (95% interval 1,534 to 2,365).'
    """
    added = results["backbone_adds"]
    return (
        f"Over {number_in_words(models)} models that fit the record a backbone adds {added.text} {added.unit} "
        f"(95% interval {added.interval})."
    )
