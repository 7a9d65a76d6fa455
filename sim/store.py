"""Results on disk: identity by content, Parquet parts written whole or not at all, manifest, collect."""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.declare import Mistake, shown
from sim.world.facts import data_path

if TYPE_CHECKING:
    import pandas as pd

    from sim.policy import Scenario

MODEL = ("compiling.py", "dates.py", "declare.py", "draws.py", "rules", "world", "agents", "phases", "policy.py",
         "parameters.py", "model.py", "outcomes")  # fmt: skip
"""What of the sources decides about results; nothing else invalidates them."""

PACKAGES = ("mesa", "numpy", "scipy", "pandas", "pyarrow", "numba", "hydra-core", "networkx", "joblib")


PRODUCTS = ("table.parquet", "summary.txt", "timing.json", "page.*", "failures/*.json", "sensitivity*.*")
"""What a sweep makes of its parts; it is of one design."""

OF_A_DESIGN = ("design", "seeds")
"""What of a manifest says which runs a table has."""


@lru_cache(maxsize=1)
def sources_hash() -> str:
    """Hash of the model's sources: equal hashes and equal inputs give equal results."""
    root, digest = Path(__file__).parent, hashlib.sha256()
    for name in MODEL:
        path = root / name
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def identity(case: Scenario) -> str:
    """Identity of a design point: a hash of its parameters, its policy, the files it names and the model's sources."""
    changes = [(c.month, c.key, c.value) for c in case.policy.changes]
    files = [case.parameters[f"setting.{name}"] for name in ("schools", "organisations", "ties")]
    tables = [data_path(case.parameters[f"setting.{name}"]) for name in ("population", "cohorts")]
    contents = [hashlib.sha256(Path(file).read_bytes()).hexdigest() for file in (*files, *tables) if file]
    text = repr((case.parameters, changes, contents, sources_hash()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def writable(folder: str | Path) -> Path:
    """The folder, made if need be. Raises Mistake, in one sentence, where it cannot be written."""
    path = path_of(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / f".writable-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise Mistake(f"the folder {path} cannot be written: {error.strerror or error}") from None
    return path


def path_of(name: str | Path) -> Path:
    """A path that names something. Raises Mistake for what is none, in one sentence."""
    if not isinstance(name, str | Path) or not str(name) or "\0" in str(name):
        raise Mistake(f"where results go is named by a path; got {shown(name)}")
    return Path(name)


def written(path: Path, content: bytes) -> Path:
    """A file written whole or not at all. Raises Mistake when it cannot be."""
    all_written({path: content})
    return path


def all_written(contents: Mapping[Path, bytes]) -> None:
    """Files written whole, and all of them or none: to temporary names, flushed, then renamed.

    Raises Mistake, which names the first that cannot be written.
    """
    temporaries = {path: path.with_name(f".{path.name[:200]}.{os.getpid()}.tmp") for path in contents}
    try:
        for path, temporary in temporaries.items():
            if path.exists() and not path.is_file():
                raise Mistake(f"{path} cannot be written: it is there, and no file")
            with temporary.open("wb") as file:
                file.write(contents[path])
                file.flush()
                os.fsync(file.fileno())
        for path, temporary in temporaries.items():
            temporary.replace(path)
    except OSError as error:
        raise Mistake(f"{path} cannot be written: {error.strerror or error}") from None
    finally:
        for temporary in temporaries.values():
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def bytes_of(frame: pd.DataFrame, form: str) -> bytes:
    """A table as the content of a file, "csv" or "parquet"."""
    if form == "csv":
        return frame.to_csv(index=False).encode()
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return buffer.getvalue()


def environment() -> dict[str, Any]:
    """Versions, platform and commit of this process."""
    commit = ""
    try:
        asked = ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"]
        commit = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=False).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        pass
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "commit": commit,
        "model": sources_hash(),
        "packages": {name: _version(name) for name in PACKAGES},
    }


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


@dataclass(frozen=True)
class Store:
    """A folder of results: parts (a design point x a block of seeds), a manifest, failures and the collected table."""

    folder: Path

    @staticmethod
    def at(folder: str | Path) -> Store:
        """The store in a folder, made if need be. Raises Mistake where it cannot be written."""
        path = writable(folder)
        writable(path / "parts")
        return Store(path)

    def part(self, point: str, first: int, last: int) -> Path:
        """The file of a design point and a block of seeds."""
        return self.folder / "parts" / f"{point}-{first:06d}-{last:06d}.parquet"

    def has(self, point: str, first: int, last: int) -> bool:
        """Whether a part is there and can be read whole."""
        import pyarrow.parquet as pq

        path = self.part(point, first, last)
        try:
            return path.is_file() and pq.read_table(path).num_rows > 0
        except Exception:
            return False

    def keep(self, point: str, first: int, last: int, rows: pd.DataFrame) -> Path:
        """Write a part. Raises Mistake, in one sentence, when the disk does not take it."""
        return written(self.part(point, first, last), bytes_of(rows, "parquet"))

    def fail(self, failures: list[dict[str, Any]], points: list[str]) -> None:
        """Write the failures of these points (factors, seed, traceback); none clears what failed before."""
        name = hashlib.sha256(" ".join(points).encode()).hexdigest()[:16]
        path = self.folder / "failures" / f"{name}.json"
        if failures:
            writable(path.parent)
            written(path, json.dumps(failures, indent=1, default=str).encode())
        else:
            path.unlink(missing_ok=True)

    def failures(self) -> list[dict[str, Any]]:
        """Every failure on record: factors, seed, traceback."""
        found: list[dict[str, Any]] = []
        for path in sorted((self.folder / "failures").glob("*.json")):
            try:
                found += list(json.loads(path.read_text(encoding="utf-8")))
            except (OSError, ValueError, TypeError):
                raise Mistake(f"{path} is broken: delete it, and sweep again") from None
        return found

    def describe(self, manifest: Mapping[str, Any]) -> None:
        """Write what makes these results: design, seeds, configuration, versions, platform, commit.

        Args:
            manifest: `design`, a list of the `identity`, `scenario` and factors of each point; `seeds`, first and last;
                and whatever else is worth keeping
        """
        written(self.folder / "manifest.json", text_of({**manifest, "environment": environment()}).encode())

    def manifest(self) -> dict[str, Any]:
        """What `describe` wrote. Raises Mistake where there is none, or none that can be read."""
        path = self.folder / "manifest.json"
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            raise Mistake(f"{path} is missing or broken: there is no sweep in {self.folder}") from None

    def outdated(self, manifest: Mapping[str, Any]) -> list[Path]:
        """What a sweep of another design or other seeds left here besides its parts, which may be of use again."""
        try:
            before = self.manifest()
        except Mistake:
            return []  # what is here is of no sweep
        now = json.loads(text_of(manifest))
        if all(before.get(key) == now[key] for key in OF_A_DESIGN):
            return []
        return sorted(path for name in PRODUCTS for path in self.folder.glob(name) if path.is_file())

    def collect(self) -> pd.DataFrame:
        """The runs of the design in the manifest, one tidy table, sorted; also written as table.parquet.

        Parts of other designs, seeds of others, and parts that cannot be read are left out; a run in two parts counts
        once. Raises Mistake where there is no run, or no design.
        """
        import pandas as pd

        manifest = self.manifest()
        frames = [self.runs_of(point, *manifest["seeds"]) for point in manifest["design"]]
        frames = [frame for frame in frames if len(frame)]
        if not frames:
            raise Mistake(f"there are no results in {self.folder}")
        table = pd.concat(frames, ignore_index=True)
        columns = list(table.columns)
        table = table.sort_values(columns[: columns.index("seed") + 1], ignore_index=True)
        written(self.folder / "table.parquet", bytes_of(table, "parquet"))
        return table

    def runs_of(self, point: Mapping[str, Any], first: int, last: int) -> pd.DataFrame:
        """The runs of a point of the design with some seeds; its factors are called as the design calls them."""
        import pandas as pd

        parts = sorted((self.folder / "parts").glob(f"{point['identity']}-*.parquet"))
        frames = [frame for path in parts if len(frame := rows_of(path))]
        if not frames:
            return pd.DataFrame()
        rows = pd.concat(frames, ignore_index=True)
        if "points" in point:  # several of a sampled design, whose rows have their factors
            return rows[rows["seed"].between(first, last)]
        rows = rows[rows["seed"].between(first, last)].drop_duplicates(["dates", "seed"], ignore_index=True)
        factors = {name: value for name, value in point.items() if name != "identity"}
        return pd.concat([pd.DataFrame(factors, index=rows.index), rows.loc[:, "dates":]], axis=1)


def text_of(manifest: Mapping[str, Any]) -> str:
    """A manifest as its file has it."""
    return json.dumps(manifest, indent=1, default=str)


def rows_of(part: Path) -> pd.DataFrame:
    """The rows of a part; none where it cannot be read whole."""
    import pandas as pd

    try:
        return pd.read_parquet(part)
    except Exception:
        return pd.DataFrame()
