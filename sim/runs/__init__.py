"""Runs of the model: one run, many runs, and pairs of runs; on all cores, with shared histories."""

from typing import TYPE_CHECKING

from sim.old_names import moved

if not TYPE_CHECKING:  # for one version: `sim.runs` was a module
    __getattr__ = moved(__name__, dict.fromkeys(("Run", "simulate"), "sim.runs.run"))
