"""Options of studies of pairs, checked: seeds, outcomes, flags."""

from __future__ import annotations

from collections.abc import Sequence

from sim.analysis.headlines import DOUBLED, HEADLINES
from sim.catalogue import targets
from sim.commands import page
from sim.declare import Fact
from sim.errors import InputError, is_one_of, shown, suggestion, whole_number
from sim.outcomes.columns import columns_of
from sim.policy import Scenario
from sim.runs.compare import FEWEST
from sim.runs.ensemble import seeds_of

FIRST = "examinees_2020"
"""The outcome that is described at length unless others are named."""


def described_outcomes(outcomes: str | Sequence[str] | None, first: str | None, case: Scenario) -> list[str]:
    """Return the outcomes that are described, the first at length.

    Args:
        outcomes: that are asked for; None for the headline outcomes that runs have
        first: the outcome of which precision is asked, if any
        case: the baseline

    Raises:
        InputError: an outcome that runs do not have, or one named twice
    """
    facts = targets()[["pattern", "year", "group"]].itertuples(index=False)
    names = [DOUBLED, *columns_of(case), *(Fact(str(a), int(b), str(c)).column for a, b, c in facts)]
    if first is not None:
        require_outcomes([first], names)
    if outcomes is None:
        return [name for name in dict.fromkeys((first or FIRST, FIRST, *HEADLINES)) if name in names]
    return require_outcomes(different_outcomes(outcomes, ", or null"), names)


def require_outcomes(asked: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return outcomes that are asked for.

    Raises:
        InputError: runs do not have one of them
    """
    for name in asked:
        if not is_one_of(name, names):
            raise InputError(f"unknown outcome `{shown(name).strip("'")}`{suggestion(name, list(names))}")
    return list(asked)


def different_outcomes(outcomes: str | Sequence[str], otherwise: str = "") -> Sequence[str]:
    """Return one outcome or several as a list.

    Args:
        outcomes: that are asked for
        otherwise: what else an option may be, for its message

    Raises:
        InputError: it is neither, it is empty, or an outcome is named twice
    """
    asked = [outcomes] if isinstance(outcomes, str) else outcomes
    if not isinstance(asked, Sequence) or not asked or len({str(name) for name in asked}) < len(asked):
        raise InputError(f"`outcomes` is a list of different outcomes{otherwise}; got {shown(outcomes)}")
    return asked


def pair_seeds(seeds: int | Sequence[int], first_seed: int) -> list[int]:
    """Return the seeds of a study of pairs, from their number and the first one, or as they are listed.

    Raises:
        InputError: fewer than two, or seeds that make no sense
    """
    first = whole_number("`first_seed`", first_seed, 0)
    if isinstance(seeds, Sequence):
        return seeds_of(seeds)
    count = whole_number("`seeds`", seeds, 0)
    if count < FEWEST:
        raise InputError(f"an interval needs at least {FEWEST} pairs of runs; got `seeds` {count}")
    return list(range(first, first + count))


def named_outcomes(outcomes: str | Sequence[str], columns: Sequence[str]) -> list[str]:
    """Return the outcomes that are asked for, one or several.

    Args:
        outcomes: that are asked for
        columns: that runs have

    Raises:
        InputError: none is named, or one that runs do not have
    """
    asked = different_outcomes(outcomes)
    for name in asked:
        if not is_one_of(name, columns):
            known = suggestion(str(name), list(columns)) or f"; {page('outcomes.md')} lists them"
            raise InputError(f"there is no outcome `{name}`{known}")
    return list(asked)
