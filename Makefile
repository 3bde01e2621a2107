PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test test-slow lint format bench docs constraints clean

demo: .venv/.installed
	$(BIN)/rag demo

# A process a core, and a thread each: two that compute with two threads each wait for one another.
test: .venv/.installed-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m "not slow" --numprocesses logical --maxprocesses 4 --dist loadfile

test-slow: .venv/.installed-dev
	$(BIN)/python -m pytest -m slow

lint: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/.installed-dev
	$(BIN)/python benchmarks/retrieval.py $(DATA)

docs: .venv/.installed-dev
	$(BIN)/python tools/make_cli_reference.py

.venv/bin/pip:
	$(PYTHON) -m venv .venv

.venv/.installed: pyproject.toml constraints.txt | .venv/bin/pip
	@echo "Installing into .venv (about a minute, once)"
	$(PIP) --editable .
	@touch $@

.venv/.installed-dev: .venv/.installed
	$(PIP) --editable .[dev]
	@touch $@

constraints:
	rm -rf .venv-constraints
	$(PYTHON) -m venv .venv-constraints
	.venv-constraints/bin/pip install --quiet --upgrade .[dev]
	{ echo "# Every package of 'pip install -e .[dev]', pinned. Made by 'make constraints'."; \
	  .venv-constraints/bin/pip freeze | grep -v '^multimodal-rag' | sed 's/+cpu//'; } > constraints.txt
	rm -rf .venv-constraints

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
