# make demo · make crawl · make test · make bench: each sets up what it needs, without root.

PYTHON ?= python3
VENV := .venv
PEERS := $(VENV)/peers
TRIED := $(VENV)/tried
SPLASH := $(VENV)/splash
AUDIT := $(VENV)/audit
SCRAPYD := $(VENV)/scrapyd
CHROMIUM ?= chromium
ARGS ?=
# of tests at once: many wait for a crawl, not for the processor
JOBS ?= 5
SECONDS ?= 600

# Set, every start would compile the crawler anew.
unexport PYTHONDONTWRITEBYTECODE
pytest = $(VENV)/bin/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

help:  ## lists these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

.PHONY: help size picture demo crawl test test-long bench soak fuzz audit lint schema settings messages clean

demo: $(VENV)/.ready  ## the main job against the embedded site
	@$(VENV)/bin/python -m crawler.demo --embedded $(ARGS)

crawl: $(VENV)/.ready  ## the main job against the live site; ARGS='-a sections=edu'
	@$(VENV)/bin/python -m crawler.demo $(ARGS)

test: $(VENV)/.tested  ## the tests, against the embedded site on loopback
	$(pytest) --junitxml=.ci/test.xml $(ARGS)

test-long: $(VENV)/.tested  ## soak, many kills and outages, growth: before a release
	$(pytest) --junitxml=.ci/test-long.xml -m long $(ARGS)

bench: $(VENV)/.tested $(PEERS)/.ready $(TRIED)/.ready  ## one page of figures; ARGS='replay state'
	@$(VENV)/bin/python -m benchmarks $(ARGS)

soak: $(VENV)/.tested  ## eight weeks of nights, with faults and kills; ARGS=--calm and ARGS=--quiet: without
	@$(VENV)/bin/python -m benchmarks.soak $(ARGS)

fuzz: $(VENV)/.fuzzed  ## SECONDS for each reader; ARGS='dates page'
	@$(VENV)/bin/python -m tests.fuzz --seconds $(SECONDS) $(ARGS)

# pip-audit asks PyPI for known holes and has an environment of its own. What it cannot ask for
# (no way out, a mirror without that service) is an error: nothing is known then.
audit: $(AUDIT)/.ready  ## known vulnerabilities of the dependencies
	$(AUDIT)/bin/pip-audit --strict --disable-pip --no-deps -r constraints.txt $(ARGS)

lint: $(VENV)/.tested  ## ruff, mypy and the layers of imports, optional parts included
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-cache

size: $(VENV)/.ready  ## lines of code of each package: no blanks, no comments
	@$(VENV)/bin/python -m benchmarks.size $(ARGS)

schema: $(VENV)/.ready  ## write crawler/schema/*.json again from the code
	$(VENV)/bin/python -m crawler.schema

settings: $(VENV)/.ready  ## write docs/settings.md again from crawler/settings.toml
	$(VENV)/bin/python -m crawler.settings_model

# Chromium needs a font with Chinese characters, such as fonts-noto-cjk; as root it has no sandbox.
picture: $(VENV)/.ready  ## write docs/report.png and docs/zh/report.png again: the report of a new demo
	@set -e; folder=`mktemp -d`; trap 'rm -rf "$$folder"' EXIT; \
	for page in en:docs zh:docs/zh; do \
	  OUTPUT_DIR=$$folder/$${page%:*} REPORT_LANGUAGE=$${page%:*} $(VENV)/bin/python -m crawler.demo --embedded >/dev/null; \
	  $(CHROMIUM) --headless $(if $(filter 0,$(shell id -u)),--no-sandbox) --hide-scrollbars --window-size=1060,1320 \
	    --screenshot=$${page#*:}/report.png "file://`echo $$folder/$${page%:*}/runs/*/report.html`"; \
	done

messages: $(VENV)/.tested  ## bring the Chinese of reports and alerts in step with the code
	$(VENV)/bin/python -m tests.report.catalogue

clean:
	rm -rf $(VENV)

# ensurepip is a package of its own on Debian (python3-venv); virtualenv does without.
$(VENV)/.ready: requirements.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo "Python 3.11 to 3.13 is needed, $(PYTHON) is `$(PYTHON) -V`: make PYTHON=python3.12 …" >&2; exit 1; }
	@echo "setting up $(VENV) …" >&2
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || $(PYTHON) -m virtualenv -q $(VENV) || \
	  { echo "$(PYTHON) can make no virtual environment: install python3-venv or virtualenv" >&2; exit 1; }
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt
	@touch $@

$(VENV)/.tested: tests/requirements.txt $(VENV)/.ready
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $< -c constraints.txt
	@touch $@

$(VENV)/.fuzzed: tests/fuzz/requirements.txt $(VENV)/.tested
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(AUDIT)/.ready:
	@echo "setting up $(AUDIT) …" >&2
	@$(PYTHON) -m venv $(AUDIT) >/dev/null 2>&1 || $(PYTHON) -m virtualenv -q $(AUDIT)
	@$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check 'pip-audit>=2.7'
	@touch $@

# What the crawler is compared with, apart from what it runs on and from each other: they need
# different versions. pip before 23.3 stops at lxml[html_clean] beside lxml[html-clean].
$(PEERS)/.ready: benchmarks/requirements.txt | $(VENV)/.ready
	@$(into_folder)

$(TRIED)/.ready: benchmarks/tried.txt | $(VENV)/.ready
	@$(into_folder)

define into_folder
echo "setting up $(@D) …" >&2
rm -rf $(@D)
$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check 'pip>=23.3'
$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --target $(@D) -r $<
touch $@
endef

# scrapyd for its test, apart: it wants an older setuptools. What it needs besides is here already.
$(SCRAPYD)/.ready: | $(VENV)/.ready
	@echo "setting up $(@D) …" >&2
	@rm -rf $(@D)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --target $(@D) 'scrapyd>=1.6,<2' 'setuptools<81'
	@touch $@

# Splash on the Qt WebKit of Debian's own Python (docs/rendering.md): for tests, and without Docker.
$(SPLASH)/.ready: | $(VENV)/.ready
	@/usr/bin/python3 -c 'import PyQt5.QtWebKit' 2>/dev/null || \
	  { echo "apt-get install python3-pyqt5.qtwebkit python3-pyqt5.qtwebengine python3-pyqt5.qtsvg" >&2; exit 1; }
	@echo "setting up $(SPLASH) …" >&2
	@rm -rf $(SPLASH)
	@/usr/bin/python3 -m venv --system-site-packages $(SPLASH) >/dev/null 2>&1 || \
	  /usr/bin/python3 -m virtualenv -q --system-site-packages $(SPLASH)
	@$(SPLASH)/bin/python -m pip install --quiet --disable-pip-version-check splash==3.5 lupa
	@touch $@
