"""A memo keeps a value as long as the parts that it was made from."""

from __future__ import annotations

import copy
import pickle

import numpy as np

from sim.memo import Memo


def test_a_value_is_made_once_for_the_same_parts_and_anew_for_equal_ones() -> None:
    memo, made, part = Memo(), [], np.zeros(2)

    def make() -> int:
        made.append(1)
        return len(made)

    assert [memo.get("x", (part,), make), memo.get("x", (part,), make)] == [1, 1]
    assert memo.get("x", (part.copy(),), make) == 2
    assert memo.get(("x", 1), (part,), make) == 3
    assert memo.get("none", (), lambda: None) is None


def test_a_copy_is_empty() -> None:
    memo = Memo()
    memo.get("x", (), lambda: 1)
    for other in (copy.deepcopy(memo), pickle.loads(pickle.dumps(memo))):
        assert other.get("x", (), lambda: 2) == 2
    assert memo.get("x", (), lambda: 2) == 1
