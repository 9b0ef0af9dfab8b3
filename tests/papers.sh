#!/usr/bin/env bash
# Has papers of every kind of block checked for PDF/UA-1 by two checkers that are no part of this program: tests/papers.sh [PDF…] checks
# those given besides. Their packages live in a virtual environment of their own.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${PAPERS_VENV:-${CARGO_TARGET_DIR:-$PWD/target}/papers-venv}
tests/venv.sh "$venv" tests/papers/requirements.txt
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
PAPERS_OUT=$out cargo test --quiet --workspace --all-targets --locked papers_for_other_checkers >/dev/null
found=("$out"/*.pdf)
[ -e "${found[0]}" ] || { echo "no papers were made" >&2; exit 1; }
for paper in "${found[@]}" "$@"; do
  # Warnings count too, but for two: addresses in a letterhead are text, and the same words in row after row of a table are taken for a
  # running head.
  "$venv/bin/pdfua" check "$paper"
  "$venv/bin/outloud" --quiet --fail-on warning --skip LNK-010,PAG-001 "$paper"
done
