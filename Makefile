# Everything a developer types. `make` alone lists it.
PYTHON ?= python3
VENV ?= .venv
DATA_DIR ?= .data
PORT ?= 8080
STAGE ?= dev

BIN := $(if $(filter /%,$(VENV)),$(VENV),$(CURDIR)/$(VENV))/bin
BOOTSTRAP := $(PYTHON) infrastructure/local/bootstrap.py
PYTEST := $(BIN)/python -m pytest
NPM := npm --prefix frontend run --silent
CHECKED := $(wildcard app.py chalicelib infrastructure schema_migrations tests)

.DEFAULT_GOAL := help
.PHONY: help python setup run reset demo test test-unit test-integration test-contract test-infrastructure \
	test-frontend test-e2e lint lint-frontend scan types types-frontend imports format bench package deploy openapi

help: ## List what there is
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  \033[1m%-20s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  Settings: PORT=$(PORT) DATA_DIR=$(DATA_DIR) VENV=$(VENV) PYTHON=$(PYTHON)"

python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "error: Python 3.11 or newer is needed and $(PYTHON) was not found. Name one: make run PYTHON=…" >&2; \
		exit 1; }

setup: python ## Install everything that building and testing need
	@$(BOOTSTRAP) setup --venv "$(VENV)"

run: python ## Install what is missing and run Skylabel on this machine (PORT=, DATA_DIR=)
	@$(BOOTSTRAP) run --venv "$(VENV)" --data-dir "$(DATA_DIR)" --port "$(PORT)"

reset: ## Empty the data folder, after asking (FORCE=1: without)
	@$(BIN)/python -m infrastructure.local.reset --data-dir "$(DATA_DIR)" $(if $(filter 1,$(FORCE)),--force)

demo: ## Fill a running Skylabel with example projects
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --upgrade --target .cache/demo \
		-r infrastructure/local/demo-requirements.txt
	@$(BIN)/python -m chalicelib.cli demo --access-file "$(DATA_DIR)/access.json" --samples .cache/demo

test: setup ## Run all levels of tests and checks, and tell which failed
	@VENV="$(VENV)" $(BIN)/python .ci/levels.py

test-unit: setup ## Pure tests with fakes
	@$(PYTEST) tests/unit

test-integration: setup ## Tests on moto, dynoxide and the local stack
	@$(PYTEST) tests/integration

test-contract: setup ## Tests over HTTP events and with the official SDK
	@$(PYTEST) tests/contract

test-infrastructure: setup ## Tests of the template and the package
	@$(PYTEST) tests/infrastructure

test-frontend: setup ## The front end's unit tests
	@$(NPM) test

test-e2e: setup ## The front end in a real Chromium
	@.ci/browser; status=$$?; \
	if [ $$status = 0 ]; then $(PYTEST) tests/e2e && $(NPM) test:e2e; else [ $$status = 77 ]; fi

lint: setup ## Style of the Python code
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

lint-frontend: setup ## Style of the front end
	@$(NPM) lint

types: setup ## Types of the Python code
	@$(BIN)/mypy $(CHECKED)

types-frontend: setup ## Types of the front end, and that those of the API are the document's
	@$(NPM) types

scan: setup ## Weaknesses in the code, secrets in the tree, advisories on dependencies
	@$(BIN)/python .ci/scan.py

imports: setup ## That rooms import only downwards
	@$(BIN)/lint-imports

format: setup ## Rewrite the code as the linters want it
	@$(BIN)/ruff check --fix-only . && $(BIN)/ruff format . && $(NPM) format

bench: setup ## Counts and timings of the paths that must be flat (BENCH=names, or --all)
	@$(BIN)/python -m tests.benchmarks $(BENCH)

openapi: setup ## Write the OpenAPI file anew, and the front end's types from it
	@$(BIN)/python -m chalicelib.cli openapi > docs/api/openapi.json.new
	@mv docs/api/openapi.json.new docs/api/openapi.json
	@$(NPM) schema

package: setup ## Build the deployable package and template
	@$(BIN)/python -m infrastructure.package --stage "$(STAGE)"

deploy: setup ## Deploy to AWS (STAGE=)
	@$(BIN)/python -m infrastructure.deploy --stage "$(STAGE)" --url "$(URL)"

test-deployed: setup ## The package in a clean interpreter, and deployed into an emulated account
	@$(PYTEST) tests/deployed
