"""docs/reference/files.md: its examples can be used as they stand, and its tables name every column there is."""

from __future__ import annotations

import re

import pytest

from sim.configuration import configs
from sim.world.facts import cells, cohort_points
from sim.world.files.check import FORMS, SETTING_FORMS, check
from sim.world.files.schools import DISTRICTS, SECTORS, SUPERVISIONS
from sim.world.organisations import KINDS
from sim.world.schools import STREAMS
from tests.comparing import world_at
from tests.offenders import each_of
from tests.world.files import scenario_with

TEXT = (configs().parent / "docs" / "reference" / "files.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## \w+ file: `setting\.(\w+)`\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
EXAMPLES = dict(re.findall(r"```csv (\w+)\n(.*?)```", TEXT, re.DOTALL))


@pytest.fixture
def files(tmp_path):
    """Write every example to a file of its own."""
    for name, text in EXAMPLES.items():
        (tmp_path / f"{name}.csv").write_text(text)
    return {name: str(tmp_path / f"{name}.csv") for name in EXAMPLES}


def documented(name: str) -> dict[str, bool]:
    """Return the columns of a section's table, and whether each is needed."""
    rows = re.findall(r"^\| (`.*?`) \| (\w+)", SECTIONS[name], re.MULTILINE)
    return {column: needed == "yes" for names, needed in rows for column in re.findall(r"`(\w+)`", names)}


@each_of("name", SETTING_FORMS)
def test_the_columns_of_a_users_file_are_documented(name):
    assert documented(name) == {column.name: column.needed for column in SETTING_FORMS[name].columns}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("schools", [*SECTORS, *SUPERVISIONS, *(set(DISTRICTS) - {"center"})]),
        ("organisations", KINDS),
        ("population", STREAMS),
    ],
)
def test_the_words_that_a_column_takes_are_documented(name, words):
    assert [word for word in words if not re.search(rf"\b{word}\b", SECTIONS[name])] == []


def test_every_example_has_a_head_and_two_rows():
    assert set(EXAMPLES) == set(SECTIONS) == set(SETTING_FORMS)
    assert {len(text.splitlines()) for text in EXAMPLES.values()} == {3}


@pytest.mark.parametrize("name", FORMS)
def test_the_examples_of_a_users_files_pass_the_check(files, name):
    assert check(files[name], name, organisations=files["organisations"]).startswith(f"{name}.csv: a")


def test_the_examples_of_tables_can_be_read(files):
    assert len(cells(files["population"])["schools"]) == 2
    assert len(cohort_points(files["cohorts"])[0]) == 2


@pytest.mark.simulates
def test_a_run_can_be_made_of_all_the_examples(files):
    several = {f"setting.{name}": files[name] for name in ("schools", "organisations", "ties", "cohorts")}
    begun = scenario_with(**several, **{"setting.until": "2014-08"})
    assert len(world_at(begun, 1).schools) == 2
    drawn = scenario_with(**{"setting.population": files["population"], "setting.until": "2014-08"})
    assert len(world_at(drawn, 1).schools) == 48
