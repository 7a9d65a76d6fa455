"""Summaries of one scenario: one run, and many runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.errors import InputError
from sim.findings.fit import NO_YEAR, fit_text
from sim.studies.run_summary import RunSummary, run_summary
from tests.offenders import each_of
from tests.studies.round_trip import check_result

pytestmark = [pytest.mark.simulates, pytest.mark.slow]

SHORT = {"setting.until": "2014-08", "setting.burn_in": 2}


@pytest.fixture(scope="module")
def one() -> RunSummary:
    """Summarise a short run."""
    return run_summary("historical", first_seed=3, overrides=SHORT)


@pytest.fixture(scope="module")
def many() -> RunSummary:
    """Summarise two short runs."""
    return run_summary(
        "historical", seeds=2, overrides=SHORT, doubling={"by": 2014}, jobs=1, progress=False, uncertainty="posterior"
    )


def test_one_run_says_what_happened_beside_the_published_counts(one):
    text = one.summary()
    assert "historical, seed 3." in text
    assert "2013-07  launch" in text
    assert "Published national counts beside the run" in text
    assert {"outcomes.csv", "ties.csv", "page.pdf", "networks.png", "summary.txt"} <= set(one.contents())


def test_one_run_can_be_saved_loaded_and_shown(one, tmp_path):
    check_result(one, tmp_path / "out", "events.csv")


def test_a_run_that_was_read_is_simulated_again_for_new_figures_by_the_same_model_only(one, tmp_path):
    one.save(tmp_path / "out")
    again = RunSummary.load(tmp_path / "out")
    assert again.run.outcomes.equals(one.run.outcomes)
    other = replace(again, record=again.record | {"environment": {"model": "0123"}})
    with pytest.raises(InputError, match=r"^the run was made with another model version; make it again"):
        other.plot.page()


def test_many_runs_say_how_they_fit_and_how_often_they_double(many, tmp_path):
    text = many.summary()
    assert "historical, 2 seeds." in text
    assert "the record lies in the middle 90% of runs for " in text
    assert "P(twice 2012's 8,869 by 2014) = " in text
    check_result(many, tmp_path / "out", "table.parquet")
    with pytest.raises(InputError, match=r"^the summary is of 2 runs; `sim.simulate` gives one of them$"):
        _ = many.run


def test_runs_without_a_published_year_say_so(many):
    from sim.catalogue import targets

    early = many.frame[[name for name in many.frame if not str(name).startswith("maths5_examinees/")]]
    assert fit_text(early.assign(**{"maths5_examinees/2012/national": float("nan")}), targets()) == NO_YEAR


@each_of(
    ("options", "sentence"),
    [
        ({"scenario": "nothing"}, "unknown scenario `nothing`"),
        ({"seeds": 2}, "the run ends (2014-08) before the examination of `doubling.by` 2020"),
        ({"seeds": 0}, "`seeds` must be a whole number from 1; got 0"),
        ({"first_seed": "one"}, "`first_seed` must be a whole number from 0; got 'one'"),
        ({"doubling": {"to": 2}}, "`doubling` must be a mapping with the keys base, factor, of, by; got {'to': 2}"),
        ({"overrides": []}, "`overrides` must hold parameters by dotted name; got []"),
        (
            {"uncertainty": "much"},
            "`uncertainty` must be point, posterior, structures or the path of a table; got 'much'",
        ),
        ({"jobs": 0}, "`jobs` "),
    ],
    ids=str,
)
def test_wrong_options_are_refused_in_one_sentence(options, sentence):
    with pytest.raises(InputError) as mistake:
        run_summary(**({"overrides": SHORT, "progress": False} | options))
    assert sentence in str(mistake.value)
    assert "\n" not in str(mistake.value)


def test_a_folder_of_another_kind_is_left_alone(one, tmp_path):
    (tmp_path / "manifest.json").write_text('{"kind": "comparison"}')
    with pytest.raises(InputError, match=r"holds a comparison, not a run; give another `out`$"):
        one.save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]
