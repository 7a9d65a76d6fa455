"""Every block of the page for users of Mesa runs, one after another, and says what it promises."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

import sim
from sim.agents import Foundation
from sim.agents.mesa_model import MesaModel
from sim.model import CollaborationModel
from tests.house.source import ROOT

PAGE = ROOT / "docs" / "how-to" / "mesa.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python ?(\w*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.fixture
def start_method() -> Iterator[None]:
    """Mesa's batch runs set how processes start, for good."""
    before = multiprocessing.get_start_method(allow_none=True)
    yield
    multiprocessing.set_start_method(before, force=True)


@pytest.mark.simulates
@pytest.mark.filterwarnings("ignore:ipyparallel not installed")
@pytest.mark.usefixtures("start_method")
def test_the_blocks_run_one_after_another(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict = {"__name__": "page"}
    printed = []
    for library, block in BLOCKS:
        if library and find_spec(library) is None:
            continue
        exec(compile(block, PAGE.name, "exec"), names)
        printed.append(capsys.readouterr().out)
    assert all(printed)
    assert not any("np." in out for out in printed)
    assert "seed" not in names["frame"]
    assert f"print(model.scenario.name, model.date, model.steps)  # {printed[0].strip()}" in BLOCKS[0][1]
    assert printed[1].startswith("`historical` ends with 2017-08, so 2017-09 cannot be simulated; set ")
    first, *rest = next(out for (_, block), out in zip(BLOCKS, printed, strict=False) if "deepcopy" in block)[
        1:-2
    ].split(", ")
    assert rest[:2] == [first, first]
    assert rest[2] != first


def test_the_page_shows_all_that_it_should() -> None:
    shown = "".join(block for _, block in BLOCKS)
    questions = [
        "mesa.batch_run(", "model.running", "model.step()", ".select(", ".agg(", ".get(", ".groupby(", ".partners",
        ".trust_in(", "copy.deepcopy(", "pickle.loads(", "reporters=", "rng=", "model.scenario", "model.date",
        "perform_experiments(", "morris",
    ]  # fmt: skip
    assert [part for part in questions if part not in shown] == []
    assert [library for library, _ in BLOCKS if library] == ["ema_workbench", "SALib"]


def test_what_the_page_names_exists() -> None:
    own = {"running", "steps", "parameters", "world", "schools"}  # set when a model is built
    named = set(re.findall(r"`model\.(\w+)", TEXT)) - own
    assert named
    assert [name for name in named if not hasattr(CollaborationModel, name)] == []
    assert issubclass(CollaborationModel, MesaModel)
    assert hasattr(Foundation, "create_agents")


@pytest.mark.simulates
def test_the_runs_of_the_page_are_long_enough_to_show_an_effect() -> None:
    short = {"setting.until": re.findall(r'"setting.until": "([\d-]+)"', TEXT)[0], "setting.burn_in": 0}
    year = short["setting.until"][:4]
    runs = [sim.simulate(name, seed=1, overrides=short) for name in ("historical", "no_backbone")]
    assert runs[0].outcomes[f"examinees_{year}"] > runs[1].outcomes[f"examinees_{year}"] + 100
