# One environment, made once and renewed when pyproject.toml changes. PYTHON may name another 3.11 or newer.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: help env demo docs mutate test test-slow test-quick test-serving test-registry lint format grammars vscode test-editors endure fuzz bench simulate clean

help:  ## Show this list.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

env: $(READY)  ## Make the environment in .venv.

$(READY): pyproject.toml
	@test -x $(BIN)/python || $$(command -v $(PYTHON) || command -v python3) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(READY)

demo: $(READY)  ## Run the digits example and show its report.
	$(BIN)/mltspec run specs/examples/digits

docs: $(READY)  ## Build the site in build/docs: reference, gallery, links checked, every snippet run.
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/gallery/build.py
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet docs build/docs
	$(BIN)/python -m pytest tests/docs

mutate: $(READY)  ## Prove that the digits example notices every fault put into it (a few minutes).
	$(BIN)/mltspec mutate specs/examples/digits

test: $(READY)  ## Run the whole test suite.
	$(BIN)/python -m pytest -n 2 --dist loadfile -m 'not slow and not serving'

test-slow: $(READY)  ## Run the tests that take minutes each.
	$(BIN)/python -m pytest -n 2 --dist loadfile -m 'slow and not serving'

test-quick: $(READY)  ## Run the tests that need no TensorFlow.
	$(BIN)/python -m pytest -n 2 --dist loadfile -m 'not tensorflow and not packaging and not slow and not serving'

test-serving: $(READY)  ## Set real serving systems up in .serving and test on all of them (6 GB, minutes).
	$(BIN)/python -m mltspec.serving.environments
	$(BIN)/python -m pytest -m serving

lint: $(READY)  ## Check format, style, types and import contracts.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(READY)  ## Rewrite the code in the house's format.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

grammars: $(READY)  ## Write what editors know of the language anew.
	$(BIN)/python -m mltspec.language.tables
	$(BIN)/python grammar/generate.py
	if command -v tree-sitter >/dev/null; then cd grammar/editors/tree-sitter-mlt && tree-sitter generate; fi

vscode: $(READY)  ## Test the VS Code extension and pack it to a .vsix; needs Node.
	cd grammar/editors/vscode && npm ci --no-audit --no-fund
	cd grammar/editors/vscode && MLTSPEC=$(abspath $(BIN)/mltspec) npm test
	cd grammar/editors/vscode && npm run package

test-editors: $(READY)  ## Drive the server from a browser and from Neovim; needs Node, Chromium and Neovim.
	cd tests/editors/workbench && npm ci --no-audit --no-fund && npm run build
	cd tests/editors/workbench && MLTSPEC=$(abspath $(BIN)/mltspec) npm test
	$(BIN)/python -m pytest tests/editors

test-registry:  ## Test baselines from MLflow's registry, in an environment of its own.
	@test -x .venv-registry/bin/python || $(PYTHON) -m venv .venv-registry
	.venv-registry/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[tensorflow-cpu,mlflow]' pytest pytest-timeout
	.venv-registry/bin/python -m pytest tests/registry

endure: $(READY)  ## Hold the language server, after 100,000 random edits, against a fresh one.
	$(BIN)/python tests/editor/endure.py --edits 100000

fuzz: $(READY)  ## Fuzz every reader for ten minutes, coverage-guided, in an environment of its own.
	test -x .fuzz/bin/python || $(BIN)/python -m venv .fuzz
	.fuzz/bin/python -m pip install --quiet --disable-pip-version-check --editable . 'atheris>=3.0,<4'
	.fuzz/bin/python tests/fuzz/fuzz.py --seconds 600

bench: $(READY)  ## Measure what the project promises: ratios, each taken in one run.
	$(BIN)/python -m benchmarks

simulate: $(READY)  ## Hold intervals and gates against 10,000 simulated data sets each (some minutes).
	$(BIN)/python -m benchmarks.intervals

clean:  ## Remove the environment and everything that was built.
	rm -rf $(VENV) .fuzz build dist .mltspec .pytest_cache .mypy_cache .ruff_cache
