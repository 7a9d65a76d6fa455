"""An added organisation without ties, seats or capacity disturbs nobody."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.configuration import scenario
from sim.outcomes import all_outcomes
from sim.world.names import names
from sim.world.organisations import KINDS
from sim.world.state import Entry, World
from sim.world.ties import offsets_of
from tests.comparing import differing, world_at

pytestmark = pytest.mark.simulates

SIZES = {"density", "components", "centralisation"}
"""Outcomes that are about the number of organisations itself."""

STRANGERS = {"at the end of its kind": ("ngo", 39999), "at the head of its kind": ("ngo", 30000),
             "of academia": ("academia", 49999), "a foundation": ("foundation", 19999)}  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Return the drawn organisations and ties of a seed as a user's files, with or without a stranger."""
    folder = tmp_path_factory.mktemp("files")
    world = world_at(scenario("historical"), seed=1, month=0)
    table, called = world.organisations, names(world)
    rows = [f"{name},{KINDS[kind]},{float(capacity)!r},{bool(founder)},{bool(eligible)},{identity}"
            for name, kind, capacity, founder, eligible, identity in zip(
                called, table.kind, table.capacity, table.founder, table.eligible, table.id, strict=True)]  # fmt: skip
    ends = zip(world.ties.source, world.ties.target, world.ties.trust, strict=True)
    edges = [f"{called[source]},{called[target]},{float(trust)!r}" for source, target, trust in ends]
    (folder / "ties.csv").write_text("\n".join(["source,target,trust", *edges]))

    def written(name: str, *more: str) -> dict[str, str]:
        path = folder / f"{name}.csv"
        path.write_text("\n".join(["name,kind,capacity,founder,joins,id", *rows, *more]))
        return {"setting.organisations": str(path), "setting.ties": str(folder / "ties.csv")}

    return written


def without(world: World, identity: int) -> World:
    """Return the world without the row of an organisation in any table; rows behind it move up."""
    rows = np.flatnonzero(world.organisations.id != identity)
    row = np.full(len(world.organisations), -1)
    row[rows] = np.arange(rows.size)
    assert (row[world.ties.source] >= 0).all()
    assert (row[world.ties.target] >= 0).all()
    source, target = (row[end].astype(end.dtype) for end in world.ties.pairs)
    return world.with_(
        organisations=world.organisations.with_(**{k: v[rows] for k, v in vars(world.organisations).items()}),
        ledger=world.ledger.with_(**{k: v[rows] for k, v in vars(world.ledger).items()}),
        ties=world.ties.with_(source=source, target=target, offsets=offsets_of(source, rows.size)),
        placements=world.placements.with_(provider=row[world.placements.provider]),
        journal=renumbered(world.journal, row, rows),
    )


def renumbered(entry: Entry | None, row: np.ndarray, rows: np.ndarray) -> Entry | None:
    if entry is None:
        return None
    fields = entry.fields
    if entry.kind == "placements":
        placed, ledger = fields["placements"], fields["ledger"]
        fields = {
            "placements": placed.with_(provider=row[placed.provider]),
            "ledger": ledger.with_(**{k: v[rows] for k, v in vars(ledger).items()}),
        }
    return replace(entry, fields=fields, before=renumbered(entry.before, row, rows))


@pytest.fixture(scope="module")
def undisturbed(files):
    """Return the world without a stranger, by scenario."""
    values = files("organisations")
    return {
        name: world_at(scenario(name, overrides=values), seed=1) for name in ("historical_emergent", "no_initiative")
    }


@pytest.mark.parametrize("name", ["historical_emergent", "no_initiative"])
def test_files_of_the_drawn_world_make_the_drawn_world_again(undisturbed, name):
    drawn = world_at(scenario(name), seed=1)
    assert differing(undisturbed[name].organisations.id, drawn.organisations.id) == []
    assert differing(undisturbed[name].organisations.capacity, drawn.organisations.capacity) == []


@pytest.mark.parametrize(("kind", "identity"), STRANGERS.values(), ids=list(STRANGERS))
@pytest.mark.parametrize("name", ["historical_emergent", "no_initiative"])
def test_a_stranger_disturbs_nobody(files, undisturbed, name, kind, identity):
    values = files(f"with-{name}-{identity}", f"Stranger,{kind},0,no,no,{identity}")
    world = world_at(scenario(name, overrides=values), seed=1)
    stranger = world.organisations.id == identity
    assert stranger.sum() == 1
    assert not world.organisations.member[stranger].any()
    assert not world.organisations.forums[stranger].any()
    assert differing(without(world, identity), undisturbed[name]) == []
    before = all_outcomes(undisturbed[name])
    assert [
        key for key, value in all_outcomes(world).items() if differing(value, before[key]) and key not in SIZES
    ] == []
