"""The page of indices: a panel an outcome, the greatest factor above, the settling at the end."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.figures.sensitivity import MOST, sensitivity_page

FACTORS = [f"trust.f{k}" for k in range(MOST + 2)]


def invented(outcome: str, n: int) -> pd.DataFrame:
    """Indices that fall from factor to factor, with intervals that narrow as n grows."""
    size = pd.Series(range(len(FACTORS), 0, -1)) / 20
    columns = {"factor": FACTORS, "outcome": outcome, "n": n}
    for index in ("ST", "S1", "mu_star", "sigma"):
        columns |= {index: size, f"{index}_low": size - 1 / n, f"{index}_high": size + 1 / n}
    return pd.DataFrame(columns).sample(frac=1, random_state=1)


@pytest.mark.parametrize("kind", ["sobol", "morris"])
def test_a_page_has_a_panel_for_each_outcome_and_one_for_the_settling(kind):
    indices = pd.concat([invented(outcome, n) for outcome in ("doubled", "members") for n in (4, 8, 16)])
    page = sensitivity_page(indices, kind, "What matters", "made here")
    panels = [ax for ax in page.axes if ax.axison]
    assert len(panels) == 3
    assert [label.get_text() for label in panels[0].get_yticklabels()] == FACTORS[:MOST]
    assert panels[0].yaxis_inverted()
    assert panels[2].get_xlabel() == "n"
    assert [line.get_xdata().tolist() for line in panels[2].lines] == [[4, 8, 16]] * 5
