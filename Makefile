# Everything starts from these targets. The first call makes .venv from the hashed
# locks; later calls find the stamp named after the locks' checksum and start at once.
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
LOCKS := requirements-uv.lock requirements.lock
SUM := $(shell cat $(LOCKS) | cksum | cut -d' ' -f1)
STAMP := $(VENV)/.installed-$(SUM)
PORT ?= 8501

.PHONY: help install run setup test lint bench bench-large drills look browser clean lock

help: ## Say what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install: $(STAMP) ## Make .venv from the locks

$(STAMP):
	@# pyenv and others put shims on the PATH that do not run: try candidates by running them.
	python=""
	for candidate in $${PYTHON:-} python3.13 python3.12 python3.11 python3 python $$HOME/.pyenv/versions/3.1[123]*/bin/python3; do
	  if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1; then
	    python="$$candidate"; break
	  fi
	done
	if [ -z "$$python" ]; then
	  echo "Reachwell needs Python 3.11, 3.12 or 3.13 with its venv module; none was found." >&2
	  echo "Install one (on Debian: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3.12 ..." >&2
	  exit 1
	fi
	echo "Making $(VENV) with $$("$$python" --version) ..." >&2
	rm -rf $(VENV)
	"$$python" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --require-hashes requirements.lock
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

setup: $(STAMP) ## Describe the practice (asks nothing; pass flags with ARGS=)
	@$(BIN)/reachwell setup $(ARGS)

run: $(STAMP) ## Start the desk on http://localhost:$(PORT)
	@exec $(BIN)/python streamlit_app.py --port $(PORT)

lint: $(STAMP) ## ruff, mypy --strict, import-linter
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

browser: $(STAMP) ## Find Chromium, or install it
	@$(BIN)/python -m tests.browser.chromium

test: lint browser ## Lint and every test, on SQLite and PostgreSQL, in a real browser
	@$(BIN)/pytest -n $${WORKERS:-2} --dist worksteal tests

drills: $(STAMP) browser ## The long drills at full size
	@DRILLS=full $(BIN)/pytest -n 1 -m drill tests

bench: $(STAMP) browser ## Ratios against a reference in the same run
	@$(BIN)/python -m bench

bench-large: $(STAMP) ## The 10-million-row ratios
	@$(BIN)/python -m bench --large

look: $(STAMP) browser ## Screenshots of every page into var/look/
	@$(BIN)/python -m tests.browser.look

lock: $(STAMP) ## Renew the locks after a change in pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet -o requirements.lock

clean: ## Remove the environment and caches (never var/)
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
