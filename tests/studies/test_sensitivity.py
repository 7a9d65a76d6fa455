"""Sensitivity analyses: of a sweep in memory, saved and loaded, and messages for wrong input."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest

from sim.design.factors import factors_of
from sim.design.samples import sampled
from sim.errors import InputError
from sim.reports.text import text
from sim.runs.ensemble import Ensemble
from sim.studies.sensitivity import sensitivity
from sim.studies.sensitivity_result import Sensitivity
from sim.sweeps.sweep import sweep
from tests.offenders import each_of

pytestmark = pytest.mark.slow

FACTORS = ("trust.gain", "trust.ratio", "meeting.alone")


def invented(kind: str, n: int, seeds: int = 4) -> Ensemble:
    """Return a sweep whose examinees rise with the gain of trust, and whose consensus is constant."""
    factors, rng, rows = factors_of(FACTORS), np.random.default_rng(1), []
    for number, values in enumerate(sampled(kind, factors, n).values):
        for seed in range(1, seeds + 1):
            row = {"scenario": "invented", "sample": number, **values, "dates": "emergent", "seed": seed}
            late = 9000.0 + 120000.0 * values["trust.gain"] + rng.normal(0, 200)
            yearly = {f"examinees_{year}": 9000.0 if year < 2017 else late for year in range(2012, 2021)}
            rows.append(row | yearly | {"consensus": 0.5})
    sampling = {"kind": kind, "n": n, "factors": [asdict(factor) for factor in factors]}
    return Ensemble(pd.DataFrame(rows), (), {"command": "sim.sweep(...)", "sampling": sampling})


@pytest.fixture(scope="module")
def sobol():
    """Analyse a small Saltelli design."""
    pytest.importorskip("SALib")
    pytest.importorskip("ema_workbench")
    return sensitivity(invented("sobol", 16))


@pytest.mark.simulates
def test_a_simulated_sweep_in_memory_knows_its_sample():
    pytest.importorskip("SALib")
    short = {"setting.until": "2010-08", "setting.burn_in": 0}
    runs = sweep("sobol", ["trust.gain", "trust.ratio"], n=8, overrides=short, jobs=1, progress=False)
    runs.frame["members"] = runs.frame["trust.gain"]  # what the model says is of no interest here
    assert runs.record["sampling"]["n"] == 8
    analysis = sensitivity(runs, outcomes="members", boxes=False)
    assert set(analysis.indices["factor"]) == {"trust.gain", "trust.ratio"}
    assert analysis.record["command"].endswith("outcomes='members', boxes=False)")


def test_what_matters_is_what_was_put_in(sobol):
    last = sobol.indices[(sobol.indices["n"] == 16) & (sobol.indices["outcome"] == "examinees_2020")]
    assert last.loc[last["ST"].idxmax(), "factor"] == "trust.gain"
    assert "examinees_2020: ST trust.gain" in sobol.summary()
    assert "`consensus` is 0.5 in every sample" in sobol.summary()
    assert "`trust.gain` above" in sobol.summary()
    assert list(sobol.plot.pages()) == ["seeds", "indices-1", "box-1"]


@pytest.mark.simulates
@pytest.mark.parametrize("kind", ["lhs", "morris", "sobol"])
def test_a_loaded_one_says_what_the_first_one_said(tmp_path, kind):
    pytest.importorskip("SALib")
    pytest.importorskip("ema_workbench")
    analysis = sensitivity(invented(kind, 16))
    files = {path.name for path in analysis.save(tmp_path)}
    assert {"sensitivity.csv", "sensitivity.txt", "sensitivity-seeds.csv", "sensitivity-samples.csv"} <= files
    loaded = Sensitivity.load(tmp_path)
    assert loaded.summary() == analysis.summary() == (tmp_path / "sensitivity.txt").read_text()
    assert loaded.chapter() == analysis.chapter()
    assert text(loaded.chapter("Mine")).startswith("Mine\n====\n")
    pd.testing.assert_frame_equal(loaded.indices, analysis.indices, check_dtype=False)
    assert "<svg" in loaded._repr_html_()
    assert repr(loaded) == "<Sensitivity of invented; see .summary(), .plot and .save(folder)>"


@pytest.mark.simulates
def test_every_claim_of_its_chapter_rests_on_a_row(sobol):
    claims, rows, *_ = sobol.chapter().blocks
    assert [claim.row for claim in claims.claims] == list(rows.keys)


@pytest.mark.heavy
def test_a_grid_says_how_many_seeds_are_enough_and_has_no_indices(tmp_path):
    runs = replace(invented("lhs", 16), record={"command": "sim.sweep('grid')"})
    analysis = sensitivity(runs, within=0.01)
    assert "Seeds for intervals (95%) within 1%" in analysis.summary()
    assert "no indices: the design of the sweep is grid; use design=sobol, morris or lhs" in analysis.summary()
    analysis.save(tmp_path)
    assert not (tmp_path / "sensitivity.csv").exists()
    assert Sensitivity.load(tmp_path).chapter() == analysis.chapter()


@pytest.mark.parametrize(("kind", "n", "least"), [("sobol", 4, 8), ("morris", 2, 4), ("lhs", 8, 16)])
def test_a_design_too_small_for_indices_is_refused(kind, n, least):
    with pytest.raises(
        InputError, match=rf"a {kind} design of n={n} is too small for indices.* n of at least {least}, better"
    ):
        sensitivity(invented(kind, n, seeds=1), boxes=False)


def test_runs_that_failed_are_counted():
    pytest.importorskip("SALib")
    whole = invented("lhs", 16)
    failed = Ensemble(whole.frame, ({"dates": "emergent", "seed": 5, "traceback": "no"},), whole.record)
    assert sensitivity(failed, boxes=False).summary().startswith("of 65 runs 1 are missing")


def test_the_folder_of_another_sweep_is_left_as_it_is(sobol, tmp_path):
    manifest = json.dumps({"command": "another sweep", "design": [], "seeds": [1, 1]})
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(InputError, match="holds another sweep than the analysed one"):
        sobol.save(tmp_path)
    (tmp_path / "manifest.json").write_text('{"kind": "comparison"}')
    with pytest.raises(InputError, match="holds a comparison, not a sweep"):
        sobol.save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


@pytest.mark.heavy
def test_what_was_changed_or_broken_since_is_not_loaded(sobol, tmp_path):
    sobol.save(tmp_path)
    table = tmp_path / "sensitivity.csv"
    table.write_text(table.read_text().replace("trust.gain", "trust.loss"))
    with pytest.raises(InputError, match=r"sensitivity.csv was changed after it was written"):
        Sensitivity.load(tmp_path)
    (tmp_path / "sensitivity.json").write_text("{}")
    with pytest.raises(InputError, match=r"sensitivity.json is broken"):
        Sensitivity.load(tmp_path)
    with pytest.raises(InputError, match="there is no sensitivity analysis in"):
        Sensitivity.load(tmp_path / "none")


def test_a_figure_that_there_is_not_is_refused(sobol):
    with pytest.raises(InputError, match="unknown figure 'box-7'; there are seeds, indices-1, box-1"):
        sobol.plot.page("box-7")


WRONG = {
    "no sweep": ({"sweep": 5}, "a sweep must be the path of its folder, or made by `sim.sweep`; got 5"),
    "no folder": ({"sweep": "there/is/none"}, "there is no sweep in there/is/none"),
    "unknown outcome": ({"outcomes": "examinees_2071"}, "the table has no outcome 'examinees_2071'"),
    "no outcome": ({"outcomes": []}, "the table has no outcome []"),
    "a number": ({"outcomes": 5}, "the table has no outcome 5"),
    "it never varies": ({"outcomes": ["consensus"]}, "`consensus` is 0.5 in every sample"),
    "reach": ({"within": 0}, "`within` must be a share of an outcome's mean, above 0; got 0"),
    "reach in words": ({"within": "narrow"}, "`within` must be a share"),
    "boxes": ({"boxes": "some"}, "`boxes` must be true or false; got 'some'"),
    "doubling": ({"doubling": {"factor": -1}}, "`doubling.base` and `doubling.factor` must be above 0"),
}


@each_of("case", WRONG)
def test_a_wrong_option_ends_in_one_sentence(case):
    pytest.importorskip("SALib")
    options, sentence = WRONG[case]
    with pytest.raises(InputError) as refused:
        sensitivity(**{"sweep": invented("lhs", 16), **options})
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_points_of_another_design_are_refused():
    pytest.importorskip("SALib")
    runs = invented("lhs", 16)
    moved = replace(runs, frame=runs.frame.assign(**{"trust.gain": 0.1}))
    with pytest.raises(InputError, match="the points of the table are not those of the design"):
        sensitivity(moved)


def test_without_salib_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.analyze", None)
    with pytest.raises(InputError, match="estimated by SALib, which is not installed; it needs the extra `analysis`"):
        sensitivity(invented("lhs", 16), boxes=False)
