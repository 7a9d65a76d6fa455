# The README's commands. Each sets everything up on first use; `make` alone lists them.
# Options of a program follow in ARGS: make sweep ARGS="seeds=20"

.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
READY := .venv/.ready
TESTS := $(PYTHON) -m pytest -n auto --dist loadfile
ARGS ?=

.PHONY: help setup sweep run quick test test-slow test-all check format benchmark notebooks odd docs page-tables site archive wheel lock clean

help:  ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1 | \2/p' Makefile | awk -F ' [|] ' '{printf "%-16s %s\n", $$1, $$2}'

$(READY): pyproject.toml requirements.lock
	@sh .ci/setup

setup: $(READY)  ## Make the environment in .venv (the other targets do it too)

sweep: $(READY)  ## The main job: backbone facilitation x policy timing
	$(PYTHON) -m experiments.sweep $(ARGS)

run: $(READY)  ## One scenario with its tables and figures: make run ARGS="scenario=historical seeds=100"
	$(PYTHON) -m experiments.run $(ARGS)

quick: $(READY)  ## The tests that neither run the model nor start a program, uncompiled: 80 seconds
	SIM_COMPILER=off $(TESTS) -m "not simulates and not program and not heavy and not slow and not release" $(ARGS)

test: $(READY)  ## The tests of the model and its contracts, on all cores: about eight minutes
	$(TESTS) -rfEs -m "not slow and not release" $(ARGS)

test-slow: $(READY)  ## The slow tests: whole programs, sweeps, calibrations, notebooks, pages: a quarter of an hour
	$(TESTS) -rfEs -m "slow and not release" $(ARGS)

test-all: $(READY)  ## All tests: an hour
	$(TESTS) -rfEs $(ARGS)

check: $(READY)  ## Formatter, linter, strict types of sim/, spelling
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m ruff check
	$(PYTHON) -m mypy
	$(PYTHON) -m codespell_lib

format: $(READY)  ## Format the code and repair what the linter can
	$(PYTHON) -m ruff format
	$(PYTHON) -m ruff check --fix

benchmark: $(READY)  ## How fast the model is on this machine
	$(PYTHON) -m experiments.benchmarks.benchmark $(ARGS)

notebooks: $(READY)  ## Execute all notebooks, with the time of each (needs the extras notebook and analysis)
	$(PYTHON) -m experiments.maintenance.notebooks $(ARGS)

odd: $(READY)  ## Bring the tables of sim/ODD.md up to date with the code
	$(PYTHON) -m experiments.maintenance.odd_tables

docs: $(READY)  ## Bring the tables of the README and of docs/ up to date with the code
	$(PYTHON) -m experiments.maintenance.doc_tables

page-tables: $(READY)  ## The small tables of the web page, after a change of the model (some minutes; needs the extra dashboard)
	$(PYTHON) -m experiments.maintenance.page_tables

site: $(READY)  ## The documentation as a site, in build/site/html; after `make notebooks` with their outputs (needs the extra docs)
	$(PYTHON) -m experiments.maintenance.site

archive: $(READY)  ## Everything in one zip, for a model library
	$(PYTHON) -m experiments.archive $(ARGS)

wheel: $(READY)  ## The wheel, in dist/: the model with its programs as subcommands of impact-lab
	$(PYTHON) -m hatchling build --target wheel

lock:  ## Write requirements.lock anew after a change of dependencies (needs uv; newer versions: ARGS=--upgrade)
	uv pip compile --quiet --universal --all-extras --custom-compile-command "make lock" $(ARGS) \
	  --output-file requirements.lock pyproject.toml

clean:  ## Remove environment, caches and builds; results stay
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find sim experiments tests -name __pycache__ -type d -prune -exec rm -rf {} +
