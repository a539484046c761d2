# Everything a person does with this checkout. `make help` lists it.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv/bin
TESTS ?= tests
export PYTHONUNBUFFERED := 1

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make .venv/ from requirements.lock (again only when that has changed)
	@test -n "$(PYTHON)" || { echo "setup: Python 3.11 or later is needed: sudo apt-get install python3"; exit 1; }
	@$(PYTHON) deploy/setup.py environment

demo: setup ## Run the demo at 127.0.0.1:8000 until Ctrl-C (PORT=… and PULLBOARD_VAR=… for another)
	@$(VENV)/python -m app.cli.run_demo

run: setup ## Run Pullboard with your own data until Ctrl-C (mail is kept under var/mailbox unless SMTP_HOST is set)
	@$(VENV)/python -m app.cli.run_demo own

demo-reset: setup ## Throw the demo's data away; the next make demo starts afresh
	@$(VENV)/python -m app.cli.run_demo reset

stop: ## Stop the local PostgreSQL and Redis that single flask commands left running
	@test ! -x $(VENV)/python || $(VENV)/python -m app.adapters.local_servers stop

test: setup ## Run every test, on a PostgreSQL, a Redis and a Chromium found or installed here
	@$(PYTHON) deploy/setup.py chromium
	@export PULLBOARD_TEST_VAR="$${PULLBOARD_TEST_VAR:-$(CURDIR)/var/make-test}"; \
	trap 'PULLBOARD_ENV=local PULLBOARD_VAR="$$PULLBOARD_TEST_VAR" $(VENV)/python -m app.adapters.local_servers stop' EXIT; \
	$(VENV)/pytest -n 2 $(TESTS)

check: setup ## Check format, lint, types, the direction of imports, templates and translations
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(VENV)/mypy
	$(VENV)/lint-imports
	$(VENV)/djlint templates --lint --quiet
	$(VENV)/python deploy/check_translations.py

bench: setup ## Measure the goals of speed and accuracy beside their baselines
	@$(VENV)/python -m bench

shot: setup ## Write screenshots of the main screens to var/shots/
	@$(PYTHON) deploy/setup.py chromium
	@$(VENV)/python -m tests.browser.shot

docs: setup ## Write anew what is generated: docs/coverage.md and docs/authorisation.md
	@$(VENV)/python deploy/coverage.py
	@$(VENV)/python -m tests.guards.matrix

lock: setup ## Resolve pyproject.toml anew into requirements.lock
	@command -v uv > /dev/null || $(VENV)/python -m pip install --quiet uv
	@PATH="$$PATH:$(VENV)" uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --all-extras \
		--custom-compile-command "make lock" --upgrade pyproject.toml --output-file requirements.lock

clean: stop ## Remove the environment and every cache; data under var/ stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

.PHONY: help setup demo run demo-reset stop test check bench shot docs lock clean
