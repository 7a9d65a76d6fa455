"""Prompts below each tab: a thing to notice, and settings to try, as buttons that set the sliders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import solara

from sim.dashboard.settings import Settings


@dataclass(frozen=True)
class Try:
    """Settings to try.

    Attributes:
        words: on the button
        moved: key and value, as the page shows it, of each slider or switch to set
        scenario: to choose before
    """

    words: str
    moved: tuple[tuple[str, float], ...] = ()
    scenario: str = Settings.scenario

    def settings(self, before: Settings) -> Settings:
        """Return the settings of the prompt; seed, last year and schools stay as they were."""
        after = Settings(self.scenario, (), before.schools)
        for key in ("until", "seed"):
            after = after.with_(key, before.value(key))
        for key, value in self.moved:
            after = after.with_(key, value)
        return after


@dataclass(frozen=True)
class Prompt:
    """A thing to notice on a tab, and settings to try."""

    notice: str
    tries: tuple[Try, ...]


NO_HOURS = Try("a backbone that gives no hours", (("backbone.facilitation", 0),))
EARLY = Try("windows 24 months earlier", (("timing", -24),))
LATE = Try("windows 24 months later", (("timing", 24),))
NO_PLEDGES = Try("partners that give nothing", (("commitment.partners", 0),))
SLOW_TRUST = Try("trust that hardly grows", (("trust.gain", 2),))
NO_AGENDA = Try("no common agenda", (("conditions.common_agenda", 0),))
NEED_FIRST = Try("schools in need first", (("placing.periphery_first", 100),))
NO_BACKBONE = Try("no backbone", scenario="no_backbone")
BOTH = Try("late windows and no backbone", (("timing", 24),), "no_backbone")

PROMPTS = {
    "Start": Prompt("when the networks part, and when the curves do.", (NO_HOURS, EARLY, LATE)),
    "Enrolment": Prompt("how wide the band is: chance alone makes this difference.", (NO_HOURS, LATE, NO_PLEDGES)),
    "Network": Prompt(
        "which sector is drawn in last, and who the ministry trusts.", (SLOW_TRUST, NO_BACKBONE, NO_AGENDA)
    ),
    "Who gains": Prompt("whether the gap between strong and weak schools widens.", (NEED_FIRST, NO_PLEDGES)),
    "Compare": Prompt("whether the band of differences touches zero.", (NO_HOURS, BOTH, SLOW_TRUST)),
    "Events": Prompt("which reason was strongest in the month of each decision.", (EARLY, NO_HOURS, NO_AGENDA)),
}
"""Prompt of each tab that has one."""


@solara.component
def prompt(tab: str, change: Callable[[Callable[[Settings], Settings]], None]) -> None:
    """Show the prompt of a tab; a button of it sets the sliders."""
    if tab not in PROMPTS:
        return
    with solara.Div(classes=["lab-prompt"]):
        solara.HTML(tag="span", unsafe_innerHTML=f"<b>Notice</b> {PROMPTS[tab].notice} <b>Try</b>")
        for one in PROMPTS[tab].tries:
            solara.Button(one.words, on_click=_setter(one, change), classes=["lab-try"], text=True)


def _setter(one: Try, change: Callable[[Callable[[Settings], Settings]], None]) -> Callable[[], None]:
    return lambda: change(one.settings)
