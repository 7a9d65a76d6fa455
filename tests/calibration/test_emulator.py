"""The emulator and its chain on a model with a known answer: linear figures, normal errors."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

pytest.importorskip("emcee", reason="needs the extra `calibration`")


from sim.analysis.distance import Measure
from sim.analysis.fit import facts
from sim.calibration.emulator import Draws, Emulator, chain
from sim.calibration.emulator_error import POSTERIOR, REGIONS, emulator_errors, joined, patterns_off_target
from sim.calibration.evidence import evidence
from sim.calibration.recovery import Recovery, recovery_rows
from sim.calibration.sampling import sampling
from sim.calibration.stages import seed_of
from sim.findings.calibration import EFFECT
from sim.findings.calibration_checks import sampling_sentence

pytestmark = [pytest.mark.heavy, pytest.mark.slow]

ROWS = facts(
    pd.DataFrame(
        [
            ("share_5_units", 2013, "quintile 1", "0.20", "share", "B", "fit"),
            ("share_5_units", 2013, "quintile 2", "0.10", "share", "B", "fit"),
            ("ministry_joins", 2014, "network", "2014-05", "month", "A", "fit"),
        ],
        columns=["pattern", "year", "group", "value", "unit", "reliability", "use"],
    )
)
MEASURE = Measure.of(ROWS)
SLOPES, MIDDLE = np.array([[0.05, 0.02, 0.0], [0.0, 0.03, 0.0]]), np.array([0.15, 0.12])
LUCK = 0.01


def drawn(n: int, dated: float = 0.0) -> Draws:
    """Draws of a linear model; its date follows the third parameter as far as it is told to."""
    luck = np.random.default_rng(1)
    scores = luck.normal(size=(n, 3))
    figures = MIDDLE + scores @ SLOPES.T + LUCK * luck.normal(size=(n, 2))
    joins = 104.0 + np.where(luck.logistic(size=n) < dated * scores[:, 2], 0.0, 30.0)
    return Draws(scores, np.column_stack([figures, joins if dated else np.full(n, 104.0)]))


def test_the_chain_finds_the_posterior_of_a_linear_model():
    emulator = Emulator.of(MEASURE, MEASURE, drawn(600))
    sets = chain(emulator, 1000, seed=1).scores
    variance = np.diag(MEASURE.tolerance[:2] ** 2 + LUCK**2)
    precision = np.eye(3) + SLOPES.T @ np.linalg.inv(variance) @ SLOPES
    mean = np.linalg.solve(precision, SLOPES.T @ np.linalg.inv(variance) @ (np.array([0.20, 0.10]) - MIDDLE))
    assert sets.mean(axis=0) == pytest.approx(mean, abs=0.12)
    assert sets.std(axis=0) == pytest.approx(np.sqrt(np.diag(np.linalg.inv(precision))), rel=0.12)


def test_what_runs_lie_off_the_surfaces_is_their_luck():
    emulator = Emulator.of(MEASURE, MEASURE, drawn(600))
    assert np.sqrt(np.diag(emulator.surfaces.covariance)) == pytest.approx([LUCK, LUCK], rel=0.15)


def test_a_date_that_follows_a_parameter_moves_it():
    sets = chain(Emulator.of(MEASURE, MEASURE, drawn(600, dated=2.0)), 1000, seed=1).scores
    assert sets[:, 2].mean() > 0.3


def test_a_chain_of_a_seed_is_the_same_again_and_that_of_another_not():
    emulator = Emulator.of(MEASURE, MEASURE, drawn(200))
    one, again, other = (chain(emulator, 20, seed).scores for seed in (1, 1, 2))
    assert one.tobytes() == again.tobytes() != other.tobytes()


def test_the_density_of_a_figure_is_what_the_record_has_with_it_over_what_it_has_without():
    emulator = Emulator.of(MEASURE, MEASURE, drawn(300, dated=2.0))
    at = np.array([[0.3, -0.2, 0.5], [1.0, 0.0, 0.0]])
    variance = emulator.surfaces.covariance + np.diag(MEASURE.tolerance[:2] ** 2)
    by_fact = emulator.log_likelihood_by_fact(at)
    for row, mean in zip(by_fact, emulator.predicted(at), strict=True):
        whole = multivariate_normal(mean, variance).logpdf(MEASURE.observed[:2])
        for k in range(2):
            other = 1 - k
            without = multivariate_normal(mean[other], variance[other, other]).logpdf(MEASURE.observed[other])
            assert row[k] == pytest.approx(whole - without)
    assert by_fact.shape == (2, 3)
    smooth = multivariate_normal(np.zeros(2), variance).logpdf(MEASURE.observed[:2] - emulator.predicted(at))
    assert emulator.log_likelihood(at) == pytest.approx(smooth + by_fact[:, 2])


def test_the_course_of_the_walkers_and_how_well_they_mix_are_told():
    sample = chain(Emulator.of(MEASURE, MEASURE, drawn(200)), 50, seed=1)
    assert sample.walkers.shape == (12, 100, 3)
    table = sampling(sample, ("one", "two", "three"))
    assert table["r_hat"].between(0.99, 1.1).all()
    assert table["ess_bulk"].between(100, 2400).all()
    assert table["autocorrelation"].between(1, 200).all()
    stuck = replace(sample, walkers=sample.walkers + np.arange(12)[:, None, None])
    assert sampling(stuck, ("one", "two", "three"))["r_hat"].min() > 2.0


def test_without_arviz_only_the_autocorrelation_is_told(monkeypatch):
    monkeypatch.setattr("sim.calibration.sampling.find_spec", lambda _: None)
    table = sampling(SimpleNamespace(walkers=None, autocorrelation=np.array([7.0, 9.0])), ("one", "two"))
    assert table["r_hat"].isna().all()
    assert sampling_sentence(table) == (
        "R-hat and effective sample sizes are not known, since ArviZ was not installed; autocorrelation time at "
        "most 9 steps (two)."
    )


STAGE = SimpleNamespace(facts=(ROWS,))


def test_the_error_at_new_draws_is_what_the_surfaces_are_wrong_by():
    noisy = replace(MEASURE, tolerance=np.hypot(MEASURE.tolerance, LUCK))
    draws = drawn(2000)
    earlier, new = (Draws(draws.scores[part], draws.figures[part]) for part in (slice(1000), slice(1000, 2000)))
    right = emulator_errors(Emulator.of(MEASURE, noisy, earlier), new, STAGE, 2).set_index("region")
    every = right.loc[POSTERIOR]
    assert every["error"] == pytest.approx(LUCK / 0.03, rel=0.1)
    assert every["noise"] == pytest.approx(LUCK / 0.03)
    assert every["surface"] < 0.15
    assert list(right.index) == [POSTERIOR, *REGIONS]
    assert list(right["draws"]) == [1000, 250, 250, 250, 250]
    bent = Draws(new.scores, new.figures + 0.05 * np.abs(new.scores[:, [0]]) * [1.0, 1.0, 0.0])
    wrong = emulator_errors(Emulator.of(MEASURE, noisy, earlier), bent, STAGE, 3)
    assert list(patterns_off_target(joined([right.reset_index(), wrong]), 0.5)["round"]) == [3]
    assert patterns_off_target(joined([wrong.assign(round=1), right.reset_index()]), 0.5).empty
    assert patterns_off_target(joined([]), 0.5).empty


def figures_of(scores):
    """The figures of a linear model's run at some scores, its luck from them."""
    at = np.array(list(scores.values()))
    luck = np.random.default_rng(seed_of(scores))
    joins = 104.0 if luck.logistic() < 2.0 * at[2] else 134.0
    return np.array([*(MIDDLE + SLOPES @ at + LUCK * luck.normal(size=2)), joins])


def summed(scores):
    """An effect that follows from parameters."""
    return sum(scores.values())


def recovered(effect, emulator=None, truths=30):
    """Shares of truths within the bands, of a linear model's parameters and effect."""
    fitted = emulator or Emulator.of(MEASURE, MEASURE, drawn(600, dated=2.0))
    recovery = Recovery(("one", "two", "three"), fitted, figures_of, effect, seed=1, sets=99)
    sets = chain(Emulator.of(MEASURE, MEASURE, drawn(600, dated=2.0)), truths, seed=3).scores
    return recovery_rows(recovery.table(sets, jobs=1, progress=False))


@pytest.mark.release
def test_known_parameters_and_their_effect_are_found_as_often_as_the_bands_say():
    rows = recovered(summed, truths=60)
    assert list(rows["name"]) == ["one", "two", "three", EFFECT]
    assert 0.4 < rows["within_50"].mean() < 0.6
    assert 0.82 < rows["within_90"].mean() < 0.97
    assert not rows["outside"].any()


def test_an_emulator_that_is_wrong_finds_fewer_of_them():
    draws = drawn(600, dated=2.0)
    wrong = Draws(draws.scores * 0.3, draws.figures)
    rows = recovered(None, Emulator.of(MEASURE, MEASURE, wrong), truths=12)
    assert rows["within_90"].min() < 0.7
    assert rows["outside"].any()


def test_ranks_that_are_on_disk_are_taken_from_there_and_those_of_another_truth_or_torn_are_not(tmp_path, monkeypatch):
    emulator = Emulator.of(MEASURE, MEASURE, drawn(200))
    recovery, sets = Recovery(("one", "two", "three"), emulator, figures_of, None, seed=1, sets=19), np.eye(3)[:2]
    whole = recovery.table(sets, jobs=1, progress=False, folder=tmp_path)
    (tmp_path / "0002.parquet").write_bytes(b"torn")
    again = recovery.table(sets, jobs=1, progress=False, folder=tmp_path)
    pd.testing.assert_frame_equal(again, whole)
    monkeypatch.setattr("sim.calibration.recovery.chain", None)  # nothing is left to be done
    pd.testing.assert_frame_equal(recovery.table(sets, jobs=1, progress=False, folder=tmp_path), whole)
    with pytest.raises(TypeError):
        recovery.table(sets + 0.1, jobs=1, progress=False, folder=tmp_path)


def test_the_evidence_of_a_linear_model_is_the_density_of_the_record():
    emulator = Emulator.of(MEASURE, MEASURE, drawn(600))
    luck = np.diag(MEASURE.tolerance[:2] ** 2 + LUCK**2)
    exact = multivariate_normal(MIDDLE, SLOPES @ SLOPES.T + luck).logpdf([0.20, 0.10])
    estimated = evidence(emulator, chain(emulator, 2000, seed=1), seed=1)
    assert estimated.log == pytest.approx(exact, abs=0.15)
    assert estimated.error < 0.05
