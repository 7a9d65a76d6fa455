"""Sliders and switches of the page: levers with their words, units and ranges, and notes on scenarios."""

from __future__ import annotations

from dataclasses import dataclass

from sim.dates import date_of
from sim.errors import InputError
from sim.policy import Scenario

TIMING, UNTIL, SEED = "timing", "until", "seed"
"""Sliders that are not a single parameter: shift of windows, last school year, seed."""


@dataclass(frozen=True)
class Lever:
    """One slider.

    Attributes:
        key: dotted name of a parameter, or one of TIMING, UNTIL and SEED
        label: name on the page
        unit: of the value shown
        hint: a sentence on its effect
        low: least value shown
        high: greatest value shown
        step: between two values
        scale: value shown divided by the value of the parameter; 100 for a share in percent
        main: shown at once; others are under "More settings"
        switch: has two values, 0 for off and 1 for on
    """

    key: str
    label: str
    unit: str
    hint: str
    low: int
    high: int
    step: int = 1
    scale: int = 1
    main: bool = False
    switch: bool = False

    def fitting(self, shown: float) -> float:
        """Return a value as shown, if it lies in the range of the slider.

        Raises:
            InputError: the value is out of range
        """
        if self.switch and shown not in (0, 1):
            raise InputError(
                f"“{self.label}” is a switch now, 0 for off or 1 for on; got {shown:g}, perhaps from a link of an older version"
            )
        if not self.low <= shown <= self.high:
            raise InputError(f"{self.label} must lie between {self.low} and {self.high} {self.unit}; got {shown:g}")
        return shown

    def in_words(self, shown: float) -> str:
        """Return label and value as text.

        >>> lever("backbone.staff").in_words(3), lever("conditions.common_agenda").in_words(0)
        ("Backbone's staff: 3 people", 'Common agenda: off')
        """
        return f"{self.label}: {('off', 'on')[int(shown)] if self.switch else f'{shown:g} {self.unit}'}"


CONDITIONS = (
    Lever("conditions.common_agenda", "Common agenda", "", "Members vote on what to work for; what passes draws their wishes "
          "together and steers their money.", 0, 1, switch=True),
    Lever("conditions.shared_measurement", "Shared measurement", "", "Organisations that look at the same numbers understand "
          "one another better, know what others do in schools, and the ministry listens to them.", 0, 1, switch=True),
    Lever("conditions.mutually_reinforcing", "Mutually reinforcing activities", "", "Providers avoid schools where others do "
          "the same, and do less of it where they go.", 0, 1, switch=True),
    Lever("conditions.continuous_communication", "Continuous communication", "", "The plenum is called more often, and its "
          "online exchange slows the fading of trust.", 0, 1, switch=True),
    Lever("conditions.backbone_support", "Backbone support", "", "The backbone's hours call meetings, introduce, share "
          "data, mediate, recruit members and win the ministry.", 0, 1, switch=True),
)  # fmt: skip
"""Switches of the five conditions of collective impact, with the names that all texts use."""

LEVERS = (
    Lever("backbone.facilitation", "Backbone's facilitation", "% of hours",
          "The backbone is the neutral organisation that holds the network together. This part of its "
          "staff's hours goes into meetings, introductions, shared data, mediation, new members and "
          "winning the ministry.", 0, 100, 5, 100, main=True),
    Lever(TIMING, "When windows open", "months later",
          "A window for reform opens when leaders change: then the ministry can be won over. Left of 0 it opens before it did, "
          "when the network may not be ready. For “never”, choose the scenario “The ministry listens but never joins”.",
          -24, 36, 3, main=True),
    Lever("trust.gain", "Trust gained", "% a contact",
          "How far one contact that goes well moves trust towards full trust. A contact that goes badly takes more away.",
          2, 20, 1, 100, main=True),
    Lever("commitment.partners", "Partners give", "% of pledges",
          "At 0 the partners sit at the table, and give neither money nor work.", 0, 100, 10, 100, main=True),
    Lever("ministry.national_budget", "National programme", "NIS million/year",
          "What the ministry spends once it has made the programme national. It bought lessons for some NIS 75 million.",
          0, 150, 5, main=True),
    Lever("backbone.staff", "Backbone's staff", "people", "How many people the backbone employs.", 0, 20),
    Lever("deliberation.quorum", "Yes needed from", "% of the committee",
          "How many seats of the steering committee must accept before the network decides something.", 50, 100, 5, 100),
    Lever("placing.periphery_first", "Schools in need first", "% of the way",
          "At 0 help goes where it is easy to give; at 100 it goes first to schools whose students have least.",
          0, 100, 10, 100),
    Lever("staffing.minimum_lowered", "Smallest class", "students",
          "Under the national programme a class of five units may open with so many students; before, with 15.", 3, 15),
    Lever(UNTIL, "Simulate until", "(school year)",
          "Nothing is fitted after 2018; later growth differs between structures, so the page ends in 2020.", 2017, 2020),
    Lever(SEED, "Seed of this run", "(number)",
          "Each seed gives another sequence of random events: who meets whom, who agrees. The same seed gives the same run. "
          "The page opens with the seed whose run is nearest to the middle of 30.",
          1, 99),
)  # fmt: skip
"""Sliders in the order of the page."""

BY_KEY = {lever.key: lever for lever in (*LEVERS, *CONDITIONS)}


def lever(key: str) -> Lever:
    """Return the slider of a key.

    Raises:
        InputError: the page has no such slider
    """
    if key not in BY_KEY:
        raise InputError(f"the page has no slider `{key}`; it has {', '.join(BY_KEY)}")
    return BY_KEY[key]


def notes(scenario: Scenario, moved: set[str]) -> list[str]:
    """Return sentences on sliders that have no effect in a scenario, and why.

    Args:
        scenario: the scenario that is simulated
        moved: keys of the sliders that were moved
    """
    sentences, parameters = [], scenario.parameters
    mode = parameters.ministry.mode
    if not any(change.key == "network.launched" for change in scenario.policy.changes):
        sentences.append(
            "No initiative is launched in this scenario: the backbone, shared measurement, votes and what partners give "
            "change nothing."
        )
    elif not _works(scenario):
        sentences.append("There is no working backbone in this scenario: its hours and staff change nothing.")
    if "trust.gain" in moved and parameters.trust.rule != "asymmetric":
        sentences.append(
            "In this scenario contacts do not change trust in this way: what a contact gains changes nothing."
        )
    if "backbone.facilitation" in moved and parameters.backbone.facilitation and not parameters.backbone.staff:
        sentences.append("A backbone without staff has no hours to give, whatever part of them goes to the network.")
    if mode == "never":
        sentences.append(
            "The ministry never joins in this scenario: when windows open, a national programme and its smallest class "
            "change nothing."
        )
    if mode == "recorded" and moved - {SEED, UNTIL}:
        sentences.append(
            "Here the ministry follows the recorded dates, whatever the network does. Choose the scenario "
            "“The 5x2 Initiative, the ministry decides” to let it decide."
        )
    return sentences + _overruled(scenario, moved)


def _works(scenario: Scenario) -> bool:
    """Return true if hours for the network have an effect: those of a backbone, or of another convener."""
    parameters = scenario.parameters
    return parameters.governance.mode != "backbone" or bool(
        parameters.backbone.present and not parameters.backbone.placebo and parameters.conditions.backbone_support
    )


def _overruled(scenario: Scenario, moved: set[str]) -> list[str]:
    """Return a sentence for each slider whose lever the scenario itself sets at some date."""
    first_months: dict[str, int] = {}
    for change in scenario.policy.changes:
        first_months.setdefault(change.key, change.month)
    return [
        f"“{BY_KEY[key].label}” counts only until {date_of(first_months[key])}: from then on the scenario sets it."
        for key in BY_KEY
        if key in moved and key in first_months
    ]
