"""The place and the time of a run, from the setting's tables or from the user's files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.declare import parameter


@dataclass(frozen=True)
class SettingParameters:
    """School system, organisations and period of a run."""

    population: str = parameter("school_population_2013.csv", unit="file", about="table the schools are drawn from",
        source="school_file", evidence="measured")  # fmt: skip
    cohorts: str = parameter("grade12_cohort.csv", unit="file", about="students of grade 12 by year", source="targets",
        evidence="estimated")  # fmt: skip
    schools: str = parameter("", unit="file", about="own school file instead of drawn schools")
    year: int = parameter(2013, unit="year", about="reference year: sizes, and the year read from a school file",
        low=1990, high=2100, source="school_file")  # fmt: skip
    organisations: str = parameter("", unit="file", about="own organisation file instead of drawn organisations")
    ties: str = parameter("", unit="file", about="own edge list instead of drawn prior ties")
    start: str = parameter("2005-09", unit="date", about="first month, a September", source="targets")
    until: str = parameter("2020-08", unit="date", about="last month")
    burn_in: int = parameter(8, unit="years", about="school years before the start, without trend", low=0, high=50)
    scale: int = parameter(1, unit="ratio", about="schools and students, times this whole number", low=1, high=100)
    places: str = parameter("school_places_2013.csv", unit="file", about="table of districts and clusters that drawn "
        "schools lie in; empty: no place is known", source="school_file", evidence="measured")  # fmt: skip
    taking_by_year: str = parameter("maths_taking.csv", unit="file", about="share of grade 12 that takes mathematics, by "
        "year; empty: the same every year", source="rama", evidence="measured")  # fmt: skip
    taking: float = parameter(0.736, unit="share", about="maths takers among students of grade 12", low=0.05, high=1,
        source="school_file", evidence="measured")  # fmt: skip
    counted_from: int = parameter(5, unit="students", about="smallest group that the school file counts", low=1,
        high=50, source="school_file", evidence="measured")  # fmt: skip
    suppressed: str = parameter("below", unit="name", about="reading of counts at five units that a school file leaves "
        "blank or suppresses: below what it counts from, or unknown", choices=("below", "unknown"))  # fmt: skip


def of_the_country(setting: SettingParameters, name: str) -> str:
    """Return a table of places or of maths takers; none where the population is not the table's.

    Args:
        setting: section of that name
        name: places or taking_by_year
    """
    table = getattr(setting, name)
    elsewhere = setting.population != SettingParameters.population
    return "" if elsewhere and table == getattr(SettingParameters, name) else str(table)


@dataclass(frozen=True)
class DiversityParameters:
    """Differences within a kind of organisation, and ties before the initiative."""

    capacity: float = parameter(0.6, unit="log NIS", about="spread of means within a kind", low=0, high=2)
    wealth: float = parameter(0.5, unit="log NIS", about="log of an authority's means in towns of high level over "
        "those of middle "
        "level", low=0, high=2, source="case")  # fmt: skip
    threshold: float = parameter(0.06, unit="share", about="spread of thresholds within a kind", low=0, high=0.5,
        uncertain=False, source="granovetter_1978")  # fmt: skip
    openness: float = parameter(0.12, unit="share", about="spread of openness within a kind", low=0, high=0.5)
    preference: float = parameter(0.15, unit="share", about="spread of the weight of need", low=0, high=0.5)
    position: float = parameter(0.8, unit="log share", about="spread of weights within a kind", low=0, high=2)
    prior_ties: float = parameter(6.5, unit="ties/organisation", about="mean number of ties at the start", low=0,
        high=100, source="assumed")  # fmt: skip
    same_kind: float = parameter(3.0, unit="ratio", about="how much likelier a prior tie is within a kind", low=0.1,
        high=50)  # fmt: skip
    prior_trust: float = parameter(0.08, unit="share", about="spread of trust at the start", low=0, high=0.3)


@dataclass(frozen=True, eq=False)
class SchoolNames:
    """The user's own ids of schools and names of their authorities, by row of the world; shapes (schools,)."""

    identity: Any  # whole numbers where all are such, else text
    authority: Any  # blank where the file names none [text]


@dataclass(frozen=True, eq=False)
class OrganisationNames:
    """The user's own names and ids of organisations, by row of the world; shapes (organisations,)."""

    name: Any  # [text]
    identity: Any  # whole numbers where all are such, else text


@dataclass(frozen=True, eq=False)
class Files:
    """Tables that a user gave in place of drawn ones; None where drawn.

    Attributes:
        schools: columns of a population by name; arrays of shape (schools,)
        organisations: columns by name; arrays of shape (organisations,)
        ties: columns by name; arrays of shape (ties,)
        school_names: the user's own ids and authorities
        organisation_names: the user's own names and ids
        notes: what a reader of results should know about the files, in sentences
    """

    schools: dict[str, Any] | None = None
    organisations: dict[str, Any] | None = None
    ties: dict[str, Any] | None = None
    school_names: SchoolNames | None = None
    organisation_names: OrganisationNames | None = None
    notes: tuple[str, ...] = ()


NO_FILES = Files()
"""Files of a setting without any: one value, so that scenarios without files are equal."""
