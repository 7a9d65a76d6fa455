"""Archive for a model library such as CoMSES: code, documents, data, results of one run and metadata in one zip.

The same sources give the same bytes. The archive has the files that git tracks or, without git, the files of the project; no
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
"""Folder of the project."""

PARTS = (
    ".ci", ".gitignore", ".python-version", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "Makefile",
    "README.md", "configs", "conftest.py", "docs", "experiments", "notebooks", "pyproject.toml", "requirements-ray.txt",
    "requirements.lock", "impact_lab.py", "sim", "tests",
)  # fmt: skip
"""Files and folders of the project."""

LEFT_OUT = ("__pycache__", ".ipynb_checkpoints", ".hypothesis", "uv.lock")
CACHED = (".pyc", ".pyo", ".nbi", ".nbc", ".tmp")
"""Names and suffixes of caches, and the lock file of a machine."""

UNDATED = (1980, 1, 1, 0, 0, 0)
"""Date of every file in the zip, so that its bytes do not change."""

TYPICAL = {
    "docs": ("sim/ODD.md", "sim/LIMITS.md", "docs/**/*.md", "docs/**/*.png"),
    "data": ("configs/data/*", "configs/*.yaml"),
}
"""Folders in which a library looks for documents and data, and the files that are copied there."""


def project_files(root: Path = ROOT) -> list[Path]:
    """Return the project's files, in order.

    Raises:
        InputError: the folder is not a project
    """
    tracked = listed_by_git(root)
    candidates = tracked if tracked is not None else sorted(all_files(root))
    files = [
        file
        for file in candidates
        if not set(file.relative_to(root).parts) & set(LEFT_OUT) and file.suffix not in CACHED
    ]
    if root / "pyproject.toml" not in files:
        raise InputError(
            f"{root} is not the folder of the project; run the command from the sources, not from the installed package"
        )
    return files


def listed_by_git(root: Path) -> list[Path] | None:
    """Return the existing files that git tracks; None if git does not know the folder."""
    if not (root / ".git").exists():
        return None
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    except OSError:
        return None
    files = [root / name for name in sorted(listed.stdout.split("\0")) if name]
    return [file for file in files if file.is_file()] or None


def all_files(root: Path) -> Iterator[Path]:
    """Yield every file of the parts of the project."""
    for part in (root / name for name in PARTS):
        yield from [part] if part.is_file() else (file for file in part.rglob("*") if file.is_file())


def archive_contents(
    files: list[Path], results: Mapping[str, bytes], command: str, root: Path = ROOT
) -> dict[str, bytes]:
    """Return the content of the archive by path: the project in code/, and copies of documents and data for libraries.

    Args:
        files: of the project
        results: of the documented run, by name
        command: that makes them
        root: folder of the project
    """
    contents = {f"code/{file.relative_to(root).as_posix()}": file.read_bytes() for file in files}
    for folder, patterns in TYPICAL.items():
        copied = {file for pattern in patterns for file in root.glob(pattern)} & set(files)
        contents |= {f"{folder}/{name_of_copy(file, root)}": file.read_bytes() for file in copied}
    contents |= {f"results/{name}": content for name, content in results.items()}
    about = citation(root)
    contents["results/COMMAND.txt"] = f"{command}\n".encode()
    contents["codemeta.json"] = codemeta(about, root).encode()
    contents["README.md"] = readme(about, command).encode()
    return contents | {name: (root / name).read_bytes() for name in ("CITATION.cff", "LICENSE")}


def name_of_copy(file: Path, root: Path) -> str:
    """Return the path of a copy in its folder of the archive: pages of docs/ keep their own folders."""
    pages = root / "docs"
    return file.relative_to(pages).as_posix() if file.is_relative_to(pages) else file.name


def zip_of(contents: Mapping[str, bytes], top: str) -> bytes:
    """Return files as a zip below one folder, ordered by name and without dates; scripts are executable.

    >>> zip_of({"b": b"1", "a": b"2"}, "top") == zip_of({"a": b"2", "b": b"1"}, "top")
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


def check_files(scenario: Scenario) -> None:
    """Check that the archive has every file that the run reads.

    Raises:
        InputError: the run reads a file outside of the project
    """
    foreign = [file for file in files_of(scenario) if not file.resolve().is_relative_to(ROOT)]
    if foreign:
        raise InputError(f"the run reads {foreign[0]}, which the archive does not have; use only files of the project")


def check_target(target: Path) -> None:
    """Check the name of the archive.

    Raises:
        InputError: it does not end with .zip
    """
    if target.suffix != ".zip" or not target.stem:
        raise InputError(f"`out` must end with .zip; got {shown(str(target))}")


CONTEXT = "https://w3id.org/codemeta/3.0"
"""The vocabulary of codemeta.json."""


def citation(root: Path) -> dict[str, Any]:
    """Return CITATION.cff of the project, by key."""
    values = OmegaConf.to_container(OmegaConf.load(root / "CITATION.cff"))
    assert isinstance(values, dict)
    return {str(key): value for key, value in values.items()}


def codemeta(about: Mapping[str, Any], root: Path) -> str:
    """Return the project as codemeta.json: title, authors, licence, version, language, requirements."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    fields = {
        "@context": CONTEXT,
        "@type": "SoftwareSourceCode",
        "name": about["title"],
        "identifier": project["name"],
        "description": about["abstract"].strip(),
        "version": str(about["version"]),
        "license": f"https://spdx.org/licenses/{about['license']}",
        "author": [person(author) for author in about["authors"]],
        "keywords": list(about["keywords"]),
        "applicationCategory": "agent-based model",
        "programmingLanguage": {"@type": "ComputerLanguage", "name": "Python", "version": project["requires-python"]},
        "softwareRequirements": project["dependencies"],
        "softwareHelp": "code/README.md",
        "readme": "README.md",
        "referencePublication": "docs/ODD.md",
    }
    return json.dumps(fields, indent=2, ensure_ascii=False) + "\n"


def person(author: Mapping[str, Any]) -> dict[str, Any]:
    """Return an author of CITATION.cff in the form of codemeta: a person, or a group with one name.

    >>> person({"family-names": "Doe", "given-names": "Jo"})
    {'@type': 'Person', 'givenName': 'Jo', 'familyName': 'Doe'}
    """
    if "family-names" in author:
        return {"@type": "Person", "givenName": author.get("given-names", ""), "familyName": author["family-names"]}
    return {"@type": "Organization", "name": author["name"]}


def readme(about: Mapping[str, Any], command: str) -> str:
    """Return the first page of an archive: its content, and how to run it."""
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
