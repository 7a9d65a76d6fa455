"""The page for all readers: no violation that axe-core finds, and every control by keyboard, in a headless browser."""

from __future__ import annotations

import time

import pytest

from tests.dashboard.accessibility import violations, walk
from tests.dashboard.browsing import Student, programs, wait_for

pytest.importorskip("solara", reason="the extra `dashboard` is not installed")
pytest.importorskip("selenium", reason="the extra `browser` is not installed")

from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from sim.dashboard.page import TABS
from sim.dashboard.sliders import CONDITIONS, LEVERS

pytestmark = [
    pytest.mark.release,
    pytest.mark.program,
    pytest.mark.skipif(not all(programs()), reason="there is no chromium with its chromedriver"),
]

SHOWN = {
    "Start": "#lab-film-play",
    "Network": "#lab-play",
    "Compare": "select[data-key='against']",
    "Events": ".lab-reason",
    "Your schools": "#lab-upload",
    "Words": ".lab-panel table",
}
"""Part of each tab that shows that it is drawn; a picture where there is none."""


@pytest.fixture(params=[(1366, 768), (390, 844)], ids=["laptop", "phone"])
def visitor(request, server, tmp_path):
    """A visitor on a laptop and on a phone."""
    one = Student(tmp_path, request.param)
    width, height = request.param
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700}
    one.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    one.open(server.url)
    yield one
    one.close()


@pytest.fixture
def reader(server, tmp_path):
    """A visitor with all settings open, at enrolment."""
    one = Student(tmp_path, (1366, 1400))
    one.open(server.url)
    open_tab(one, "Enrolment")
    one.press("More settings")
    wait_for(lambda: one.all("input[data-key='backbone.staff']")[0].is_displayed())
    yield one
    one.close()


def open_tab(one: Student, name: str) -> None:
    """Open a tab by its key, and wait until it is drawn."""
    tab = next(each for each in one.all("[role=tab]") if each.get_attribute("textContent").strip() == name)
    one.driver.execute_script("arguments[0].focus()", tab)  # which moves the row of tabs to it, as the tab key does
    ActionChains(one.driver).send_keys(Keys.ENTER).perform()
    wait_for(lambda: tab.get_attribute("aria-selected") == "true")
    wait_for(lambda: one.all(SHOWN.get(name, ".lab-picture img")), 120)


def test_no_tab_has_a_violation(visitor):
    problems = {}
    for name in TABS:
        open_tab(visitor, name)
        problems[name] = violations(visitor.driver)
    assert {name: lines for name, lines in problems.items() if lines} == {}


def test_the_tab_key_reaches_every_control_and_leaves_the_page(visitor):
    problems = {}
    for name in TABS:
        open_tab(visitor, name)
        problems[name] = walk(visitor.driver)
    assert {name: both for name, both in problems.items() if any(both)} == {}


def test_arrows_move_every_slider(reader):
    for lever in LEVERS:
        slider = reader.all(f"input[data-key='{lever.key}']")[0]
        before = reader.value(lever.key)
        away, back = (
            (Keys.ARROW_LEFT, Keys.ARROW_RIGHT) if before == lever.high else (Keys.ARROW_RIGHT, Keys.ARROW_LEFT)
        )
        slider.send_keys(away)
        assert abs(reader.value(lever.key) - before) == lever.step, lever.key
        slider.send_keys(back)
        assert reader.value(lever.key) == before, lever.key


def test_space_turns_every_switch(reader):
    for lever in CONDITIONS:
        reader.all(f"input[data-key='{lever.key}']")[0].send_keys(Keys.SPACE)
        wait_for(lambda key=lever.key: f"{key}=0" in reader.driver.current_url)
        reader.all(f"input[data-key='{lever.key}']")[0].send_keys(Keys.SPACE)
        wait_for(lambda key=lever.key: f"{key}=0" not in reader.driver.current_url)


def test_films_play_and_rest_by_keyboard(reader):
    for name, button in (("Start", "#lab-film-play"), ("Network", "#lab-play")):
        open_tab(reader, name)
        if reader.text(button) == "Pause":
            reader.all(button)[0].send_keys(Keys.ENTER)
        wait_for(lambda button=button: reader.text(button) == "Play")
        reader.all(button)[0].send_keys(Keys.ENTER)
        wait_for(lambda button=button: reader.text(button) == "Pause")
        reader.all(button)[0].send_keys(Keys.SPACE)
        wait_for(lambda button=button: reader.text(button) == "Play")


def test_folded_parts_open_by_keyboard(reader):
    for hint in reader.all(".lab-hint"):
        hint.send_keys(Keys.ENTER)
        wait_for(lambda hint=hint: hint.get_attribute("aria-expanded") == "true")
    open_tab(reader, "Events")
    for summary in reader.all(".lab-panel summary"):
        summary.send_keys(Keys.ENTER)
    assert len(reader.all(".lab-panel details[open]")) == len(reader.all(".lab-panel details")) > 1
    open_tab(reader, "Network")
    fold = next(each for each in reader.all("button") if each.text.startswith("Show trust"))
    fold.send_keys(Keys.ENTER)
    wait_for(lambda: "How trust grows" in reader.text())


@pytest.mark.parametrize("name", ["Start", "Enrolment", "Network", "Compare"])
def test_the_first_screen_of_a_laptop_needs_no_scrolling(server, tmp_path, name):
    one = Student(tmp_path, (1366, 768))
    screen = {"width": 1366, "height": 768, "deviceScaleFactor": 1, "mobile": False}
    one.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    one.open(f"{server.url}?before=scenario%3Dno_backbone" if name == "Compare" else server.url)
    open_tab(one, name)
    wait_for(lambda: (name in SHOWN and name != "Compare") or one.picture(), 120)
    time.sleep(3)  # until fonts are there and the panel of the tab is drawn
    height = one.driver.execute_script("return document.querySelector('.lab').scrollHeight")
    one.close()
    assert height <= 768
