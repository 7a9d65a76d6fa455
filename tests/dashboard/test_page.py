"""The page without a browser: it renders, answers, keeps visits apart, and says what goes wrong."""

from __future__ import annotations

import ast
import threading
import time
from pathlib import Path

import pytest

solara = pytest.importorskip("solara", reason="the extra `dashboard` is not installed")
pytest.importorskip("ipyvuetify")

import sim.dashboard  # noqa: E402
from sim.dashboard import background as behind  # noqa: E402
from sim.dashboard import page  # noqa: E402
from sim.dashboard import session as simulating  # noqa: E402
from sim.dashboard.background import FAILED, Background, end_tasks, run_task, start_task  # noqa: E402
from sim.dashboard.sliders import LEVERS  # noqa: E402
from sim.errors import InputError  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

FOLDER = Path(sim.dashboard.__file__).parent


def widgets(rendered) -> list:
    """Every widget of a page, outermost first."""
    rendered_widgets, waiting = [], [rendered.container]
    while waiting:
        here = waiting.pop(0)
        rendered_widgets.append(here)
        waiting += [each for each in getattr(here, "children", None) or [] if hasattr(each, "trait_values")]
    return rendered_widgets


def sliders_of(rendered) -> dict:
    return {widget.lever["key"]: widget for widget in widgets(rendered) if hasattr(widget, "lever")}


def query_of(rendered) -> str:
    return next(widget.query for widget in widgets(rendered) if hasattr(widget, "query"))


def wait_for(what, seconds: float = 60) -> None:
    end = time.time() + seconds
    while time.time() < end:
        if what():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come")


def html_of(rendered) -> str:
    return " ".join(str(getattr(widget, "unsafe_innerHTML", "") or "") for widget in widgets(rendered))


@pytest.fixture
def opened(monkeypatch):
    """A page that opens at the tab Enrolment."""
    monkeypatch.setattr(page, "first_tab", lambda settings, before: "Enrolment")
    _, rendered = solara.render(page.Page(), handle_error=False)
    yield rendered
    rendered.close()


@pytest.mark.simulates
def test_the_page_opens_with_a_run_a_picture_and_every_slider(opened):
    wait_for(lambda: "data:image/svg+xml" in html_of(opened))
    html = html_of(opened)
    assert "students sit five units in 2020" in html
    assert list(sliders_of(opened)) == [one.key for one in LEVERS]


@pytest.mark.simulates
def test_the_first_view_answers_with_intervals_a_basis_and_a_limit_and_plays_both_networks():
    _, rendered = solara.render(page.Page(), handle_error=False)
    html = html_of(rendered)
    assert "runs with a backbone" in html
    assert html.count("95% interval") >= 2
    assert "The answer above rests on seven models" in html
    assert "In this model with its default parameters, shown here, enrolment doubles" in html
    assert "One limit" in html
    film = next(widget for widget in widgets(rendered) if hasattr(widget, "networks"))
    assert film.networks.count("<svg") == 2
    assert len(film.months) == film.networks.count("data-image") / 2
    rendered.close()


@pytest.mark.simulates
def test_a_move_on_the_first_view_opens_enrolment_and_leaves_the_last_settings_as_a_ghost(monkeypatch):
    desks = []

    def use_previous_and_note(desk):
        desks.append(desk)
        return simulating.use_previous(desk)

    monkeypatch.setattr(page, "use_previous", use_previous_and_note)
    _, rendered = solara.render(page.Page(), handle_error=False)
    wait_for(lambda: desks[-1] is not None)
    sliders_of(rendered)["backbone.facilitation"].vue_moved_to(0)
    wait_for(lambda: "students sit five units" in html_of(rendered))
    wait_for(lambda: "Dashed grey: the settings before" in html_of(rendered))
    rendered.close()


@pytest.mark.simulates
def test_a_switch_of_a_condition_is_a_setting():
    _, rendered = solara.render(page.Page(), handle_error=False)
    switches = next(widget for widget in widgets(rendered) if hasattr(widget, "switches"))
    assert [one["value"] for one in switches.switches] == [1] * 5
    switches.vue_switched({"key": "conditions.common_agenda", "value": 0})
    assert query_of(rendered).endswith("conditions.common_agenda=0")
    rendered.close()


@pytest.mark.simulates
def test_a_slider_is_answered_and_a_later_one_counts(opened):
    wait_for(lambda: "students sit five units" in html_of(opened))
    before = html_of(opened).split("students sit")[0][-60:]
    for value in (60, 30, 0):
        sliders_of(opened)["backbone.facilitation"].vue_moved_to(value)
    wait_for(lambda: html_of(opened).split("students sit")[0][-60:] != before)
    assert query_of(opened) == "scenario=historical_emergent&backbone.facilitation=0"


@pytest.mark.simulates
def test_two_visits_do_not_see_each_other():
    _, one = solara.render(page.Page(), handle_error=False)
    _, two = solara.render(page.Page(), handle_error=False)
    for visit, value in ((one, 3), (two, 9)):
        sliders_of(visit)["backbone.staff"].vue_moved_to(value)
    assert [query_of(visit).split("=")[-1] for visit in (one, two)] == ["3", "9"]
    one.close()
    two.close()


@pytest.mark.simulates
@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_nothing_that_changes_is_shared_between_visits(path):
    made = [
        node.lineno
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None
        for call in ast.walk(node.value)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).rsplit(".", 1)[-1] in ("reactive", "Reactive", "use_state")
    ]
    assert made == []


def test_the_page_asks_no_other_host():
    for path in FOLDER.iterdir():
        if path.suffix in (".vue", ".py"):
            text = path.read_text(encoding="utf-8")
            assert "https://" not in text
            assert "cdn" not in text.lower()


def states_of(task) -> list[Background]:
    states = [Background("old")]
    run_task(task, threading.Event(), lambda new: states.append(new(states[-1]) if callable(new) else new))
    return states


def test_work_behind_the_page_tells_its_results_and_its_end():
    assert states_of(lambda stop: iter([1, 2])) == [
        Background("old"),
        Background(1),
        Background(2),
        Background(2, busy=False),
    ]


def test_a_mistake_is_told_in_its_sentence_and_a_failure_in_ours(caplog):
    def mistaken(stop):
        raise InputError("no such year")
        yield

    def failing(stop):
        raise ZeroDivisionError
        yield

    assert states_of(mistaken)[-1] == Background(None, False, "no such year")
    assert states_of(failing)[-1] == Background(None, False, FAILED)
    assert "ZeroDivisionError" in caplog.text


def test_work_that_is_to_stop_tells_nothing():
    stop, states = threading.Event(), []

    def task(event):
        yield 1
        event.set()
        yield 2

    run_task(task, stop, states.append)
    assert states == [Background(1)]


def test_a_task_that_fails_because_its_page_was_closed_reports_nothing(caplog):
    stop, states = threading.Event(), []

    def task(event):
        event.set()
        raise RuntimeError("the page is gone")
        yield

    run_task(task, stop, states.append)
    assert states == []
    assert caplog.text == ""


def test_a_run_that_fails_leaves_a_sentence_and_no_empty_page(monkeypatch):
    monkeypatch.setattr(simulating, "opening_run", lambda: 1 / 0)
    _, rendered = solara.render(page.Page(), handle_error=False)
    wait_for(lambda: behind.FAILED in html_of(rendered))
    assert "Traceback" not in html_of(rendered)
    rendered.close()


def test_a_page_that_fails_leaves_a_sentence_and_no_empty_page(monkeypatch):
    monkeypatch.setattr(page, "from_link", lambda _: 1 / 0)
    _, rendered = solara.render(page.Page(), handle_error=False)
    wait_for(lambda: behind.FAILED in html_of(rendered))
    rendered.close()


def test_the_end_of_the_server_waits_for_a_task_that_computes():
    begun, ended = threading.Event(), []

    def task(stop):
        begun.set()
        stop.wait(30)
        time.sleep(0.1)
        ended.append(True)
        yield None

    start_task(task, threading.Event(), lambda state: None)
    begun.wait(30)
    end_tasks()
    assert ended == [True]
