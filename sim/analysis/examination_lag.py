"""Lag between a policy and examinations: a policy cannot have an effect before its students are examined."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sim.analysis.sweep_grid import decision_month, first_year, needs

NO_POLICY = "no policy"
TOO_EARLY = "too early to show"
MOVERS = "only students already in grades 10-12"
CHOOSERS = "cohorts that chose under it"

KINDS = (NO_POLICY, TOO_EARLY, MOVERS, CHOOSERS)
"""Students that a policy can have reached by a deadline, from none to all."""

FULL = 3
"""Examinations until a cohort that began grade 10 under the programme is examined [school years]."""


def cohorts_touched(timing: str, deadline: int) -> int:
    """Return the number of examinations from the programme's first September to the deadline; 0 without a policy [cohorts].

    >>> cohorts_touched("0", 2017), cohorts_touched("36", 2017), cohorts_touched("-18", 2017)
    (2, 0, 3)
    """
    month = decision_month(timing)
    return 0 if month is None else max(deadline - first_year(month) + 1, 0)


def policy_reach(timing: str, deadline: int) -> str:
    """Return which students a policy of this timing can have reached by a deadline, one of KINDS.

    >>> policy_reach("36", 2017)
    'too early to show'
    """
    if decision_month(timing) is None:
        return NO_POLICY
    cohorts = cohorts_touched(timing, deadline)
    return TOO_EARLY if cohorts == 0 else MOVERS if cohorts < FULL else CHOOSERS


def reach_table(timings: Iterable[str], deadlines: Iterable[int]) -> pd.DataFrame:
    """Return each timing at each deadline: columns timing, deadline [school year], cohorts [count], kind."""
    pairs = [(timing, deadline) for timing in timings for deadline in deadlines]
    return pd.DataFrame(
        [
            (timing, deadline, cohorts_touched(timing, deadline), policy_reach(timing, deadline))
            for timing, deadline in pairs
        ],
        columns=["timing", "deadline", "cohorts", "kind"],
    )


def decided_in_time(frame: pd.DataFrame, deadline: int, examinations: int = 1) -> pd.Series[bool]:
    """Return whether a run's national decision came early enough for some number of examinations by the deadline.

    The nominal decision is only a window: a free ministry may decide before or after it.
    """
    needs(frame, ["month_national"])
    decided = frame["month_national"].astype(float)
    return (decided.map(first_year, na_action="ignore") <= deadline - examinations + 1).rename("decided_in_time")
