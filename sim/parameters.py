"""Parameters: the declared sections of phases, kinds and setting, composed; changed by dotted names, checked at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, make_dataclass, replace
from functools import lru_cache
from typing import Any

from sim.agents import academia, business, foundation, local_authority, ngo
from sim.agents import backbone as backbone_kind
from sim.agents import ministry as ministry_kind
from sim.agents.backbone import BackboneParameters
from sim.agents.kinds import NEW_DEFAULTS, NewKinds, digest_of, new_kinds, received_kinds
from sim.agents.ministry import MinistryParameters, PackageParameters
from sim.agents.organisation import KindParameters
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
class Kinds:
    """The declared traits of every kind of organisation."""

    ministry: KindParameters = ministry_kind.DEFAULTS
    foundation: KindParameters = foundation.DEFAULTS
    business: KindParameters = business.DEFAULTS
    ngo: KindParameters = ngo.DEFAULTS
    academia: KindParameters = academia.DEFAULTS
    local_authority: KindParameters = local_authority.DEFAULTS
    backbone: KindParameters = backbone_kind.DEFAULTS

    def __getattr__(self, name: str) -> Any:
        """Nobody of a kind registered after this section was made.

        Raises:
            AttributeError: what is not a kind
        """
        if name in NEW_DEFAULTS:
            return replace(NEW_DEFAULTS[name], number=0)
        raise AttributeError(f"there is no kind `{name}`; `sim.register` adds one")

    def registered(self) -> tuple[tuple[str, str], ...]:
        """Name and digest of the class of each kind of the user's own that the section has."""
        return tuple((name, digest_of(decider)) for name, (decider, _) in new_kinds().items() if name in vars(self))


def kinds_section() -> type[Kinds]:
    """Return the class of the section of kinds as they are registered now."""
    return _kinds_with(tuple(NEW_DEFAULTS.items())) if NEW_DEFAULTS else Kinds


@lru_cache(maxsize=8)
def _kinds_with(new: tuple[tuple[str, KindParameters], ...]) -> type[Kinds]:
    """Return the section with kinds of the user's own; another process learns of them from it."""
    parts = [(name, KindParameters, defaults) for name, defaults in new]
    sent = {"__reduce__": lambda self: (_received, (new_kinds(), dict(vars(self))))}
    return make_dataclass("Kinds", parts, bases=(Kinds,), frozen=True, module=__name__, namespace=sent)


def _received(theirs: NewKinds, values: dict[str, KindParameters]) -> Kinds:
    """Return a section that came from another process, or a copy."""
    received_kinds(theirs)
    known = {item.name for item in fields(kinds_section())}
    return kinds_section()(**{name: value for name, value in values.items() if name in known})


def _kinds_made() -> Kinds:
    return kinds_section()()


def _kinds_renewed(kinds: Kinds) -> Kinds:
    """Return a section with its values, and nobody of kinds registered after it was made."""
    section = kinds_section()
    return kinds if type(kinds) is section else section(**{n.name: getattr(kinds, n.name) for n in fields(section)})


@dataclass(frozen=True)
class Parameters:
    """Every declared number of the model; a section beside each of its readers."""

    setting: SettingParameters = field(default_factory=SettingParameters)
    diversity: DiversityParameters = field(default_factory=DiversityParameters)
    drawing: DrawingParameters = field(default_factory=DrawingParameters)
    kinds: Kinds = field(default_factory=_kinds_made)
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
        """Return the same parameters with some changed by dotted name, for example ``{"backbone.facilitation": 0.4}``.

        Raises:
            InputError: an unknown name, a wrong type or a value out of range, in one sentence
        """
        if not isinstance(values, Mapping):
            raise InputError(f"parameters are changed by names and their values; got {shown(values)}")
        known = replace(self, own=renewed(self.own), kinds=_kinds_renewed(self.kinds))
        return replaced(known, {name: checked(name, value) for name, value in values.items()})

    def __getitem__(self, name: str) -> Any:
        """Return the value of a dotted name.

        Raises:
            InputError: an unknown one
        """
        declared(name)
        value: Any = self
        for part in name.split("."):
            value = getattr(value, part)
        return value


IDLE_BEFORE_LAUNCH = ("backbone", "governance", "conditions", "forums", "meeting", "deliberation")
"""Sections that nothing reads before the initiative is launched, so that histories can be shared."""


def declared_parameters() -> dict[str, tuple[Any, Declaration]]:
    """Every declared parameter by dotted name: its default and its declaration."""
    own: Any = own_section()
    kinds: Any = kinds_section()
    return _declared_with(own, kinds)


@lru_cache(maxsize=1)
def _declared_with(own: Any, kinds: Any) -> dict[str, tuple[Any, Declaration]]:
    made = Parameters(own=own(), kinds=kinds())
    return {name: (value, declaration) for name, value, declaration in declarations(made)}


def declared(name: str) -> tuple[Any, Declaration]:
    """Default and declaration of a dotted name.

    Raises:
        InputError: with the nearest name, for an unknown one
    """
    known = declared_parameters()
    if not isinstance(name, str):
        raise InputError(f"a key is text, for example `backbone.facilitation`; got {shown(name)}")
    if name not in known:
        raise InputError(f"unknown key `{shown(name)[1:-1]}`{hint(name, list(known))}")
    return known[name]


def hint(name: str, known: list[str]) -> str:
    """Return what to do about an unknown key: use its new name, register the kind that it names, or take the nearest key.

    Args:
        name: the key
        known: keys that exist
    """
    if name in RENAMED:
        return f"; it is now `{RENAMED[name]}`"
    section, _, rest = name.partition(".")
    kind = rest.partition(".")[0]
    if section != "kinds" or not kind or kind in KINDS or nearest(kind, list(KINDS)):
        return suggestion(name, known)
    return (
        f": there is no kind `{kind}`; register a kind of your own first, by `sim.register` in Python or by a file that "
        f"`load=FILE.py` names"
    )


def checked(name: str, value: Any) -> Any:
    """Return a value fit for a declared parameter, whole numbers made so.

    Raises:
        InputError: in one sentence
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
    """Return the values of a parameter by row, and note those that it cannot have.

    Args:
        sheet: the table
        column: its column
        name: the parameter
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
            continue  # noted already
        try:
            values[row] = checked(name, value)
        except InputError as mistake:
            sheet.note(row, column, str(mistake).removeprefix(f"`{name}` "))
    return values


def dated(what: str, date: Any) -> int:
    """Return the month number of the date of something.

    Raises:
        InputError: which says of what, for no date
    """
    try:
        return month_of(date)
    except InputError as mistake:
        raise InputError(f"{what}: {mistake}") from None


def replaced(section: Any, values: Mapping[str, Any]) -> Any:
    """Return a section with values replaced by dotted names already checked."""
    here: dict[str, Any] = {name: value for name, value in values.items() if "." not in name}
    for item in fields(section):
        deeper = {n.split(".", 1)[1]: v for n, v in values.items() if n.startswith(f"{item.name}.")}
        if deeper:
            here[item.name] = replaced(getattr(section, item.name), deeper)
    return replace(section, **here)


def levers() -> list[str]:
    """Dotted names of the levers: parameters that a policy may change over time."""
    return [name for name, (_, declaration) in declared_parameters().items() if declaration.lever]


def uncertain() -> list[str]:
    """Dotted names of the uncertain parameters, whose range is their prior."""
    return [name for name, (_, declaration) in declared_parameters().items() if declaration.uncertain]


def empty_schema() -> dict[str, Any]:
    """Every declared parameter as nested keys without a value: what a command line may override."""
    nested: dict[str, Any] = {}
    for name in declared_parameters():
        *path, last = name.split(".")
        here = nested
        for part in path:
            here = here.setdefault(part, {})
        here[last] = None
    return nested


def given(nested: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    """Dotted names and values of the keys that have a value."""
    for key, value in nested.items():
        if isinstance(value, Mapping):
            yield from given(value, f"{prefix}{key}.")
        elif value is not None:
            yield f"{prefix}{key}", value
