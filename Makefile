# Every target does the set-up it needs: an environment in .venv, installed from the hash-pinned lock files.
# A stamp in .venv makes the next call quick; a changed lock file or pyproject.toml installs again.

PYTHON := .venv/bin/python
# Worker processes for the tests: a number, or `auto` for one per core.
WORKERS ?= auto
# What to pass on to pytest, as in: make test ARGS="tests/unit -k allocation"
ARGS ?=
# Benchmarks run at a small size unless asked: make bench SIZE=full ONLY=nightly_run
SIZE ?= small
ONLY ?=

.DEFAULT_GOAL := help
.PHONY: help setup services test test-slow check demo lock bench

help:
	@echo "make demo       watch three months of a made-up firm; nothing is really sent"
	@echo "make test       the whole suite without the tests that take minutes"
	@echo "make test-slow  those that take minutes, and many more random examples"
	@echo "make check      style, types and the direction of imports"
	@echo "make bench      the benchmarks, small (SIZE=full for the real figures)"
	@echo "make setup      only the set-up that the others do by themselves"
	@echo "make lock       write the lock files again (ARGS=--upgrade for newer versions)"

.venv/.runtime: requirements.lock pyproject.toml scripts/install.sh
	@scripts/install.sh runtime

.venv/.development: requirements-dev.lock pyproject.toml scripts/install.sh
	@scripts/install.sh development

setup: .venv/.development services

services: .venv/.development
	@scripts/services.sh

test: setup
	@$(PYTHON) -m pytest -n $(WORKERS) $(ARGS)

test-slow: setup
	@$(PYTHON) -m pytest -n $(WORKERS) -m slow --hypothesis-profile=expensive $(ARGS)
	@$(PYTHON) -m pytest -n $(WORKERS) tests/properties --hypothesis-profile=expensive $(ARGS)

check: .venv/.development
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

demo: .venv/.runtime
	@$(PYTHON) -m duewell demo $(ARGS)

lock:
	@scripts/lock.sh $(ARGS)

bench: setup
	@$(PYTHON) -m benchmarks --size $(SIZE) $(ONLY)
