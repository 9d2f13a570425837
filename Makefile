# gapkit's commands. `make help` lists them. Everything is installed into .venv on first use.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
PORT ?= 8866
READY := $(VENV)/.installed
NOTEBOOKS := $(sort $(wildcard notebooks/*.ipynb))
export GAPKIT_DATA
# One BLAS thread: the matrices are small.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help install serve lab test check notebooks peers bench fuzz soak clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "gapkit needs Python 3.11 or newer, found none. Install it, or say make PYTHON=/path/to/python3"; exit 1; }
	@if command -v uv >/dev/null 2>&1; then \
		test -x $(BIN)/python || uv venv --quiet --python $(PYTHON) $(VENV); \
		uv pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[dev]'; \
	else \
		test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing; on Debian or Ubuntu: apt install python3-venv"; exit 1; }; \
		echo "installing gapkit and what it needs into $(VENV) (a minute or two) ..."; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'; \
	fi
	@touch $@

install: $(READY) ## create .venv and install everything

serve: $(READY) ## open the boards in a browser (PORT=8866)
	@$(BIN)/gapkit serve --port $(PORT)

lab: $(READY) ## open the notebooks in JupyterLab
	@$(BIN)/gapkit lab

test: $(READY) ## run every test that needs no R and no network, notebooks included
	$(BIN)/python -m pytest -q -m "not peers and not network" --ignore=tests/browser -n auto --maxprocesses 4
	$(BIN)/python -m pytest -q tests/browser
	$(BIN)/python -m pytest -q -p no:cacheprovider -o addopts= -o filterwarnings= \
		-n auto --maxprocesses 4 --dist loadfile --nbval --nbval-sanitize-with tests/nbval.ini $(NOTEBOOKS)

check: $(READY) ## lint, format, types, the contracts of the house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

peers: $(READY) ## compare with a live R (psych, GPArotation, lavaan)
	$(BIN)/python -m pytest -q -m peers

notebooks: $(READY) ## run the notebooks again, deterministically, and keep their outputs
	$(BIN)/python notebooks/execute.py $(NOTEBOOKS)

bench: $(READY) ## speed as ratios against peers, both sides run in turn
	$(BIN)/python -m benchmarks

fuzz: $(READY) ## tens of thousands of mangled files at the door
	GAPKIT_FUZZ=20000 $(BIN)/python -m pytest -q tests/survey/test_fuzz.py tests/survey/test_readers_fuzz.py

soak: $(READY) ## open and close pages for half an hour: no kernel may be left behind
	$(BIN)/python -m benchmarks.soak --seconds 1800

clean: ## remove .venv and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
