# derive: formulas in, proofs and NumPy code out. `make` alone lists what can be asked for.
PYTHON ?= python3
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
CONSTRAINTS := .ci/constraints.txt
PIP := $(BIN)/python -m pip --disable-pip-version-check
LINTED := derive generated templates tests

# Only whole documents are compiled; a fragment is there to be included in somebody else's.
DOCUMENTS := $(shell grep -ls '\\documentclass' generated/proofs/*.tex)
PDFS := $(DOCUMENTS:generated/proofs/%.tex=.build/proofs/%.pdf)

.DEFAULT_GOAL := help
# All are phony: `derive/` is a folder, and make would find it up to date.
.PHONY: help .venv derive tables pictures test check stale lint types contracts format publish bench accuracy clean

help:  ## List these targets
	@awk -F ':.*## ' '/^[.a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv: $(INSTALLED)  ## Set up the environment with pinned packages (the others do it when needed)

derive: $(INSTALLED)  ## Derive every problem again and write generated/, pictures included
	$(BIN)/python -m derive build $(ARGS)
	$(if $(ARGS),,$(BIN)/python -m derive pictures)

pictures: $(INSTALLED)  ## Draw the pictures again from the modules in generated/
	$(BIN)/python -m derive pictures

test: $(INSTALLED)  ## Run the tests (ARGS='-k name' for some, ARGS='-m slow' for the long ones)
	$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

check: lint types contracts test stale  ## Everything that must hold before a commit

tables: $(INSTALLED)  ## Make the polynomials of the special functions again (a test compares them)
	$(BIN)/python -m derive.publish.kernel_tables > templates/solvers/special/kernels.py

stale: $(INSTALLED)  ## Compare generated/ with what the sources give today
	$(BIN)/python -m derive check

lint: $(INSTALLED)  ## Check style and format
	$(BIN)/ruff check $(LINTED)
	$(BIN)/ruff format --check $(LINTED)

types: $(INSTALLED)  ## Check types (mypy --strict; the folders stand in pyproject.toml)
	$(BIN)/mypy

contracts: $(INSTALLED)  ## Check that imports only go down the floors
	$(BIN)/lint-imports --no-cache --no-logo

format: $(INSTALLED)  ## Format the sources and mend what can be mended mechanically
	$(BIN)/ruff format $(LINTED)
	$(BIN)/ruff check --fix $(LINTED)

publish: $(PDFS)  ## Compile the proofs to PDF in .build/proofs (needs pdflatex)
	@test -n "$(PDFS)" || { echo "There is no document in generated/proofs: run 'make derive' first." >&2; exit 1; }
	@echo "The PDFs are in .build/proofs."

bench: $(INSTALLED)  ## Time our fits beside other libraries' (minutes; ARGS='--size small' for fewer)
	$(BIN)/python -m tests.bench.solvers $(ARGS)
	$(if $(ARGS),,$(BIN)/python -m tests.bench.pipeline)

accuracy: $(INSTALLED)  ## Measure our errors and other libraries' in ulp (minutes; ARGS='--plan full logistic' for more of less)
	$(BIN)/python -m tests.accuracy $(ARGS)

clean:  ## Remove the environment, caches and builds (generated/ stays: it is under version control)
	rm -rf $(VENV) .build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find derive generated templates tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# The stamp comes last, so that a set-up that broke off is done again. The build backend is
# installed first and used without isolation: an isolated build would fetch an unpinned one.
$(INSTALLED): pyproject.toml $(CONSTRAINTS)
	@command -v $(PYTHON) >/dev/null || { echo "'$(PYTHON)' was not found. Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "'$(PYTHON)' is $$($(PYTHON) --version), but Python 3.11 or newer is needed. Name a newer one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "'$(PYTHON)' lacks the venv module. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet -c $(CONSTRAINTS) hatchling
	$(PIP) install --quiet -c $(CONSTRAINTS) --no-build-isolation --editable '.[dev]'
	@touch $@

# Two runs, because the first one only collects what the links point to.
.build/proofs/%.pdf: generated/proofs/%.tex
	@command -v pdflatex >/dev/null || { echo "pdflatex was not found. On Debian and Ubuntu: apt-get install texlive-latex-base texlive-latex-recommended texlive-latex-extra texlive-pictures lmodern texlive-fonts-recommended tex-gyre" >&2; exit 1; }
	@mkdir -p $(@D)
	@for run in 1 2; do \
	    TEXINPUTS=generated/proofs: pdflatex -interaction=nonstopmode -halt-on-error -output-directory=$(@D) $< >$(@D)/$*.txt \
	        || { tail -n 25 $(@D)/$*.txt; rm -f $@; echo "pdflatex stopped at an error in $<." >&2; exit 1; }; \
	done
	@echo "$@"
