"""Explanations of a run's decisions: the terms of a decision as a table, and the strongest of them in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.explain import admission, membership, ministry, motion, placement, pledge, track
from sim.explain.question import TAKES, decision_question

if TYPE_CHECKING:
    import pandas as pd

    from sim.model import History

EXPLAINED: dict[str, Any] = {
    **dict.fromkeys(ministry.DECISIONS, ministry),
    "joining": membership,
    "pledge": pledge,
    "placement": placement,
    "admission": admission,
    "motion": motion,
    "track": track,
}
"""Decisions, and the module that explains each by its `why` and its `because`."""


def why(run: History, decision: str, **options: Any) -> pd.DataFrame:
    """Return the terms of a decision, as `Run.why` describes.

    Args:
        run: the run
        decision: name of the decision
        **options: who, school, year, date and motion

    Raises:
        InputError: the question has no answer in this run
    """
    question = decision_question(run, decision, options)
    table: pd.DataFrame = EXPLAINED[decision].why(question)
    return table.reset_index(drop=True)


def because(run: History, decision: str, **options: Any) -> str:
    """Return a decision in a sentence or two, as `Run.because` describes.

    Args:
        run: the run
        decision: name of the decision
        **options: who, school, year, date and motion

    Raises:
        InputError: the question has no answer in this run
    """
    question = decision_question(run, decision, options)
    return str(EXPLAINED[decision].because(question))


assert list(EXPLAINED) == list(TAKES)
