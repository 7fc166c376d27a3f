PORT ?= 8000
PYTHON ?= python3
HOST := 127.0.0.1
BIN := .venv/bin
# macOS has GNU make 3.81, which cannot keep the lines of one target together.
TOGETHER := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
# `make check` lists files with git, which otherwise refuses a checkout that belongs to somebody else.
export GIT_CONFIG_COUNT := 1
export GIT_CONFIG_KEY_0 := safe.directory
export GIT_CONFIG_VALUE_0 := *
# Where it is set, each Python that the tests start compiles all of the site and of the tests anew.
unexport PYTHONDONTWRITEBYTECODE

# What proves a change without a browser uses both cores, as `make test` does.
ifeq ($(filter-out unit check,$(or $(MAKECMDGOALS),help)),)
MAKEFLAGS += --jobs=2 $(TOGETHER)
endif

.DEFAULT_GOAL := help
.PHONY: help serve dev test quick check unit measured unmeasured postgres test-postgres pages lab-journeys journeys audit bench labs faults cluster day drill profile report lock clean clean-database

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: .venv/.serve  ## Set everything up and serve on http://127.0.0.1:8000 (PORT= changes it)
	@mkdir -p var
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py collectstatic --no-input --clear --verbosity 0
	@env SITE_URL=http://$(HOST):$(PORT) HOST=$(HOST) PORT=$(PORT) $(BIN)/python -m producerguide.server

dev: .venv/.serve  ## Serve with DEBUG on: an edit shows on reload
	@mkdir -p var
	@$(BIN)/python manage.py migrate --verbosity 0
	@env DEBUG=true $(BIN)/python manage.py runserver $(HOST):$(PORT)

# The least that proves it in a second browser, where there is one.
FIREFOX := $(if $(shell command -v firefox-esr || command -v firefox),firefox)

test: .venv/.dev  ## Set everything up, a Chromium included, and run every check and test
	@$(BIN)/python tests/browser/chromium.py
	@$(MAKE) --no-print-directory --jobs 2 $(TOGETHER) lab-journeys journeys pages unit check postgres $(FIREFOX)

quick: .venv/.dev  ## The tests of what has changed since the last commit, without a browser
	@$(BIN)/python -m tests.quick

# What needs no browser does not load what drives one.
PYTEST := -m pytest --quiet --ignore tests/browser -p no:playwright

unit: measured unmeasured  ## The tests without a browser, with their coverage

# Measuring the coverage makes Python several times as slow. Half of the tests reach only what the others reach too.
measured: .venv/.dev
	@$(BIN)/coverage run $(PYTEST) -m "not unmeasured"
	@$(BIN)/coverage report

unmeasured: .venv/.dev
	@$(BIN)/python $(PYTEST) -m unmeasured

postgres: .venv/.dev
	@$(BIN)/python -m tests.postgresql --where-possible $(BIN)/python $(PYTEST) -m django_db

test-postgres: .venv/.dev  ## The tests without a browser again, on a private PostgreSQL that is removed afterwards
	@$(BIN)/python -m tests.postgresql $(BIN)/python $(PYTEST)

pages: .venv/.dev  ## Every page in a real Chromium against the real server: accessibility and look
	@$(BIN)/python -m pytest --quiet tests/browser/test_accessibility.py tests/browser/test_look.py

# The longest two take a core each, from the start.
LAB_JOURNEYS := $(wildcard tests/browser/test_lab*.py)
OTHER_JOURNEYS := $(filter-out $(LAB_JOURNEYS) tests/browser/test_accessibility.py tests/browser/test_look.py,$(wildcard tests/browser/test_*.py))

lab-journeys: .venv/.dev  ## What visitors do in the labs, in the same Chromium
	@$(BIN)/python -m pytest --quiet $(LAB_JOURNEYS)

journeys: .venv/.dev  ## What visitors do elsewhere
	@$(BIN)/python -m pytest --quiet $(OTHER_JOURNEYS)

# A folder is newer once a file of it is gone.
COMPUTED_FROM := $(wildcard quiz/*.py quiz/owner/*.py quiz/owner/management/commands/*.py quiz/content quiz/content/* quiz/content/*/*)

# To count every possible answer sheet takes as long as all other checks: it is done again only after a change.
var/.figures: .venv/.dev $(COMPUTED_FROM)
	$(BIN)/python manage.py quiz_report
	@mkdir -p var && touch $@

check: .venv/.dev var/.figures  ## The checks without the tests: style, types, imports, content, migrations, questionnaire
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(BIN)/biome ci --error-on-warnings
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run  # after the checks of Django and of the content

audit: .venv/.dev  ## Lighthouse on six kinds of page, as a table (needs Node.js)
	@$(BIN)/python -m tests.bench.audit

bench: .venv/.dev  ## How near to the limit the site is, as a table (needs wrk, nginx and two cores)
	@$(BIN)/python -m tests.bench.speed
	@$(BIN)/python manage.py collectstatic --no-input --verbosity 0
	@DJANGO_SETTINGS_MODULE=producerguide.settings $(BIN)/python -m tests.bench.parts

labs: .venv/.dev  ## How soon and how cleanly each listening lab plays, as a table (on Linux)
	@$(BIN)/python -m tests.bench.labs

faults: .venv/.dev  ## What breaks behind the site, and what of it reaches a visitor (as root, to mount a small disk)
	@$(BIN)/python -m tests.bench.faults $(PARTS)

cluster: .venv/.dev  ## Two copies behind nginx sharing a PostgreSQL: what is lost when one thing after another breaks
	@$(BIN)/python -m tests.bench.cluster

day: .venv/.dev  ## A day of visitors, simulated: how much of it is answered from memory, and how much a CDN could answer
	@$(BIN)/python -m tests.bench.day

drill:  ## The commands of README and docs, typed on bare Debian 12 and 13 (as root, with debootstrap and systemd-nspawn)
	@$(PYTHON) -m tests.bench.drill $(PARTS)

PAGE ?= /result/CODE/
profile: .venv/.dev  ## Where the time of a render goes (PAGE=/quiz/?a=1021; CODE stands for any code)
	@mkdir -p var
	@$(BIN)/python manage.py collectstatic --no-input --verbosity 0
	@DJANGO_SETTINGS_MODULE=producerguide.settings $(BIN)/python -m tests.bench.profile '$(PAGE)'

report: .venv/.dev  ## Print the exact figures of the questionnaire
	@$(BIN)/python manage.py quiz_report

lock: .venv/.dev  ## Make the hash-locked requirements anew from pyproject.toml
	@$(BIN)/python -m pip install --quiet uv
	@export UV_CUSTOM_COMPILE_COMMAND="make lock"; \
	lock="$(BIN)/uv pip compile --quiet pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url"; \
	$$lock -o requirements.txt && \
	$$lock --extra postgres -c requirements.txt -o requirements-postgres.txt && \
	$$lock --extra postgres --extra dev -c requirements.txt -o requirements-dev.txt

clean:  ## Remove what the other targets made; the local database and its backups stay
	rm -rf .venv var/static var/.figures .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

clean-database:  ## Delete the local database: what was counted on this machine is gone
	rm -f var/producerguide.sqlite3 var/producerguide.sqlite3-wal var/producerguide.sqlite3-shm

# An environment holds the paths of its Python and of its folder: it is made again where one of them has changed.
MADE_FOR := import os, sys; print(sys.version_info[:2], os.path.realpath(sys.executable), os.getcwd())
# Without PYTHON=, the one it was made with is right, whatever python3 is today.
MADE_WITH := $(if $(filter file,$(origin PYTHON)),$(BIN)/python,$(PYTHON))

.venv/.python: FORCE
	@for file in "$$PWD" .venv var var/* .coverage .hypothesis .*_cache; do \
		[ ! -e "$$file" ] || [ -w "$$file" ] || { \
		echo "$$(id -un) may not write to $$file. Work in a copy: cp -R '$$PWD' ~/producerguide; or make it yours, as root: chown -R $$(id -un) '$$PWD'" >&2; exit 1; }; done
	@[ -s $@ ] && [ "$$('$(MADE_WITH)' -c '$(MADE_FOR)' 2>/dev/null)" = "$$(cat $@)" ] || { \
		'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
			echo "ProducerGuide needs Python 3.11 or newer, called python3. Install it, or name another: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }; \
		'$(PYTHON)' -c 'import ensurepip' 2>/dev/null || { \
			echo "This Python cannot make a virtual environment. On Debian or Ubuntu, as root: apt-get install -y $(notdir $(PYTHON))-venv" >&2; exit 1; }; \
		rm -rf .venv && '$(PYTHON)' -m venv .venv && '$(PYTHON)' -c '$(MADE_FOR)' > $@; }

FORCE:

.venv/.serve: .venv/.python requirements.txt
	@echo "Installing what the site needs…"
	$(call install,requirements.txt)

.venv/.dev: .venv/.serve requirements-dev.txt
	@echo "Installing what the checks and tests need…"
	$(call install,requirements-dev.txt)

# pip says the same of a network that is not there in dozens of lines.
define install
@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) 2> .venv/pip.log || { \
	if grep -q "connection broken by" .venv/pip.log; \
	then echo "The package index cannot be reached. Connect this machine to the network, then type again: make $(MAKECMDGOALS)" >&2; \
	else cat .venv/pip.log >&2; fi; exit 1; }
@touch $@
endef

# In three browsers. What is not installed is named, and not tried.
.PHONY: browsers firefox
browsers: .venv/.dev  ## What visitors do, in Chromium, Firefox and WebKit where they are installed
	@$(BIN)/python -m pytest --quiet tests/browsers

firefox: .venv/.dev
	@$(BIN)/python -m pytest --quiet -m least -k firefox tests/browsers
