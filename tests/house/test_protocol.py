"""The protocol and the page of evaluation say what the code says: tables, names, tests."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from experiments.maintenance.odd_tables import (
    ENTITIES,
    PLACE,
    PROTOCOL,
    TABLES,
    columns_of,
    fill_tables,
    rule_functions,
)
from sim.errors import InputError
from sim.parameters import declared_parameters, uncertain
from sim.policy import Scenario
from tests.offenders import each_of

ROOT = Path(__file__).resolve().parents[2]
EVALUATION = ROOT / "docs" / "explanation" / "evaluation.md"

ELEMENTS = (
    "Purpose and patterns",
    "Entities, state variables and scales",
    "Process overview and scheduling",
    "Design concepts",
    "Initialisation",
    "Input data",
    "Submodels",
)
"""The seven elements of the protocol (grimm_2020)."""

CODE = re.compile(r"`([^`\n]+)`")


@pytest.fixture(scope="module")
def text() -> str:
    return PROTOCOL.read_text(encoding="utf-8")


MADE = {name: cache(table) for name, table in TABLES.items()}
"""The tables of the protocol, each made once."""


@pytest.fixture(scope="module")
def named(text: str) -> set[str]:
    """Names in the prose, outside the generated tables."""
    return set(CODE.findall(PLACE.sub("", text)))


# Tables


@pytest.mark.heavy
def test_the_tables_of_the_protocol_are_current(text: str) -> None:
    stale = [name for name, old, new in zip(*tables_of(text), strict=True) if old != new]
    assert stale == [], "run `make odd`"
    assert fill_tables(text, MADE) == text


def tables_of(text: str) -> tuple[list[str], list[str], list[str]]:
    """Names of the tables, as they stand in the file, and as the code has them."""
    before, after = PLACE.findall(text), PLACE.findall(fill_tables(text, MADE))
    return [name for name, _ in before], [body for _, body in before], [body for _, body in after]


@pytest.mark.heavy
def test_each_table_stands_in_the_protocol_once(text: str) -> None:
    assert sorted(tables_of(text)[0]) == sorted(TABLES)


@pytest.mark.heavy
@each_of("name", TABLES)
def test_a_table_that_was_edited_by_hand_is_seen_and_brought_back(text: str, name: str) -> None:
    start = text.index(f"<!-- table: {name} -->")
    cell = text.index(" | ", text.index("\n| ---", start) + 5)
    edited = text[:cell] + " edited" + text[cell:]
    assert fill_tables(edited, MADE) == text != edited


def test_a_table_that_nobody_makes_is_refused_in_one_sentence() -> None:
    with pytest.raises(InputError, match=r"^the page has a place for an unknown table `weather`; use one of month, "):
        fill_tables("<!-- table: weather -->\n<!-- end -->\n", TABLES)


def test_every_state_variable_says_what_it_is_in_what_unit() -> None:
    silent = [f"{e.__name__}.{name}" for e in ENTITIES for name, *texts in columns_of(e) if not all(texts)]
    assert silent == []


def test_every_row_of_a_table_has_as_many_cells_as_its_header() -> None:
    for name, made in MADE.items():
        cells = {len(re.findall(r"(?<!\\)\|", line)) for line in made().splitlines()}
        assert len(cells) == 1, name


# Prose


def test_the_protocol_has_its_seven_elements_in_order(text: str) -> None:
    headings = re.findall(r"^## (\d)\. (.*)$", text, re.MULTILINE)
    assert [int(number) for number, _ in headings[:7]] == list(range(1, 8))
    assert all(heading.startswith(element) for (_, heading), element in zip(headings, ELEMENTS, strict=False))


def test_every_parameter_and_rule_named_in_the_prose_exists(named: set[str]) -> None:
    sections = {name.split(".")[0] for name in declared_parameters()}
    parameters = {name for name in named if re.fullmatch(r"[a-z_]+(\.[a-z0-9_]+)+", name)}
    rules = {name[:-2] for name in named if name.endswith("()")}
    assert {name for name in parameters if name.split(".")[0] in sections} <= {*declared_parameters()}
    assert rules - {"module.rule"} <= {*rule_functions()}


def test_every_rule_has_its_place_in_a_submodel(named: set[str]) -> None:
    assert {*rule_functions()} - {name[:-2] for name in named if name.endswith("()")} == set()


def test_every_uncertain_parameter_has_its_place_in_an_equation(named: set[str]) -> None:
    assert {*uncertain()} - named == set()


# Evaluation


def test_the_tests_named_in_the_evaluation_exist() -> None:
    code = CODE.findall(EVALUATION.read_text(encoding="utf-8"))
    paths = {name for name in code if name.startswith("tests/")}
    assert paths
    assert {path for path in paths if not (ROOT / path).exists()} == set()
    test_names = {name for path in ROOT.glob("tests/**/test_*.py") for name in functions_of(path)}
    assert {name for name in code if name.startswith("test_")} <= test_names


def functions_of(path: Path) -> list[str]:
    return re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)


def test_the_parameters_and_commands_named_in_the_evaluation_exist() -> None:
    code = CODE.findall(EVALUATION.read_text(encoding="utf-8"))
    sections = {*vars(Scenario("").parameters)}
    dotted = {name for name in code if re.fullmatch(r"[a-z_]+\.[a-z_]+", name)}
    assert {name for name in dotted if name.split(".")[0] in sections} <= {*declared_parameters()}
    programs = {program for name in code for program in re.findall(r"^python -m experiments\.(\w+)", name)}
    assert {name for name in programs if not (ROOT / "experiments" / f"{name}.py").is_file()} == set()
