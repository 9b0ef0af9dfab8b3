#!/usr/bin/env bash
# Builds Vouchsafe on the FIPS module of AWS-LC and tests what differs: sealing, keys, passwords, signing in, the command. `make fips` calls it.
# The build has a folder of its own beside the other one: the module and all that depends on it are compiled anew.
set -uo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR=${FIPS_TARGET_DIR:-${CARGO_TARGET_DIR:-$PWD/target}-fips}

# What the module is built with: installed when root on Debian, named otherwise.
lacking=()
command -v cmake >/dev/null || lacking+=(cmake)
command -v go >/dev/null || lacking+=(golang-go)
command -v perl >/dev/null || lacking+=(perl)
if [ ${#lacking[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${lacking[*]}"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${lacking[@]}" >/dev/null || exit 1
  else
    echo "Missing: ${lacking[*]}. On Debian: sudo apt-get install ${lacking[*]}" >&2
    exit 1
  fi
fi

# The verifier is built beside, for the tests of the command.
packages=(-p platform -p vouchsafe -p ledger --features platform/fips,vouchsafe/fips --locked)
if command -v cargo-nextest >/dev/null; then
  differs='(package(platform) and (test(/seal|keys|shares|password/))) or (package(vouchsafe) and (binary(cli) or binary(keys) or test(fips)))'
  cargo nextest run "${packages[@]}" --no-fail-fast --hide-progress-bar --status-level fail -E "$differs" || exit 1
else
  cargo test "${packages[@]}" || exit 1
fi
cargo build -p vouchsafe --features vouchsafe/fips --locked || exit 1
echo "Built $CARGO_TARGET_DIR/debug/vouchsafe on the FIPS module."
