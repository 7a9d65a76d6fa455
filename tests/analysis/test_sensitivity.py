"""The estimators find the indices that are known: Ishigami's function, Sobol's G, a line; and refuse what is no design."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.sensitivity import indices_by_size, mean_by_sample, morris, pawn, precision_text, sobol
from sim.design.samples import shares_of
from sim.errors import InputError

pytest.importorskip("SALib")

A, B = 7.0, 0.1
WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0])


def ishigami(shares):
    """Ishigami and Homma (1990): sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 on (-pi, pi)."""
    x = (2 * shares - 1) * np.pi
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_indices():
    """First-order and total indices by integration in closed form."""
    first = 0.5 * (1 + B * np.pi**4 / 5) ** 2
    second, third = A**2 / 8, B**2 * np.pi**8 * 8 / 225
    whole = first + second + third
    return np.array([first, second, 0]) / whole, np.array([first + third, second, third]) / whole


def g(shares):
    """Sobol's G function."""
    return np.prod((np.abs(4 * shares - 2) + WEIGHTS) / (1 + WEIGHTS), axis=1)


def g_indices():
    parts = 1 / (3 * (1 + WEIGHTS) ** 2)
    whole = np.prod(1 + parts) - 1
    return parts / whole, parts * np.prod(1 + parts) / (1 + parts) / whole


@pytest.mark.heavy
@pytest.mark.parametrize(("function", "expected", "factors"), [(ishigami, ishigami_indices, 3), (g, g_indices, 6)])
def test_known_sobol_indices_are_found_and_lie_in_their_intervals(function, expected, factors):
    names = [f"x{k}" for k in range(factors)]
    result = sobol(names, function(shares_of("sobol", factors, 4096)))
    for index, true in zip(("S1", "ST"), expected(), strict=True):
        assert np.abs(result[index] - true).max() < 0.02
        inside = (result[f"{index}_low"] - 1e-3 <= true) & (true <= result[f"{index}_high"] + 1e-3)
        assert inside.all()
    assert result["n"].unique().tolist() == [4096]


def test_indices_settle_as_the_design_grows():
    names = ["x0", "x1", "x2"]
    shares = shares_of("sobol", 3, 1024)
    result = indices_by_size("sobol", names, shares, ishigami(shares))
    assert sorted(result["n"].unique()) == [128, 256, 512, 1024]
    wide = (result["ST_high"] - result["ST_low"]).groupby(result["n"]).max()
    assert wide.is_monotonic_decreasing
    assert wide[1024] < wide[128] / 2
    assert precision_text(result, "ST").startswith("the interval of the greatest, `x0`, is 0.")
    assert "from n=512 to 1024" in precision_text(result, "ST")


def test_the_effects_of_a_line_are_its_slopes_and_have_no_spread():
    shares = shares_of("morris", 3, 10)
    result = morris(["a", "b", "c"], shares, shares @ np.array([2.0, -1.0, 0.0]))
    np.testing.assert_allclose(result["mu"], [2, -1, 0], atol=1e-9)
    np.testing.assert_allclose(result["mu_star"], [2, 1, 0], atol=1e-9)
    np.testing.assert_allclose(result["sigma"], 0, atol=1e-9)


def test_morris_tells_who_works_with_others_and_the_order_of_gs_factors():
    shares = shares_of("morris", 6, 200)
    result = morris(list("abcdef"), shares, g(shares))
    assert result["mu_star"].nlargest(4).index.tolist() == [0, 1, 2, 3]
    pair = shares_of("morris", 2, 50)
    assert (morris(["a", "b"], pair, pair[:, 0] * pair[:, 1])["sigma"] > 0.1).all()


def test_pawn_ranks_ishigamis_factors_above_one_that_does_nothing():
    shares = shares_of("lhs", 4, 2000)
    result = pawn(["x0", "x1", "x2", "nothing"], shares, ishigami(shares)).set_index("factor")["median"]
    assert result.idxmin() == "nothing"
    assert result["x1"] > 2 * result["nothing"]


def test_what_is_no_design_of_its_kind_is_said():
    with pytest.raises(InputError, match="not a Saltelli design of 3 factors; its size must be a multiple of 5"):
        sobol(["a", "b", "c"], np.arange(12.0))
    with pytest.raises(InputError, match="not a Morris design of 3 factors; its size must be a multiple of 4"):
        morris(["a", "b", "c"], np.zeros((9, 3)), np.arange(9.0))


def test_missing_samples_values_and_variation_are_said():
    runs = pd.DataFrame({"sample": [0, 0, 1, 1, 2, 2], "seed": [1, 2] * 3, "y": [1.0, 3, 2, 4, 5, 5]})
    assert mean_by_sample(runs, "y", 3).tolist() == [2, 3, 5]
    with pytest.raises(InputError, match="1 of 4 samples lack runs"):
        mean_by_sample(runs, "y", 4)
    with pytest.raises(InputError, match="1 of 3 samples lack runs"):
        mean_by_sample(runs.iloc[1:], "y", 3)
    with pytest.raises(InputError, match="no value in 17% of the runs"):
        mean_by_sample(runs.assign(y=[1, 2, 3, 4, 5, np.nan]), "y", 3)
    with pytest.raises(InputError, match="`y` is 1 in every sample"):
        mean_by_sample(runs.assign(y=1), "y", 3)
