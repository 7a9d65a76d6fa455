"""Names of schools, organisations and authorities as users know them."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.world.organisations import KINDS, owner_rows
from sim.world.schools import NON_JEWISH, STREAMS, UNKNOWN, cluster_of_level
from sim.world.setting import NO_FILES, Files
from sim.world.state import World


def names(world: World, files: Files = NO_FILES) -> list[str]:
    """Return the name of every organisation: the user's own, or its kind and its number in the kind.

    Args:
        world: as it is now
        files: the user's files
    """
    own = files.organisation_names
    if own is not None:
        return [str(name) for name in own.name]
    kinds = world.organisations.kind
    numbers = np.arange(len(kinds)) - np.searchsorted(kinds, kinds) + 1
    return [f"{KINDS[k]} {n}" for k, n in zip(kinds, numbers, strict=True)]


def school_ids(world: World, files: Files) -> Any:
    """Return the identity of every school as users know it: the user's own, or a number; shape (schools,).

    Args:
        world: as it is now
        files: the user's files
    """
    own = files.school_names
    return world.schools.id if own is None else own.identity


def organisation_ids(world: World, files: Files) -> Any:
    """Return the identity of every organisation as users know it: the user's own, or a number; shape (organisations,).

    Args:
        world: as it is now
        files: the user's files
    """
    own = files.organisation_names
    return world.organisations.id if own is None else own.identity


def authority_names(world: World, files: Files) -> Any:
    """Return the name of the authority of every school: the user's own where the file has one; shape (schools,).

    Elsewhere it is the name of the organisation, blank where there is none.

    Args:
        world: as it is now
        files: the user's files
    """
    towns = [*np.array(names(world, files), dtype=object)[owner_rows(world.organisations.kind)], ""]
    named = np.array(towns, dtype=object)[np.minimum(world.schools.authority, len(towns) - 1)]
    own = files.school_names
    return named if own is None else np.where(own.authority == "", named, own.authority)


def school_places(world: World, files: Files) -> dict[str, Any]:
    """Return the place of every school, in the words of a school file: sector, supervision, authority, periphery, town.

    Args:
        world: as it is now
        files: the user's files
    """
    schools = world.schools
    streams = np.array(STREAMS, dtype=object)[schools.stream]
    jewish, classified = schools.stream != NON_JEWISH, schools.stream != UNKNOWN
    return {
        "sector": np.where(classified, np.where(jewish, "jewish", "non_jewish"), ""),
        "supervision": np.where(classified & jewish, streams, ""),
        "authority": authority_names(world, files),
        "periphery": schools.periphery.astype(bool),
        "locality_cluster": cluster_of_level(schools.locality),
    }
