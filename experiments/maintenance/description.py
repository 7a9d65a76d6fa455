"""What is said of the project in an archive: who made it, what it needs, how it is run; from CITATION.cff and pyproject."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

CONTEXT = "https://w3id.org/codemeta/3.0"
"""The vocabulary of codemeta.json."""


def citation(root: Path) -> dict[str, Any]:
    """CITATION.cff of the project, by key."""
    said = OmegaConf.to_container(OmegaConf.load(root / "CITATION.cff"))
    assert isinstance(said, dict)
    return {str(key): value for key, value in said.items()}


def codemeta(about: Mapping[str, Any], root: Path) -> str:
    """The project as codemeta.json, which libraries read: title, authors, licence, version, language, what it needs."""
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
    """An author of CITATION.cff as codemeta has it: a person, or a group under one name.

    >>> person_of({"family-names": "Doe", "given-names": "Jo"})
    {'@type': 'Person', 'givenName': 'Jo', 'familyName': 'Doe'}
    """
    if "family-names" in author:
        return {"@type": "Person", "givenName": author.get("given-names", ""), "familyName": author["family-names"]}
    return {"@type": "Organization", "name": author["name"]}


def read_me(about: Mapping[str, Any], command: str) -> str:
    """The first page of an archive: what is in it, and how it is run."""
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
