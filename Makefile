# make run     the app, from a local .venv that is made at the first call
# make test    format, lint, types, layers, and all tests
# make quick   the tests that need neither an engine nor a browser
# make lab     engines and a registry for the tests, on a Debian that reaches no other (tests/lab/README.md)
# make recordings  the recorded builds that the app replays without an engine, made anew on the lab
# make protos  the Python code of the protobuf messages, after a change of a .proto file
# make bench   the figures: what jettison costs, beside what it is measured against; `make bench session` takes one

PYTHON ?= python3
BIN := .venv/bin
# A virtual environment writes its bytecode whatever the caller's shell says: without it every start is slow.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test quick check lab lab-down bench pictures recordings protos clean

run: .venv/.run
	$(BIN)/jettison

# Tests on the engine come one after the other: they count what is on it.
test: check
	$(BIN)/pytest tests/unit tests/screens -n auto
	$(BIN)/pytest tests/engine tests/package

quick: .venv/.dev
	$(BIN)/pytest tests/unit tests/screens -n auto

check: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lab: .venv/.dev
	$(BIN)/python -m tests.lab up

lab-down: .venv/.dev
	$(BIN)/python -m tests.lab down

protos: .venv/.dev
	$(BIN)/python -m grpc_tools.protoc -I tui/engine --python_out=tui/engine --pyi_out=tui/engine buildkit/trace.proto buildkit/session/session.proto

# Words behind `bench` name figures and are no targets.
ifeq (bench,$(firstword $(MAKECMDGOALS)))
FIGURES := $(wordlist 2,99,$(MAKECMDGOALS))
$(eval $(FIGURES):;@:)
endif

bench: .venv/.dev
	$(BIN)/python -m tests.bench $(FIGURES)

pictures: .venv/.dev
	$(BIN)/python -m tests.pictures

recordings: .venv/.dev
	$(BIN)/python -m tests.recordings

.venv/.run: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Jettison needs Python 3.11 or newer: make run PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/.dev: .venv/.run
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
