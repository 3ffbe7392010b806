# Needs python3 (3.11 or newer) with its venv module, and make. Everything else comes from requirements.lock into .venv.

PYTHON ?= python3
BIN := .venv/bin
# Extra arguments for the command behind a target: make test ARGS="tests/core -x"
ARGS ?=
# Test processes side by side, one more than there are cores, for some wait for servers; 0 is one, for a debugger.
JOBS ?= $(shell expr $$(nproc) + 1)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo examples test check bench soak fuzz goldens lock clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z.]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv ## The vignettes, each on a bus of its own
	$(BIN)/coordinator demo --vignette all $(ARGS)

# Bytecode is kept whatever the environment says: each worker and each program that a test starts would compile it again.
test: .venv ## All tests but the slow ones; JOBS=0 in one process
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

examples: ## What the JavaScript example needs; without it, its test is skipped
	npm install --silent --no-package-lock --no-audit --no-fund --prefix deploy/examples

check: .venv ## Lint, formatting, types, import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: .venv ## Measurements; ARGS=million for the one that takes minutes
	$(BIN)/python -m tests.bench $(ARGS)

soak: .venv ## The slow tests, with many more examples
	$(BIN)/python -m pytest -m slow --hypothesis-profile soak $(ARGS)

fuzz: .venv ## Broken inputs, led by the lines they reach: make fuzz ARGS="cot --inputs 1000000"
	$(BIN)/python -m tests.formats.fuzz $(ARGS)

goldens: .venv ## Rewrite the golden files; read the diff before you keep it
	$(BIN)/python -m pytest --update-goldens tests/formats tests/cli tests/messages \
	    tests/core/test_deconfliction_evidence.py $(ARGS)

# In an environment of its own, so that a lock that cannot be installed can still be mended.
lock: ## Resolve pyproject.toml into requirements.lock (ARGS=--upgrade: newest versions)
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install -qq --disable-pip-version-check uv
	.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	    $(ARGS) --output-file requirements.lock pyproject.toml

clean: ## Remove the environment, caches and builds
	rm -rf .venv .venv-lock dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage htmlcov
	find adapters coordinator schemas tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A changed lock makes the environment anew; a changed pyproject.toml only installs the project again.
.PHONY: .venv
.venv: .venv/project.stamp

.venv/lock.stamp: requirements.lock
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("needs Python 3.11 or newer, and $(PYTHON) is " + sys.version.split()[0] + ": make PYTHON=...")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/project.stamp: .venv/lock.stamp pyproject.toml
	$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
