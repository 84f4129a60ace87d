# `make` alone lists what there is.
.DEFAULT_GOAL := help
.PHONY: help run test check bench docs fast fuzz locks clean

PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
PIP     = $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet --no-input

help: ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

# One environment; the stamp files say which lock it was made from.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Stile needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11 run")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements/run.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Stile runs on ..."
	@$(PIP) install --require-hashes -r requirements/run.lock
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Stile is built and tested with ..."
	@$(PIP) install --require-hashes -r requirements/dev.lock
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@ $(VENV)/run.stamp

run: $(VENV)/run.stamp ## set everything up and open the demo town on http://127.0.0.1:8000
	@$(BIN)/stile run --demo

test: $(VENV)/dev.stamp ## set everything up and run every test, browser included
	@$(BIN)/python tools/browser.py
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

fast: $(VENV)/dev.stamp ## the tests without the browser
	@SKIP_BROWSER=1 $(BIN)/python -m pytest -q -n 2 --dist loadgroup

check: $(VENV)/dev.stamp ## style, types, import rules, generated pages, translations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/build_docs.py --check
	@$(BIN)/python tools/translations.py --check

fuzz: $(VENV)/dev.stamp ## ask for 20,000 strange things as everybody, and look for what leaks
	@$(BIN)/python tools/fuzz.py

docs: $(VENV)/dev.stamp ## write the generated pages of docs/reference again
	@$(BIN)/python tools/build_docs.py

bench: $(VENV)/dev.stamp ## measure, with the peers beside it
	@$(BIN)/stile bench

locks: ## work out the pinned requirements again (needs uv)
	@uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 -q -o requirements/run.lock
	@uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 -q -o requirements/dev.lock

clean: ## remove what the commands above made, the database included
	@rm -rf $(VENV) .stile .pytest_cache .mypy_cache .ruff_cache .import_linter_cache build src/*.egg-info
