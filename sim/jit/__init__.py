"""Compiled rules: a rule written for one number is lifted to arrays.

Numba compiles the rules, each at its first use, and a folder keeps the compiled code for later processes. Without a
compiler the same functions run interpreted: slower, with the same results. Set the environment variable
``SIM_COMPILER=off`` to force the interpreted form.
"""

from sim.jit.lifting import elementwise, segment
from sim.jit.steps import COMPILED, step_of

__all__ = ["COMPILED", "elementwise", "segment", "step_of"]
