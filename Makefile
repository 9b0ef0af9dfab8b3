# Vouchsafe. `make run` builds and serves a demonstration; `make test` is all that is checked; see README.md.
# Needed beforehand: Node 18 or newer, Rust 1.95 or newer, make, a C compiler.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build

# Outside the clone where that can be written, so that several clones share what they compile.
ifndef CARGO_TARGET_DIR
CARGO_TARGET_DIR := $(shell d="$$HOME/.cache/vouchsafe/target"; if mkdir -p "$$d" 2>/dev/null && [ -w "$$d" ]; then echo "$$d"; else echo "$(CURDIR)/target"; fi)
endif
export CARGO_TARGET_DIR

DATA ?= demo-data
LISTEN ?= 127.0.0.1:8080

.PHONY: assets build run test fips bench soak api-fuzz needs

needs:
	@tests/needs.sh

# Style sheet, script, icon and the countries' outlines, which the binary carries.
assets: needs web/dist/manifest.json

web/dist/manifest.json: web/node_modules/.stamp web/build.mjs web/world.mjs crates/rules/src/country/positions.txt $(wildcard web/styles/*.scss web/scripts/*.js web/images/*)
	cd web && npm run --silent build
	touch $@

web/node_modules/.stamp: web/package-lock.json web/.npmrc
	cd web && npm ci --no-progress
	touch $@

# The binaries vouchsafe and ledger-verify, into $(CARGO_TARGET_DIR)/release.
build: assets
	cargo build --release --workspace --locked
	@echo "Built $(CARGO_TARGET_DIR)/release/vouchsafe and $(CARGO_TARGET_DIR)/release/ledger-verify"

# A demonstration on http://127.0.0.1:8080; its data lies in demo-data.
run: build
	"$(CARGO_TARGET_DIR)/release/vouchsafe" demo --data "$(DATA)" --listen "$(LISTEN)"

test: needs
	tests/run.sh

# The same on the FIPS module, outside of `make test`: needs cmake and Go besides, and compiles the module for some minutes.
fips: assets
	tests/fips.sh

# Figures of the release build, kept in docs/performance.md. RECORDS: sizes of the databases.
RECORDS ?= 2000,100000
bench: build
	"$(CARGO_TARGET_DIR)/release/vouchsafe-bench" --program "$(CARGO_TARGET_DIR)/release/vouchsafe" --data "$(CARGO_TARGET_DIR)/bench" --records "$(RECORDS)" --into docs/performance.md

# Kills the program under concurrent writes, KILLS times on each engine; about a second each. Outside `make test`, which does it a few times.
KILLS ?= 1000
soak: assets
	SOAK_KILLS=$(KILLS) tests/with-postgres.sh cargo test --release --workspace --all-targets --locked own_4_killed_while_writing -- --nocapture --test-threads=1

# At least 10,000 calls of the API by schemathesis, against a demonstration; needs Python 3 with venv.
api-fuzz: assets
	cargo build --workspace --all-targets --locked
	tests/api.sh "$(CARGO_TARGET_DIR)/debug/vouchsafe" 10000
