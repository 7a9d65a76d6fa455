"""Studies of equity: results, and messages before anything runs."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.errors import InputError
from sim.reports.text import text
from sim.studies.arms import scenarios_with
from sim.studies.equity import Equity, equity, scenario_names
from tests.offenders import each_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def small() -> Equity:
    """Study equity over few seeds."""
    return equity(arms=["no_backbone"], year=2013, seeds=2, jobs=1, uncertainty="point",
                  overrides={"setting.until": "2013-08"}, progress=False)  # fmt: skip


@pytest.mark.simulates
def test_it_has_tables_text_chapter_and_page(small):
    assert small.scenarios == ["historical_emergent", "no_backbone", "no_initiative"]
    assert set(small.wasted["arm"]) == {"no_backbone"}
    assert small.summary() == text(small.chapter())
    sentence = " ".join(small.summary().split())
    for words in ("Who gains in historical emergent", "Gaps of the arms beside historical emergent", "Counted as cost is",
                  "Money of the arms beside historical emergent", "A look, not a result: it rests on 2 pairs."):  # fmt: skip
        assert words in sentence, words
    assert small.plot.page().get_size_inches()[0] > 10
    assert "quintile 5, weakest" in small._repr_html_()
    assert small.record["command"].startswith("sim.equity(arms=['no_backbone'], year=2013, seeds=2")


@pytest.mark.simulates
def test_what_is_saved_comes_back(small, tmp_path):
    names = {path.name for path in small.save(tmp_path)}
    pages = {"equity.pdf", "equity.svg", "equity.png"}
    assert names == {"table.parquet", "equity.csv", "gaps.csv", "costs.csv", "equity.txt", *pages}
    loaded = Equity.load(tmp_path)
    assert loaded.summary() == small.summary()
    assert loaded.chapter() == small.chapter()
    pd.testing.assert_frame_equal(loaded.gains, small.gains, check_dtype=False)


@each_of(
    ("keys", "sentence"),
    [
        ({"arms": ["no_bakbone"]}, "unknown scenario `no_bakbone`; did you mean `no_backbone`?"),
        ({"arms": ["historical_emergent"]}, "`historical_emergent` is compared with itself"),
        ({"arms": []}, "`arms` must be a list of scenarios, for example [no_backbone,policy_late]; got []"),
        ({"arms": 5}, "`arms` must be a list of scenarios, for example [no_backbone,policy_late]; got 5"),
        (
            {"arms": ["no_initiative"]},
            "there is nothing to compare, since the only arm is the reference `no_initiative`; name another arm",
        ),
        (
            {"reference": "historical_emergent"},
            "`reference` cannot be the baseline `historical_emergent`, which is compared with it; name another scenario",
        ),
        ({"reference": "no_inititative"}, "unknown scenario `no_inititative`; did you mean `no_initiative`?"),
        ({"year": 2016}, "`year` must be one of 2013, 2017, 2020, in which groups are counted; got 2016"),
        ({"year": "soon"}, "`year` must be one of 2013, 2017, 2020, in which groups are counted; got 'soon'"),
        (
            {"overrides": {"setting.until": "2019-08"}},
            "the runs of `historical_emergent` (2005-09 to 2019-08) have no examination of `year` 2020; choose another year",
        ),
        ({"seeds": 1}, "`seeds` must be a whole number from 2; got 1"),
        ({"first_seed": -1}, "`first_seed` must be a whole number from 0; got -1"),
        ({"uncertainty": "nowhere.csv"}, "the posterior 'nowhere.csv' does not exist"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(monkeypatch, keys, sentence):
    monkeypatch.setattr("sim.studies.equity.compare_pairs", lambda *_, **__: pytest.fail("it ran"))
    with pytest.raises(InputError) as mistake:
        equity(**keys)
    assert str(mistake.value).startswith(sentence)


def test_a_reference_that_is_also_an_arm_is_run_once():
    names, reference = scenario_names("historical_emergent", ["no_backbone", "no_initiative"], "no_initiative")
    scenarios = scenarios_with("historical_emergent", names, None)
    assert [scenario.name for scenario in scenarios] == ["historical_emergent", "no_backbone", "no_initiative"]
    assert reference == "no_initiative"
