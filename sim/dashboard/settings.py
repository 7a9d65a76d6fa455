"""What a student has set: a scenario, the sliders moved, own schools; as a scenario to simulate, and as a link."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from sim.configuration import about_scenario, scenario, scenarios
from sim.dashboard.sliders import BY_KEY, LUCK, TIMING, UNTIL, lever, notes
from sim.errors import InputError
from sim.policy import Scenario

FIRST = "historical_emergent"
"""The scenario with which the page opens."""

LONGEST_LINK = 4000
"""Letters of a link that are read."""


@dataclass(frozen=True)
class OwnSchools:
    """A school file that was uploaded and checked.

    Attributes:
        path: of the file on this server
        name: that it had
        year: from which a run begins
        years: that it has
        notes: how counts that it does not publish are read, in sentences
    """

    path: str
    name: str
    year: int
    years: tuple[int, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """All that decides about a run on the page; equal settings give equal runs.

    Attributes:
        scenario: its name
        moved: key and value, as the page shows it, of each slider that differs from the scenario
        schools: own schools in place of drawn ones
    """

    scenario: str = FIRST
    moved: tuple[tuple[str, float], ...] = ()
    schools: OwnSchools | None = None

    def value(self, key: str) -> float:
        """Where a slider stands, as the page shows it."""
        return dict(self.moved).get(key, as_it_comes(self.scenario, key))

    def with_(self, key: str, shown: float) -> Settings:
        """Return the same with a slider moved, or back where the scenario has it.

        Raises:
            InputError: a value out of range
        """
        value = lever(key).fitting(shown)
        others = {name: held for name, held in self.moved if name != key}
        if value != as_it_comes(self.scenario, key):
            others[key] = value
        return replace(self, moved=tuple((name, others[name]) for name in BY_KEY if name in others))

    @property
    def seed(self) -> int:
        """Of the luck."""
        return int(self.value(LUCK))

    def case(self) -> Scenario:
        """What is simulated.

        Raises:
            InputError: it makes no sense, in one sentence
        """
        moved = dict(self.moved)
        timing = moved.pop(TIMING, None)
        values = {key: shown / lever(key).scale for key, shown in moved.items() if key not in (UNTIL, LUCK)}
        said: dict[str, object] = {**values, "setting.until": f"{int(self.value(UNTIL))}-08"}
        if self.schools:
            said |= {"setting.schools": self.schools.path, "setting.year": self.schools.year}
        return scenario(self.scenario, None if timing is None else int(timing), said)

    def notes(self) -> list[str]:
        """What to know before believing the sliders.

        Raises:
            InputError: as `case` does
        """
        return notes(self.case(), set(dict(self.moved)))

    def query(self) -> str:
        """Return the settings as the query of a link; own schools stay on the machine they were uploaded to.

        >>> Settings().with_("backbone.staff", 3).query()
        'scenario=historical_emergent&backbone.staff=3'
        """
        return urlencode([("scenario", self.scenario), *((key, f"{value:g}") for key, value in self.moved)])

    def told(self) -> str:
        """Return the settings in words, for captions and names of files.

        >>> Settings().with_("backbone.staff", 3).told()
        "historical emergent; Backbone's staff: 3 people"
        """
        sliders = [f"{lever(key).label}: {value:g} {lever(key).unit}" for key, value in self.moved]
        own = [f"schools of {self.schools.name}, {self.schools.year}"] if self.schools else []
        return "; ".join([plain(self.scenario), *sliders, *own])


def in_full(words: str, mistake: InputError) -> str:
    """Return a mistake as the end of a sentence, which a question of its own ends by itself.

    >>> in_full("This cannot be:", InputError("did you mean `a`?")), in_full("This cannot be:", InputError("no"))
    ('This cannot be: did you mean `a`?', 'This cannot be: no.')
    """
    said = str(mistake)
    return f"{words} {said}" if said.endswith("?") else f"{words} {said}."


@lru_cache(maxsize=64)
def _as_written(name: str) -> Scenario:
    return scenario(name)


def as_it_comes(name: str, key: str) -> float:
    """Where a scenario has a slider, as the page shows it.

    Raises:
        InputError: an unknown scenario or slider
    """
    case = _as_written(name)
    if key == LUCK:
        return 1
    if key == TIMING:
        return case.timing
    if key == UNTIL:
        return min(int(case.parameters.setting.until[:4]), int(lever(key).high))
    one = lever(key)
    return round(float(case.parameters[key]) * one.scale, 6)


def plain(name: str) -> str:
    """Return the name of a scenario in words.

    >>> plain("no_backbone")
    'no backbone'
    """
    return name.replace("_", " ").replace("us region", "US-like region")


def choices() -> list[tuple[str, str]]:
    """Return the scenarios as a picker has them, the first ones first: name, and name in words."""
    first = [FIRST, "historical", "no_backbone", "policy_early", "policy_late", "no_initiative"]
    listed = [*first, *(name for name in scenarios() if name not in first)]
    return [(name, plain(name)) for name in listed]


def about(name: str) -> str:
    """What a scenario is, as a sentence."""
    return about_scenario(name).replace(" - ", ": ").rstrip(".") + "."


def from_query(query: str | None) -> tuple[Settings, list[str]]:
    """Settings from the query of a link, and a sentence for each part of it that cannot be used."""
    settings, wrong, said = Settings(), [], _parts(query)
    if not said and query and query != "?":
        return settings, ["The link is too long or is none of this page; it shows the settings it opens with."]
    name = said.pop("scenario", FIRST)
    if name in scenarios():
        settings = Settings(name)
    else:
        wrong.append(f"The link asks for a scenario “{name[:40]}”, which there is not; this is “{plain(FIRST)}”.")
    for key, value in said.items():
        if key in BY_KEY:
            settings, problem = _read(settings, key, value)
            wrong += problem
    return settings, wrong


BEFORE = "before"
"""Key of a link under which the settings stand that are compared with, as a query of their own."""


def link_of(settings: Settings, before: Settings | None = None) -> str:
    """Return the query of a link that brings settings back and, where there are any, those that they are compared with.

    >>> link_of(Settings(), Settings("no_backbone"))
    'scenario=historical_emergent&before=scenario%3Dno_backbone'
    """
    return settings.query() + ("" if before is None else "&" + urlencode({BEFORE: before.query()}))


def from_link(query: str | None) -> tuple[Settings, Settings | None, list[str]]:
    """Settings of a link, those that they are compared with, if any, and a sentence for each part that cannot be used."""
    settings, wrong = from_query(query)
    text = _parts(query).get(BEFORE)
    if text is None:
        return settings, None, wrong
    before, also_wrong = from_query(text)
    return settings, before, wrong + also_wrong


def _parts(query: str | None) -> dict[str, str]:
    """Keys and values of the query of a link; none of one that is too long."""
    text = (query or "").lstrip("?")
    return dict(parse_qsl(text)) if len(text) <= LONGEST_LINK else {}


def _read(settings: Settings, key: str, value: str) -> tuple[Settings, list[str]]:
    """Return the settings with one part of a link, or what is wrong with it."""
    try:
        shown = float(value)
    except ValueError:
        return settings, [f"The link gives “{value[:40]}” for “{lever(key).label}”, which is no number."]
    try:
        one = lever(key)
        return settings.with_(key, one.low + one.step * round((one.fitting(shown) - one.low) / one.step)), []
    except InputError as mistake:
        return settings, [in_full("The link cannot be followed in one thing:", mistake)]
