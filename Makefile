# Every command of the project. Nothing but Python 3.11 (with venv) and make has to be installed first.
PORT ?= 8000
SIZE ?= 2000
PYTHON ?= python3
# Paths inside .venv are never called by their own first line: a moved checkout goes on working.
PY := .venv/bin/python
MANAGE := $(PY) manage.py
CATALOGUE := locale/zh_Hans/LC_MESSAGES/django

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test check fix messages vendor bench ready
# Recipes of one run share .venv and .local.
.NOTPARALLEL:

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

ready:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install python3 and python3-venv, 3.11 or newer." >&2; exit 1; }
	@$(PYTHON) config/bootstrap.py
	@[ $(CATALOGUE).mo -nt $(CATALOGUE).po ] || $(MANAGE) compile_messages

demo: ready ## the whole product with invented data on 127.0.0.1 (PORT=8000 SIZE=2000); Ctrl-C ends it
	@exec setpriv --pdeathsig TERM $(PY) -m config.demo --port $(PORT) --size $(SIZE)

demo-reset: ready ## throw the demo's data away; the next `make demo` starts anew
	@$(PY) -m config.demo --reset

test: ready ## all tests with branch coverage, two processes
	@$(PY) -m pytest -n 2 --cov --cov-report=term:skip-covered $(ARGS)

check: ready ## lint, format, templates, types, layers, migrations, messages: what CI runs
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --check --lint --quiet templates
	$(PY) -m mypy
	.venv/bin/python -c "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check_messages

fix: ready ## repair what a machine can: lint, format, templates
	-$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	-$(PY) -m djlint --reformat --quiet templates

messages: ready ## collect visible strings into locale/ (needs gettext)
	$(MANAGE) makemessages -l zh_Hans --no-obsolete --no-wrap --add-location=file
	$(MANAGE) compile_messages

vendor: ready ## fetch the browser libraries named in static/vendor/versions.json (needs npm)
	$(MANAGE) vendor_assets

bench: ready ## measure every promise; QUICK=1 at a tenth of the size
	@$(PY) -m benchmarks $(if $(QUICK),--quick,)
