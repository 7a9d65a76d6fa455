"""The page by itself: it needs nothing else, everybody can read it, and what leads somewhere arrives."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.reports import Chapter, Drawing, Prose, Report, Rows, page
from sim.reports.drawings import inline_svg
from sim.studies.report import ReportPage, report
from tests.offenders import each_of
from tests.report.honest import claims_of

pytestmark = pytest.mark.heavy

SVG = b'<?xml version="1.0"?><svg viewBox="0 0 4 3"><g id="a"><path id="b" clip-path="url(#a)"/></g></svg>'


@pytest.fixture(scope="module")
def made(results: Path) -> str:
    """The page of all results; no decisions explained."""
    return report_of(results).html


def report_of(results: Path, **options: object) -> ReportPage:
    """The report of the folders of a test."""
    folders: dict[str, object] = {
        "comparisons": [str(results / "compare"), str(results / "compare_governance")],
        "attributions": [str(results / "attribute_conditions")],
        "equity": str(results / "equity"),
        "robust": str(results / "robust"),
        "seed": None,
    }
    return report(**(folders | options))


def tree(text: str) -> ElementTree.Element:
    """The page as a tree: it is well-formed but for what HTML leaves open."""
    closed = re.sub(r"<(meta|link|br|hr|img)([^>]*)>", r"<\1\2/>", text.removeprefix("<!DOCTYPE html>"))
    return ElementTree.fromstring(closed)


def tags(made: str, name: str) -> list[ElementTree.Element]:
    return [each for each in tree(made).iter() if str(each.tag).rpartition("}")[2] == name]


def test_it_asks_nothing_of_any_network_and_runs_no_script(made):
    assert not re.search(r"<script|<link|<img|<iframe|@import|@font-face|src=", made)
    used = re.findall(r'(?:href|url)\(?=?["\']?(https?://[^"\')\s]+)', made)
    assert used == []


def test_names_are_unique_and_every_link_arrives(made):
    names = [each.get("id") for each in tree(made).iter() if each.get("id")]
    assert len(names) == len(set(names))
    links = re.findall(r'href="#([^"]+)"', made) + re.findall(r"url\(#([^)]+)\)", made)
    assert set(links) <= set(names)
    assert {row for row, _ in claims_of(made).sentences} <= claims_of(made).rows


def test_headings_go_down_one_at_a_time(made):
    levels = [int(tag.tag[1]) for tag in tree(made).iter() if re.fullmatch(r"h[1-6]", str(tag.tag))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_drawing_says_what_it_shows(made):
    drawings = tags(made, "svg")
    assert len(drawings) == 7
    for drawing in drawings:
        assert drawing.get("role") == "img"
        ids = str(drawing.get("aria-labelledby")).split()
        words = ["".join(each.itertext()) for each in drawing.iter() if each.get("id") in ids]
        assert len(words) == 2
        assert all(len(text) > 20 for text in words)


def test_every_table_has_a_caption_and_heads_for_its_rows_and_columns(made):
    for table in tags(made, "table"):
        if table.find("caption") is None:
            assert not table.get("class"), "one of Markdown"
        heads = [head.get("scope") for head in table.iter("th")]
        assert "col" in heads
        assert "row" in heads


def test_letters_stand_out_from_their_ground():
    css = (Path(__file__).parents[2] / "sim" / "reports" / "page.css").read_text()
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", css))
    for letters in ("ink", "quiet", "link"):
        for ground in ("#ffffff", colours["ground"]):
            assert contrast(colours[letters], ground) >= 4.5, (letters, ground)


def contrast(one: str, other: str) -> float:
    """The ratio of two colours' luminances, as WCAG reckons it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_it_can_be_read_with_a_keyboard(made):
    assert '<a class="skip" href="#content">' in made
    assert all(each.get("tabindex") == "0" for each in tree(made).iter() if each.get("class") == "wide")
    assert "summary:focus-visible" in made


def test_the_same_results_give_the_same_page(made, results):
    assert report_of(results).html == made


def test_it_has_all_chapters(made):
    titles = [("".join(each.itertext())) for each in tags(made, "h2")]
    wanted = ["The answer in one page", "Arms against the baseline", "Arms against one another", "Fit to the record",
              "What each contributes", "Who gains", "Which findings survive", "Design", "Assumptions",
              "What this model cannot tell", "References", "Provenance"]  # fmt: skip
    assert [any(word in each for each in titles) for word in wanted] == [True] * len(wanted)


def test_it_says_how_to_make_everything_again(made):
    for command in ("compare", "attribute", "equity", "robust"):
        assert f"python -m experiments.{command}" in made


def test_design_limits_and_provenance_are_open_on_paper(made):
    chapters = {each.get("aria-labelledby"): each for each in tags(made, "section")}
    folds = {
        key: [each.get("class") for each in chapter if str(each.tag).endswith("details")]
        for key, chapter in chapters.items()
    }
    assert [folds[key] for key in ("design", "limits", "provenance")] == [[None]] * 3
    assert [folds[key] for key in ("assumptions", "references")] == [["screen"]] * 2


def test_what_is_written_is_never_taken_for_markup():
    rows = Rows("<b>caption</b>", ["<i>"], [["<script>alert(1)</script>"]])
    text = page(Report("<title>", "a & b", [Chapter("one", "<em>", [rows, Prose("<u>raw</u>")])]))
    assert not re.search(r"<b>|<i>|<script>|<em>|<u>", text)
    assert "a &amp; b" in text


def test_drawings_keep_their_names_apart():
    one, other = (inline_svg(SVG, key, "A title", "what it shows") for key in ("x", "y"))
    assert 'id="x-a"' in one
    assert "url(#x-a)" in one
    assert 'id="y-a"' in other


@each_of("broken", [b"", b"\xff\xfe", b"<svg", b"<p>no drawing</p>", b"<svg></svg>"])
def test_a_broken_drawing_is_one_sentence(broken):
    drawing = Drawing(broken, "The drawing", "nothing")
    with pytest.raises(InputError, match="drawing 'The drawing'"):
        page(Report("t", "q", [Chapter("one", "One", [drawing])]))
