# Two commands matter: `make run` and `make test`. `make` alone lists them all.
# Needs Python 3.11 or newer and make; everything else is installed into .venv.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run test check lint proof sim bench pictures lock clean

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
INSTALLED_DEV := .venv/.installed-dev
PAGE := .web/.built
# What the pages are made of: their own files, and the words and limits they show.
PAGE_SOURCES := rxconfig.py bunfig.toml requirements.txt ingestio/config.py ingestio/ingestio.py \
  $(shell find ingestio/web ingestio/domain assets reflex.lock -type f \
    -not -path '*/__pycache__/*' -not -path 'assets/external/*' 2>/dev/null)
SAY := printf '%s\n'
ALL = $(IN_MEMORY) $(BIN)/python -m pytest -m "not proof"
QUICK = $(IN_MEMORY) $(BIN)/python -m pytest -m "not (browser or postgres or long or proof)"
# Tests write in memory where there is plenty: syncing to a disk is a third of their time.
IN_MEMORY := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 4000000 {print "TMPDIR=/dev/shm"}')

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' Makefile | while IFS="$$(printf '\t')" read -r target what; \
	  do printf '  make %-9s %s\n' "$$target" "$$what"; done

install: $(INSTALLED)  ## install what the product uses, pinned with hashes, into .venv

run: $(INSTALLED) $(PAGE)  ## serve at http://localhost:3000 with demo accounts; Ctrl-C ends it
	@INGESTIO_DEMO="$${INGESTIO_DEMO-1}" exec $(BIN)/ingestio serve

test: $(INSTALLED_DEV) $(PAGE) chromium clamd  ## run every test, a real browser included
	@$(ALL) tests/sim > .venv/lives.log 2>&1 & lives=$$!; trap "kill $$lives 2>/dev/null" INT TERM; \
	  $(ALL) --ignore=tests/sim; tests=$$?; \
	  wait $$lives || tests=1; cat .venv/lives.log; exit $$tests

check: lint  ## lint, types, contracts and the quick tests, in about a minute
	@$(BIN)/basedpyright --level error & types=$$!; \
	  $(QUICK) tests/services tests/api > .venv/check.log 2>&1 & half=$$!; \
	  trap "kill $$types $$half 2>/dev/null" INT TERM; \
	  $(QUICK) --ignore=tests/services --ignore=tests/api; tests=$$?; \
	  wait $$half || tests=1; cat .venv/check.log; wait $$types && exit $$tests

lint: $(INSTALLED_DEV)  ## ruff: rules and format
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet

proof: $(INSTALLED_DEV)  ## the same with counts that convince: ten thousand lives, real kills; about an hour
	@$(BIN)/python -m tests.sim.planted
	@$(BIN)/python -m tests.sim.kills 50
	@$(IN_MEMORY) HYPOTHESIS_PROFILE=proof $(BIN)/python -m pytest -m proof -rP
	@$(BIN)/python -m tests.sim

sim: $(INSTALLED_DEV)  ## live simulated lives: make sim SEEDS=400 FIRST=70000
	@exec $(BIN)/python -m tests.sim $(or $(SEEDS),10000) $(or $(FIRST),0)

bench: $(INSTALLED_DEV) $(PAGE) chromium  ## measure against a baseline: make bench NAME=pages
	@test -n "$(NAME)" || { $(SAY) "Which one? make bench NAME=one of:" \
	  $$(ls bench | sed -n 's/^\([a-z]*\)\.py$$/\1/p' | grep -vx harness) >&2; exit 2; }
	@exec $(BIN)/python -m bench.$(NAME)

pictures: $(INSTALLED_DEV) $(PAGE) chromium  ## photograph every page, narrow and wide, light and dark
	@exec $(BIN)/python -m tests.e2e.pictures

lock: $(INSTALLED)  ## pin requirements*.in with hashes; UPGRADE=1 takes newer versions
	@for part in requirements requirements-dev; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url $(if $(UPGRADE),--upgrade) $$part.in --output-file $$part.txt || exit 1; done

clean:  ## remove what was installed and built; the data folder stays
	rm -rf .venv .web .states .ruff_cache .hypothesis .import_linter_cache assets/external *.egg-info build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# -- how things come about, each once until its sources change

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { $(SAY) "Python 3.11 or newer is needed: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	  $(SAY) "Python's venv module is incomplete; on Debian: apt install python3-venv" >&2; exit 1; }

# pip brings the pinned uv, which brings the rest five times faster; where it can't run, pip does.
# Compiled at once, so that no start pays for it.
define install
@if $(BIN)/uv --version >/dev/null 2>&1; then \
  VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r $(1); \
  else $(BIN)/python -m pip install --quiet --require-hashes -r $(1); fi >&2
endef

$(INSTALLED): requirements.txt pyproject.toml | $(BIN)/python
	@$(SAY) "Installing what requirements.txt pins ..." >&2
	@awk '/^[^ ]/ {ours = /^uv==/} ours' requirements.txt > .venv/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt >&2
	$(call install,requirements.txt)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
	  --no-index --editable . >&2
	@touch $@

$(INSTALLED_DEV): requirements-dev.txt $(INSTALLED)
	@$(SAY) "Installing what requirements-dev.txt pins ..." >&2
	$(call install,requirements-dev.txt)
	@touch $@

# bun comes out of a wheel: no Node on the machine. What was built is kept only when it succeeds.
$(PAGE): $(PAGE_SOURCES) | $(INSTALLED)
	@$(SAY) "Building the pages ..." >&2
	@rm -rf .web/build $@
	@PATH="$(CURDIR)/$(BIN):$$PATH" REFLEX_USE_SYSTEM_BUN=1 REFLEX_TELEMETRY_ENABLED=false \
	  $(BIN)/reflex export --frontend-only --no-zip > .venv/build-page.log 2>&1 \
	  || { cat .venv/build-page.log >&2; exit 1; }
	@touch $@

.PHONY: chromium
chromium:
	@for name in chromium chromium-browser google-chrome; do \
	    command -v $$name >/dev/null && exit 0; done; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    $(SAY) "Installing Chromium for the browser tests ..." >&2; \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	      apt-get install -y -qq --no-install-recommends chromium; } >/dev/null; \
	  else $(SAY) "The browser tests need Chromium: apt install chromium" >&2; exit 1; fi

# Without it, and without the right to install it, the tests beside a real scanner are skipped.
.PHONY: clamd
clamd:
	@if ! PATH="$$PATH:/usr/sbin" command -v clamd >/dev/null \
	  && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    $(SAY) "Installing clamd for the tests beside a virus scanner ..." >&2; \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	      apt-get install -y -qq --no-install-recommends clamav-daemon; } >/dev/null || true; fi
