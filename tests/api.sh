#!/usr/bin/env bash
# Lets schemathesis call the API of a demonstration: tests/api.sh BINARY CALLS [RESULT]. Its packages live in a virtual environment of their own.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${API_VENV:-${CARGO_TARGET_DIR:-$PWD/target}/api-venv}
wanted=$(sha256sum tests/api/requirements.txt | cut -c1-16)
if [ ! -e "$venv/$wanted" ]; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r tests/api/requirements.txt
  touch "$venv/$wanted"
fi
exec "$venv/bin/python" tests/api/run.py "$@"
