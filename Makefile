# Everything a newcomer types. `make help` lists it.
SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
RUN_LOCK := requirements/run.txt
DEV_LOCK := requirements/dev.txt
# A stamp bears the checksum of its lock: the same lock is never installed twice, a changed one always is.
stamp = .venv/installed-$(1)-$(word 1,$(shell cksum requirements/$(1).txt))
RUN_STAMP := $(call stamp,run)
DEV_STAMP := $(call stamp,dev)
# How many tests run at once, and whose PostgreSQL they use: `make test PG=/usr/lib/postgresql/15/bin`. They start many processes, so
# bytecode is kept, whatever the shell says of it.
N ?= 3
PG ?=
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run setup setup-run test lint format lock docs clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: setup-run ## Set everything up and start Milepost (Ctrl-C stops it)
	@exec $(BIN)/milepost up $(ARGS)

setup: $(DEV_STAMP) ## Make .venv with all that developers need

setup-run: $(if $(wildcard $(DEV_STAMP)),,$(RUN_STAMP))

test: setup ## Run all tests in parallel (ARGS="-k journal", N=processes, PG=bin folder of another PostgreSQL)
	@env -u PYTHONDONTWRITEBYTECODE MILEPOST_TEST_PG="$(PG)" $(BIN)/pytest -n $(N) --dist worksteal $(ARGS)

lint: setup ## ruff, mypy and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## Let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: setup ## Renew requirements/*.txt from pyproject.toml (UPGRADE=1: newest versions)
	@$(LOCK) $(if $(UPGRADE),--upgrade) --extra dev --extra build -o $(DEV_LOCK)
	@$(LOCK) --extra build -c $(DEV_LOCK) $(if $(UPGRADE),--upgrade) -o $(RUN_LOCK)

LOCK = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header --no-emit-index-url

docs: setup ## Write the generated pages of docs/ anew
	$(BIN)/milepost docs

clean: ## Remove what was made here, except the company's data in var/
	rm -rf .venv .*_cache .hypothesis var/test-postgres-* var/.test-postgres-*

.venv/pyvenv.cfg:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Milepost needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv

.venv/installed-%: .venv/pyvenv.cfg
	@echo "Installing $(firstword $(subst -, ,$*)) requirements ..."
	@$(PIP) install --require-hashes -r requirements/$(firstword $(subst -, ,$*)).txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@rm -f .venv/installed-$(firstword $(subst -, ,$*))-* && touch $@
