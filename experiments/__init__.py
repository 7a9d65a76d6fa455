"""Programs, one for each question, for example `python -m experiments.sweep`; the wheel has them as `sim.programs`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

MOVED = {
    "benchmark": "benchmarks.benchmark",
    "docs": "maintenance.doc_tables",
    "notebooks": "maintenance.notebooks",
    "odd": "maintenance.odd_tables",
    "site": "maintenance.site",
    "sweeps": "results",
}
"""Names of programs in 0.1, accepted for one version, and the modules that replace them."""


class OldPrograms(MetaPathFinder, InspectLoader):
    """Import hook that finds a program by its old name and runs it under its new name with a warning."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the loader of a program with an old name; None for any other name."""
        package, _, name = fullname.rpartition(".")
        return ModuleSpec(fullname, self) if package == __name__ and name in MOVED else None

    def get_source(self, fullname: str) -> str:
        """Return the source of a program that names its replacement and runs it."""
        new_name = f"{__name__}.{MOVED[fullname.rpartition('.')[2]]}"
        warning = (
            f"warning: `python -m {fullname}` is now `python -m {new_name}`; version 0.3 will remove the old name\n"
        )
        return (
            f"import runpy, sys\nsys.stderr.write({warning!r})\nrunpy.run_module({new_name!r}, run_name=__name__, "
            f"alter_sys=True)\n"
        )


if not any(type(finder).__name__ == OldPrograms.__name__ for finder in sys.meta_path):
    sys.meta_path.append(OldPrograms())
