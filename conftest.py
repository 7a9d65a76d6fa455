"""The examples in docstrings are tests; those of a package whose extra is not installed are left out."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("solara") else ["sim/dashboard/*"]
