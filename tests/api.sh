#!/usr/bin/env bash
# Lets schemathesis call the API of a demonstration: tests/api.sh BINARY CALLS [RESULT]. Its packages live in a virtual environment of their own.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${API_VENV:-${CARGO_TARGET_DIR:-$PWD/target}/api-venv}
tests/venv.sh "$venv" tests/api/requirements.txt
exec "$venv/bin/python" tests/api/run.py "$@"
