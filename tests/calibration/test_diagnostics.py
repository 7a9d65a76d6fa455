"""A calibration of three parameters: what it says of itself, the same after a stop, and as ArviZ has it."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.errors import InputError
from sim.findings.calibration import EFFECT

pytest.importorskip("emcee", reason="needs the extra `calibration`")

from sim.calibration.calibrate import calibrate
from sim.calibration.emulator_error import POSTERIOR
from sim.calibration.rounds import Budget, SamplingRounds
from sim.calibration.summary import Calibration

pytestmark = [pytest.mark.simulates, pytest.mark.slow]

NAMES = ["school.keeping", "school.peers", "staffing.rate"]
SMALL = {
    "stage": {"small": {"scenarios": ["historical"], "until": "2007-08", "parameters": NAMES}},
    "overrides": {"setting.burn_in": 0},
    "draws": 24,
    "repeats": 3,
    "sets": 8,
    "shown": 3,
    "truths": 2,
    "rounds": 2,
    "largest_error": 0.01,
    "jobs": 1,
    "progress": False,
}
SAME = ("posterior.csv", "emulator.csv", "sampling.csv", "checks.csv", "ranks.csv", "chain.parquet")


@pytest.fixture(autouse=True, scope="module")
def few_effects():
    """Effects of three sets of each truth, and not of sixty."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.calibration.recovery.EFFECTS", 3)
        yield


@pytest.fixture(scope="module")
def study(tmp_path_factory, few_effects) -> tuple[Calibration, Path]:
    """A calibration of two rounds and an extra one, and the folder that keeps it."""
    folder = tmp_path_factory.mktemp("diagnostics") / "out"
    return calibrate(**SMALL, out=folder), folder


def test_what_it_says_of_itself_is_saved_and_read_back(study):
    result, folder = study
    again = Calibration.load(folder)
    for name in ("sampling", "errors", "ranks", "chain", "checks", "recovery"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(result, name), check_dtype=False)
    assert again.summary() == result.summary()
    assert again.chapter() == result.chapter()


def test_an_emulator_that_is_off_has_an_extra_round_and_the_page_says_so(study):
    result = study[0]
    assert list(result.rounds["round"]) == [1, 2, 3]
    assert set(result.errors["round"]) == {2, 3}
    assert (result.errors.groupby(["round", "group"])["draws"].sum() == 48).all()
    parts = {path.name for path in (study[1] / "small").iterdir()}
    assert parts == {f"{number:02d}{end}" for number in (1, 2, 3) for end in ("-000000.parquet", ".npz")}
    assert "At the new draws of round 3 (an extra round) the emulator had errors of at most" in result.summary()


def test_a_round_goes_on_only_while_it_is_declared_or_the_emulator_is_off(tmp_path):
    rounds = SamplingRounds(None, Budget(60, 2, 8, 1, 1, extra_rounds=1, largest_error=0.5), tmp_path)
    off = pd.DataFrame({"round": [2, 3], "region": POSTERIOR, "group": "schools", "surface": [0.6, 0.4]})
    assert rounds.goes_on(1, off.head(0))
    assert rounds.goes_on(2, off.head(1))
    assert not rounds.goes_on(2, off.head(0))
    assert not rounds.goes_on(2, off.head(1).assign(surface=0.5))
    assert not rounds.goes_on(3, off.head(1))
    assert not rounds.goes_on(2, off)


def test_stopped_at_any_place_it_goes_on_to_the_same_bytes(study, tmp_path):
    folder, again = study[1], tmp_path / "again"
    shutil.copytree(folder, again)
    for torn in (again / "small" / "03-000000.parquet", again / "parts" / "truths" / "0002.parquet"):
        torn.write_bytes(torn.read_bytes()[:100])
    for name in SAME:
        (again / name).unlink()
    calibrate(**SMALL, out=again)
    assert {name: (again / name).read_bytes() for name in SAME} == {name: (folder / name).read_bytes() for name in SAME}


def test_without_extra_rounds_none_follows_and_one_round_tells_no_error(tmp_path):
    result = calibrate(**SMALL | {"rounds": 1, "truths": 0}, out=tmp_path / "out")
    assert list(result.rounds["round"]) == [1]
    assert result.errors is None
    assert "The error of the emulator at new draws is not known; it needs two rounds." in result.summary()
    assert Calibration.load(tmp_path / "out").summary() == result.summary()
    with pytest.raises(InputError, match="there are no ranks, since `truths` is 0; calibrate with at least 30 truths"):
        result.plot.ranks()


def test_ranks_of_two_truths_are_kept_and_drawn(study):
    result, folder = study
    assert list(result.ranks["name"].unique()) == [*NAMES, EFFECT]
    assert list(result.ranks["truth"].unique()) == [1, 2]
    assert result.ranks["rank"].between(0, result.ranks["sets"]).all()
    assert set(result.ranks.loc[result.ranks["name"] != EFFECT, "sets"]) == {499}
    assert "of 3 parameters lie outside their 95% bands" in result.summary()
    assert {"recovered.csv", "ranks.svg", "ranks.pdf"} <= {path.name for path in folder.iterdir()}
    words = " ".join(text.get_text() for text in result.plot.ranks().texts)
    assert "2 sets of the posterior, simulated and added to the record" in words


def test_the_checks_stand_beside_their_bars(study):
    table = study[0].checks.set_index("check")
    assert table.loc["national counts: root mean square of logs", "bar"] == 0.04
    assert table.loc["parameters outside their 95% bands of ranks", "met"] == "yes"
    assert table.loc["facts rated A: share inside the middle 90%", "rule"] == "at least"
    assert " bars are met." in study[0].summary()


def test_arviz_has_posterior_likelihoods_and_figures(study):
    import arviz_stats

    result = study[0]
    data = result.to_arviz()
    assert list(data["posterior"].data_vars) == NAMES
    assert dict(data["posterior"].sizes) == {"chain": 12, "draw": 100}
    for name in NAMES:
        low, high = result.record["parameters"][name]
        assert low - 1e-6 <= data["posterior"][name].min() <= data["posterior"][name].max() <= high + 1e-6
    assert data["posterior_predictive"]["figure"].dims == ("chain", "draw", "fact")
    first = data["observed_data"]["figure"].isel(fact=0)
    name = str(first["fact"].item())
    assert float(first) == result.record["targets"][name][0]
    runs = result.runs.set_index("seed")[name.partition(": ")[2]]
    assert data["posterior_predictive"]["figure"].isel(fact=0).to_numpy()[0].tolist() == runs.tolist()
    answers = data["log_likelihood"]["record"]
    assert answers.dims == ("chain", "draw", "answer")
    assert set(answers["answer"].to_numpy()) == set(result.record["targets"])
    assert np.isfinite(answers).all()
    own = result.sampling.set_index("parameter")["r_hat"]
    table = arviz_stats.summary(data, round_to="none")
    assert table.loc[NAMES, "r_hat"].to_numpy(dtype=float) == pytest.approx(own[NAMES].to_numpy(), abs=1e-3)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Estimated shape parameter")  # of few draws
        with pytest.warns(UserWarning, match="point-wise LOO is the same with the sum"):  # until 2007 there is one fact
            assert np.isfinite(arviz_stats.loo(data, var_name="record").elpd)


def test_without_arviz_the_export_names_the_extra(study, monkeypatch):
    monkeypatch.setattr("sim.calibration.sampling.find_spec", lambda _: None)
    with pytest.raises(InputError, match="ArviZ is not installed; install the extra `calibration`"):
        study[0].to_arviz()
