"""Figure of the posterior: every parameter in its prior range."""

from __future__ import annotations

import pandas as pd

from sim.analysis.posterior_summary import posterior_summary
from sim.figures.posterior import posterior_page


def test_every_parameter_has_a_row_within_its_prior_range():
    posterior = pd.DataFrame({"a": [0.4, 0.5, 0.6], "b": [1.0, 2.0, 4.0]})
    priors = pd.DataFrame({"name": ["a", "b"], "default": [0.5, 1.0], "low": [0.0, 0.0], "high": [1.0, 4.0]})
    (ax,) = posterior_page(posterior_summary(posterior, priors), 3, "made so").axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
    bars = [bar for bar in ax.patches if bar.get_height() < 0.5]
    assert [round(bar.get_x(), 3) for bar in bars] == [0.41, 0.275]
    assert all(bar.get_x() + bar.get_width() <= 1.0 for bar in bars)
