"""The pages of outcomes and decisions say what the code says, and name every column of a results table."""

from __future__ import annotations

import math
import re
from inspect import signature

import pytest

import sim
from experiments.maintenance.doc_tables import KEYS, PAGES, TABLES
from experiments.maintenance.odd_tables import PLACE, fill_tables
from sim.agents import KIND_CLASSES, Foundation, decisions_of
from sim.world.organisations import KINDS
from tests.house.source import ROOT
from tests.offenders import each_of

TEXTS = {page.stem: page.read_text(encoding="utf-8") for page in PAGES}


@each_of("name", TEXTS)
def test_the_tables_of_a_page_are_current(name: str) -> None:
    assert fill_tables(TEXTS[name], TABLES) == TEXTS[name], "run `make docs`"


def test_each_table_stands_on_a_page_once() -> None:
    assert sorted(name for text in TEXTS.values() for name, _ in PLACE.findall(text)) == sorted(TABLES)


@pytest.mark.simulates
def test_every_column_of_a_results_table_is_in_the_dictionary() -> None:
    scenario = sim.scenario("no_initiative", overrides={"setting.until": "2017-08", "setting.burn_in": 0})
    frame = sim.ensemble(scenario, 1, jobs=1, progress=False).frame
    named = set(re.findall(r"^\| `(.*?)`", TEXTS["outcomes"], re.MULTILINE))
    columns = [re.sub(r"^(examinees|share)_\d{4}$", r"\1_YEAR", name) for name in frame]
    columns = [re.sub(r"^(examinees|takers)_\d{4}/.*", r"\1_YEAR/GROUP", name) for name in columns]
    columns = [re.sub(rf"^(\w+)/({'|'.join(KINDS)})$", r"\1/SOURCE", name) for name in columns]
    assert set(columns) <= named
    by_request = {KEYS[1][0], "parameter_set", "structure"}  # in a sweep, and with `uncertainty`
    assert named - set(columns) == by_request, "a column is described that there is not"


def test_every_named_scenario_is_told_with_what_differs_from_the_historical_one() -> None:
    parts = dict(re.findall(r"^## `(\w+)`\n\n(.*?)(?=\n## |\n<!-- end)", TEXTS["scenarios"], re.MULTILINE | re.DOTALL))
    assert sorted(parts) == sorted(sim.scenarios())
    assert parts["many_subjects"].startswith("As historical_emergent, but mathematics never comes first.\n")
    for name, text in parts.items():
        points = [line for line in text.splitlines() if line.startswith("- ")]
        assert len(points) == (0 if name == "historical" else len(sim.diff("historical", name).splitlines()))
    assert (
        "`backbone.present`: True in historical, False in no_backbone; whether there is a backbone"
        in parts["no_backbone"]
    )
    assert "from 2015-05 `ministry.ordered` = 3 (national);" in parts["historical_emergent"]


def test_the_reasons_of_the_ministry_are_explained_with_the_floor_that_the_code_has() -> None:
    floor = sim.scenario("historical_emergent").parameters["ministry.floor"]
    page_text = " ".join(TEXTS["decisions"].split())
    assert f"`ministry.floor`, {floor:g}" in page_text
    assert f"{math.log(floor):.3f}" in page_text
    assert "not ready at all" in page_text
    assert "`opened` is no term" in page_text


def test_every_decision_is_listed_with_who_takes_it() -> None:
    rows = dict(re.findall(r"^\| `(\w+\([\w, ]*\))` \| ([^|]+) \|", TEXTS["decisions"], re.MULTILINE))
    assert rows["budget()"] == "ministry"
    assert rows["next_pledge()"] == "foundation, business, ngo, academia, local_authority"
    listed = {call.split("(")[0]: call for call in rows}
    for decider in KIND_CLASSES.values():
        for name in decisions_of(decider):
            parameter_names = [*signature(getattr(decider, name)).parameters][1:]
            assert listed[name] == f"{name}({', '.join(parameter_names)})", "kinds are asked alike"


@pytest.mark.simulates
def test_the_example_of_a_class_of_ones_own_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    simulate = sim.simulate
    short = {"setting.until": "2013-12", "setting.burn_in": 0}
    monkeypatch.setattr(sim, "simulate", lambda name, **named: simulate(sim.scenario(name, overrides=short), **named))
    room: dict = {}
    exec(re.search(r"```python\n(.*?)```", TEXTS["decisions"], re.DOTALL)[1], room)
    assert room["run"].world.organisations.pledge.max() > 0
    assert KIND_CLASSES["foundation"] is Foundation


def test_the_first_page_of_docs_lists_every_other_page_once() -> None:
    docs = ROOT / "docs"
    text = (docs / "README.md").read_text(encoding="utf-8").partition("## Tutorials")[2]
    listed = [name for name in re.findall(r"\]\(([^)#:]+)\)", text) if not name.startswith("../")]
    pages = [path.relative_to(docs).as_posix() for path in docs.rglob("*.md") if path.name != "README.md"]
    assert sorted(listed) == sorted(pages)


def test_every_page_of_docs_is_in_one_of_four_folders() -> None:
    folders = {path.parent.name for path in (ROOT / "docs").rglob("*.md") if path.name != "README.md"}
    assert folders == {"tutorials", "how-to", "reference", "explanation"}
