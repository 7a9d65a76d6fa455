"""An archive ready for a model library such as CoMSES: code, documents, data, results of one run, metadata, in one zip.

The same sources give the same bytes. It holds what git tracks or, where there is no git, what the project is made of; no
environment, caches, other results or lock of `uv`.
"""

from __future__ import annotations

import io
import json
import subprocess
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

import sim
from sim.errors import InputError, shown
from sim.policy import Scenario
from sim.results.identity import files_of

ROOT = Path(sim.__file__).resolve().parents[1]
"""The project's own folder."""

PARTS = (
    ".ci", ".gitignore", ".python-version", "CHANGELOG.md", "CITATION.cff", "LICENSE", "Makefile", "README.md", "configs",
    "conftest.py", "docs", "experiments", "notebooks", "pyproject.toml", "requirements-ray.txt", "requirements.lock",
    "impact_lab.py", "sim", "tests",
)  # fmt: skip
"""What the project is made of: files and folders beside each other."""

LEFT_OUT = ("__pycache__", ".ipynb_checkpoints", ".hypothesis", "uv.lock")
CACHED = (".pyc", ".pyo", ".nbi", ".nbc", ".tmp")
"""Names and endings that caches have, and the lock that belongs to a machine."""

UNDATED = (1980, 1, 1, 0, 0, 0)
"""The day that every file of the zip bears, so that its bytes do not change."""

TYPICAL = {
    "docs": ("sim/ODD.md", "sim/LIMITS.md", "docs/*.md", "docs/*.png"),
    "data": ("configs/data/*", "configs/*.yaml"),
}
"""Where a library looks for documents and data, and which files of the code are copied there."""


def files_of_the_project(root: Path = ROOT) -> list[Path]:
    """Return the project's files, in order.

    Raises:
        InputError: the folder holds no project
    """
    tracked = listed_by_git(root)
    found = tracked if tracked is not None else sorted(everything(root))
    kept = [f for f in found if not set(f.relative_to(root).parts) & set(LEFT_OUT) and f.suffix not in CACHED]
    if root / "pyproject.toml" not in kept:
        raise InputError(f"there is no project in {root} to archive: the sources are needed, not the installed package")
    return kept


def listed_by_git(root: Path) -> list[Path] | None:
    """Return the files that git tracks and that are there; None where git does not know the folder."""
    if not (root / ".git").exists():
        return None
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    except OSError:
        return None
    files = [root / name for name in sorted(listed.stdout.split("\0")) if name]
    return [file for file in files if file.is_file()] or None


def everything(root: Path) -> Iterator[Path]:
    """Every file of the parts of the project."""
    for part in (root / name for name in PARTS):
        yield from [part] if part.is_file() else (file for file in part.rglob("*") if file.is_file())


def laid_out(files: list[Path], results: Mapping[str, bytes], command: str, root: Path = ROOT) -> dict[str, bytes]:
    """What the archive holds, by path in it: the project in code/, documents and data again where libraries look for them.

    Args:
        files: of the project
        results: of the documented run, by name
        command: that makes them
        root: folder of the project
    """
    found = {f"code/{file.relative_to(root).as_posix()}": file.read_bytes() for file in files}
    for folder, patterns in TYPICAL.items():
        wanted = {file for pattern in patterns for file in root.glob(pattern)} & set(files)
        found |= {f"{folder}/{file.name}": file.read_bytes() for file in wanted}
    found |= {f"results/{name}": content for name, content in results.items()}
    about = citation(root)
    found["results/COMMAND.txt"] = f"{command}\n".encode()
    found["codemeta.json"] = codemeta(about, root).encode()
    found["README.md"] = read_me(about, command).encode()
    return found | {name: (root / name).read_bytes() for name in ("CITATION.cff", "LICENSE")}


def zipped(contents: Mapping[str, bytes], top: str) -> bytes:
    """Files as a zip below one folder, in order of their names, undated; scripts can be run.

    >>> zipped({"b": b"1", "a": b"2"}, "top") == zipped({"a": b"2", "b": b"1"}, "top")
    True
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(f"{top}/{name}", UNDATED)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = (0o100755 if contents[name].startswith(b"#!") else 0o100644) << 16
            archive.writestr(entry, contents[name])
    return buffer.getvalue()


def check_files(case: Scenario) -> None:
    """Raises InputError for a run that reads files which the archive does not have."""
    foreign = [file for file in files_of(case) if not file.resolve().is_relative_to(ROOT)]
    if foreign:
        raise InputError(f"the archive has the project's own data only, and its run would read {foreign[0]}")


def check_target(target: Path) -> None:
    """Refuse a name that no zip can have.

    Raises:
        InputError: it does not end with .zip
    """
    if target.suffix != ".zip" or not target.stem:
        raise InputError(f"`out` is a file that ends with .zip; got {shown(str(target))}")


CONTEXT = "https://w3id.org/codemeta/3.0"
"""The vocabulary of codemeta.json."""


def citation(root: Path) -> dict[str, Any]:
    """CITATION.cff of the project, by key."""
    said = OmegaConf.to_container(OmegaConf.load(root / "CITATION.cff"))
    assert isinstance(said, dict)
    return {str(key): value for key, value in said.items()}


def codemeta(about: Mapping[str, Any], root: Path) -> str:
    """Return the project as codemeta.json, which libraries read: title, authors, licence, version, language, what it needs."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    said = {
        "@context": CONTEXT,
        "@type": "SoftwareSourceCode",
        "name": about["title"],
        "identifier": project["name"],
        "description": about["abstract"].strip(),
        "version": str(about["version"]),
        "license": f"https://spdx.org/licenses/{about['license']}",
        "author": [person_of(author) for author in about["authors"]],
        "keywords": list(about["keywords"]),
        "applicationCategory": "agent-based model",
        "programmingLanguage": {"@type": "ComputerLanguage", "name": "Python", "version": project["requires-python"]},
        "softwareRequirements": project["dependencies"],
        "softwareHelp": "code/README.md",
        "readme": "README.md",
        "referencePublication": "docs/ODD.md",
    }
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


def person_of(author: Mapping[str, Any]) -> dict[str, Any]:
    """Return an author of CITATION.cff as codemeta has it: a person, or a group under one name.

    >>> person_of({"family-names": "Doe", "given-names": "Jo"})
    {'@type': 'Person', 'givenName': 'Jo', 'familyName': 'Doe'}
    """
    if "family-names" in author:
        return {"@type": "Person", "givenName": author.get("given-names", ""), "familyName": author["family-names"]}
    return {"@type": "Organization", "name": author["name"]}


def read_me(about: Mapping[str, Any], command: str) -> str:
    """Return the first page of an archive: what is in it, and how it is run."""
    return f"""# {about["title"]}

Version {about["version"]}, licence {about["license"]}. {" ".join(about["abstract"].split())}

| here | what it is |
| --- | --- |
| `code/` | the project: model (`sim/`), programs (`experiments/`), configurations and data (`configs/`), tests |
| `docs/` | copies of its pages; `ODD.md` describes the model by the ODD protocol, `LIMITS.md` says what it cannot tell |
| `data/` | copies of its data files (`README.md` describes them) and `sources.yaml`, where each number comes from |
| `results/` | tables, figures and summary of the run below, and its command in `COMMAND.txt` |
| `codemeta.json`, `CITATION.cff` | who made it, and how to cite it |

Copies are for readers; the code reads those in `code/`.

## Running it

You need Python 3.12 or 3.13. In `code/`:

```bash
python3 -m venv .venv
.venv/bin/python -m pip install -e ".[dev]" -c requirements.lock
```

This makes what is in `results/` anew, in `code/results/run`, with the same numbers in every table:

```bash
.venv/bin/{command}
```

The tests, and everything else that there is, are in `code/README.md`:

```bash
.venv/bin/python -m pytest -m "not slow"
```
"""
