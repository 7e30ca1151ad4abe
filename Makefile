# Two commands are all you need: `make demo` and `make test`. `make help` lists the rest.

PYTHON ?= python3
JOBS ?= 2
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev

# The networks here are small: one thread does, and threads that share a busy core only wait for each other.
export OMP_NUM_THREADS ?= 1
# What a step prints appears when it prints it, also in a log.
export PYTHONUNBUFFERED := 1

.PHONY: help install demo test lint wheel clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

install: $(INSTALLED)  ## make .venv with the tested versions, and this package in it

demo: $(INSTALLED)  ## raw text to wheel on generated sample data, English and Russian, in a few minutes
	$(RUN) -m spacy project run demo

test: $(INSTALLED)  ## run all tests
	$(RUN) -m pytest -n $(JOBS) --dist loadfile

lint: $(INSTALLED_DEV)  ## check style and formatting
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

wheel: $(INSTALLED)  ## build spacy-rnn's own wheel in dist/
	$(RUN) -m spacy project run wheel

clean:  ## remove builds, caches and the demo; keeps .venv, assets and everything trained on them
	rm -rf build dist demo .pytest_cache .ruff_cache .hypothesis
	find spacy_rnn tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# torch first: it is the largest, and everything after it must accept this one.
$(INSTALLED): setup.cfg pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' \
		|| { echo "spacy-rnn needs Python 3.10 or newer: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	$(PIP) install --constraint constraints.txt torch
	$(PIP) install --constraint constraints.txt --editable ".[test]"
	@touch $@

$(INSTALLED_DEV): $(INSTALLED)
	$(PIP) install --constraint constraints.txt --editable ".[dev]"
	@touch $@
