"""Names for the types of arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
"""Shares, amounts, logits, draws."""

type Ints = NDArray[np.integer]
"""Rows, codes, months, identities."""

type Flags = NDArray[np.bool_]
"""Yes or no."""

type Keys = NDArray[np.uint64]
"""Keys of the streams of random draws in a month."""

type Numbers = Floats | Ints | Flags
"""Any column of a table."""

type Values = float | Floats
"""A number for one row, or an array for many rows: a class describes one organisation or all of its kind."""

type Rows = int | slice | Ints
"""One row of a table, or many."""
