# Everything is installed into .venv, from the lock files, with every hash verified.
# Paths are relative, so that the project may lie in a folder with spaces in its name.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
# Options for pytest, e.g. make test ARGS="-k anchoring"
ARGS ?=
TEST_WORKERS ?= 2

VENV := .venv
# Peers are installed into a folder of their own: what they need is no business of the service.
PEERS := .venv-bench
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet --quiet
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

# This file is for a developer's machine; `deployable` alone overrides it.
export QUOTEBASE_MODE := local

.PHONY: help run test screens replicas clients fuzz bench benchmarks check lint types migrations deployable compose format browser redis lock clean
.NOTPARALLEL:
.DELETE_ON_ERROR:

help: ## Print this
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | expand -t 12

run: $(VENV)/run.stamp ## Install, prepare the database and serve on HOST:PORT, until Ctrl-C
	@exec $(BIN)/python manage.py run --end-with-parent --host "$(HOST)" --port "$(PORT)"

test: $(VENV)/dev.stamp ## Run the tests that need no browser, clients or further servers; ARGS="..." goes to pytest
	@$(BIN)/python -m pytest --numprocesses $(TEST_WORKERS) --ignore tests/browser --ignore tests/clients --ignore tests/replication $(ARGS)

screens: $(VENV)/dev.stamp ## Run the tests that drive the admin and the pages in a real browser
	@$(BIN)/python -m pytest --numprocesses $(TEST_WORKERS) tests/browser $(ARGS)

replicas: $(VENV)/dev.stamp ## Run the tests that start two more PostgreSQL servers to read from
	@$(BIN)/python -m pytest tests/replication $(ARGS)

clients: $(VENV)/clients.stamp ## Install clients that others wrote, and let them read a running server
	@if command -v npm >/dev/null; then npm ci --prefix tests/clients/annotator --ignore-scripts --no-audit --no-fund --loglevel error; fi
	@$(BIN)/python -m pytest tests/clients $(ARGS)

fuzz: $(VENV)/clients.stamp ## Ask a running server 5,000 generated questions and more
	@QUOTEBASE_FUZZ_EXAMPLES=40 $(BIN)/python -m pytest tests/clients/test_schemathesis.py -rP $(ARGS)

bench: $(PEERS)/bench.stamp ## Compare with peers on made-up quotes, e.g. make bench ARGS="--quotes 1000000"
	@if command -v npm >/dev/null; then npm ci --prefix benchmarks/peers/postgraphile --ignore-scripts --no-audit --no-fund --loglevel error; fi
	@$(PEERS)/bin/python -m benchmarks $(ARGS)

benchmarks: $(VENV)/dev.stamp ## Run the benchmarks on a few quotes, so that they never rot
	@$(BIN)/python -m benchmarks --quotes 1000 --questions 2 --rounds 1 >/dev/null

check: lint types migrations deployable compose benchmarks ## Run what CI runs beside the tests

lint: $(VENV)/dev.stamp ## Look for mistakes and for lines that `make format` would change
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: $(VENV)/dev.stamp ## Check the types
	@$(BIN)/mypy .

migrations: $(VENV)/dev.stamp ## Check that every change of a model has its migration
	@$(BIN)/python manage.py makemigrations --check --dry-run

deployable: $(VENV)/dev.stamp ## Run Django's deployment checks, in production mode
	@QUOTEBASE_MODE=production QUOTEBASE_ALLOWED_HOSTS=quotes.example DATABASE_URL=postgresql://nobody@nowhere/none \
	QUOTEBASE_CACHE_URL=redis://nowhere \
	QUOTEBASE_SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
	$(BIN)/python manage.py check --deploy --fail-level WARNING

compose: $(VENV)/dev.stamp ## Validate docker-compose.yml against the Compose specification
	@$(BIN)/python -m pytest --quiet tests/test_compose.py -k specification

format: $(VENV)/dev.stamp ## Format the code and mend what can be mended
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

browser: ## Install Debian's chromium, which the tests in tests/browser use (as root, or with sudo)
	@$(call from_debian,chromium,chromium)

redis: ## Install Debian's redis-server, which the tests of the rate limits use (as root, or with sudo)
	@$(call from_debian,redis-server,redis-server)

lock: $(VENV)/dev.stamp ## Renew requirements/*.txt from requirements/*.in
	@test -x $(BIN)/uv || $(PIP) install uv
	@$(LOCK) --upgrade requirements/run.in --output-file requirements/run.txt >/dev/null
	@$(LOCK) --upgrade --constraint requirements/run.txt requirements/dev.in --output-file requirements/dev.txt >/dev/null
	@$(LOCK) --upgrade --constraint requirements/dev.txt requirements/clients.in --output-file requirements/clients.txt >/dev/null
	@$(LOCK) --upgrade --constraint requirements/dev.txt requirements/bench.in --output-file requirements/bench.txt >/dev/null

clean: ## Remove .venv and caches; the database in .local stays
	@rm -rf $(VENV) $(PEERS) .mypy_cache .ruff_cache .pytest_cache .hypothesis staticfiles
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is newer than its lock file when that is installed, so that a second start installs nothing.
$(VENV)/%.stamp: requirements/%.txt
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { $(check_python) && "$(PYTHON)" -m venv --clear $(VENV); }
	@echo "Installing $< ..."
	@$(PIP) install --require-hashes --requirement $<
	@touch $@

$(PEERS)/bench.stamp: requirements/bench.txt
	@{ $(check_python) && "$(PYTHON)" -m venv --clear $(PEERS); }
	@echo "Installing $< ..."
	@$(PEERS)/bin/python -m pip --disable-pip-version-check --no-input --quiet --quiet install --require-hashes --requirement $<
	@touch $@

# from_debian(program, package): see that the program is there, or install the package.
define from_debian
if command -v $(1); then exit 0; fi; \
command -v apt-get >/dev/null || { echo 'This is not Debian: install $(1) by hand.' >&2; exit 1; }; \
if [ "$$(id -u)" = 0 ]; then as_root=; elif command -v sudo >/dev/null; then as_root=sudo; else \
	echo '$(1) is missing, and only root can install it: run make as root.' >&2; exit 1; fi; \
export DEBIAN_FRONTEND=noninteractive; \
$$as_root apt-get update -qq && \
$$as_root apt-get install -qq --no-install-recommends -o Dpkg::Use-Pty=0 $(2)
endef

define check_python
if ! command -v "$(PYTHON)" >/dev/null; then \
	echo 'There is no $(PYTHON). Install Python 3.11 or later, or name one: make PYTHON=/path/to/python3' >&2; exit 1; \
elif ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	echo "quotebase needs Python 3.11 or later, and this is $$("$(PYTHON)" -V 2>&1). Name another: make PYTHON=/path/to/python3" >&2; exit 1; \
elif ! "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null; then \
	echo 'The module venv of $(PYTHON) is missing. On Debian: apt install python3-venv' >&2; exit 1; \
fi
endef
