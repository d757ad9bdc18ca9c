# Two commands for everybody: `make run` and `make test`. The rest: `make help`.
PYTHON ?= python3
BIN := .venv/bin
# One process for each core: the tests wait for the database as much as they compute.
JOBS ?= 2
UV ?= uv>=0.9,<1

.DEFAULT_GOAL := help
.PHONY: help run test test-full lint types check journeys-ready venv venv-dev format bench screens lock messages

help: ## tampilkan daftar ini
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: venv ## jalankan seluruh sistem di http://127.0.0.1:$PORT (Ctrl-C mengakhiri)
	@exec $(BIN)/python -m bukittinggi_kinerja.embedded.run

test: venv-dev lint types check journeys-ready ## semua pemeriksaan dan uji
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadgroup -m "not slow"

test-full: venv-dev lint types check journeys-ready ## seperti test, ditambah yang lambat
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadgroup

lint: venv-dev ## bentuk, gaya dan arah impor
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports

types: venv-dev ## mypy
	@$(BIN)/python -m mypy

check: venv-dev ## setelan dan kecocokan paket
	@$(BIN)/python manage.py check
	@$(BIN)/python -m pip check

format: venv-dev ## rapikan kode
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: venv-dev ## tabel kecepatan
	@$(BIN)/python -m tests.bench

screens: venv-dev journeys-ready ## potret setiap layar, 360 dan 1280 piksel, ke folder screens/
	@$(BIN)/python -m tests.screens

messages: venv ## susun katalog bahasa dari berkas .po
	@$(BIN)/python -m bukittinggi_kinerja.messages

lock: ## kunci ulang requirements.txt dari requirements.in
	@set -e; work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; \
	$(PYTHON) -m venv "$$work/uv"; "$$work/uv/bin/python" -m pip install -q --disable-pip-version-check "$(UV)"; \
	for list in requirements requirements-dev; do \
	  "$$work/uv/bin/uv" pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $$list.in -o $$list.txt; \
	done

journeys-ready: venv-dev
	@$(BIN)/python -m tests.chromium

venv:
	@$(PYTHON) bukittinggi_kinerja/embedded/environment.py

venv-dev:
	@$(PYTHON) bukittinggi_kinerja/embedded/environment.py dev
