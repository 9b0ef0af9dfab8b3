#!/usr/bin/env bash
# A virtual environment of Python with these requirements: tests/venv.sh FOLDER REQUIREMENTS. It is made once and again when they change.
set -euo pipefail
folder=$1
wanted=$(sha256sum "$2" | cut -c1-16)
if [ ! -e "$folder/$wanted" ]; then
  python3 -m venv --clear "$folder"
  "$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$2"
  touch "$folder/$wanted"
fi
