# make run    installs what is needed into .venv and starts everything (Ctrl-C ends it)
# make test   installs what the tests need as well, then lint, types, contracts and all tests
# make lint   ruff, mypy, import contracts
# make bench  measures (make bench-scale: up to a million documents); make nightly  the same tests with the full counts
# make clean  removes .venv and caches, never var/

VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install
PYTEST := $(BIN)/python -m pytest
SHARED ?= $(if $(HUIYING_SHARED),$(HUIYING_SHARED),../shared)
SERIAL := tests/chaos tests/browser tests/worker/test_supervisor.py

.DEFAULT_GOAL := help
.PHONY: help run test check lint bench bench-scale nightly clean debian

help:
	@sed -n '1,/^$$/s/^# //p' Makefile

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新的版本。"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "无法建立虚拟环境，请先运行：apt-get install python3-venv"; exit 2; }

# the stamps make the second start quick: nothing is asked of pip while the lock file is unchanged
$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "正在安装所需的库（只在第一次和更新后进行）……"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "正在安装测试所需的库（只在第一次和更新后进行）……"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.run

run: $(VENV)/.run
	@exec $(BIN)/huiying run

debian:
	@sh tests/debian.sh

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: debian $(VENV)/.dev
	$(MAKE) --no-print-directory lint
	$(PYTEST) -n 3 --dist loadfile $(foreach path,$(SERIAL),--ignore=$(path)) tests
	$(PYTEST) $(wildcard $(SERIAL))

bench: $(VENV)/.dev
	@{ echo "# Measured by make bench"; echo; echo "Two cores, shared; figures differ from run to run."; echo; echo "## Matching, development half"; echo; \
	if [ -d $(SHARED)/data ]; then $(BIN)/python -m tests.bench.bench_match --documents $(SHARED)/data/policy_documents.jsonl \
	--questions $(SHARED)/data/policy_questions.jsonl $(SHARED)/data/policy_questions_unanswerable.jsonl; else echo "not measured: no data"; fi; \
	echo; echo "## Disturbed questions"; echo; \
	if [ -d $(SHARED)/data ]; then $(BIN)/python -m tests.bench.bench_robust --documents $(SHARED)/data/policy_documents.jsonl \
	--questions $(SHARED)/data/policy_questions.jsonl; else echo "not measured: no data"; fi; \
	echo; echo "## The running office"; echo; $(BIN)/python -m tests.bench.bench_office --shared $(SHARED); \
	echo; echo "## The index of another process"; echo; $(BIN)/python -m tests.bench.bench_following --shared $(SHARED); \
	echo; echo "## The desk over 100,000 open inquiries"; $(BIN)/python -m tests.bench.bench_desk; \
	echo; echo "## The board over 100,000 published answers"; $(BIN)/python -m tests.bench.bench_board; } | tee tests/bench/RESULTS.md
	if [ -d $(SHARED)/data ]; then $(BIN)/python -m tests.bench.bench_scale --shared $(SHARED) --results tests/bench/RESULTS.md; fi

bench-scale: $(VENV)/.dev
	$(BIN)/python -m tests.bench.bench_scale --shared $(SHARED) --sizes 600 10000 100000 1000000 --results tests/bench/RESULTS.md

nightly: debian $(VENV)/.dev
	HUIYING_NIGHTLY=1 HUIYING_PICTURES="$${HUIYING_PICTURES:-$(CURDIR)/var/pictures}" $(PYTEST) --timeout 7200 tests

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build *.egg-info
	find board responder worker tests -name __pycache__ -prune -exec rm -rf {} +
