#!/usr/bin/env bash
# Runs a command with a temporary virus scanner: a real clamd with one signature, made here, that finds the EICAR test file. Its socket is in
# TEST_CLAMD. Nothing is downloaded: the scanner's own databases are not used.
set -euo pipefail

clamd=$(command -v clamd || ls /usr/sbin/clamd 2>/dev/null || true)
[ -n "$clamd" ] || { echo "clamd is missing: on Debian, apt-get install clamav-daemon" >&2; exit 1; }
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

mkdir "$folder/db" "$folder/tmp"
# The test file's beginning, in pieces, so that no scanner takes this script for it.
eicar='X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR''-STANDARD-ANTIVIRUS''-TEST-FILE!$H+H*'
printf 'Vouchsafe.Test.EICAR:0:*:%s\n' "$(printf '%s' "$eicar" | od -An -v -tx1 | tr -d ' \n')" > "$folder/db/local.ndb"
cat > "$folder/clamd.conf" <<CONF
LocalSocket $folder/clamd.sock
DatabaseDirectory $folder/db
TemporaryDirectory $folder/tmp
Foreground yes
StreamMaxLength 20M
MaxThreads 8
CONF
"$clamd" --config-file="$folder/clamd.conf" >"$folder/log" 2>&1 &
pid=$!
for _ in $(seq 300); do
  [ ! -S "$folder/clamd.sock" ] || break
  kill -0 "$pid" 2>/dev/null || break
  sleep 0.1
done
[ -S "$folder/clamd.sock" ] || { cat "$folder/log" >&2; exit 1; }
TEST_CLAMD="unix:$folder/clamd.sock" "$@"
