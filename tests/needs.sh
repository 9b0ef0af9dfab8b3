#!/usr/bin/env bash
# Says what is missing to build Vouchsafe, and ends with 1 then.
set -uo pipefail

missing=()
newer() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

if ! command -v cargo >/dev/null; then
  missing+=("Rust 1.95 or newer: see https://www.rust-lang.org/tools/install")
else
  rust=$(cargo --version | awk '{ print $2 }')
  newer 1.95.0 "$rust" || missing+=("Rust 1.95 or newer; this is $rust: run rustup update")
fi
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  missing+=("Node 18 or newer with npm: on Debian, apt-get install nodejs npm")
else
  node=$(node --version)
  newer 18.0.0 "${node#v}" || missing+=("Node 18 or newer; this is $node")
fi
command -v cc >/dev/null || missing+=("a C compiler: on Debian, apt-get install build-essential")

if [ ${#missing[@]} -gt 0 ]; then
  echo "Missing:" >&2
  printf '  %s\n' "${missing[@]}" >&2
  exit 1
fi
