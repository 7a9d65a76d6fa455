"""The page while rules compile: it is served, says how far they are, and shows a failure."""

from __future__ import annotations

import time

import pytest

solara = pytest.importorskip("solara", reason="the extra `dashboard` is not installed")
pytest.importorskip("ipyvuetify")

from sim.dashboard import page, preparation  # noqa: E402
from sim.dashboard.preparation import Progress  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(autouse=True)
def _ready_again():
    yield
    preparation._progress[0] = Progress()


def texts(rendered) -> str:
    words, places = [], [rendered.container]
    while places:
        here = places.pop(0)
        words.append(str(getattr(here, "unsafe_innerHTML", "") or getattr(here, "value", "")))
        places += [each for each in getattr(here, "children", None) or [] if hasattr(each, "trait_values")]
    return " ".join(words)


def test_the_progress_is_a_sentence():
    assert Progress(False, 71, 186, 41.6).text == (
        "The rules are compiled, once on this machine: 71 of 186 functions, about 42 seconds left."
    )
    assert Progress(False, 0, 186, -1.0).text == "The rules are compiled, once on this machine: 0 of 186 functions."
    assert Progress(False).text == Progress(False, 5, 5).text == "Simulating the first run ..."


def test_a_preparation_compiles_and_warms_up_and_is_then_ready(monkeypatch):
    seen = []
    monkeypatch.setattr(preparation, "compile_rules", lambda report: report(3, 9, 12.0) or [])
    monkeypatch.setattr(preparation, "warm_up", lambda: seen.append(preparation.progress()))
    preparation.begin().join()
    assert seen == [Progress(False, 3, 9, 12.0)]
    assert preparation.progress().ready


@pytest.mark.parametrize("step", ["compile_rules", "warm_up"])
def test_a_failure_is_a_sentence_on_the_page(monkeypatch, step):
    def failed(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(preparation, "compile_rules", lambda report: [])
    monkeypatch.setattr(preparation, step, failed)
    preparation.prepare()
    _, handle = solara.render(page.page(), handle_error=False)
    assert "The rules could not be compiled (RuntimeError: the disk is full)" in texts(handle)
    handle.close()


def test_the_page_shows_how_far_the_rules_are():
    preparation._progress[0] = Progress(False, 71, 186, 40.0)
    _, handle = solara.render(page.page(), handle_error=False)
    assert "71 of 186 functions, about 40 seconds left" in texts(handle)
    preparation._progress[0] = Progress(False, 72, 186, 39.0)
    until = time.monotonic() + 20
    while "72 of 186" not in texts(handle) and time.monotonic() < until:
        time.sleep(0.05)
    assert "72 of 186" in texts(handle)
    preparation._progress[0] = Progress(False, problem="stopped")  # ends the watch
    handle.close()
