#!/usr/bin/env bash
# Runs one fuzz target for so many seconds, by the compiler that the product is built with: fuzz/run.sh TARGET [SECONDS].
# What it learns lies in target/fuzz-corpus/TARGET, an input that breaks something in target/fuzz-found: give it as a third argument to see it again.
set -euo pipefail
cd "$(dirname "$0")"
target=${1:?name a target: $(cd fuzz_targets && echo *.rs | sed 's/\.rs//g')}
seconds=${2:-120}
folder=${CARGO_TARGET_DIR:-$PWD/../target}
export CARGO_TARGET_DIR=$folder/fuzz
coverage="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
  -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions"
# A target named by its triple, so that build scripts and macros are built without.
triple=$(rustc -vV | sed -n 's/^host: //p')
RUSTFLAGS=$(echo $coverage) cargo build --release --target "$triple" --bin "$target"
program=$CARGO_TARGET_DIR/$triple/release/$target
if [ $# -gt 2 ]; then exec "$program" "$3"; fi
mkdir -p "$folder/fuzz-corpus/$target" "$folder/fuzz-found"
exec "$program" -max_total_time="$seconds" -timeout=10 -artifact_prefix="$folder/fuzz-found/$target-" -verbosity=0 -print_final_stats=1 "$folder/fuzz-corpus/$target"
