"""Every number of the model is declared: meaning, unit, bounds, source and evidence."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from sim import catalogue
from sim.agents.organisation import KindParameters
from sim.dates import month_of
from sim.declare import EVIDENCE, OUTCOMES, Declaration, declarations, parameter, problem_with
from sim.errors import InputError
from sim.parameters import Parameters, checked, declared_parameters, levers, uncertain
from sim.policy import Change, Policy, Schedule
from tests.offenders import each_of

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / "configs"
DECLARED = declared_parameters()
LEVERS = levers()


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def sources() -> set[str]:
    return set(yaml.safe_load((CONFIGS / "sources.yaml").read_text(encoding="utf-8")))


# Each parameter


def those(wrong: Callable[[Any, Declaration], bool]) -> list[str]:
    """Return the names of the parameters for which a condition holds."""
    return [name for name, (default, declared) in DECLARED.items() if wrong(default, declared)]


def test_a_parameter_says_what_it_is_and_in_what_unit() -> None:
    assert those(lambda _, declared: not declared.unit.strip() or not declared.about.strip()) == []
    assert those(lambda _, declared: declared.about.endswith(".") or declared.about[:1].isspace()) == []


def test_a_number_has_bounds_and_its_default_lies_within() -> None:
    numbers = {name: (default, declared) for name, (default, declared) in DECLARED.items() if is_number(default)}
    assert len(numbers) > 250
    assert [name for name, (_, declared) in numbers.items() if None in (declared.low, declared.high)] == []
    assert [name for name, (_, declared) in numbers.items() if not declared.low < declared.high] == []
    assert [name for name, (value, declared) in numbers.items() if not declared.low <= value <= declared.high] == []


def test_a_word_has_choices_or_is_a_date_or_a_file() -> None:
    words = {name: (default, declared) for name, (default, declared) in DECLARED.items() if isinstance(default, str)}
    assert [name for name, (_, one) in words.items() if not (one.choices or one.unit in ("date", "file"))] == []
    assert [name for name, (default, one) in words.items() if one.choices and default not in one.choices] == []
    assert all(isinstance(month_of(default), int) for default, one in words.values() if one.unit == "date")


def test_a_parameter_names_its_source_and_how_good_the_evidence_is() -> None:
    names = sources() | {"assumed"}
    assert those(lambda _, declared: declared.evidence not in EVIDENCE) == []
    assert those(lambda _, declared: not {key.strip() for key in declared.source.split(",")} <= names) == []


def test_what_is_measured_or_estimated_names_a_source() -> None:
    grades = ("measured", "estimated")
    assert those(lambda _, declared: declared.evidence in grades and declared.source == "assumed") == []


def test_what_is_uncertain_is_a_number_whose_range_is_its_prior() -> None:
    assert those(lambda default, declared: declared.uncertain and not is_number(default)) == []
    assert (
        those(lambda _, one: one.uncertain and not (np.isfinite([one.low, one.high]).all() and one.low < one.high))
        == []
    )
    assert 20 <= len(uncertain()) <= 45  # what a calibration can still learn about


def test_a_prior_is_uniform_or_half_normal_with_a_scale_within_its_range() -> None:
    assert {one.prior for _, one in DECLARED.values()} == {"uniform", "half-normal"}
    assert those(lambda _, one: one.prior == "half-normal" and not 0.0 < one.spread < one.high - one.low) == []
    assert those(lambda _, one: one.prior == "half-normal" and not one.uncertain) == []
    assert those(lambda _, one: one.prior == "uniform" and one.spread != 0.0) == []


def test_every_default_may_be_used() -> None:
    assert {name for name, (value, one) in DECLARED.items() if problem_with(name, value, value, one)} == set()
    assert Parameters().with_({name: default for name, (default, _) in DECLARED.items()}) == Parameters()


def refused(name: str, value: Any) -> bool:
    try:
        checked(name, value)
    except InputError as mistake:
        return str(mistake).startswith(f"`{name}` must ") and "\n" not in str(mistake)
    return False


def test_what_lies_outside_is_refused() -> None:
    numbers = {name: declared for name, (default, declared) in DECLARED.items() if is_number(default)}
    assert [name for name, one in numbers.items() if not refused(name, one.low - 1)] == []
    assert [name for name, one in numbers.items() if not refused(name, one.high + 1)] == []
    assert [
        name
        for name, (default, _) in DECLARED.items()
        if isinstance(default, float) and not refused(name, float("nan"))
    ] == []


def test_what_is_of_another_type_is_refused() -> None:
    assert [name for name in DECLARED if not refused(name, ["a list"])] == []
    assert [name for name in DECLARED if not refused(name, None)] == []
    assert [
        name for name, (default, _) in DECLARED.items() if not isinstance(default, bool) and not refused(name, True)
    ] == []
    assert [
        name for name, (default, _) in DECLARED.items() if not isinstance(default, str) and not refused(name, "much")
    ] == []


# Levers and policies


@each_of("lever", LEVERS)
def test_a_policy_may_change_every_lever(lever: str) -> None:
    default, declaration = DECLARED[lever]
    value = other_than(default, declaration)
    policy = Policy.of([Change(100, lever, value)])
    schedule = Schedule.of(Parameters(), policy)
    assert schedule.at(99)[lever] == default
    assert schedule.at(100)[lever] == value != default


def other_than(default: Any, declaration: Declaration) -> Any:
    if isinstance(default, bool):
        return not default
    if declaration.choices:
        return next(choice for choice in declaration.choices if choice != default)
    return declaration.high if declaration.high != default else declaration.low


def test_a_policy_may_change_nothing_else() -> None:
    assert LEVERS
    for name in set(DECLARED) - set(LEVERS):
        with pytest.raises(InputError) as mistake:
            Policy.of([Change(month_of("2014-05"), name, DECLARED[name][0])])
        assert str(mistake.value) == (
            f"`{name}` is not a lever, so a policy cannot change it in 2014-05; `sim.levers()` lists the levers"
        )


# The whole


def test_names_are_unique_and_lie_in_a_section() -> None:
    names = [name for name, _, _ in declarations(Parameters())]
    assert len(names) == len(set(names)) == len(DECLARED)
    assert all("." in name for name in names)
    assert all(part.isidentifier() and part.islower() for name in names for part in name.split("."))


def test_no_field_of_a_section_is_undeclared() -> None:
    def fields_of(section: Any, prefix: str = "") -> list[str]:
        names = []
        for field, value in vars(section).items():
            inner = hasattr(value, "__dataclass_fields__")
            names += fields_of(value, f"{prefix}{field}.") if inner else [f"{prefix}{field}"]
        return names

    assert set(fields_of(Parameters())) == set(DECLARED)


def test_a_value_is_read_by_its_name() -> None:
    assert Parameters()["backbone.facilitation"] == Parameters().backbone.facilitation
    changed = Parameters().with_({"backbone.facilitation": 0.4, "kinds.ngo.number": 3})
    assert (changed.backbone.facilitation, changed.kinds.ngo.number) == (0.4, 3)
    assert Parameters().kinds.ngo.number != 3


def test_the_shares_of_a_kind_leave_room_for_the_rest() -> None:
    for kind in vars(Parameters().kinds).values():
        assert isinstance(kind, KindParameters)
        assert kind.teaching + kind.access + kind.motivation == pytest.approx(1.0)
        assert kind.mathematics + kind.physics + kind.computing < 1.0
        assert kind.junior + kind.senior < 1.0


def test_a_declaration_takes_no_other_words() -> None:
    with pytest.raises(TypeError, match="colour"):
        parameter(1.0, unit="share", about="of something", colour="red")


def test_the_catalogue_lists_everything_declared() -> None:
    assert catalogue.assumptions()["name"].tolist() == list(DECLARED)
    assert catalogue.levers()["name"].tolist() == LEVERS
    assert catalogue.uncertain()["name"].tolist() == uncertain()
    assert set(catalogue.references()["key"]) == sources()
    assert catalogue.outcomes()["name"].tolist() == list(OUTCOMES)


@each_of("outcome", list(OUTCOMES))
def test_an_outcome_says_what_it_is_in_what_unit_and_which_way_is_better(outcome: str) -> None:
    item = OUTCOMES[outcome]
    assert item.unit.strip()
    assert len(item.about.split()) >= 2
    assert item.better in (-1, 0, 1)


# The default is the only copy of a number


def nested(document: Any, prefix: str = "") -> dict[str, Any]:
    """Return dotted names and values of a nested configuration."""
    values: dict[str, Any] = {}
    for key, value in document.items():
        values |= nested(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return values


def files(*groups: str) -> list[Path]:
    return [path for group in groups for path in sorted((CONFIGS / group).glob("*.yaml"))]


def restated(values: dict[str, Any]) -> list[str]:
    return [key for key, value in values.items() if key in DECLARED and value == DECLARED[key][0]]


@each_of("path", files("scenario"), ids=lambda path: path.stem)
def test_a_scenario_restates_no_default(path: Path) -> None:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert restated(document.get("set") or {}) == []


@each_of("path", files("policy"), ids=lambda path: path.stem)
def test_a_policy_begins_with_no_default(path: Path) -> None:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    dated = {**(document.get("dated") or {}), **(document.get("windows") or {})}
    first: dict[str, Any] = {}
    for _, values in sorted(dated.items()):
        first = values | first
    assert restated(first) == []


@each_of("path", files("experiment", "setting", "."), ids=lambda path: path.stem)
def test_no_other_configuration_restates_a_default(path: Path) -> None:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert path.stem == "sources" or restated(nested({k: v for k, v in document.items() if k != "hydra"})) == []


# Said in one sentence


@each_of(
    ("key", "value", "sentence"),
    [
        (
            "backbone.faciltation",
            0.4,
            "unknown key `backbone.faciltation`; did you mean `backbone.facilitation`?",
        ),
        ("facilitation", 0.4, "unknown key `facilitation`; did you mean `backbone.facilitation`?"),
        ("trust.gian", 0.1, "unknown key `trust.gian`; did you mean `trust.gain`?"),
        ("xyzzy", 1, "unknown key `xyzzy`"),
        ("backbone.facilitation", 1.5, "`backbone.facilitation` must lie between 0 and 1 [share]; got 1.5"),
        ("backbone.facilitation", float("nan"), "`backbone.facilitation` must lie between 0 and 1 [share]; got nan"),
        ("backbone.facilitation", float("inf"), "`backbone.facilitation` must lie between 0 and 1 [share]; got inf"),
        ("backbone.facilitation", "much", "`backbone.facilitation` must be a number; got 'much'"),
        ("backbone.facilitation", True, "`backbone.facilitation` must be a number; got True"),
        ("backbone.facilitation", None, "`backbone.facilitation` must be a number; got None"),
        ("backbone.present", 1, "`backbone.present` must be true or false; got 1"),
        ("network.seats", 17.5, "`network.seats` must be a whole number; got 17.5"),
        ("network.seats", "18", "`network.seats` must be a whole number; got '18'"),
        ("network.seats", 201, "`network.seats` must lie between 0 and 200 [seats]; got 201"),
        (
            "ministry.mode",
            "nevr",
            "`ministry.mode` must be one of recorded, emergent, scheduled, never; got 'nevr'",
        ),
        ("setting.until", 2021, "`setting.until` must be text; got 2021"),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence(key: str, value: Any, sentence: str) -> None:
    with pytest.raises(InputError) as mistake:
        Parameters().with_({key: value})
    assert str(mistake.value) == sentence


def test_reading_an_unknown_name_is_refused_in_the_same_words() -> None:
    with pytest.raises(InputError, match=r"^unknown key `trust\.gian`; did you mean `trust\.gain`\?$"):
        Parameters()["trust.gian"]


@each_of("value", [float("nan"), float("inf"), -float("inf"), np.nan, np.inf])
def test_infinity_and_what_is_no_number_are_no_whole_numbers(value: float) -> None:
    with pytest.raises(InputError, match=r"^`network\.seats` must be a whole number; got -?(nan|inf)$"):
        Parameters().with_({"network.seats": value})


STRANGE = [None, [], {}, (), {1}, b"1", 1j, object(), np.array([1, 2]), np.array("x"), float, "x" * 10_000, 10**5000]


@each_of("value", STRANGE, ids=lambda value: type(value).__name__)
@each_of("key", ["network.seats", "backbone.facilitation", "backbone.present", "ministry.mode"])
def test_a_strange_value_is_refused_in_one_short_sentence(key: str, value: Any) -> None:
    with pytest.raises(InputError) as mistake:
        Parameters().with_({key: value})
    assert str(mistake.value).startswith(f"`{key}` must ")
    assert "\n" not in str(mistake.value)
    assert len(str(mistake.value)) < 300


@pytest.mark.parametrize("value", [np.float64(0.5), np.float32(0.5), np.int64(1), Fraction(1, 2)])
def test_numbers_of_other_libraries_are_numbers(value: Any) -> None:
    facilitation = Parameters().with_({"backbone.facilitation": value}).backbone.facilitation
    assert type(facilitation) is float
    assert facilitation == value
    assert type(Parameters().with_({"network.seats": np.int64(7)}).network.seats) is int


def test_a_number_without_a_fraction_is_a_whole_number() -> None:
    seats = Parameters().with_({"network.seats": 17.0}).network.seats
    assert seats == 17
    assert isinstance(seats, int)
    assert isinstance(Parameters().with_({"backbone.facilitation": 1}).backbone.facilitation, float)
