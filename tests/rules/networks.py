"""Small networks for rules that run along ties: by hand, or drawn by Hypothesis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st


@dataclass(frozen=True)
class Network:
    """Organisations by row and trust along their ties, sorted by source and target."""

    size: int
    ties: dict[tuple[int, int], float]

    @staticmethod
    def of(size: int, ties: dict[tuple[int, int], float]) -> Network:
        return Network(size, dict(sorted(ties.items())))

    @property
    def source(self) -> Any:
        return np.array([i for i, _ in self.ties], dtype=np.int64)

    @property
    def target(self) -> Any:
        return np.array([j for _, j in self.ties], dtype=np.int64)

    @property
    def trust(self) -> Any:
        return np.array(list(self.ties.values()), dtype=float)

    @property
    def offsets(self) -> Any:
        return np.searchsorted(self.source, np.arange(self.size + 1))

    @property
    def matrix(self) -> Any:
        trust = np.zeros((self.size, self.size))
        trust[self.source, self.target] = self.trust
        return trust


@st.composite
def networks(draw: st.DrawFn, most: int = 7) -> Network:
    size = draw(st.integers(1, most))
    pairs = [(i, j) for i in range(size) for j in range(size) if i != j]
    chosen = draw(st.sets(st.sampled_from(pairs))) if pairs else set()
    return Network.of(size, {pair: draw(st.floats(0.0, 1.0)) for pair in sorted(chosen)})


def hub_network(seed: int, size: int = 80) -> Network:
    """Return a network in which the first knows everybody, half of the others know it, and each knows two more."""
    source, ties = np.random.default_rng(seed), {}
    for one in range(1, size):
        ties[0, one] = source.random()
        others = {*source.integers(1, size, 2).tolist(), *([0] if one % 2 else [])} - {one}
        ties |= {(one, other): source.random() for other in others}
    return Network.of(size, ties)


def shares(rows: int, columns: int) -> st.SearchStrategy[Any]:
    """Draw rows of positive weights that sum to one."""
    weights = st.lists(st.floats(0.01, 1.0), min_size=rows * columns, max_size=rows * columns)
    return weights.map(
        lambda w: np.array(w).reshape(rows, columns) / np.array(w).reshape(rows, columns).sum(1)[:, None]
    )


def positions(rows: int) -> st.SearchStrategy[Any]:
    """Draw weights on four subjects and on three grades, each summing to one; shape (rows, 7)."""
    return st.tuples(shares(rows, 4), shares(rows, 3)).map(np.hstack)
