# Everything below needs Python 3.11 or newer and make, nothing else: the rest is installed into .venv from the lock files.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PY := $(BIN)/python
DEMO := var/demo
LANGUAGES := vi en
PACKAGES := judging $(wildcard plugins/*/judging_*)
CATALOGUES := $(wildcard judging/translations/*/LC_MESSAGES/*.po plugins/*/judging_*/translations/*/LC_MESSAGES/*.po)
WORKERS ?= 2

# The locked files are checked against their hashes. uv is the quick way; pip does the same where uv cannot run.
install_locked = if [ -x $(BIN)/uv ] && $(BIN)/uv pip install --python $(PY) --quiet --require-hashes -r $(1); then :; \
	else $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); fi
say = printf '%s\n' "$(1)"

# What Python compiled once is kept, whatever the caller's shell says: dozens of the tests' programs load the same code.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup setup-dev demo demo-reset test test-quick check checks check-format check-lint check-types check-imports \
	check-templates check-messages format coverage fuzz bench messages catalogues locks locks-upgrade hooks wheel clean

help: ## Show what can be made
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

# ---- setting up: one stamp file for each step, so that a second call costs nothing ----

$(VENV)/.bootstrap: requirements-uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	@$(call say,Making the virtual environment $(VENV))
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-uv.txt \
		|| $(call say,uv is not to be had here: pip installs more slowly)
	@touch $@

$(VENV)/.runtime: requirements.txt $(VENV)/.bootstrap
	@$(call say,Installing what the program needs)
	@$(call install_locked,requirements.txt)
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.bootstrap
	@$(call say,Installing what tests and checks need)
	@$(call install_locked,requirements-dev.txt)
	@touch $(VENV)/.runtime $@

# The program itself, in place: an edited file is live at once. Only a change of packaging repeats this.
$(VENV)/.judging: pyproject.toml hatch_build.py | $(VENV)/.bootstrap
	@if [ -x $(BIN)/uv ] && $(BIN)/uv pip install --python $(PY) --quiet --no-deps --no-build-isolation --editable .; then :; \
		else $(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .; fi
	@touch $@

$(VENV)/.catalogues: $(CATALOGUES) hatch_build.py
	@$(PY) -m tools.messages compile
	@touch $@

# The order matters, also under make -j: the build backend comes with the locked packages.
setup: $(VENV)/.runtime ## Set up what the program needs
	@$(MAKE) -s $(VENV)/.judging
	@$(MAKE) -s $(VENV)/.catalogues

setup-dev: $(VENV)/.dev ## Set up what tests and checks need as well
	@$(MAKE) -s setup

# ---- running ----

demo: setup ## Serve the demo year on 127.0.0.1 (PORT=8000), made first where there is none
	@$(BIN)/judging demo --reuse --data $(DEMO) --port $(PORT)

demo-reset: setup ## Throw the demo year away and make it anew
	@rm -rf $(DEMO)
	@$(BIN)/judging demo --no-serve --data $(DEMO)

# ---- testing and checking ----

test: setup-dev ## Run every test, on SQLite and on PostgreSQL; browser tests where Chromium is found
	@$(BIN)/pytest -n $(WORKERS)

test-quick: setup-dev ## Run the tests that need neither a browser nor a new wheel
	@$(BIN)/pytest -n $(WORKERS) -m "not browser and not packaging"

check: setup-dev ## Run what CI runs: every check and every test
	@$(MAKE) -s -j $(WORKERS) $(if $(filter output-sync,$(.FEATURES)),--output-sync) checks
	@$(MAKE) -s test
	@$(call say,All checks passed.)

# The longest first: the others are done beside it.
checks: check-types check-templates check-imports check-lint check-format check-messages

check-format: setup-dev
	@$(BIN)/ruff format --check .

check-lint: setup-dev
	@$(BIN)/ruff check .

# Each plugin's tests are a program of their own to mypy: two of them may well have files of one name.
check-types: setup-dev
	@$(BIN)/mypy $(PACKAGES) typings tests tools hatch_build.py conftest.py
	@set -e; for folder in plugins/*/tests; do if [ -d $$folder ]; then $(BIN)/mypy $$folder; fi; done

check-imports: setup-dev
	@$(BIN)/lint-imports --no-logo

check-templates: setup-dev
	@$(BIN)/djlint templates $(wildcard plugins/*/judging_*/templates) --check
	@$(BIN)/djlint templates $(wildcard plugins/*/judging_*/templates) --lint

check-messages: setup-dev
	@$(PY) -m tools.messages check

coverage: setup-dev ## Run the tests and report the lines that none of them runs
	@$(BIN)/pytest -n $(WORKERS) --cov --cov-report=term --cov-report=html:var/coverage

format: setup-dev ## Bring code and templates into the agreed form
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .
	@$(BIN)/djlint templates $(wildcard plugins/*/judging_*/templates) --reformat --quiet

fuzz: setup-dev ## Send 2,500 made-up requests to the interface for programs, by all roles (FUZZ_CASES=…)
	@FUZZ_CASES=$${FUZZ_CASES:-2500} $(BIN)/pytest tests/web/api/test_fuzz.py

bench: setup-dev ## Measure how fast the program is, each figure against its bound and its peer (BENCH="--json FILE")
	@$(PY) -m tools.bench $(BENCH)

# ---- looking after the project ----

messages: setup-dev ## Collect the texts to translate into the catalogues, and compile these
	@$(PY) -m tools.messages update
	@$(PY) -m tools.messages compile

locks: $(VENV)/.bootstrap ## Write the lock files anew after a change of pyproject.toml
	@$(PYTHON) -m tools.locks $(BIN)/uv

locks-upgrade: $(VENV)/.bootstrap ## The same, taking the newest releases
	@$(PYTHON) -m tools.locks $(BIN)/uv --upgrade

hooks: setup-dev ## Write docs/hooks.md and docs/plugin-reference.md anew from the code's own descriptions
	@$(PY) -m tools.hooks_page
	@$(PY) -m tools.api_reference

wheel: setup-dev ## Build the wheel into dist/
	@$(PY) -m build --wheel --no-isolation --outdir dist

clean: ## Remove everything that can be made again, but not var/
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.*
	@find judging plugins templates tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
	@find judging plugins -name '*.mo' -delete
