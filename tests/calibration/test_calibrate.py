"""A calibration, tiny: it goes on to the same posterior, is saved and read back, and refused with another model."""

from __future__ import annotations

import inspect
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.distance import LIMIT
from sim.errors import InputError
from sim.findings.calibration import effective_sentence
from sim.parameters import uncertain
from sim.results.lock import lock_folder
from sim.runs.models import fixed_in, models
from sim.runs.posterior import table_of
from tests.calibration.test_stages import project_stages

pytest.importorskip("emcee", reason="needs the extra `calibration`")

from sim.calibration.calibrate import calibrate
from sim.calibration.options import checked_options
from sim.calibration.stages import planned_stages
from sim.calibration.summary import Calibration

pytestmark = pytest.mark.slow

DEFAULTS = {name: each.default for name, each in inspect.signature(calibrate).parameters.items()}

SCHOOLS = {**project_stages()["schools"], "until": "2007-08"}
TINY = {
    "stage": {"schools": SCHOOLS},
    "overrides": {"setting.burn_in": 0},
    "draws": 60,
    "repeats": 2,
    "sets": 8,
    "shown": 2,
    "rounds": 2,
    "extra_rounds": 0,
    "jobs": 1,
    "progress": False,
}


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> tuple[Calibration, Path]:
    """A calibration of two rounds and the folder that keeps it."""
    folder = tmp_path_factory.mktemp("calibrate") / "out"
    result = calibrate(**TINY, out=folder)
    return result, folder


@pytest.mark.simulates
def test_a_calibration_gives_a_posterior_and_says_what_it_rests_on(study):
    result, folder = study
    assert list(result.posterior.columns) == uncertain()
    assert len(result.posterior) == 8
    assert list(result.rounds["stage"]) == ["schools", "schools"]
    assert list(result.rounds["draws"]) == [60, 60]
    assert set(result.information["parameter"]) <= set(uncertain())
    assert list(result.distances["set"]) == [0, 1]
    assert result.recovery is None
    assert result.rivals is None
    pd.testing.assert_frame_equal(sim.posterior(folder / "posterior.csv"), result.posterior)
    text = result.summary()
    for words in (
        "Stage schools",
        "R-hat at most",
        "Posterior predictive checks",
        "Prior against posterior",
        "Strongest rank correlations",
        "as new defaults",
    ):
        assert words in text


PAIRED = {
    "stage": {"own": {"scenarios": ["historical"], "until": "2017-08", "parameters": ["staffing.seats_per_hour"]}},
    "draws": 10,
    "rounds": 1,
    "repeats": 3,
    "sets": 4,
    "shown": 2,
    "jobs": 1,
    "progress": False,
}
"""A calibration that reaches the measured effect of hours, with as few runs as can be."""


@pytest.mark.simulates
def test_the_effect_of_hours_is_fitted_and_shown_beside_what_was_measured(tmp_path):
    result = calibrate(**PAIRED, out=tmp_path / "out")
    row = result.fits.set_index("pattern").loc["boys_gain_by_hours"]
    assert row["observed"] == 0.03
    assert row["n"] == 2
    column = "boys_gain_by_hours/2017/policy"
    assert row["median"] == pytest.approx(result.runs[column].median())
    values = result.posterior.iloc[1]
    (stage,) = planned_stages(checked_options({**DEFAULTS, **PAIRED}))
    assert result.runs.set_index("seed")[column][1] == stage.of_pairs.figures(values, 1)[0]
    assert (result.distances["distance"] < LIMIT).all()
    assert "boys_gain_by_hours" in result.summary()
    assert f"historical: {column}" in result.record["targets"]
    pd.testing.assert_frame_equal(Calibration.load(tmp_path / "out").runs, result.runs)


@pytest.mark.simulates
def test_a_calibration_says_how_many_independent_facts_it_rests_on_and_what_they_teach(study):
    numbers = study[0].record["effective"]
    assert numbers["facts"] == 1
    assert numbers["independent"] == pytest.approx(1.0)
    assert numbers["parameters"] == study[0].record["estimated"]
    assert numbers["learned"] < numbers["parameters"]
    assert effective_sentence(numbers) in " ".join(study[0].summary().split())


@pytest.mark.simulates
def test_a_folder_without_effective_numbers_is_of_an_earlier_version(study, tmp_path):
    folder = tmp_path / "earlier"
    shutil.copytree(study[1], folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest.pop("effective")
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(InputError, match=r"is of an earlier version, without effective numbers; choose another `out`"):
        Calibration.load(folder)


@pytest.mark.simulates
def test_what_is_saved_is_read_back_and_says_the_same(study, tmp_path):
    result, folder = study
    for again in (Calibration.load(folder), copied(result, tmp_path)):
        assert again.summary() == result.summary()
        assert again.chapter() == result.chapter()
        for name in (
            "posterior",
            "rounds",
            "information",
            "fits",
            "distances",
            "sampling",
            "errors",
            "chain",
            "checks",
        ):
            pd.testing.assert_frame_equal(getattr(again, name), getattr(result, name), check_dtype=False)
        pd.testing.assert_frame_equal(again.runs, result.runs)


def copied(result: Calibration, folder: Path) -> Calibration:
    """The result saved in a new folder and read from there."""
    result.save(folder / "copy")
    return Calibration.load(folder / "copy")


@pytest.mark.simulates
def test_it_shows_itself_in_a_notebook_and_draws_its_page(study):
    import matplotlib.pyplot as plt

    result, _ = study
    assert "<svg" in result._repr_html_()
    assert repr(result).startswith("<Calibration")
    page = result.plot.page()
    assert "parameter sets" in " ".join(text.get_text() for text in page.texts)
    plt.close(page)


@pytest.mark.simulates
def test_parts_of_rounds_keep_their_form(study):
    parts = sorted((study[1] / "schools").glob("*.parquet"))
    assert [path.name for path in parts] == [f"0{n}-0000{at}.parquet" for n in (1, 2) for at in ("00", "50")]
    assert sum(len(pd.read_parquet(path)) for path in parts) == 120


@pytest.mark.simulates
def test_a_calibration_without_its_stored_fits_or_with_torn_ones_gives_the_same_posterior(study, tmp_path):
    result, folder = study
    again = tmp_path / "again"
    shutil.copytree(folder, again)
    first, second = sorted((again / "schools").glob("*.npz"))
    first.unlink()
    second.write_bytes(second.read_bytes()[:1000])
    pd.testing.assert_frame_equal(calibrate(**TINY, out=again).posterior, result.posterior)
    assert second.stat().st_size == sorted((folder / "schools").glob("*.npz"))[1].stat().st_size


@pytest.mark.simulates
def test_a_torn_part_is_drawn_again_and_the_posterior_is_the_same(study, tmp_path):
    result, folder = study
    again = tmp_path / "again"
    shutil.copytree(folder, again)
    torn = sorted((again / "schools").glob("*.parquet"))[1]
    whole = torn.read_bytes()
    torn.write_bytes(whole[: len(whole) // 2])
    pd.testing.assert_frame_equal(calibrate(**TINY, out=again).posterior, result.posterior)
    assert torn.read_bytes() == whole


@pytest.mark.simulates
@pytest.mark.parametrize("kind", ["calibration", "study"])
def test_a_calibration_of_another_model_version_is_refused_and_left_alone(study, tmp_path, kind):
    folder = tmp_path / "old"
    shutil.copytree(study[1], folder)
    manifest = json.loads((folder / "manifest.json").read_text()) | {"model": "another", "kind": kind}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    with pytest.raises(InputError, match=r"was started with another model version \(another, now "):
        calibrate(**TINY, out=folder)
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == before


@pytest.mark.simulates
def test_a_folder_at_work_or_with_other_work_is_refused(study, tmp_path):
    with lock_folder(study[1]), pytest.raises(InputError, match="works in"):
        calibrate(**TINY, out=study[1])
    (tmp_path / "manifest.json").write_text('{"kind": "sweep"}')
    with pytest.raises(InputError, match="holds a sweep, not a calibration"):
        calibrate(**TINY, out=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


@pytest.mark.simulates
def test_a_result_that_has_not_ended_or_was_changed_is_refused(study, tmp_path):
    with pytest.raises(InputError, match="there is no calibration in"):
        Calibration.load(tmp_path)
    changed = tmp_path / "changed"
    shutil.copytree(study[1], changed)
    (changed / "rounds.csv").write_text((changed / "rounds.csv").read_text().replace("60", "61"))
    with pytest.raises(InputError, match="was changed after it was written"):
        Calibration.load(changed)
    begun = {
        key: value for key, value in json.loads((changed / "manifest.json").read_text()).items() if key != "defaults"
    }
    (changed / "manifest.json").write_text(json.dumps(begun))
    with pytest.raises(InputError, match="has not ended"):
        Calibration.load(changed)


@pytest.mark.simulates
def test_parameters_that_no_stage_estimated_keep_their_prior(study):
    from scipy.stats import kstest

    table = study[0].posterior
    priors = sim.uncertain().set_index("name")
    others = [name for name in table if name.split(".")[0] in ("trust", "ministry", "commitment", "deliberation")]
    shares = (table[others] - priors.loc[others, "low"]) / (priors.loc[others, "high"] - priors.loc[others, "low"])
    assert kstest(shares.to_numpy().ravel(), "uniform").pvalue > 0.001


@pytest.mark.release
def test_without_a_folder_nothing_is_kept_and_the_posterior_is_the_same_on_any_number_of_processes(study, tmp_path):
    table = tmp_path / "sets.csv"
    result = calibrate(**TINY | {"jobs": 2}, posterior=table)
    pd.testing.assert_frame_equal(result.posterior, study[0].posterior)
    assert table.read_bytes() == (study[1] / "posterior.csv").read_bytes()
    assert result.record["command"].startswith("sim.calibrate(stage=")


@pytest.mark.release
def test_rivals_and_recovery_stand_beside_the_posterior_and_change_nothing_of_it(study, tmp_path):
    folder = tmp_path / "more"
    shutil.copytree(study[1], folder)
    result = calibrate(**TINY, out=folder, rivals=["constant_trust"], truths=2)
    pd.testing.assert_frame_equal(result.posterior, study[0].posterior)
    assert list(result.rivals["model"]) == ["the model", "constant trust"]
    assert np.isfinite(result.rivals["log_odds"]).all()
    assert (result.recovery["truths"] == 2).all()
    assert {"ranks.csv", "ranks.svg", "recovered.csv"} <= {path.name for path in folder.iterdir()}
    assert "examinees of 2020" in result.recovery["name"].iloc[-1]
    assert "The record " in result.summary()
    result.save(folder)
    assert Calibration.load(folder).summary() == result.summary()


@pytest.mark.release
def test_all_models_are_written_with_their_weights(study, tmp_path):
    folder = tmp_path / "more"
    shutil.copytree(study[1], folder)
    result = calibrate(**TINY, out=folder, models=tmp_path / "models")
    pd.testing.assert_frame_equal(result.posterior, study[0].posterior)
    table = models(tmp_path / "models" / "models.csv")
    assert table["log_evidence"].notna().all()
    assert len(result.rivals) == len(table)
    for name in table["model"]:
        sets = sim.posterior(tmp_path / "models" / table_of(name))
        assert len(sets) == 8
        for key, value in fixed_in(name).items():
            assert key not in sets or (sets[key] == value).all()
