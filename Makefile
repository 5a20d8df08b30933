# Two commands on a fresh machine: make demo, make test. Each sets up what it needs, inside this folder.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input
INSTALL = $(PIP) install --require-hashes --only-binary=:all: --requirement $< \
	&& $(PIP) install --no-build-isolation --no-deps --editable . || { echo 'samplan: set-up stopped, \
	pip says why above. Mend: see that this machine reaches its package index, then: make $(MAKECMDGOALS)' >&2; exit 1; }
DOCTOR := PYTHON='$(PYTHON)' GOAL='$(firstword $(MAKECMDGOALS))' scripts/doctor.sh
ARGS ?=
# One process a core, each with a mongod of its own; tests of one module or class stay together.
ON_ALL_CORES := -n auto --dist loadscope

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

.PHONY: help
help: ## show this list
	@printf '\n  Samplan: the coordinated individual plan, shared\n\n'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | \
		while IFS='	' read -r goal text; do printf '    make %-12s %s\n' "$$goal" "$$text"; done
	@printf '\n  The demo listens on 127.0.0.1 ports 8000 to 8005; make demo SAMPLAN_PORT=9000 moves all six.\n'
	@printf '  While it runs: .venv/bin/samplan tour\n\n'

# ---- run

.PHONY: demo
demo: mongod-can-run $(VENV)/demo.done ## start everything with a generated county; Ctrl-C stops it
	@exec $(BIN)/samplan demo $(ARGS)

.PHONY: demo-reset
demo-reset: $(VENV)/demo.done ## forget what the demo has stored
	@$(BIN)/samplan demo --reset

# ---- test

.PHONY: test
test: mongod-can-run $(VENV)/dev.done ## run the tests that need Python and mongod alone
	@$(BIN)/pytest -m 'not system' --ignore=tests/conformance $(ON_ALL_CORES) $(ARGS)

.PHONY: system
system: mongod-can-run $(VENV)/dev.done ## run the tests that need more (.ci/run installs it)
	@$(BIN)/pytest -m system --ignore=tests/conformance $(ARGS)

# Where .ci/run has named SAMPLAN_ANSWERS, the tests before have kept their answers there already.
ANSWERS := $(or $(SAMPLAN_ANSWERS),$(CURDIR)/build/answers)
NODE_TOOLS := tests/conformance/node_modules/done

.PHONY: conformance
conformance: mongod-can-run $(VENV)/dev.done $(NODE_TOOLS) ## hold the FHIR API against tools of others (needs Node)
ifndef SAMPLAN_ANSWERS
	@rm -rf $(ANSWERS)
	@SAMPLAN_ANSWERS=$(ANSWERS) $(BIN)/pytest -q -m 'not system' $(ON_ALL_CORES) tests/sip/fhir tests/notify/fhir
endif
	@SAMPLAN_ANSWERS=$(ANSWERS) $(BIN)/pytest -q -m system tests/conformance $(ARGS)

$(NODE_TOOLS): tests/conformance/package.json
	@command -v npm >/dev/null || { echo 'samplan: missing here: npm. Mend: sudo apt-get install -y nodejs npm' >&2; exit 1; }
	@cd tests/conformance && npm install --no-package-lock --no-audit --no-fund --ignore-scripts --silent
	@touch $@

.PHONY: check
check: formatted linted typed directed lawful ## format, lint, types, import directions, house rules, contracts

# One target a check, so that `make --keep-going check` finds everything in one go.
.PHONY: formatted linted typed directed lawful
formatted: $(VENV)/dev.done
	$(BIN)/ruff format --check
linted: $(VENV)/dev.done
	$(BIN)/ruff check
typed: $(VENV)/dev.done
	$(BIN)/mypy
directed: $(VENV)/dev.done
	$(BIN)/lint-imports
lawful: $(VENV)/dev.done
	$(BIN)/pytest -q -m 'not system' tests/checks $(wildcard tests/contracts)

.PHONY: bench
bench: $(VENV)/demo.done ## measure a running demo with wrk
	@command -v wrk >/dev/null || { echo 'samplan: missing here: wrk. Mend: sudo apt-get install -y wrk' >&2; exit 1; }
	@$(BIN)/python -m tests.bench $(ARGS)
	@$(BIN)/python -m tests.bench.access_cost

.PHONY: bench-notify
bench-notify: mongod-can-run $(VENV)/dev.done ## measure notify, with receivers and a record of its own
	@$(BIN)/python -m tests.notify.bench $(ARGS)

.PHONY: soak
soak: mongod-can-run $(VENV)/dev.done ## kill everything 200 times and keep the ledger; then bad company (15 minutes)
	@$(BIN)/python -m tests.soak.ledger 200
	@$(BIN)/python -m tests.soak.bad_company
	@$(BIN)/python -m tests.soak.figures 100
	@SAMPLAN_KILLS=200 $(BIN)/pytest -q tests/sip/faults/test_kill_api.py
	@$(BIN)/python -m tests.soak.absent_or_forbidden
	@$(BIN)/python -m tests.soak.leaks

.PHONY: bench-large
bench-large: mongod-can-run $(VENV)/dev.done ## measure whole counties, by hand: ARGS="search 100000", "import 100000"
	@$(BIN)/python -m tests.bench.large $(ARGS)

# ---- write

.PHONY: format
format: $(VENV)/dev.done ## format the code and mend what lint can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

.PHONY: openapi
openapi: $(VENV)/dev.done ## describe both APIs anew in contracts/openapi
	@$(BIN)/python -m services.sip.api.openapi
	@$(BIN)/python -m services.sip.fhir.openapi
	@$(BIN)/python -m services.notify.main.openapi

.PHONY: lock
lock: ## compile requirements/ anew from pyproject.toml (needs uv)
	@scripts/lock.sh

.PHONY: clean
clean: ## remove the virtual environment and all caches; the demo's data stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist build
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- set-up: a file in .venv says what is done, and is older than what it was done from when that changed

# Scripts in a virtual environment hold its address: a folder that was moved is set up anew.
ifneq ($(shell cat $(VENV)/address 2>/dev/null),$(CURDIR))
.PHONY: $(VENV)/address
endif

$(VENV)/address:
	@$(DOCTOR) setup
	@echo 'Setting up $(VENV): half a minute, once.'
	@rm -rf $(VENV) && $(PYTHON) -m venv $(VENV)
	@printf '%s\n' '$(CURDIR)' > $@

$(VENV)/demo.done: requirements/demo.txt pyproject.toml | $(VENV)/address
	@$(INSTALL)
	@touch $@

# dev holds all that demo holds, at the same versions (tests/checks/test_requirements.py).
$(VENV)/dev.done: requirements/dev.txt pyproject.toml | $(VENV)/address
	@$(INSTALL)
	@touch $(VENV)/demo.done $@

.PHONY: mongod-can-run
mongod-can-run: $(VENV)/address
	@$(DOCTOR) mongod
