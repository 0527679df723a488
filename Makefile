# The environment is .venv; bootstrap.py makes it, from any Python 3, and returns at once when it is up to date.
SHELL := /bin/sh
BIN := .venv/bin
# First Python 3 that runs (a pyenv shim may refuse the release that .python-version names).
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 6))' >/dev/null 2>&1 && echo "$$p" && break; done)
PYTEST := $(BIN)/python -m pytest
WORKERS ?= 2
RAW ?= ../shared/sources
LAB ?=

.DEFAULT_GOAL := help
.PHONY: help setup app notebooks test slow lint types docstrings bench checks links seats contests data backtest posteriors fit forecast docs lock clean

help: ## Print this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make .venv from requirements.lock (every other goal does it first)
	@test -n "$(PYTHON)" || { echo "set-up: no Python 3 found. Install one, then run again." >&2; exit 1; }
	@$(PYTHON) bootstrap.py $(SETUP_FLAGS)

app: setup ## Fit on first use, then serve the dashboard at http://127.0.0.1:8501
	@exec $(BIN)/selectorate app

notebooks: setup ## Open the notebooks in JupyterLab, in your browser; LAB="..." passes options on to it
	@PATH="$(CURDIR)/$(BIN):$$PATH" JUPYTER_CONFIG_PATH="$(CURDIR)/notebooks/.jupyter" exec jupyter lab $(LAB) notebooks

test: SETUP_FLAGS = --browser
test: setup lint types docstrings ## Lint, types, docstrings and the fast tests
	$(PYTEST) -m "not slow" -n $(WORKERS) --dist loadfile

slow: setup ## The statistical tests (long)
	$(PYTEST) -m slow

lint: setup ## Ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup ## Mypy, strict
	$(BIN)/mypy

docstrings: setup ## Numpydoc: every public docstring complete
	$(BIN)/numpydoc lint $$(find data models views -name '*.py') app.py

bench: setup ## Speed and memory beside their baselines, into reports/bench.csv
	$(BIN)/python -m benchmarks.run

checks: setup ## Check the link models: predictive, calibration, sensitivity, into reports/model_checks.csv
	$(BIN)/python -m benchmarks.model_checks

links: setup ## What leaders and MPs add to the polls, from the track record, into reports/link.md
	$(BIN)/python -m benchmarks.link_report

seats: setup ## Seats from the true votes of every past election, ours beside plain swings, into reports/seats_*.csv
	$(BIN)/python -m benchmarks.seat_report

contests: setup ## Learn from past leadership contests into data/contests/ and hold each again, into reports/contests*
	$(BIN)/python -m models.contest_shipped
	$(BIN)/python -m benchmarks.contest_report

data: setup ## Rebuild data/tables from raw files in RAW
	$(BIN)/selectorate data build --raw $(RAW)

backtest: setup ## Forecast every past election again and write the track record to reports/ (an hour and a half)
	$(BIN)/selectorate backtest --jobs $(WORKERS)
	$(BIN)/python -m views.track_figures

posteriors: setup ## Sample again what past elections teach today's forecast, into data/posteriors/
	$(BIN)/python -m models.shipped

fit: setup ## Fit all models on the newest data and store the forecast
	$(BIN)/selectorate fit

forecast: setup ## Print the forecast of the next general election
	@$(BIN)/selectorate forecast

docs: setup ## Build the documentation into docs/_build/html, without network; a warning is an error
	$(BIN)/python -m sphinx -E -a -W --keep-going -q -b html docs docs/_build/html

lock: setup ## Resolve requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.12 --all-extras --no-header \
		--output-file requirements.lock pyproject.toml

clean: ## Remove .venv and caches
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist docs/_build
