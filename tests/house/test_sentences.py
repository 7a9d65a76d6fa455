"""No page of the documentation and no fixed text of the web page has a long sentence."""

from __future__ import annotations

import pytest

from experiments.maintenance.sentences import line, page_text, pages, prose_of, sentences
from tests.offenders import each_of

MOST_WORDS = 35
"""Of a sentence; the README and the tutorials have a lower ceiling."""

PAGES = dict(pages())


def long(text: str) -> list[str]:
    """The sentences of a text with too many words."""
    return [sentence for sentence in sentences(text) if len(sentence.split()) > MOST_WORDS]


@each_of("name", PAGES)
def test_no_sentence_of_a_page_is_long(name: str) -> None:
    assert long(PAGES[name]) == []


def test_no_fixed_sentence_of_the_web_page_is_long() -> None:
    assert len(sentences(page_text())) > 100
    assert long(page_text()) == []


def test_values_count_as_one_word_and_docstrings_do_not_count(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "sim" / "dashboard"
    folder.mkdir(parents=True)
    (folder / "a.py").write_text(
        '"""A docstring here."""\nb = f"<b>Nearly</b> {1 + 1} runs double. {2}"\nc = "style"\n'
    )
    monkeypatch.setattr("experiments.maintenance.sentences.ROOT", tmp_path)
    assert sentences(page_text()) == ["Nearly code runs double.", "code"]


def test_of_a_report_only_paragraphs_count() -> None:
    text = prose_of("<h2>A head</h2><p>One two. Three <svg><text>no</text></svg>four.</p><table><td>5</td></table>")
    assert sentences(text) == ["One two.", "Three four."]
    assert line("x", text).endswith("longest   2, median  2.0 words")
