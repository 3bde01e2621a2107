PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt
# A folder that 'make wheelhouse' filled, for machines without network.
WHEELHOUSE ?=
# More of the program, as in pip's brackets: make demo EXTRAS=full,heic
EXTRAS ?=
WITH := $(if $(EXTRAS),[$(EXTRAS)],)
BASE_ENV ?= .venv-base
PYTHONS ?= python3.11 python3.12 python3.13 python3.14

.PHONY: demo test test-base test-install test-pythons test-ollama test-slow lint format bench docs constraints wheelhouse clean

demo: .venv/.installed
	$(BIN)/rag demo

# A process a core, and a thread each: two that compute with two threads each wait for one another.
# What failed is tried once more, and said: servers and browsers wait here with time limits, on machines of any load.
test: .venv/.installed-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m "not slow" --numprocesses logical --maxprocesses 4 --dist loadfile --max-worker-restart 1 --reruns 1 -rR

# What the README promises of the base installation, which has no torch.
test-base:
	test -x $(BASE_ENV)/bin/rag || { $(PYTHON) -m venv $(BASE_ENV) && \
	  $(BASE_ENV)/bin/python tools/install.py --environment $(BASE_ENV) .; }
	$(BASE_ENV)/bin/python tools/base_journeys.py

# The wheel and the source distribution, each in an empty environment outside the checkout.
test-install: .venv/.installed
	$(PYTHON) tools/check_distributions.py

# The tests on every Python of PYTHONS that is here, each in an environment of its own.
test-pythons:
	$(PYTHON) tools/test_pythons.py $(PYTHONS)

# A real Ollama: whichever is at RAG_OLLAMA_URL, with RAG_TEST_OLLAMA_MODEL; tools/ollama makes one.
test-ollama: export RAG_OLLAMA_URL ?= http://127.0.0.1:11434
test-ollama: .venv/.installed-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest tests/ollama_server -rs

test-slow: .venv/.installed-dev
	$(BIN)/python -m pytest -m slow

lint: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(MAKE) --jobs types-linux types-win32 types-darwin
	$(BIN)/lint-imports

# mypy's cache is of one platform.
types-%:
	$(BIN)/mypy --platform $* --cache-dir .mypy_cache/$*

format: .venv/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/.installed-dev
	$(BIN)/python benchmarks/retrieval.py $(DATA)

docs: .venv/.installed-dev
	$(BIN)/python tools/make_cli_reference.py

.venv/bin/pip:
	@command -v $(PYTHON) >/dev/null || { echo "error: no $(PYTHON) here; install Python 3.11 to 3.14, or name one: make demo PYTHON=python3.13" >&2; exit 1; }
	@$(PYTHON) tools/preflight.py
	$(PYTHON) -m venv .venv

.venv/.installed: pyproject.toml constraints.txt hatch_build.py | .venv/bin/pip
	@echo "Installing into .venv (about a minute, once)"
	@$(if $(WHEELHOUSE),$(PIP) --no-index --find-links $(WHEELHOUSE) "multimodal-rag$(WITH)",$(BIN)/python tools/install.py ".$(WITH)") || { $(BIN)/python tools/preflight.py --pip-failed; exit 1; }
	@touch $@

.venv/.installed-dev: .venv/.installed
	@$(BIN)/python tools/preflight.py --kind dev
	@$(BIN)/python tools/install.py ".[dev]" || { $(BIN)/python tools/preflight.py --pip-failed; exit 1; }
	@touch $@

# Everything that 'make demo WHEELHOUSE=wheelhouse' needs on a machine like this one without network.
wheelhouse: .venv/bin/pip
	$(BIN)/pip wheel --quiet --disable-pip-version-check --constraint constraints.txt --wheel-dir wheelhouse ".$(WITH)"

constraints:
	rm -rf .venv-constraints
	$(PYTHON) -m venv .venv-constraints
	.venv-constraints/bin/pip install --quiet --upgrade .[dev]
	{ echo "# Every package of 'pip install -e .[dev]', pinned. Made by 'make constraints'."; \
	  .venv-constraints/bin/pip freeze | grep -v '^multimodal-rag' | sed 's/+cpu//'; } > constraints.txt
	rm -rf .venv-constraints

clean:
	rm -rf .venv .venv-* wheelhouse rag/weights/minilm .pytest_cache .mypy_cache .ruff_cache .hypothesis
