"""Why a decision of a run fell out as it did: its terms as a table, and the strongest of them in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.explain import admission, membership, ministry, motion, placement, pledge, track
from sim.explain.question import TAKES, question

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


def why(run: History, decision: str, **said: Any) -> pd.DataFrame:
    """Return the terms of a decision, as `Run.why` describes.

    Raises:
        InputError: what cannot be asked
    """
    asked = question(run, decision, said)
    found: pd.DataFrame = EXPLAINED[decision].why(asked)
    return found.reset_index(drop=True)


def because(run: History, decision: str, **said: Any) -> str:
    """Return a decision in a sentence or two, as `Run.because` describes.

    Raises:
        InputError: what cannot be asked
    """
    asked = question(run, decision, said)
    return str(EXPLAINED[decision].because(asked))


assert list(EXPLAINED) == list(TAKES)
