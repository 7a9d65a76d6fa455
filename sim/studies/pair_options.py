"""Checks of the options of studies of pairs: seeds, outcomes and precision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.analysis.headlines import DOUBLED, HEADLINES
from sim.catalogue import targets
from sim.commands import page
from sim.declare import Fact
from sim.errors import InputError, is_one_of, shown, suggestion, whole_number
from sim.outcomes.columns import columns_of
from sim.policy import Scenario
from sim.runs.compare import FEWEST, precision_goal
from sim.runs.ensemble import seeds_of
from sim.runs.parallel import processes
from sim.runs.posterior import parameter_sets

FIRST = "examinees_2020"
"""Default outcome that is described at length."""


def described_outcomes(outcomes: str | Sequence[str] | None, first: str | None, scenario: Scenario) -> list[str]:
    """Return the outcomes that are described, the first at length.

    Args:
        outcomes: that the user named; None for the headline outcomes of runs
        first: outcome to which the wanted precision applies; None if there is none
        scenario: the baseline

    Raises:
        InputError: runs do not have an outcome, or an outcome is listed twice
    """
    facts = targets()[["pattern", "year", "group"]].itertuples(index=False)
    names = [DOUBLED, *columns_of(scenario), *(Fact(str(a), int(b), str(c)).column for a, b, c in facts)]
    if first is not None:
        require_outcomes([first], names)
    if outcomes is None:
        return [name for name in dict.fromkeys((first or FIRST, FIRST, *HEADLINES)) if name in names]
    return require_outcomes(different_outcomes(outcomes, ", or null"), names)


def require_outcomes(outcomes: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return outcomes after a check that runs have them.

    Args:
        outcomes: that the user named
        names: of the outcomes of runs

    Raises:
        InputError: runs do not have an outcome
    """
    for name in outcomes:
        if not is_one_of(name, names):
            raise InputError(f"unknown outcome `{shown(name).strip("'")}`{suggestion(name, list(names))}")
    return list(outcomes)


def different_outcomes(outcomes: str | Sequence[str], otherwise: str = "") -> Sequence[str]:
    """Return one outcome or several as a list.

    Args:
        outcomes: that the user named
        otherwise: other values of the option, for the message

    Raises:
        InputError: the value is neither a name nor a list, the list is empty, or an outcome is listed twice
    """
    listed = [outcomes] if isinstance(outcomes, str) else outcomes
    if not isinstance(listed, Sequence) or not listed or len({str(name) for name in listed}) < len(listed):
        raise InputError(f"`outcomes` must be a list of different outcomes{otherwise}; got {shown(outcomes)}")
    return listed


def pair_seeds(seeds: int | Sequence[int], first_seed: int) -> list[int]:
    """Return the seeds of a study of pairs, from their number and the first one, or as they are listed.

    Args:
        seeds: their number, or the seeds themselves
        first_seed: first of the seeds, if their number is given

    Raises:
        InputError: there are fewer than two seeds, or a value is wrong
    """
    first = whole_number("`first_seed`", first_seed, 0)
    if isinstance(seeds, Sequence):
        return seeds_of(seeds)
    count = whole_number("`seeds`", seeds, 0)
    if count < FEWEST:
        raise InputError(f"an interval needs at least {FEWEST} pairs of runs; got `seeds` {count}")
    return list(range(first, first + count))


def named_outcomes(outcomes: str | Sequence[str], columns: Sequence[str]) -> list[str]:
    """Return one outcome or several as a list after a check that runs have them.

    Args:
        outcomes: that the user named
        columns: of runs

    Raises:
        InputError: no outcome is named, or runs do not have one
    """
    listed = different_outcomes(outcomes)
    for name in listed:
        if not is_one_of(name, columns):
            hint = suggestion(str(name), list(columns)) or f"; {page('outcomes.md')} lists them"
            raise InputError(f"unknown outcome `{name}`{hint}")
    return list(listed)


def require_pair_options(options: Mapping[str, Any], jobs: int | None) -> None:
    """Check the options of a comparison before anything runs.

    Args:
        options: `precision`, `outcome`, `batch` and `uncertainty`
        jobs: processes; None for all cores

    Raises:
        InputError: an option is wrong
    """
    if options["precision"] is not None and options["outcome"] == DOUBLED:
        raise InputError(
            f"`precision` applies to the first outcome, which cannot be `{DOUBLED}`; list another one first"
        )
    precision_goal({"precision": options["precision"]})
    whole_number("`batch`", options["batch"], FEWEST)
    parameter_sets(options["uncertainty"])
    processes(jobs)
