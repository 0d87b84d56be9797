# Everything a newcomer, a developer and CI run. `make` alone lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# A container may say that compiled sources are not to be kept; then each of the hundreds of commands that the tests start compiles them anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo test check fix bench soak docs clean

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(STAMP) ## Simulate raw deliveries, run them to tables, break one, heal it, query it
	$(BIN)/lakeflow demo

test: $(STAMP) ## The whole test suite
	$(BIN)/python -m pytest -q -n 2 -m "not soak"

check: $(STAMP) ## What CI runs: format, lint, types, imports, wiring, tests, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --num-workers 2
	$(BIN)/lint-imports
	$(BIN)/lakeflow check
	$(BIN)/python -m pytest -q -n 2 -m "not soak"

fix: $(STAMP) ## Format, and mend what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP) ## Print the benchmark tables
	$(BIN)/python scripts/bench/all.py

soak: $(STAMP) ## The long forms of the tests: hundreds of kills, simulated months
	LAKEFLOW_SOAK=1 $(BIN)/python -m pytest -q -m soak

docs: $(STAMP) ## Write docs/datasets.md and docs/commands.md anew
	$(BIN)/lakeflow datasets --markdown > docs/datasets.md
	$(BIN)/python scripts/write_commands.py > docs/commands.md

clean: ## Remove what the tools left behind; never the lake
	rm -rf build dist demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
