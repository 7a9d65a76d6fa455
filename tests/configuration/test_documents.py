"""YAML files of users: the same values however a file is saved, or one sentence with its line."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim
from sim.errors import InputError
from sim.studies.games import game_of
from sim.tables.yaml_file import LARGEST, document
from tests.offenders import each_of

GOOD = """about: ours   # a comment
policies: [initiative_5x2]
set:
  backbone.facilitation: 0.4
  setting.until: 2016-08
timing: 6
"""

type Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def writing(content: str | bytes) -> Path:
        path = tmp_path / "mine.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return writing


def sentence(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        document(path)
    message = str(caught.value)
    assert message.startswith("mine.yaml")
    assert "\n" not in message
    return message


SAME = {
    "as it is": GOOD,
    "byte-order mark": b"\xef\xbb\xbf" + GOOD.encode(),
    "Windows lines": GOOD.replace("\n", "\r\n"),
    "old Mac lines": GOOD.replace("\n", "\r"),
    "no last line end": GOOD.rstrip("\n"),
    "quotes": GOOD.replace("policies", '"policies"').replace("[initiative_5x2]", "['initiative_5x2']"),
    "document marks": f"---\n{GOOD}...\n",
    "an anchor": GOOD.replace("0.4", "&much 0.4"),
}


@each_of("way", SAME)
def test_a_scenario_saved_in_another_way_is_the_same(write, way):
    scenario, right = sim.scenario(str(write(SAME[way]))), sim.scenario("historical", 6, {"setting.until": "2016-08"})
    assert scenario.parameters["backbone.facilitation"] == 0.4
    assert (scenario.name, scenario.timing, scenario.last_month) == ("mine", 6, right.last_month)


@pytest.mark.heavy
@each_of(
    ("content", "start"),
    [
        (GOOD.encode("utf-16"), "mine.yaml, line 1: the text is not UTF-8"),
        ("about: עברית".encode("cp1255"), "mine.yaml, line 1: the text is not UTF-8"),
        (b"about: x\nset: \xe9\n", "mine.yaml, line 2: the text is not UTF-8"),
        (
            "set:\n\tbackbone.facilitation: 1\n",
            "mine.yaml cannot be read as YAML: while scanning for the next token: found",
        ),
        ("about: a\t# b\n", "mine.yaml cannot be read as YAML: while scanning for the next token: found"),
        ("about: a\nset: {a: 1,\n a: 2}\n", "mine.yaml, line 3: the key 'a' is already in line 2; keep one"),
        ('1: a\n"1": b\n', "mine.yaml, line 2: the key '1' is already in line 1; keep one"),
        ("players:\n  no: {set: {}}\n", "mine.yaml, line 2: YAML does not read the key 'no' as text; put it in quotes"),
        ("~: a\n", "mine.yaml, line 1: YAML does not read the key '~' as text"),
        ("? [a, b]\n: c\n", "mine.yaml, line 1: a key must be text"),
        ("timing: 010\n", "mine.yaml, line 1: YAML reads 010 as another number"),
        ("timing: 1:30\n", "mine.yaml, line 1: YAML reads 1:30 as another number"),
        ("about: ${oc.env:HOME}\n", "mine.yaml, line 1: '${oc.env:HOME}' refers to another value"),
        ('about: "a\\aB"\n', "mine.yaml, line 1: there is a control character (U+0007); delete it"),
        ('a: 1\n"\\x00": b\n', "mine.yaml, line 2: there is a control character (U+0000); delete it"),
        ('about: "\\ud800"\n', "mine.yaml, line 1: there is a control character (U+D800); delete it"),
        ("a: 1\nabout: a\x07b\n", "mine.yaml, line 2: there is a control character (U+0007); delete it"),
        ("a: \x00", "mine.yaml, line 1: there is a control character (U+0000); delete it"),
        ("a: &a [*a]\n", "mine.yaml, line 1: a value holds a reference to itself; write it out"),
        ("[" * 5000, "mine.yaml cannot be read as YAML: keys and lists are nested too deeply"),
        ("a: !!int x\n", "mine.yaml cannot be read as YAML: "),
        ("a: !!bool x\n", "mine.yaml cannot be read as YAML: "),
        ("a: !!timestamp x\n", "mine.yaml cannot be read as YAML: "),
        ("a: !!python/object:os.system x\n", "mine.yaml cannot be read as YAML: could not determine a constructor"),
        (f"a: {'9' * 5000}\n", "mine.yaml cannot be read as YAML: "),
        ("a: 1\n---\nb: 1\n", "mine.yaml cannot be read as YAML: expected a single document in the stream"),
        ("just text\n", "mine.yaml cannot be read as YAML: there must be keys and values; got 'just text'"),
        ("#" * (LARGEST + 1), "mine.yaml has 1,000,001 bytes; a YAML file may have at most 1,000,000"),
    ],
)
def test_what_cannot_be_read_safely_is_one_sentence(write, content, start):
    assert sentence(write(content)).startswith(start)


@pytest.mark.parametrize("merge", [False, True])
def test_references_that_multiply_are_refused_at_once(write, merge):
    lines = ["a0: &a0 {k: 1}"]
    for k in range(1, 40):
        twice = f"[*a{k - 1}, *a{k - 1}]"
        lines.append(f"a{k}: &a{k} {{<<: {twice}}}" if merge else f"a{k}: &a{k} {twice}")
    begun = time.monotonic()
    assert "would hold more than 50,000 values" in sentence(write("\n".join(lines)))
    assert time.monotonic() - begun < 20


@each_of("content", ["", "\n", "# nothing\n", "---\n", b"\xef\xbb\xbf", "- a\n- b\n"])
def test_a_file_without_keys_is_one_sentence(write, content):
    with pytest.raises(InputError, match=r"^mine\.yaml holds no keys; it may have "):
        sim.scenario(str(write(content)))


def test_yes_and_no_are_values_and_dates_stay_text(write):
    assert document(write("a: yes\nb: off\nc: 2014-09-01\nd: 2014-09\ne: 'no'\nf: 1e3\n")) == {
        "a": True, "b": False, "c": "2014-09-01", "d": "2014-09", "e": "no", "f": 1000.0,
    }  # fmt: skip


@pytest.mark.parametrize("content", ["- a\n", "players: {yes: {set: {trust.gain: 0.1}}}\n", "players: {a: 1, a: 2}\n"])
def test_games_are_read_by_the_same_rules(write, content):
    with pytest.raises(InputError, match=r"^mine\.yaml"):
        game_of(str(write(content)))


@each_of("called", ["a\nb", "a\tb", "a\x07", "\ud800", "a\x85", "\ufffe"])
def test_a_scenario_is_not_called_what_a_file_cannot_hold(called):
    with pytest.raises(InputError, match=r"^`name` must be one line of text without control characters; got "):
        sim.scenario("historical", name=called)


TREES = st.recursive(
    st.booleans() | st.integers(-99, 99) | st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=6),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text("abc-:#'", min_size=1, max_size=4), inner)),
    max_leaves=8,
)  # fmt: skip


@pytest.mark.heavy
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.text("xyz", min_size=1), TREES, min_size=1), st.booleans(), st.booleans())
def test_what_yaml_wrote_is_read_back(write, tree, ascii_only, windows):
    text = yaml.safe_dump(tree, allow_unicode=not ascii_only)
    if "${" in text or any(sign in text for sign in "\ufeff\ufffe\uffff"):
        return
    if re.search(r"[0-9][eE][-+]?[0-9]", text):  # text of this form is a number in files of Hydra
        return
    assert document(write(text.replace("\n", "\r\n") if windows else text)) == tree


@pytest.mark.heavy
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, len(GOOD)), st.binary(max_size=4) | st.text("\t\r\n\"'{}[]:-&*!|>%@`#,?0x \x00é", max_size=4))
def test_a_file_spoilt_in_one_place_is_a_scenario_or_one_sentence(write, place, spoil):
    content = GOOD.encode()
    path = write(content[:place] + (spoil if isinstance(spoil, bytes) else spoil.encode()) + content[place:])
    try:
        assert sim.scenario(str(path)).name == "mine"
    except InputError:
        return
