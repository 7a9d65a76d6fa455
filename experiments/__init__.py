"""Programs: one command line a question, for example `python -m experiments.sweep`; the wheel has them as `sim.programs`."""

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
"""Programs by their names in 0.1, which are understood for one version, and the modules that hold them now."""


class OldPrograms(MetaPathFinder, InspectLoader):
    """Finds a program by its old name, where nothing else does, and runs it under its new one with a warning."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return what loads the program of an old name; None for any other name."""
        package, _, name = fullname.rpartition(".")
        return ModuleSpec(fullname, self) if package == __name__ and name in MOVED else None

    def get_source(self, fullname: str) -> str:
        """Return a program that says the new name and runs what has it."""
        new = f"{__name__}.{MOVED[fullname.rpartition('.')[2]]}"
        note = f"warning: `python -m {fullname}` is `python -m {new}` now; 0.3 will not know the old name\n"
        return f"import runpy, sys\nsys.stderr.write({note!r})\nrunpy.run_module({new!r}, run_name=__name__, alter_sys=True)\n"


if not any(type(finder).__name__ == OldPrograms.__name__ for finder in sys.meta_path):
    sys.meta_path.append(OldPrograms())
