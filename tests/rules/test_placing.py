"""Placing by hand: two providers and three schools, with or without knowledge of each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.draws import Luck, Stream
from sim.phases.site_choice import Places, PlacingDraws, best_sites, placed_in_turn
from sim.rules import placing, shortlisting
from sim.rules.admitting import Admissions, admitted
from tests.rules.networks import Network

TEACHING, ACCESS = [1.0, 0.0], [0.0, 1.0]
SCALE = 400.0
GRAIN = 0.04


def admissions(*likely: float, many: int = 2, lost: float = 0.5) -> Admissions:
    """Return owners who admit strangers with some chance and know no provider."""
    return Admissions(np.array(likely), np.zeros(0, np.int64), np.zeros(0), np.zeros(many + 1, np.int64), lost)


def draws(many: int = 2, schools: int = 3, seed: int = 0) -> PlacingDraws:
    """Return keys and identities of some providers and schools."""
    keys = Luck(seed).key(Stream.CONVENIENCE, 0), Luck(seed).key(Stream.ADMISSION, 9)
    return PlacingDraws(*keys, np.arange(many), np.arange(schools), -1)


OPEN = admissions(1.0, 1.0)
"""Two owners who let everybody in."""


def providers(**columns: Any) -> placing.Providers:
    """Return two providers of teaching, a programme each, who go where it is convenient and know nothing of others."""
    defaults = {
        "means": [0.04, 0.04],
        "inclination": [0.0, 0.0],
        "awareness": [0.0, 0.0],
        "territory": [-1.0, -1.0],
        "mix": [TEACHING, TEACHING],
    }
    return placing.Providers(**{name: np.array(value, dtype=float) for name, value in (defaults | columns).items()})


def sites(**columns: Any) -> placing.SchoolSites:
    """Return three schools of 100 pupils, all as near: the first the most convenient, the last the most in need."""
    defaults = {
        "nearness": 0.0,
        "easy": [0.6, 0.5, 0.1],
        "need": [0.0, 0.5, 1.0],
        "pupils": [100.0] * 3,
        "authority": [0.0, 1.0, 1.0],
        "capacity": [1.0] * 3,
        "track": [True] * 3,
        "bare": ACCESS,
        "aside": 0.0,
    }
    columns = {name: np.array(value, dtype=float) for name, value in (defaults | columns).items()}
    weights = {name: float(columns[name]) for name in ("nearness", "aside")}
    return placing.SchoolSites(**columns)._replace(
        authority=columns["authority"].astype(np.int64), track=columns["track"] > 0.0, **weights
    )


def placed(
    who: placing.Providers, where: placing.SchoolSites, trust: float = 1.0, order: tuple[int, ...] = (0, 1)
) -> Any:
    """Return the year, rows of (provider, school, taken, repeated), and the money of each school by channel."""
    net = Network.of(2, {(0, 1): trust, (1, 0): trust})
    trust_ties = placing.TrustTies(net.target, net.trust, net.offsets)
    year, delivered, used = placed_in_turn(np.array(order), who, where, trust_ties, (OPEN, draws()), (GRAIN, SCALE))
    columns = [column[:used].tolist() for column in (year.provider, year.school, year.taken, year.repeated)]
    return [tuple(row) for row in zip(*columns, strict=True)], delivered


def test_who_heeds_nobody_goes_where_it_is_convenient_and_repeats() -> None:
    year, delivered = placed(providers(), sites())
    assert year == [(0, 0, 0.04, 0.0), (1, 0, 0.04, 0.04)]
    assert delivered.tolist() == [[0.08, 0.0], [0.0, 0.0], [0.0, 0.0]]


def test_who_heeds_a_trusted_partner_goes_elsewhere() -> None:
    # It sees 0.04m / 100 pupils = NIS 400 a pupil, half visible: overlap costs 0.5, and 0.6 - 0.5 < 0.5.
    year, delivered = placed(providers(awareness=[1.0, 1.0]), sites())
    assert year == [(0, 0, 0.04, 0.0), (1, 1, 0.04, 0.0)]
    assert delivered.tolist() == [[0.04, 0.0], [0.04, 0.0], [0.0, 0.0]]


def test_what_is_hardly_trusted_is_hardly_seen() -> None:
    # It sees a tenth: NIS 40 a pupil, 1/11 visible, and 0.6 - 1/11 > 0.5.
    year, _ = placed(providers(awareness=[1.0, 1.0]), sites(), trust=0.1)
    assert [school for _, school, _, _ in year] == [0, 0]


@pytest.mark.parametrize(("awareness", "schools"), [(0.19, [0, 0]), (0.21, [0, 1])])
def test_awareness_must_outweigh_convenience(awareness: float, schools: list[int]) -> None:
    year, _ = placed(providers(awareness=[awareness, awareness]), sites())
    assert [school for _, school, _, _ in year] == schools


def test_who_heeds_others_does_less_of_what_they_do_where_it_goes() -> None:
    # 0.04 at 100 pupils is as much as counts by half; the second halves its teaching there and does access instead.
    both, easy = [[1.0, 0.0], [0.5, 0.5]], [0.6, 0.1, 0.1]
    blind, delivered = placed(providers(mix=both), sites(easy=easy))
    assert blind == [(0, 0, 0.04, 0.0), (1, 0, 0.04, pytest.approx(0.02))]
    aware, delivered = placed(providers(mix=both, awareness=[0.0, 1.0]), sites(easy=easy))
    assert aware == [(0, 0, 0.04, 0.0), (1, 0, 0.04, pytest.approx(0.04 / 3))]
    assert delivered[0].tolist() == pytest.approx([0.04 + 0.04 / 3, 0.08 / 3])


def test_who_comes_first_does_not_see_who_comes_later() -> None:
    forth, _ = placed(providers(awareness=[1.0, 1.0]), sites(), order=(0, 1))
    back, _ = placed(providers(awareness=[1.0, 1.0]), sites(), order=(1, 0))
    assert [(who, school) for who, school, _, _ in forth] == [(0, 0), (1, 1)]
    assert [(who, school) for who, school, _, _ in back] == [(1, 0), (0, 1)]


def test_inclination_weighs_need_against_convenience() -> None:
    # 0.5 x 0.6, 0.5 x 0.5 + 0.5 x 0.5, 0.5 x 0.1 + 0.5 x 1.0 = 0.30, 0.50, 0.55
    year, _ = placed(providers(inclination=[0.5, 1.0]), sites())
    assert [school for _, school, _, _ in year] == [2, 2]


def test_size_and_strength_add_to_convenience() -> None:
    # Nearness is drawn between 0 and 1, so that it decides unless the others differ by more.
    year, _ = placed(providers(), sites(nearness=1.0, easy=[0.0, 0.0, 1.0]))
    assert [school for _, school, _, _ in year] == [2, 2]


def test_nearness_is_drawn_for_each_provider_and_school() -> None:
    luck = Luck(0).table(Stream.CONVENIENCE, 0, np.arange(2), np.arange(3))
    year, _ = placed(providers(), sites(nearness=1.0, easy=[0.0] * 3))
    assert [school for _, school, _, _ in year] == luck.argmax(axis=1).tolist()


def test_an_authority_stays_in_its_own_schools() -> None:
    year, _ = placed(providers(territory=[-1.0, 1.0]), sites())
    assert [school for _, school, _, _ in year] == [0, 1]


def test_a_provider_without_schools_of_its_own_places_nothing() -> None:
    year, delivered = placed(providers(territory=[-1.0, 9.0]), sites())
    assert [who for who, _, _, _ in year] == [0]
    assert delivered.sum() == pytest.approx(0.04)


def test_means_are_spread_by_the_grain_and_shared_by_pupils() -> None:
    year, delivered = placed(providers(means=[0.08, 0.0]), sites(pupils=[300.0, 100.0, 50.0]), order=(0,))
    assert [(who, school) for who, school, _, _ in year] == [(0, 0), (0, 1)]
    assert delivered[:, 0].tolist() == pytest.approx([0.06, 0.02, 0.0])


def test_where_there_is_no_track_only_access_is_brought() -> None:
    year, delivered = placed(providers(), sites(track=[False, True, True]))
    assert year == [(0, 0, 0.04, 0.0), (1, 0, 0.04, 0.04)]
    assert delivered.tolist() == [[0.0, 0.08], [0.0, 0.0], [0.0, 0.0]]


def test_access_work_kept_for_schools_without_a_track_goes_there() -> None:
    year, delivered = placed(providers(mix=[TEACHING, ACCESS]), sites(track=[True, True, False], aside=1.0))
    assert [school for _, school, _, _ in year] == [0, 2]
    assert delivered.tolist() == [[0.04, 0.0], [0.0, 0.0], [0.0, 0.04]]


def test_the_rest_goes_on_where_the_score_is_highest() -> None:
    half = [[0.5, 0.5], [0.5, 0.5]]
    year, _ = placed(providers(means=[0.08, 0.0], mix=half), sites(track=[True, True, False], aside=1.0), order=(0,))
    assert [school for _, school, _, _ in year] == [2, 0]


def test_what_a_trusted_partner_does_where_there_is_no_track_is_seen_as_access() -> None:
    # A partner's programme of teaching there is one of access; the second, of access, would repeat it: 0.6 - 0.5 < 0.5.
    year, _ = placed(providers(mix=[TEACHING, ACCESS], awareness=[1.0, 1.0]), sites(track=[False, True, True]))
    assert [school for _, school, _, _ in year] == [0, 1]


def test_a_school_takes_no_more_than_it_has_room_for() -> None:
    where = sites(capacity=[0.05, 1.0, 1.0])
    year, delivered = placed(providers(), where)
    assert [row[2] for row in year] == pytest.approx([0.04, 0.01])
    assert year[1][3] == pytest.approx(0.01)
    assert delivered[0, 0] == pytest.approx(0.05)
    assert where.capacity.tolist() == pytest.approx([0.0, 1.0, 1.0])


@pytest.mark.heavy
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 12))
def test_a_year_of_any_size_keeps_its_accounts(seed: int, many: int, schools: int) -> None:
    source = np.random.default_rng(seed)
    means, capacity = source.uniform(0.01, 0.5, many), source.uniform(0.0, 0.3, schools)
    who = placing.Providers(
        means,
        source.random(many),
        source.random(many) * (source.random() < 0.5),
        np.where(source.random(many) < 0.3, source.integers(0, 3, many), -1).astype(float),
        source.dirichlet(np.ones(3), many),
    )
    where = placing.SchoolSites(
        source.random(),
        source.random(schools),
        source.random(schools),
        source.uniform(1.0, 300.0, schools),
        source.integers(0, 3, schools),
        capacity.copy(),
        source.random(schools) < 0.5,
        np.array([0.0, 1.0, 0.0]),
        source.random(),
    )
    ties = {(i, j): source.random() for i in range(many) for j in range(many) if i != j and source.random() < 0.5}
    net = Network.of(many, ties)
    trust_ties = placing.TrustTies(net.target, net.trust, net.offsets)
    gates = admissions(*source.random(3), many=many, lost=source.random())
    year, delivered, used = placed_in_turn(
        source.permutation(many), who, where, trust_ties, (gates, draws(many, schools, seed)), (GRAIN, SCALE)
    )
    provider, school, offered, taken, repeated = (column[:used] for column in year[:5])
    brought = np.bincount(provider, weights=offered, minlength=many)
    placing_any = np.bincount(provider, minlength=many) > 0
    left = means - gates.lost * year.refused
    np.testing.assert_allclose(brought[placing_any], left[placing_any], rtol=1e-9)
    np.testing.assert_allclose(
        year.refused[(brought == 0.0) & (who.territory < 0)], means[(brought == 0.0) & (who.territory < 0)]
    )
    assert ((year.refused >= 0.0) & (year.refused <= means + 1e-12)).all()
    assert (year.refused[who.territory >= 0] == 0.0).all()
    np.testing.assert_allclose(delivered.sum(axis=1), np.bincount(school, weights=taken, minlength=schools), atol=1e-9)
    np.testing.assert_allclose(where.capacity, capacity - delivered.sum(axis=1), atol=1e-9)
    assert (where.capacity >= -1e-12).all()
    assert ((repeated >= 0.0) & (repeated <= taken + 1e-12) & (taken <= offered + 1e-12)).all()
    assert len(set(zip(provider.tolist(), school.tolist(), strict=True))) == used
    at_home = who.territory[provider]
    assert ((at_home < 0) | (at_home == where.authority[school])).all()
    for row in range(many):
        begin, end = year.spans[row]
        assert (year.provider[begin:end] == row).all()


@pytest.mark.heavy
@given(st.integers(0, 2**32 - 1), st.integers(1, 300), st.integers(1, 40), st.booleans())
def test_the_shortlist_is_that_of_a_look_at_every_school(seed: int, schools: int, number: int, coarse: bool) -> None:
    source = np.random.default_rng(seed)
    grid = 4 if coarse else 2**30  # coarse values make equal scores, of which the first row leads
    easy, need, wish = (source.integers(0, grid + 1, size) / grid for size in (schools, schools, 1))
    nearness = 0.0 if coarse else source.random()
    track, who = source.random(schools) < 0.7, providers(inclination=[wish[0], 0.0])
    where = sites(easy=easy, need=need, pupils=np.ones(schools), authority=np.zeros(schools), nearness=nearness,
                  capacity=np.ones(schools))._replace(track=track)  # fmt: skip
    luck = draws(2, schools, seed)
    seen = np.zeros((schools, 3))
    view = shortlisting.View(seen, source.random(schools) < 0.1, SCALE)
    market = who, Places(where, shortlisting.sites_by_merit(where), shortlisting.sites_by_owner(where))
    near = nearness * Luck(seed).table(Stream.CONVENIENCE, 0, np.arange(1), np.arange(schools))[0]
    score = (1.0 - wish[0]) * (near + easy) + wish[0] * need
    for only_bare in (False, True):
        open_to_it = np.flatnonzero(~view.chosen & ~(track & only_bare))
        plain = open_to_it[np.argsort(-score[open_to_it], kind="stable")][:number]
        assert best_sites(0, number, only_bare, market, view, luck).tolist() == plain.tolist()


# Owners let in or refuse


def test_part_of_what_is_refused_is_lost_and_the_rest_goes_where_the_door_is_open() -> None:
    # Two schools of equal size each; the first owner refuses, so half of 0.08 is refused and half of that is lost.
    who, gates = providers(means=[0.08, 0.08]), admissions(0.0, 1.0)
    year, delivered, used = placed_in_turn(np.array([0]), who, sites(), lonely(), (gates, draws()), (GRAIN, SCALE))
    assert (year.school[:used].tolist(), year.taken[:used].tolist()) == ([1], pytest.approx([0.06]))
    assert year.refused.tolist() == pytest.approx([0.04, 0.0])
    assert delivered[0].sum() == 0.0


def test_who_is_refused_everywhere_places_nothing() -> None:
    year, delivered, used = placed_in_turn(
        np.array([0]), providers(), sites(), lonely(), (admissions(0.0, 0.0), draws()), (GRAIN, SCALE)
    )
    assert (used, delivered.sum(), year.refused[0]) == (0, 0.0, 0.04)


def test_an_owner_serves_its_own_schools_without_asking() -> None:
    who = providers(territory=[0.0, -1.0])
    year, _, used = placed_in_turn(
        np.array([0]), who, sites(), lonely(), (admissions(0.0, 0.0), draws()), (GRAIN, SCALE)
    )
    assert (year.school[:used].tolist(), year.refused[0]) == ([0], 0.0)


def test_the_owner_that_knows_a_provider_asks_its_trust() -> None:
    # Owner 0 knows provider 1 and lets it in; the stranger stays outside.
    with_trust = admissions(0.0, 0.0)._replace(owner=np.array([0]), chance=np.array([0.9]), starts=np.array([0, 0, 1]))
    schools, luck, authority = np.arange(3), np.full(3, 0.5), np.array([0, 1, 1])
    assert [admitted(row, schools, luck, authority, with_trust).tolist() for row in (0, 1)] == [[], [0]]


def lonely() -> placing.TrustTies:
    """Return a network without ties."""
    return placing.TrustTies(np.zeros(0, np.int64), np.zeros(0), np.zeros(3, np.int64))


# Standing, knowledge, room


def test_standing_among_all() -> None:
    assert placing.ranked(np.array([10.0, 30.0, 20.0, 0.0])).tolist() == [1 / 3, 1.0, 2 / 3, 0.0]
    assert placing.ranked(np.array([5.0])).tolist() == [0.0]
    assert placing.ranked(np.array([2.0, 2.0, 1.0])).tolist() == [0.5, 1.0, 0.0]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_standing_keeps_the_order(values: list[float]) -> None:
    standing = placing.ranked(np.array(values))
    assert sorted(standing.tolist()) == pytest.approx(
        np.linspace(0, 1, len(values)).tolist() if len(values) > 1 else [0]
    )
    assert (np.diff(np.array(values)[np.argsort(standing)]) >= 0.0).all()


def test_one_knows_where_data_are_shared_and_partners_trusted() -> None:
    assert placing.knowledge(0.5, 0.4) == pytest.approx(0.2)
    assert placing.knowledge(0.0, 1.0) == 0.0
    assert placing.knowledge(1.0, 0.0) == 0.0


@pytest.mark.parametrize(
    ("offered", "capacity", "taken"), [(3.0, 2.0, 2.0), (1.0, 2.0, 1.0), (1.0, -1.0, 0.0), (0.0, 5.0, 0.0)]
)
def test_a_school_absorbs_what_it_has_room_for(offered: float, capacity: float, taken: float) -> None:
    assert placing.absorbed(offered, capacity) == taken
