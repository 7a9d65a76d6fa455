"""Parameters: the declared sections of phases, kinds and setting in one value, changed by dotted names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any

from sim.agents.backbone import BackboneParameters
from sim.agents.kinds_section import Kinds, default_kinds, kinds_section, renewed_kinds
from sim.agents.ministry import MinistryParameters, PackageParameters
from sim.agents.school_parameters import SchoolParameters
from sim.dates import month_of
from sim.declare import Declaration, declarations, problem_with
from sim.errors import InputError, nearest, shown, suggestion
from sim.extensions import Own, made, renewed
from sim.extensions import section as own_section
from sim.old_names import PARAMETERS as RENAMED
from sim.phases.calendar import CalendarParameters
from sim.phases.commit import CommitmentParameters
from sim.phases.convene import ConditionsParameters, GovernanceParameters, NetworkParameters
from sim.phases.deliberate import DeliberationParameters
from sim.phases.examine import ExaminationParameters
from sim.phases.meet import ForumsParameters, MeetingParameters
from sim.phases.place import PlacingParameters
from sim.phases.programmes import ProgrammesParameters
from sim.phases.report import ReportingParameters
from sim.phases.school_year import StaffingParameters
from sim.phases.trust import TrustParameters
from sim.tables.sheet import Sheet
from sim.world.kinds import KINDS
from sim.world.setting import DiversityParameters, SettingParameters
from sim.world.synthetic_schools import DrawingParameters


@dataclass(frozen=True)
class Parameters:
    """Every declared number of the model; a section beside each of its readers."""

    setting: SettingParameters = field(default_factory=SettingParameters)
    diversity: DiversityParameters = field(default_factory=DiversityParameters)
    drawing: DrawingParameters = field(default_factory=DrawingParameters)
    kinds: Kinds = field(default_factory=default_kinds)
    calendar: CalendarParameters = field(default_factory=CalendarParameters)
    network: NetworkParameters = field(default_factory=NetworkParameters)
    backbone: BackboneParameters = field(default_factory=BackboneParameters)
    governance: GovernanceParameters = field(default_factory=GovernanceParameters)
    conditions: ConditionsParameters = field(default_factory=ConditionsParameters)
    forums: ForumsParameters = field(default_factory=ForumsParameters)
    meeting: MeetingParameters = field(default_factory=MeetingParameters)
    trust: TrustParameters = field(default_factory=TrustParameters)
    deliberation: DeliberationParameters = field(default_factory=DeliberationParameters)
    ministry: MinistryParameters = field(default_factory=MinistryParameters)
    commitment: CommitmentParameters = field(default_factory=CommitmentParameters)
    placing: PlacingParameters = field(default_factory=PlacingParameters)
    programmes: ProgrammesParameters = field(default_factory=ProgrammesParameters)
    package: PackageParameters = field(default_factory=PackageParameters)
    school: SchoolParameters = field(default_factory=SchoolParameters)
    staffing: StaffingParameters = field(default_factory=StaffingParameters)
    examination: ExaminationParameters = field(default_factory=ExaminationParameters)
    reporting: ReportingParameters = field(default_factory=ReportingParameters)
    own: Own = field(default_factory=made)

    def with_(self, values: Mapping[str, Any]) -> Parameters:
        """Return the same parameters with some of them changed.

        Args:
            values: by dotted name, for example ``{"backbone.facilitation": 0.4}``

        Raises:
            InputError: a name is unknown, or a value has the wrong type or is out of range
        """
        if not isinstance(values, Mapping):
            raise InputError(f"parameters must be names with their values; got {shown(values)}")
        current = replace(self, own=renewed(self.own), kinds=renewed_kinds(self.kinds))
        return replaced(current, {name: checked(name, value) for name, value in values.items()})

    def __getitem__(self, name: str) -> Any:
        """Return the value of a dotted name.

        Raises:
            InputError: the name is unknown
        """
        declared(name)
        value: Any = self
        for part in name.split("."):
            value = getattr(value, part)
        return value


IDLE_BEFORE_LAUNCH = ("backbone", "governance", "conditions", "forums", "meeting", "deliberation")
"""Sections that nothing reads before the launch; runs that differ in them alone share their history until then."""


def declared_parameters() -> dict[str, tuple[Any, Declaration]]:
    """Return the default and the declaration of every declared parameter, by dotted name."""
    own: Any = own_section()
    kinds: Any = kinds_section()
    return _declared_with(own, kinds)


@lru_cache(maxsize=1)
def _declared_with(own: Any, kinds: Any) -> dict[str, tuple[Any, Declaration]]:
    made = Parameters(own=own(), kinds=kinds())
    return {name: (value, declaration) for name, value, declaration in declarations(made)}


def declared(name: str) -> tuple[Any, Declaration]:
    """Return the default and the declaration of a parameter, by its dotted name.

    Raises:
        InputError: the name is unknown; the message has the nearest name
    """
    parameters = declared_parameters()
    if not isinstance(name, str):
        raise InputError(f"a key must be text, for example `backbone.facilitation`; got {shown(name)}")
    if name not in parameters:
        raise InputError(f"unknown key `{shown(name)[1:-1]}`{hint(name, list(parameters))}")
    return parameters[name]


def hint(name: str, names: list[str]) -> str:
    """Return what to do about an unknown key: use its new name, register the kind that it names, or use the nearest key.

    Args:
        name: the key
        names: keys that exist
    """
    if name in RENAMED:
        return f"; it is now `{RENAMED[name]}`"
    section, _, rest = name.partition(".")
    kind = rest.partition(".")[0]
    if section != "kinds" or not kind or kind in KINDS or nearest(kind, list(KINDS)):
        return suggestion(name, names)
    return (
        f": `{kind}` is not a kind; register a kind of your own first, with `sim.register` in Python or in a file that "
        f"`load=FILE.py` names"
    )


def checked(name: str, value: Any) -> Any:
    """Return a value of a parameter after a check, whole numbers as int and other numbers as float.

    Args:
        name: of the parameter
        value: to be checked

    Raises:
        InputError: the name is unknown, or the value has the wrong type or is out of range
    """
    default, declaration = declared(name)
    problem = problem_with(name, value, default, declaration)
    if problem:
        raise InputError(problem)
    if declaration.unit == "date":
        dated(f"`{name}`", value)
    if isinstance(default, (bool, str)):
        return value
    return int(value) if isinstance(default, int) else float(value)


def parameter_values(sheet: Sheet, column: str, name: str) -> list[Any]:
    """Return the values of a parameter in a column of a table, and note wrong values in the sheet.

    Args:
        sheet: of the table
        column: name of the column
        name: of the parameter
    """
    default, _ = declared(name)
    words = sheet.words(column)
    values: list[Any] = list(words)
    if isinstance(default, bool):
        values = sheet.flags(column).tolist()
    elif not isinstance(default, str):
        values = sheet.numbers(column).tolist()
    for row, value in enumerate(values):
        if words[row] == "" or value != value:
            continue  # it is noted by now
        try:
            values[row] = checked(name, value)
        except InputError as mistake:
            sheet.note(row, column, str(mistake).removeprefix(f"`{name}` "))
    return values


def dated(what: str, date: Any) -> int:
    """Return the month number of a date.

    Args:
        what: the date belongs to, for messages
        date: YYYY-MM

    Raises:
        InputError: the value is not a date
    """
    try:
        return month_of(date)
    except InputError as mistake:
        raise InputError(f"{what}: {mistake}") from None


def replaced(section: Any, values: Mapping[str, Any]) -> Any:
    """Return a section with values replaced by dotted names, which have been checked."""
    changes: dict[str, Any] = {name: value for name, value in values.items() if "." not in name}
    for item in fields(section):
        nested = {n.split(".", 1)[1]: v for n, v in values.items() if n.startswith(f"{item.name}.")}
        if nested:
            changes[item.name] = replaced(getattr(section, item.name), nested)
    return replace(section, **changes)


def levers() -> list[str]:
    """Return the dotted names of the levers: parameters that a policy may change over time."""
    return [name for name, (_, declaration) in declared_parameters().items() if declaration.lever]


def uncertain() -> list[str]:
    """Return the dotted names of the uncertain parameters, whose range is their prior."""
    return [name for name, (_, declaration) in declared_parameters().items() if declaration.uncertain]


def empty_schema() -> dict[str, Any]:
    """Return every declared parameter as nested keys without values, for the command line."""
    nested: dict[str, Any] = {}
    for name in declared_parameters():
        *path, last = name.split(".")
        section = nested
        for part in path:
            section = section.setdefault(part, {})
        section[last] = None
    return nested


def dotted_values(nested: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    """Yield dotted name and value of each nested key that has a value.

    Args:
        nested: keys and values
        prefix: of the names
    """
    for key, value in nested.items():
        if isinstance(value, Mapping):
            yield from dotted_values(value, f"{prefix}{key}.")
        elif value is not None:
            yield f"{prefix}{key}", value
