#!/usr/bin/env bash
# All that is checked, stage by stage; stops at the first that fails. `make test` calls it.
set -uo pipefail
cd "$(dirname "$0")/.."
root=$PWD
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}
passed=0
failed=0

summary() { printf '%s passed, %s failed\n' "$passed" "$failed"; }

# stage NAME COMMAND…: runs it, says how long it took, counts the tests that its output tells of.
stage() {
  local name=$1 begun=$SECONDS code p f
  shift
  printf '\n== %s\n' "$name"
  "$@" 2>&1 | tee "$log/out"
  code=${PIPESTATUS[0]}
  read -r p f < <(count "$log/out")
  passed=$((passed + p))
  failed=$((failed + f))
  if [ "$code" -ne 0 ]; then
    [ "$f" -gt 0 ] || failed=$((failed + 1))
    printf '== %s FAILED after %s s (exit code %s)\n' "$name" "$((SECONDS - begun))" "$code" >&2
    summary
    exit 1
  fi
  printf '== %s: good, %s s\n' "$name" "$((SECONDS - begun))"
}

# Tests passed and failed, as nextest, cargo and node tell of them.
count() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
    /^ *Summary \[/ { for (i = 1; i < NF; i++) { if ($(i + 1) ~ /^passed/) p += $i; if ($(i + 1) ~ /^(failed|timed)/) f += $i } }
    /^test result:/ { for (i = 1; i < NF; i++) { if ($(i + 1) == "passed;") p += $i; if ($(i + 1) == "failed;") f += $i } }
    /^(ℹ|#) pass [0-9]+$/ { p += $3 }
    /^(ℹ|#) fail [0-9]+$/ { f += $3 }
    END { print p + 0, f + 0 }'
}

# Debian's packages that the tests need: installed when root, named otherwise.
packages() {
  local lacking=()
  command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || lacking+=(postgresql)
  [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || lacking+=(chromium)
  command -v pdftotext >/dev/null || lacking+=(poppler-utils)
  command -v clamd >/dev/null || [ -x /usr/sbin/clamd ] || lacking+=(clamav-daemon)
  python3 -c 'import ensurepip, venv' 2>/dev/null || lacking+=(python3-venv)
  ls /usr/share/fonts/truetype/liberation*/*.ttf >/dev/null 2>&1 || lacking+=(fonts-liberation)
  [ ${#lacking[@]} -gt 0 ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${lacking[*]}"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${lacking[@]}" >/dev/null
  else
    echo "Missing: ${lacking[*]}. On Debian: sudo apt-get install ${lacking[*]}" >&2
    return 1
  fi
}

modules() {
  make --silent assets || return
  if [ tests/browser/package-lock.json -nt tests/browser/node_modules/.stamp ]; then
    (cd tests/browser && npm ci --no-progress && touch node_modules/.stamp)
  fi
}

# Where tests keep what they throw away: in memory where there is room, since most of them wait for nothing but the disk.
scratch() {
  local room
  room=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)
  if [ -w /dev/shm ] && [ "${room:-0}" -gt 6000000 ]; then echo /dev/shm; else echo "${TMPDIR:-/tmp}"; fi
}

# With the servers that some tests need.
beside() { TMPDIR=$(scratch) tests/with-postgres.sh tests/with-clamd.sh tests/with-s3.sh "$@"; }

rust() {
  if command -v cargo-nextest >/dev/null; then
    beside cargo nextest run --workspace --locked --no-fail-fast --hide-progress-bar --status-level fail
  else
    beside cargo test --workspace --locked --no-fail-fast
  fi
}

web() { (cd web && node --test --test-reporter=spec); }

journeys() {
  # With the tests, as before: without them other features of some crates would be asked for, and those be built anew.
  cargo build --workspace --all-targets --locked || return
  # Each file has a server and a browser of its own; two at once, as each mostly waits for the other end.
  (cd tests/browser && TMPDIR=$(scratch) VOUCHSAFE_BIN="$CARGO_TARGET_DIR/debug/vouchsafe" node --test --test-concurrency=2 --test-reporter=spec)
}

stage "what is needed" tests/needs.sh
stage "packages" packages
stage "assets and modules" modules
stage "format" cargo fmt --all --check
stage "lints" cargo clippy --workspace --all-targets --locked -- -D warnings
if command -v cargo-deny >/dev/null; then
  stage "licences and sources" cargo deny --locked check licenses bans sources
else
  echo "left out: licences and sources (cargo-deny is not installed)"
fi
stage "Rust tests on SQLite and PostgreSQL" rust
stage "script and style tests" web
stage "journeys in a browser" journeys
if python3 -c 'import venv, ensurepip' 2>/dev/null; then
  stage "calls of the API by schemathesis" tests/api.sh "$CARGO_TARGET_DIR/debug/vouchsafe" 1000
  stage "papers for a reading voice" tests/papers.sh
else
  echo "left out: calls of the API by schemathesis, papers for a reading voice (Python 3 with venv is not installed)"
fi

printf '\n'
summary
