"""Studies of runs beside their pairs, on made-up panels whose truth, selection and spillover are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.evaluation_bias import PLAIN, SYNTHETIC, Pair, mean_trajectories, method_errors, method_estimates
from sim.findings.evaluation import sentences
from tests.analysis.test_did import EFFECT, panel

SPILT = 0.5
"""What the programme adds to every other school from its first year on."""


def pair(seed: int, spilt: float = 0.0, **how: float) -> Pair:
    run = panel(seed, **how)
    served, after = run["first"].notna(), run["year"] >= 2010
    without = run.assign(outcome=run["outcome"] - EFFECT * (served & after))
    return Pair.of(run.assign(outcome=run["outcome"] + spilt * (~served & after)), without.drop(columns="first"))


def over(seeds: int, **how: float) -> pd.DataFrame:
    return method_errors(
        pd.concat([method_estimates(pair(seed, **how)).assign(seed=seed) for seed in range(seeds)])
    ).set_index("method")


def test_the_truth_is_what_the_pair_without_the_programme_lacks():
    assert pair(1).truth == pytest.approx(EFFECT)


def test_an_estimate_is_truth_and_selection_and_spillover():
    rows = method_estimates(pair(2, spilt=SPILT, factor=1.2, chosen=1.0))
    np.testing.assert_allclose(rows["estimate"], rows["truth"] + rows["selection"] + rows["spillover"])
    np.testing.assert_allclose(rows["spillover"], -SPILT)


@pytest.mark.heavy
def test_where_luck_chooses_nothing_misleads_and_the_interval_holds():
    errors = over(20)
    assert (errors["bias"].abs() < 0.1).all()
    assert (errors["coverage_high"] > 0.95).all()
    assert errors["spillover"].abs().max() < 1e-9


@pytest.mark.heavy
def test_selection_misleads_plain_differences_and_spillover_misleads_both():
    chosen, spilt = over(10, factor=1.2, chosen=1.0), over(10, spilt=SPILT)
    assert chosen.loc[PLAIN, "selection"] > 1.0 > 5 * abs(chosen.loc[SYNTHETIC, "selection"])
    assert chosen.loc[PLAIN, "held"] == 0
    np.testing.assert_allclose(spilt["spillover"], -SPILT)
    assert (spilt["high"] < -0.3).all()


def test_courses_of_programme_and_control_agree_in_the_weighted_years_before():
    trajectories = mean_trajectories(pair(3)).set_index("year")
    assert (trajectories["programme"] - trajectories["without"]).round(9).tolist() == [0.0] * 10 + [EFFECT] * 4
    assert abs((trajectories["programme"] - trajectories["control"]).loc[:2009].mean()) < 0.3
    assert (trajectories["programme"] - trajectories["control"]).loc[2010:].mean() == pytest.approx(EFFECT, abs=0.4)


def test_schools_that_the_pair_does_not_list_in_every_year_are_left_out():
    run = panel(4)
    without = run[(run["school_id"] != 7) | (run["year"] != 2003)]
    assert 7 not in Pair.of(run, without).study.schools


@pytest.mark.heavy
def test_the_sentences_say_who_is_misled_by_how_much_and_why():
    chosen = over(5, factor=1.2, chosen=1.0).reset_index()
    synthetic, plain, why = sentences(chosen, "points")
    row = chosen.set_index("method").loc[PLAIN]
    assert plain.startswith(f"Plain difference-in-differences estimates {row['estimate']:+.2f} points where")
    assert f"the programme added +2.00: it has a bias of {row['bias']:+.2f} (" in plain
    assert plain.endswith("Its 95% interval contains the truth in 0 of 5 runs.")
    assert why.endswith("mostly which schools have the programme.")
    assert sentences(over(5, spilt=SPILT).reset_index(), "points")[2].endswith("mostly effects on others.")
    assert "which may be chance" in sentences(over(5).reset_index(), "points")[0]
    assert synthetic != plain
