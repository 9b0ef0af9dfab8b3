# Vouchsafe. `make run` builds and serves a demonstration; `make test` is all that is checked; see CONTRIBUTING.md.
SHELL := /bin/bash
export CARGO_TARGET_DIR ?= $(HOME)/.cache/vouchsafe/target

.PHONY: assets build run test bench
