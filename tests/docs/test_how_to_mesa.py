"""Every block of the page for users of Mesa runs, one after another, and says what it promises."""

from __future__ import annotations

import multiprocessing
import re
from importlib.util import find_spec

import pytest

import sim
from tests.house.source import ROOT

PAGE = ROOT / "docs" / "how-to" / "mesa.md"
BLOCKS = re.findall(r"^```python ?(\w*)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def names() -> dict:
    """One namespace for all blocks."""
    return {"__name__": "page"}


@pytest.fixture(autouse=True)
def start_method():
    """Mesa's batch runs set how processes start, for good."""
    before = multiprocessing.get_start_method(allow_none=True)
    yield
    multiprocessing.set_start_method(before, force=True)


@pytest.mark.filterwarnings("ignore:ipyparallel not installed")
@pytest.mark.parametrize(("library", "block"), BLOCKS, ids=[f"{n} {lib}".strip() for n, (lib, _) in enumerate(BLOCKS)])
def test_a_block_runs(names: dict, library: str, block: str) -> None:
    if library and find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    exec(compile(block, PAGE.name, "exec"), names)


def test_the_blocks_say_what_they_promise(names: dict, capsys: pytest.CaptureFixture[str]) -> None:
    room = dict(names)
    for library, block in BLOCKS[:2]:
        assert library == ""
        exec(block, room)
    first, second = capsys.readouterr().out.splitlines()
    assert f"print(model.scenario.name, model.date, model.steps)  # {first}" in BLOCKS[0][1]
    assert second.startswith("`historical` ends with 2014-08, so 2014-09 cannot be simulated; set ")


def test_the_page_says_what_the_model_has() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name in re.findall(r"`model\.(\w+)", text):
        assert hasattr(sim.CollaborationModel(sim.scenario("historical", set={"setting.burn_in": 0})), name), name
