"""The sliders of the page: which levers, in which words and units, over which range, and what a scenario says of them."""

from __future__ import annotations

from dataclasses import dataclass

from sim.dates import date_of
from sim.errors import InputError
from sim.policy import Scenario

TIMING, UNTIL, LUCK = "timing", "until", "seed"
"""Sliders that set no single parameter: months by which windows come later, the last school year, the seed of luck."""


@dataclass(frozen=True)
class Lever:
    """One slider.

    Attributes:
        key: dotted name of a parameter, or one of TIMING, UNTIL and LUCK
        label: what it is called on the page
        unit: of what the page shows
        hint: a sentence that says what it does
        low: least value shown
        high: greatest value shown
        step: between two values
        scale: what the page shows over the value of the parameter; 100 where a share is shown in percent
    """

    key: str
    label: str
    unit: str
    hint: str
    low: int
    high: int
    step: int = 1
    scale: int = 1

    def fitting(self, shown: float) -> float:
        """Return a value as shown, if the slider reaches it.

        Raises:
            InputError: it does not
        """
        if not self.low <= shown <= self.high:
            raise InputError(f"{self.label} must lie between {self.low} and {self.high} {self.unit}; got {shown:g}")
        return shown


LEVERS = (
    Lever("backbone.facilitation", "Backbone's facilitation", "% of hours",
          "The backbone is the neutral organisation that holds the network together. This part of its "
          "staff's hours goes into meetings, introductions, shared data, mediation, new members and "
          "winning the ministry.", 0, 100, 5, 100),
    Lever("backbone.staff", "Backbone's staff", "people", "How many people the backbone employs.", 0, 20),
    Lever(TIMING, "When windows open", "months later",
          "A window for reform opens when leaders change: then the ministry can be won over. Left of 0 it opens before it did, "
          "when the network may not be ready.", -24, 36, 3),
    Lever("conditions.shared_measurement", "Shared data", "% of possible",
          "Organisations that look at the same numbers understand one another better, know what others do in schools, and "
          "are heeded by the ministry.",
          0, 100, 10, 100),
    Lever("deliberation.quorum", "Yes needed from", "% of the committee",
          "How many seats of the steering committee must accept before the network decides something.", 50, 100, 5, 100),
    Lever("commitment.partners", "Partners give", "% of pledges",
          "At 0 the partners sit at the table, and give neither money nor work.", 0, 100, 10, 100),
    Lever("placing.periphery_first", "Schools in need first", "% of the way",
          "At 0 help goes where it is easy to give; at 100 it goes first to schools whose students have least.",
          0, 100, 10, 100),
    Lever("ministry.national_budget", "National programme", "NIS million/year",
          "What the ministry spends once it has made the programme national. It bought lessons for some NIS 75 million.",
          0, 150, 5),
    Lever("staffing.minimum_lowered", "Smallest class", "students",
          "Under the national programme a class of five units may open with so many students; before, with 15.", 3, 15),
    Lever(UNTIL, "Simulate until", "(school year)",
          "Nothing is fitted after 2018; later growth differs between structures, so the page ends in 2020.", 2017, 2020),
    Lever(LUCK, "Luck of this run", "(number)",
          "Each number is another course of chance: who meets whom, who says yes. The same number gives the same run.",
          1, 99),
)  # fmt: skip
"""In the order of the page."""

BY_KEY = {lever.key: lever for lever in LEVERS}


def lever(key: str) -> Lever:
    """Return the slider of a key.

    Raises:
        InputError: the page has none
    """
    if key not in BY_KEY:
        raise InputError(f"the page has no slider `{key}`; it has {', '.join(BY_KEY)}")
    return BY_KEY[key]


def notes(case: Scenario, moved: set[str]) -> list[str]:
    """What a student should know before believing a slider: those that cannot do anything here, and why.

    Args:
        case: as it is simulated
        moved: keys of the sliders that were moved
    """
    said, of = [], case.parameters
    mode = of.ministry.mode
    if not any(change.key == "network.launched" for change in case.policy.changes):
        said.append(
            "No initiative is launched in this scenario: the backbone, shared data, votes and what partners give "
            "change nothing."
        )
    elif not _works(case):
        said.append("There is no working backbone in this scenario: its hours and staff change nothing.")
    if "backbone.facilitation" in moved and of.backbone.facilitation and not of.backbone.staff:
        said.append("A backbone without staff has no hours to give, whatever part of them goes to the network.")
    if mode == "never":
        said.append(
            "The ministry never joins in this scenario: when windows open, a national programme and its smallest class "
            "change nothing."
        )
    if mode == "recorded" and moved - {LUCK, UNTIL}:
        said.append(
            "Here the ministry follows the dates of the record, whatever the network does. Choose the scenario "
            "“historical emergent” to let it decide."
        )
    return said + _overruled(case, moved)


def _works(case: Scenario) -> bool:
    """Whether hours for the network count: those of a backbone, or of whoever convenes in its place."""
    p = case.parameters
    return p.governance.mode != "backbone" or bool(
        p.backbone.present and not p.backbone.placebo and p.conditions.backbone_support
    )


def _overruled(case: Scenario, moved: set[str]) -> list[str]:
    """Sliders whose lever the scenario itself sets at some date."""
    first: dict[str, int] = {}
    for change in case.policy.changes:
        first.setdefault(change.key, change.month)
    return [
        f"“{BY_KEY[key].label}” counts only until {date_of(first[key])}: from then on the scenario sets it."
        for key in BY_KEY
        if key in moved and key in first
    ]
