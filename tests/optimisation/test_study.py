"""`sim.optimise` as a user calls it: what it returns, keeps, loads and refuses."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import pandas as pd
import pytest

from sim.configuration import scenario
from sim.errors import InputError
from sim.optimisation.result import Optimisation
from sim.optimisation.study import TASKS, optimise
from sim.reports.text import text
from tests.offenders import each_of

pytestmark = [pytest.mark.simulates, pytest.mark.slow]

TINY = {"generations": 2, "population": 2, "seeds": 2, "fresh": 3, "finalists": 2, "jobs": 1, "progress": False,
        "overrides": {"setting.until": "2020-08"}}  # fmt: skip


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A small optimisation that keeps its runs, and its folder."""
    pytest.importorskip("optuna", reason="the extra `analysis` is not installed")
    folder = tmp_path_factory.mktemp("optimise") / "out"
    return optimise(**TINY, out=folder), folder


def test_it_returns_candidates_front_and_runs(saved):
    result, _ = saved
    assert result.candidates["generation"].iloc[0] == 0
    assert result.front["decision"].tolist()[0] == "as it is"
    assert result.front[list(TASKS)].sum(axis=1).round(9).tolist() == [1.0] * len(result.front)
    assert set(result.front["n"]) == {3}
    assert len(result.runs) == 3 * len(result.front)
    assert result.record["command"].startswith("sim.optimise(overrides={'setting.until': '2020-08'}, seeds=2")
    assert repr(result) == "<Optimisation of historical emergent; see .summary(), .plot and .save(folder)>"
    assert "<svg" in result._repr_html_()


def test_every_claim_of_its_chapter_rests_on_a_row(saved):
    _, claims, _, rows, _ = saved[0].chapter("Budget").blocks
    assert {claim.row for claim in claims.claims} <= set(rows.keys)


def test_a_loaded_one_says_what_the_first_one_said(saved, tmp_path):
    result, _ = saved
    files = result.save(tmp_path)
    assert {path.name for path in files} == {
        *(f"{name}.csv" for name in ("candidates", "front", "runs")),
        *(f"front.{form}" for form in ("pdf", "svg", "png")),
        "optimise.txt",
    }
    loaded = Optimisation.load(tmp_path)
    assert loaded.summary() == result.summary() == (tmp_path / "optimise.txt").read_text()
    assert loaded.chapter() == result.chapter()
    assert text(loaded.chapter()) == text(result.chapter())
    pd.testing.assert_frame_equal(loaded.front, result.front, check_dtype=False)


def test_the_same_call_simulates_nothing_again(saved):
    result, folder = saved
    times = {path.name: path.stat().st_mtime_ns for path in (folder / "parts").iterdir()}
    again = optimise(**TINY, out=folder)
    assert again.summary() == result.summary()
    assert times == {path.name: path.stat().st_mtime_ns for path in (folder / "parts").iterdir()}


def test_another_search_in_the_same_folder_is_refused(saved):
    with pytest.raises(
        InputError, match=r"was started with another search \(search_seed: 1, now 2\); give another `out`"
    ):
        optimise(**TINY, search_seed=2, out=saved[1])


def test_without_a_folder_nothing_is_left(saved, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert optimise(**TINY).summary() == saved[0].summary()
    assert not list(tmp_path.glob("optimisation-*"))


def test_a_search_that_is_not_finished_says_so(saved, tmp_path):
    manifest = json.loads((saved[1] / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps({key: manifest[key] for key in manifest if key != "terms"}))
    with pytest.raises(InputError, match=r"^the optimisation in .* has not ended: sim.optimise\(.* resumes it$"):
        Optimisation.load(tmp_path)


def test_the_folder_of_a_search_that_has_ended_can_be_loaded(saved):
    result, folder = saved
    assert Optimisation.load(folder).summary() == result.summary()


def test_a_search_without_finalists_is_one_sentence(saved, tmp_path):
    result, _ = saved
    nothing = Optimisation(result.candidates, pd.DataFrame(), pd.DataFrame(), result.record)
    assert nothing.summary().endswith("is on the Pareto front: the scenario as it is dominates all of them.")
    nothing.save(tmp_path)
    assert Optimisation.load(tmp_path).chapter() == nothing.chapter()
    with pytest.raises(InputError, match="there is no figure"):
        nothing.plot.page()


WRONG = {
    "no goal": ({"more": [], "less": None}, "there is no goal"),
    "goals": ({"more": 5}, "`more` and `less` must be lists of outcomes; got 5"),
    "robustness": ({"robust": "best"}, "`robust` must be one of mean, worst_quarter; got 'best'"),
    "outcome": ({"more": "examinee_2020"}, "`examinee_2020` is not an outcome"),
    "posterior": ({"uncertainty": "mine.csv"}, "the posterior 'mine.csv' does not exist"),
    "scenario": ({"scenario": "histrical"}, "did you mean `historical`"),
    "no scenario": ({"scenario": 5}, "a scenario must be a name, or made by"),
    "timing": ({"scenario": scenario("historical_emergent"), "timing": 6}, "has its own `timing`"),
    "overrides": ({"overrides": "facilitation"}, "`overrides` must be a mapping of parameters by dotted name"),
    "unknown parameter": ({"overrides": {"backbone.facilitatio": 1}}, "did you mean `backbone.facilitation`"),
    "seeds": ({"seeds": 1}, "`seeds` must be a whole number from 2; got 1"),
    "population": ({"population": 1}, "`population` must be a whole number from 2; got 1"),
    "generations": ({"generations": 0.5}, "`generations` must be a whole number from 1; got 0.5"),
    "finalists": ({"finalists": 0}, "`finalists` must be a whole number from 1; got 0"),
    "fresh": ({"fresh": "many"}, "`fresh` must be a whole number from 2; got 'many'"),
    "jobs": ({"jobs": 0}, "`jobs`"),
    "doubling": ({"doubling": {"bye": 2020}}, "`doubling` must be a mapping with the keys"),
    "too short": (
        {"overrides": {"setting.until": "2018-08"}, "more": ["examinees_2018"], "less": "offered"},
        "before the examination of `doubling.by` 2020",
    ),
    "split": ({"split": "backbone.convene"}, "`split` must be a list of parameters"),
}


@each_of("case", WRONG)
def test_a_wrong_option_is_refused_before_anything_runs(tmp_path, case):
    options, sentence = WRONG[case]
    with pytest.raises(InputError) as refused:
        optimise(**options, out=tmp_path / "out")
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_a_folder_of_other_work_is_refused(tmp_path):
    pytest.importorskip("optuna", reason="the extra `analysis` is not installed")
    (tmp_path / "manifest.json").write_text('{"kind": "comparison"}')
    with pytest.raises(InputError, match="holds a comparison, not an optimisation"):
        optimise(**TINY, out=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_without_optuna_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(
        InputError, match="the search needs Optuna, which is not installed; it needs the extra `analysis`"
    ):
        optimise(**TINY, out=tmp_path / "out")
    assert not Path(tmp_path / "out").exists()
