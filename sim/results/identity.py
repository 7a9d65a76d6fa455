"""Identity by content: of the model's sources, of a scenario with its files, and of the environment."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands import DISTRIBUTION, is_installed
from sim.tables.paths import expanded_path
from sim.world.facts import data_path

if TYPE_CHECKING:
    from sim.policy import Scenario


MODEL = ("jit", "memo.py", "dates.py", "errors.py", "declare.py", "draws.py", "rules", "tables", "world", "agents", "phases",
         "policy", "parameters.py", "model.py")  # fmt: skip
"""Sources that decide about a run; changes of other sources do not invalidate runs."""

OUTCOMES = ("outcomes",)
"""Sources that decide which outcomes a run has. Runs on disk whose outcomes are of another version get those of today."""


PACKAGES = ("mesa", "numpy", "scipy", "pandas", "pyarrow", "numba", "hydra-core", "networkx", "joblib")


@lru_cache(maxsize=1)
def sources_hash() -> str:
    """Return a hash of the sources of model and outcomes: equal hashes and equal inputs give equal results."""
    return _hash_of((*MODEL, *OUTCOMES))


@lru_cache(maxsize=1)
def model_hash() -> str:
    """Return a hash of the model's sources: equal hashes and equal inputs give equal runs."""
    return _hash_of(MODEL)


@lru_cache(maxsize=1)
def outcomes_hash() -> str:
    """Return a hash of the sources of the package's outcomes."""
    return _hash_of(OUTCOMES)


def _hash_of(parts: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for name, file in sources(parts):
        digest.update(name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def sources(parts: Sequence[str] = MODEL) -> Iterator[tuple[str, Path]]:
    """Yield source files with their names within `sim`.

    Args:
        parts: files and folders; those of the model unless named
    """
    root = Path(__file__).parents[1]
    for path in (root / name for name in parts):
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            yield file.relative_to(root).as_posix(), file


def identity(scenario: Scenario) -> str:
    """Return the identity of a design point: a hash of its parameters, policy, files, own kinds and the sources."""
    changes = [(c.month, c.key, c.value) for c in scenario.policy.changes]
    contents = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files_of(scenario)]
    text = repr((scenario.parameters, changes, contents, model_hash(), *scenario.parameters.kinds.registered()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def files_of(scenario: Scenario) -> list[Path]:
    """Return the files that a scenario reads: the user's own, then tables of the project."""
    files = [scenario.parameters[f"setting.{name}"] for name in ("schools", "organisations", "ties")]
    named = [scenario.parameters[f"setting.{name}"] for name in ("population", "cohorts", "places", "taking_by_year")]
    return [expanded_path(file) for file in (*files, *(data_path(name) for name in named if name)) if file]


def environment() -> dict[str, Any]:
    """Return versions, platform and commit of this process."""
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "commit": "" if is_installed() else _commit(),
        "model": sources_hash(),
        "packages": {name: _version(name) for name in PACKAGES},
    }


def _commit() -> str:
    """Return the commit of a checkout. An installed package has none: the repository around it is another project's."""
    words = ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"]
    try:
        return subprocess.run(words, capture_output=True, text=True, timeout=5, check=False).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def package() -> str:
    """Return name and version of the package of this project."""
    return f"{DISTRIBUTION} {_version(DISTRIBUTION)}"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
