# The two commands everyone needs are `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
export MAKEGOOD_DATA_DIR ?= $(CURDIR)/data

.DEFAULT_GOAL := help
.PHONY: help run test check bench clean frontend messages

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

$(VENV)/.run: requirements/run.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
	  echo "Makegood needs Python 3.11 or newer with venv (Debian: apt install python3-venv)."; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt requirements/embeddings.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/embeddings.txt
	@touch $@

run: $(VENV)/.run ## serve the product with demo data on http://127.0.0.1:$(PORT)
	@$(BIN)/makegood demo --port $(PORT)

test: $(VENV)/.dev ## the whole suite, on SQLite or on the PostgreSQL that DATABASE_URL names
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

check: $(VENV)/.dev ## what CI runs besides the tests: format, lint, types, floor plan, built files
	$(BIN)/ruff format --check src tests bench
	$(BIN)/ruff check src tests bench
	$(BIN)/mypy src
	$(BIN)/lint-imports
	$(BIN)/python -m makegood manage makemigrations --check --dry-run

frontend: ## rebuild styles and browser code (needs Node; the built files are committed)
	cd frontend && npm ci --no-audit --no-fund && npm run build

bench: $(VENV)/.dev ## measurements as ratios within one run (bench/README.md)
	$(BIN)/python -m bench

clean: ## remove the environment, the demo data and what tests keep
	rm -rf $(VENV) data "$${XDG_CACHE_HOME:-$$HOME/.cache}/makegood-tests"

messages: $(VENV)/.dev ## gather the texts to translate (needs Debian's gettext) and compile the German ones
	cd src/makegood && MAKEGOOD_DATA_DIR=$(MAKEGOOD_DATA_DIR) ../../$(BIN)/makegood manage makemessages -l de --no-location --no-obsolete
	$(BIN)/pybabel compile --domain django --directory src/makegood/locale --locale de
