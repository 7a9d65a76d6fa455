"""Settings of a student: scenario, moved sliders, own schools; as a scenario to simulate, and as a link."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from sim.configuration import NEVER, scenario, scenarios
from sim.dashboard.precomputed import typical_seed
from sim.dashboard.scenario_names import scenario_name
from sim.dashboard.sliders import BY_KEY, SEED, TIMING, UNTIL, lever, notes
from sim.errors import InputError
from sim.policy import Scenario

BEFORE = "before"
"""Key of a link for the settings to compare with, as a query of their own."""

FIRST = "historical_emergent"
"""Scenario of the page when it opens."""

LONGEST_LINK = 4000
"""Longest query of a link that is read [letters]."""


@dataclass(frozen=True)
class OwnSchools:
    """An uploaded and checked school file.

    Attributes:
        path: of the file on this server
        name: of the uploaded file
        year: start of a run
        years: in the file
        notes: on counts that are not published, in sentences
    """

    path: str
    name: str
    year: int
    years: tuple[int, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """All settings of a run on the page; equal settings give equal runs.

    Attributes:
        scenario: its name
        moved: key and value, as the page shows it, of each slider that differs from the scenario
        schools: own schools instead of generated ones
    """

    scenario: str = FIRST
    moved: tuple[tuple[str, float], ...] = ()
    schools: OwnSchools | None = None

    def value(self, key: str) -> float:
        """Return the value of a slider, as the page shows it."""
        return dict(self.moved).get(key, scenario_value(self.scenario, key))

    def is_moved(self, key: str) -> bool:
        """Return true if a slider differs from the scenario."""
        return key in dict(self.moved)

    def with_(self, key: str, shown: float) -> Settings:
        """Return the settings with a slider moved, or back at the scenario's value.

        Raises:
            InputError: the value is out of range
        """
        value = lever(key).fitting(shown)
        moved_values = {name: moved for name, moved in self.moved if name != key}
        if value != scenario_value(self.scenario, key):
            moved_values[key] = value
        return replace(self, moved=tuple((name, moved_values[name]) for name in BY_KEY if name in moved_values))

    @property
    def seed(self) -> int:
        """Seed of the run."""
        return int(self.value(SEED))

    def as_scenario(self) -> Scenario:
        """Return the scenario to simulate.

        Raises:
            InputError: the settings are inconsistent
        """
        moved = dict(self.moved)
        timing = moved.pop(TIMING, None)
        values = {key: shown / lever(key).scale for key, shown in moved.items() if key not in (UNTIL, SEED)}
        overrides: dict[str, object] = {**values, "setting.until": f"{int(self.value(UNTIL))}-08"}
        if self.schools:
            overrides |= {"setting.schools": self.schools.path, "setting.year": self.schools.year}
        return scenario(self.scenario, None if timing is None else int(timing), overrides)

    def notes(self) -> list[str]:
        """Return notes on sliders that have no effect.

        Raises:
            InputError: as `as_scenario` does
        """
        return notes(self.as_scenario(), set(dict(self.moved)))

    def query(self) -> str:
        """Return the settings as the query of a link; own schools are not part of it.

        >>> Settings().with_("backbone.staff", 3).query()
        'scenario=historical_emergent&backbone.staff=3'
        """
        return urlencode([("scenario", self.scenario), *((key, f"{value:g}") for key, value in self.moved)])

    def text(self) -> str:
        """Return the settings in words, for captions and names of files.

        >>> Settings().with_("backbone.staff", 3).text()
        "The 5x2 Initiative, the ministry decides; Backbone's staff: 3 people"
        """
        sliders = [lever(key).in_words(value) for key, value in self.moved]
        schools = [f"schools of {self.schools.name}, {self.schools.year}"] if self.schools else []
        return "; ".join([scenario_name(self.scenario), *sliders, *schools])


def error_sentence(words: str, mistake: InputError) -> str:
    """Return an error message as the end of a sentence; a question keeps its question mark.

    >>> error_sentence("This fails:", InputError("did you mean `a`?")), error_sentence("This fails:", InputError("no"))
    ('This fails: did you mean `a`?', 'This fails: no.')
    """
    message = str(mistake)
    return f"{words} {message}" if message.endswith("?") else f"{words} {message}."


@lru_cache(maxsize=64)
def _scenario(name: str) -> Scenario:
    return scenario(name)


def scenario_value(name: str, key: str) -> float:
    """Return the value of a slider in a scenario, as the page shows it.

    Raises:
        InputError: the scenario or the slider is unknown
    """
    scenario = _scenario(name)
    if key == SEED:
        return typical_seed()
    if key == TIMING:
        return scenario.timing
    if key == UNTIL:
        return min(int(scenario.parameters.setting.until[:4]), int(lever(key).high))
    slider = lever(key)
    return round(float(scenario.parameters[key]) * slider.scale, 6)


def from_query(query: str | None) -> tuple[Settings, list[str]]:
    """Return settings from the query of a link, and a sentence for each part that cannot be used."""
    settings, problems, parts = Settings(), [], _parts(query)
    if not parts and query and query != "?":
        return settings, ["The link is too long or does not belong to this page; the page shows its default settings."]
    name = parts.pop("scenario", FIRST)
    if name in scenarios():
        settings = Settings(name)
    else:
        problems.append(
            f"The scenario “{name[:40]}” of the link does not exist; the page shows “{scenario_name(FIRST)}”, with the "
            "other settings of the link."
        )
    for key, value in parts.items():
        if key in BY_KEY:
            settings, problem = _read(settings, key, value)
            problems += problem
        elif key not in (BEFORE, "token"):
            near = get_close_matches(key, [*BY_KEY, "scenario"], n=1, cutoff=0.7)
            why = f"perhaps “{near[0]}” is meant" if near else "perhaps an older version made it"
            problems.append(f"The link sets “{key[:60]}”, which this page does not have; {why}. It is left out.")
    return settings, problems


def link_of(settings: Settings, before: Settings | None = None) -> str:
    """Return the query of a link with the settings and, optionally, those to compare with.

    >>> link_of(Settings(), Settings("no_backbone"))
    'scenario=historical_emergent&before=scenario%3Dno_backbone'
    """
    return settings.query() + ("" if before is None else "&" + urlencode({BEFORE: before.query()}))


def from_link(query: str | None) -> tuple[Settings, Settings | None, list[str]]:
    """Return settings of a link, those to compare with or None, and a sentence for each part that cannot be used."""
    settings, problems = from_query(query)
    text = _parts(query).get(BEFORE)
    if text is None:
        return settings, None, problems
    before, more_problems = from_query(text)
    return settings, before, problems + more_problems


def _parts(query: str | None) -> dict[str, str]:
    """Return keys and values of the query of a link; empty if it is too long."""
    text = (query or "").lstrip("?")
    return dict(parse_qsl(text)) if len(text) <= LONGEST_LINK else {}


def _read(settings: Settings, key: str, value: str) -> tuple[Settings, list[str]]:
    """Return the settings with one part of a link applied, and its errors."""
    if key == TIMING and value == NEVER:
        words = scenario_name("ministry_never_joins")
        return settings, [f"The link has a policy that never comes; choose the scenario “{words}” for it."]
    try:
        shown = float(value)
    except ValueError:
        return settings, [f"The link gives “{value[:40]}” for “{lever(key).label}”, which is not a number."]
    try:
        slider = lever(key)
        return settings.with_(
            key, slider.low + slider.step * round((slider.fitting(shown) - slider.low) / slider.step)
        ), []
    except InputError as mistake:
        return settings, [error_sentence("One part of the link cannot be used:", mistake)]
