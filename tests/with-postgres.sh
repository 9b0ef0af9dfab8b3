#!/usr/bin/env bash
# Runs a command with a temporary PostgreSQL: a fresh cluster owned by an unprivileged user, on a free loopback port, stopped and removed
# afterwards whatever happens. The command finds it in TEST_DATABASE_URL.
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb)")
folder=$(mktemp -d)
if [ "$(id -u)" = 0 ]; then
  chown postgres "$folder"
  as() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
else
  as() { "$@"; }
fi
stop() {
  as "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT
cd "$folder"
as "$bin/initdb" -D "$folder/data" -U test -A trust -E UTF8 --locale=C >/dev/null
for _ in 1 2 3 4 5; do
  port=$((20000 + RANDOM % 20000))
  if as "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
    -o "-h 127.0.0.1 -p $port -c unix_socket_directories='' -c fsync=off -c full_page_writes=off -c max_connections=200" start >/dev/null; then
    started=yes
    break
  fi
done
[ "${started:-}" = yes ] || { cat "$folder/log" >&2; exit 1; }
cd "$OLDPWD"
TEST_DATABASE_URL="postgres://test@127.0.0.1:$port/postgres" "$@"
