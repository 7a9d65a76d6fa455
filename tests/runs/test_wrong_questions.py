"""Wrong input from Python ends in one sentence, and no file is half-written."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.agents.foundation import Foundation
from sim.agents.organisation import Organisation
from sim.results.files import all_written
from sim.results.store import Store
from tests.offenders import each_of

SCENARIO = sim.scenario("historical_emergent", overrides={"setting.until": "2006-08", "setting.burn_in": 0})
OTHER = SCENARIO.with_({"backbone.facilitation": 0.1}, "other")


@pytest.fixture(scope="module")
def run() -> sim.Run:
    return sim.simulate(SCENARIO, 1)


@pytest.fixture(scope="module")
def pairs() -> sim.Pairs:
    return sim.compare(SCENARIO, OTHER, 2, jobs=1, progress=False)


def refused(question: Callable[[], Any]) -> str:
    with pytest.raises(sim.InputError) as mistake:
        question()
    message = str(mistake.value)
    assert "\n" not in message
    assert 0 < len(message) <= 620
    return message


STRANGE: list[Any] = [5, None, ["x"], {}, b"x", 1.5, np.array([1, 2]), pd.DataFrame(), ...]


@each_of("scenario", [*STRANGE, "histoical"], ids=lambda value: type(value).__name__)
def test_only_a_scenario_is_simulated(scenario: Any) -> None:
    sentences = (
        "a scenario must be a name, or made by `sim.scenario`; got ",
        "unknown scenario `histoical`",
    )
    assert refused(lambda: sim.simulate(scenario)).startswith(sentences)
    assert refused(lambda: sim.CollaborationModel(scenario)).startswith(sentences)


@each_of("seed", [-1, "x", 1.5, True, None, 2**31, 10**40, [1], float("nan")])
def test_a_seed_is_a_whole_number(seed: Any) -> None:
    if seed is not None:  # Mesa's batch runs say so where they have no seed
        assert refused(lambda: sim.CollaborationModel(SCENARIO, seed)).startswith("a seed must be ")
        assert refused(lambda: sim.CollaborationModel(SCENARIO, rng=seed)).startswith("a seed must be ")
    assert refused(lambda: sim.simulate(SCENARIO, seed)).startswith("a seed must be ")


@each_of(
    ("kinds", "sentence"),
    [
        ({"foundaton": Foundation}, "'foundaton' is not a kind; use one of ministry, foundation"),
        ({5: Foundation}, "5 is not a kind; use one of "),
        ({"foundation": 5}, "a class that decides for foundation must be one of `sim.agents`; got 5"),
        ({"foundation": dict}, "a class that decides for foundation must be one of `sim.agents`; got <class 'dict'>"),
        (
            {"ministry": Foundation},
            "a class that decides for ministry must be a subclass of `Ministry`; `Foundation` is",
        ),
        ({"ngo": Organisation}, "a class that decides for ngo must be a subclass of `NGO`; `Organisation` is not"),
        ([Foundation], "`kinds` must be a dict from names of kinds to classes; got [<class"),
    ],
)
def test_kinds_are_classes_of_known_kinds(kinds: Any, sentence: str) -> None:
    assert refused(lambda: sim.simulate(SCENARIO, 1, kinds=kinds)).startswith(sentence)


@each_of("kind", [5, "x", type("Guild", (), {"kind": ["guild"]}), type("Fund", (), {"kind": "ngo"}),
                                  type(Foundation)("Fund", (Foundation,), {"kind": "ngo"})])  # fmt: skip
def test_what_is_no_class_of_a_kind_is_not_registered(kind: Any) -> None:
    from sim.agents import KIND_CLASSES

    before = dict(KIND_CLASSES)
    refused(lambda: sim.register(kind))
    assert before == KIND_CLASSES


@each_of("scenarios", [*STRANGE, [SCENARIO, None], [SCENARIO, SCENARIO], [5]], ids=lambda value: type(value).__name__)
def test_an_ensemble_is_of_scenarios(scenarios: Any) -> None:
    refused(lambda: sim.ensemble(scenarios, 1, jobs=1, progress=False))
    refused(lambda: sim.compare(scenarios, [OTHER], 1, jobs=1, progress=False))
    refused(lambda: sim.compare(OTHER, scenarios, 1, jobs=1, progress=False))
    if scenarios is not STRANGE[0]:
        refused(lambda: sim.diff(scenarios, "historical"))


@each_of("jobs", [-1, 0, "x", 1.5, True, 10**9, [1], float("nan")])
def test_jobs_are_a_whole_number_whatever_is_asked(jobs: Any) -> None:
    for question in (
        lambda: sim.ensemble(SCENARIO, 1, jobs=jobs, progress=False),
        lambda: sim.compare(SCENARIO, OTHER, 2, jobs=jobs, progress=False),
    ):
        assert refused(question).startswith("`jobs` must be ")


@each_of("values", [5, "x", [1], {5: 1}, {"x": 1}])
def test_what_is_set_in_an_ensemble_are_parameters(values: Any) -> None:
    refused(lambda: sim.ensemble(SCENARIO, 1, jobs=1, overrides=values, progress=False))
    refused(lambda: sim.simulate(SCENARIO, 1, overrides=values))
    refused(lambda: SCENARIO.with_(values))


@each_of("outcome", [*STRANGE, "scenario", "dates", "seed", "examinees_2041"], ids=repr)
def test_only_outcomes_are_compared(pairs: sim.Pairs, outcome: Any) -> None:
    sentences = ("unknown outcome `", "differences are of one outcome at a time; got ['x']")
    assert refused(lambda: pairs.differences(outcome)).startswith(sentences)
    assert refused(lambda: pairs.plot.effects(outcome)).startswith(sentences)


@each_of("decision", [*STRANGE, "pilots", ""], ids=repr)
def test_only_decisions_are_explained(run: sim.Run, decision: Any) -> None:
    for asks in (run.why, run.because):
        message = refused(lambda asks=asks: asks(decision))
        assert message.startswith(
            "`decision` must be one of ministry_joins, pilot, national, joining, pledge, placement, admission, motion, "
            "track; got "
        )


@each_of("year", ["2006", 2005, 1.5, [2006], {}, True, b"x"], ids=repr)
def test_only_years_that_were_simulated_have_a_network(run: sim.Run, year: Any, tmp_path: Path) -> None:
    assert refused(lambda: run.network(year)).startswith("the run has no school year ")
    refused(lambda: run.to_graphml(tmp_path / "network.graphml", year))
    refused(lambda: run.export(tmp_path / "network.gexf", year))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.heavy
@each_of("path", [*STRANGE, "", "a\0b", "x" * 300, "/dev/null/x", "/proc/x"], ids=lambda v: str(v)[:9])
def test_tables_are_written_where_a_path_says_or_not_at_all(run: sim.Run, path: Any) -> None:
    for write in (run.to_csv, run.to_parquet, run.to_graphml, run.export):
        refused(lambda write=write: write(path))


def test_what_is_no_file_is_not_replaced(run: sim.Run, tmp_path: Path) -> None:
    (tmp_path / "network.graphml").mkdir()
    os.mkfifo(tmp_path / "years.csv")
    assert refused(lambda: run.to_graphml(tmp_path / "network.graphml")).endswith("it exists and is not a file")
    assert refused(lambda: run.to_csv(tmp_path)).endswith("years.csv cannot be written: it exists and is not a file")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["network.graphml", "years.csv"]


def test_a_full_disk_leaves_all_files_or_none(run: sim.Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "years.csv").write_text("as it was")
    flushed: list[int] = []

    def full(file: int) -> None:
        flushed.append(file)
        if len(flushed) > 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    assert refused(lambda: run.to_csv(tmp_path)).endswith("cannot be written: No space left on device")
    assert [path.name for path in tmp_path.iterdir()] == ["years.csv"]
    assert (tmp_path / "years.csv").read_text() == "as it was"


def test_an_interruption_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(file: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        all_written({tmp_path / "one": b"1", tmp_path / "two": b"2"})
    assert list(tmp_path.iterdir()) == []


@each_of("content", ["", "[1", "[]", "5", "null"])
def test_a_broken_manifest_is_refused(tmp_path: Path, content: str) -> None:
    store = Store.at(tmp_path)
    (tmp_path / "manifest.json").write_text(content)
    if content != "[]":
        assert "is missing or broken" in refused(store.manifest)
    (tmp_path / "failures").mkdir()
    (tmp_path / "failures" / "a.json").write_text(content or "{")
    if content != "[]":
        assert refused(store.failures).endswith("is broken; delete it and sweep again")


@each_of("path", [*STRANGE, "", "nowhere.csv", "x" * 5000 + ".csv", "a\0.csv"], ids=lambda v: str(v)[:9])
def test_only_files_are_checked(path: Any) -> None:
    refused(lambda: sim.check(path))


def test_a_scenario_that_names_another_file_has_read_it(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("name,kind,capacity\nA,foundation,1\nB,ngo,2\n")
    scenario = SCENARIO.with_({"setting.organisations": str(tmp_path / "o.csv")})
    assert scenario.files.organisations is not None
    assert SCENARIO.files.organisations is None
    assert len(sim.simulate(scenario).organisations) == 4
    assert scenario.with_({"backbone.facilitation": 0.3}).files is scenario.files


class Hasty(Foundation):
    """Foundation that leaves unless it is a founder."""

    def chance_of_leaving(self, trust: Any) -> Any:
        """Return nine in ten, whatever the trust."""
        return np.full(np.shape(trust), 0.9)


@pytest.mark.simulates
def test_a_class_of_the_users_own_may_leave_with_any_chance() -> None:
    from sim.dates import month_of

    scenario, month = sim.scenario("historical_emergent"), month_of("2013-08")
    gone, stayed = 0, 0
    for seed in range(1, 9):
        before = sim.CollaborationModel(scenario, seed, kinds={"foundation": Hasty}).run_until_month(month)
        table = before.world.organisations
        free = (table.kind == 1) & table.member & ~table.founder
        after = before.run_until_month(month + 1).world.organisations.member
        gone, stayed = gone + int((free & ~after).sum()), stayed + int((free & after).sum())
    assert gone > 3 * stayed
