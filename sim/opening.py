"""What is loaded before all else, so that it is loaded in silence."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():  # Mesa loads it for bars that no run shows; in a notebook without widgets it complains
    warnings.filterwarnings("ignore", message="IProgress not found")
    import tqdm.auto  # noqa: F401
