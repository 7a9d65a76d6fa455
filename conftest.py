"""Rules for every test, of `tests/` and of the docstrings: quick tests are quick, and one worker has the tests of a file."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.watching import TOTAL, Counts, begin, complaint

collect_ignore_glob = [] if find_spec("solara") else ["sim/dashboard/*"]
"""The examples of a package whose extra is not installed are left out."""

BEFORE = pytest.StashKey[Counts]()
OF_FIXTURES: dict[tuple[str, str], Counts] = {}
"""What was done by each fixture that more than one test uses, by its name and place."""

SHARED = Path("tests", "stories")
"""The tests of this folder share a table of runs, so that one worker has all of them."""

LEFT_OUT = re.compile(r"not \w+( and not \w+)*")
"""A choice of tests by the markers that they must not have."""

MARKED = re.compile(r"^pytestmark = (\[[^\]]*\]|.*)$", re.MULTILINE)

begin()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not read a file of which the chosen markers leave out every test: it takes as long as to run many quick ones."""
    if collection_path.suffix != ".py" or not collection_path.name.startswith("test_") or not left_out(config):
        return None
    marks = MARKED.search(collection_path.read_text(encoding="utf-8"))
    names = set(re.findall(r"pytest\.mark\.(\w+)", marks[1])) if marks else set()
    return bool(names & left_out(config)) or None


def left_out(config: pytest.Config) -> set[str]:
    """Return the markers of the tests that are not run; empty if they are chosen in another way."""
    chosen = config.option.markexpr
    return set(re.findall(r"not (\w+)", chosen)) if LEFT_OUT.fullmatch(chosen) else set()


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector):
    """Leave the docstrings of tests alone: they hold no examples, and to look for them takes as long as to read the tests."""
    collectors = yield
    within_tests = parent.config.rootpath / "tests" in file_path.parents
    return [item for item in collectors if type(item) is pytest.Module] if within_tests else collectors


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log):
    """Send the tests of a file to one worker (`--dist loadfile`): they share what their fixtures make."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        """One worker for a file, and one for all files that share a table of runs."""

        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return str(SHARED) if Path(file).is_relative_to(SHARED) else file

    return Scheduling(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef, request):
    """Note what a fixture does that is there for more than one test: it counts for each that uses it."""
    before = TOTAL.copied()
    answer = yield
    if fixturedef.scope != "function":
        OF_FIXTURES[fixturedef.argname, fixturedef.baseid] = TOTAL.since(before)
    return answer


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item):
    """Remember what was done before a test."""
    item.stash[BEFORE] = TOTAL.copied()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item):
    """Fail a test that does what other tests are left out for."""
    answer = yield
    names = getattr(item, "fixturenames", ())
    shared = [done for (name, at), done in OF_FIXTURES.items() if name in names and item.nodeid.startswith(at)]
    for done in (TOTAL.since(item.stash[BEFORE]), *shared):
        if sentence := complaint(item, done, left_out(item.config)):
            pytest.fail(sentence, pytrace=False)
    return answer
