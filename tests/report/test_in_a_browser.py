"""A report in a headless browser: links open the folded rows that they lead to, and axe-core finds no violation."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from sim.reports import Chapter, Prose, Report, Rows, page
from sim.reports.blocks import Claim, Claims, Folded
from tests.dashboard.accessibility import violations
from tests.dashboard.browsing import Student, programs, wait_for
from tests.report.test_page import report_of

pytest.importorskip("selenium", reason="the extra `browser` is not installed")

pytestmark = [
    pytest.mark.release,
    pytest.mark.program,
    pytest.mark.skipif(not all(programs()), reason="there is no chromium with its chromedriver"),
]

ROWS = Rows("Examinees in 2020 [students]", ("arm", "difference"), [["no backbone", "-2,983"]], ["row-1"])
REPORT = Report(
    "A report",
    "Does it help?",
    [
        Chapter("answer", "The answer", [Claims([Claim("No backbone", "has fewer examinees", "row-1")])]),
        Chapter("figures", "Figures", [Folded("The figures behind it", [Folded("One more fold", [ROWS])])]),
        Chapter("tables", "Tables", [Folded("Long tables", [Rows("Long", ["arm"], [["none"]], ["long-1"])], False)]),
        Chapter("same", "The same again", [Rows(ROWS.caption, ROWS.header, ROWS.cells), Prose("```\ncode\n```")]),
    ],
)


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def reader(request, tmp_path: Path):
    """A reader of the report, with JavaScript and without."""
    (tmp_path / "report.html").write_text(page(REPORT), encoding="utf-8")
    one = Student(tmp_path, (1366, 768))
    one.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not request.param})
    one.driver.get((tmp_path / "report.html").as_uri())
    yield one
    one.close()


def element(one: Student, selector: str) -> int:
    """Return the number of an element in the protocol of the browser, which needs no script."""
    document = one.driver.execute_cdp_cmd("DOM.getDocument", {})["root"]["nodeId"]
    return int(one.driver.execute_cdp_cmd("DOM.querySelector", {"nodeId": document, "selector": selector})["nodeId"])


def is_open(one: Student, fold: str) -> bool:
    """Return true if a fold is open."""
    attributes = one.driver.execute_cdp_cmd("DOM.getAttributes", {"nodeId": element(one, fold)})
    return "open" in attributes["attributes"]


def test_a_link_opens_the_fold_of_its_row(reader):
    assert not is_open(reader, "details")
    reader.driver.get(f"{reader.driver.current_url}#row-1")
    wait_for(lambda: is_open(reader, "details") and is_open(reader, "details details"), 10)
    box = reader.driver.execute_cdp_cmd("DOM.getBoxModel", {"nodeId": element(reader, "#row-1")})
    assert box["model"]["height"] > 0


def test_the_link_of_a_sentence_opens_the_fold_when_it_is_pressed(tmp_path):
    (tmp_path / "report.html").write_text(page(REPORT), encoding="utf-8")
    one = Student(tmp_path, (1366, 768))
    one.driver.get((tmp_path / "report.html").as_uri())
    row = one.all("#row-1")[0]
    assert not row.is_displayed()
    one.all("a.proof")[0].send_keys("\ue007")
    wait_for(row.is_displayed, 10)
    assert violations(one.driver) == []
    one.close()


def is_shown(one: Student, selector: str) -> bool:
    """Return true if an element is drawn on the medium that is emulated."""
    return bool(
        one.driver.execute_script(
            "return document.querySelector(arguments[0]).checkVisibility({contentVisibilityAuto: true})", selector
        )
    )


def test_folds_are_open_on_paper_but_for_long_tables(tmp_path):
    (tmp_path / "report.html").write_text(page(REPORT), encoding="utf-8")
    one = Student(tmp_path, (1366, 768))
    one.driver.get((tmp_path / "report.html").as_uri())
    assert (is_shown(one, "#row-1"), is_shown(one, "#long-1")) == (False, False)
    one.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    wait_for(lambda: is_shown(one, "#row-1"), 10)  # the style of a medium comes with its next frame
    assert not is_shown(one, "#long-1")
    one.close()


def test_a_report_of_all_studies_prints_in_less_than_twelve_pages(tmp_path, results):
    (tmp_path / "report.html").write_text(report_of(results).html, encoding="utf-8")
    one = Student(tmp_path, (1366, 768))
    one.driver.get((tmp_path / "report.html").as_uri())
    printed = one.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
    assert 6 < len(re.findall(rb"/Type /Page\b", base64.b64decode(printed))) < 12
    one.close()
