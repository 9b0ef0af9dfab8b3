#!/usr/bin/env bash
# Runs a command with a temporary S3-compatible store on a free loopback port: moto's server from PyPI, in a folder of its own that later
# runs use again. The command finds its address in TEST_S3; the bucket is `vouchsafe`, any access key will do.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
venv=${VOUCHSAFE_TEST_TOOLS:-${CARGO_TARGET_DIR:-$here/../target}/test-tools}/s3
"$here/venv.sh" "$venv" "$here/s3.txt"
folder=$(mktemp -d)
pid=
stop() {
  if [ -n "$pid" ]; then
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  fi
  rm -rf "$folder"
}
trap stop EXIT
cd "$folder"
for _ in 1 2 3 4 5; do
  port=$((20000 + RANDOM % 20000))
  "$venv/bin/moto_server" -H 127.0.0.1 -p "$port" >"$folder/log" 2>&1 &
  pid=$!
  for _ in $(seq 300); do
    if "$venv/bin/python" -c "import urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:$port/vouchsafe', method='PUT'))" 2>/dev/null; then
      started=yes
      break 2
    fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
done
[ "${started:-}" = yes ] || { cat "$folder/log" >&2; exit 1; }
cd "$OLDPWD"
TEST_S3="http://127.0.0.1:$port" "$@"
