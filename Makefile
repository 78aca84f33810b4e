# govcode: everything starts here. Needs Python 3.11 or newer, make, and a package index.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
SLOW_JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help install demo test test-slow test-timing lint model bench clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

# The environment is made once and again only when what it holds has changed.
$(READY): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing govcode and its tools into $(VENV) (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

install: $(READY) ## Make .venv with govcode in it

demo: $(READY) ## Code the example posts and print the table
	@$(MAKE) --no-print-directory -C examples BIN=$(abspath $(BIN)) demo

test: lint ## Check style and types, then run the fast tests
	$(BIN)/python -m pytest -q -n 2 -m "not slow and not timing"

test-slow: $(READY) ## Run the slow tests: simulations, faults, browser, large files
	$(BIN)/python -m pytest -q -n $(SLOW_JOBS) -m "slow and not timing"

test-timing: $(READY) ## Run the tests that compare times; they want a quiet machine
	$(BIN)/python -m pytest -q -n 0 -m timing

model: $(READY) ## Build the shipped models again, bit for bit (needs the coded real posts)
	$(BIN)/python models/build.py
	$(BIN)/python models/build_large.py

bench: $(READY) ## Print how fast govcode codes, beside the floor and the usual script
	$(BIN)/python benchmarks/speed.py

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean: ## Remove the environment and what the examples made
	rm -rf $(VENV) examples/out
