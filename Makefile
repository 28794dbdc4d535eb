# Everything sets itself up in .venv; only Python 3.11+ and make are needed.
PYTHON ?= python3
BIN := .venv/bin
# Thrice as many as there are cores, up to eight: many tests wait for the processes that they start.
PROCESSES ?= $(shell $(PYTHON) -c 'import os; print(min(os.cpu_count() * 3, 8))')
TOGETHER = --numprocesses $(PROCESSES) --dist loadscope --no-loadscope-reorder

# The tests start hundreds of processes: with Python's compiled files each takes a part of a second less.
export PYTHONDONTWRITEBYTECODE =

.PHONY: run check test lint compiled bench fuzz load kills cluster soak pictures lock clean

QUIETLY = --quiet --disable-pip-version-check

# Exactly the versions and files of requirements.lock; `make lock` writes it anew from setup.cfg.
.venv/ready: setup.cfg pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install $(QUIETLY) --require-hashes --requirement requirements.lock
	$(BIN)/pip install $(QUIETLY) --no-deps --no-build-isolation --editable .
	touch $@

run: .venv/ready
	$(BIN)/outbound-campaigns demo

# The rooms' tests on SQLite, which need no server, no browser and no root; one of them alone:
# make check T=tests/sending/test_window.py
ROOMS := -m "not whole and not postgresql"
ifdef T
check: .venv/ready
	$(BIN)/python -m pytest -m "not postgresql" $(T)
else
check: lint
	$(BIN)/python -m pytest $(ROOMS) $(TOGETHER)
endif

# While mypy has one core, the tests are compiled on another; else each of pytest's processes does it.
test: .venv/ready
	$(MAKE) --no-print-directory --jobs 2 lint compiled
	rm -f .coverage .coverage.*
	$(BIN)/python -m pytest $(TOGETHER) --cov --cov-report=term-missing:skip-covered --cov-fail-under=90

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

compiled: .venv/ready
	@$(BIN)/python -m pytest --collect-only --quiet > /dev/null || true

bench: .venv/ready
	$(BIN)/python -m benchmarks --write-readme

fuzz: .venv/ready
	$(BIN)/python -m tests.whole.service.openapi
	$(BIN)/python -m tests.whole.service.hostile
	$(BIN)/python -m tests.vonage.fuzzing 1000000
	TEST_EXAMPLES=1000 $(BIN)/python -m pytest tests/sending/test_spending_property.py --timeout 3600

load: .venv/ready
	$(BIN)/python -m tests.whole.service.load

kills: .venv/ready
	$(BIN)/python -m tests.whole.kills
	$(BIN)/python -m tests.whole.restoring.failover 20
	TEST_BURSTS=500 $(BIN)/python -m pytest tests/whole/service/test_signals.py --timeout 0

cluster: .venv/ready
	TEST_ENGINE=cluster $(BIN)/python -m pytest tests/engine tests/whole/kills tests/whole/service -k "postgresql or cluster"
	$(BIN)/python -m tests.whole.cluster

soak: .venv/ready
	$(BIN)/python -m tests.whole.service.soak

pictures: .venv/ready
	$(BIN)/python -m tests.whole.panel pictures
	$(BIN)/python -m tests.whole.panel.large

lock: .venv/ready
	$(BIN)/pip install $(QUIETLY) uv
	$(BIN)/uv pip compile setup.cfg --extra test --extra dev --extra cluster --universal --python-version 3.11 \
		--upgrade --generate-hashes --no-annotate --quiet --custom-compile-command 'make lock' -o requirements.lock

clean:
	rm -rf .venv build *.egg-info .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
