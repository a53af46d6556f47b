#!/usr/bin/env bash
# run_postgres_tests.sh PROGRAM: starts a PostgreSQL server in a folder of its own, runs PROGRAM's tests against it, and
# ends it. Says so and ends well where no server is installed.
set -euo pipefail
program=$1
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
if [ -z "$bin" ] || [ ! -x "$bin/initdb" ]; then
  echo "skipped: no PostgreSQL server is installed"
  exit 0
fi
work=$(mktemp -d /tmp/vigil-postgres-XXXXXX)
as=()
if [ "$(id -u)" -eq 0 ]; then  # the server does not run as root
  id postgres > /dev/null 2>&1 || { echo "skipped: root, and no user postgres"; rm -rf "$work"; exit 0; }
  chown postgres "$work"
  as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
fi
trap '"${as[@]}" "$bin/pg_ctl" -D "$work/data" -m immediate stop > /dev/null 2>&1 || true; rm -rf "$work"' EXIT
cd "$work"
"${as[@]}" "$bin/initdb" -D "$work/data" -U vigil --auth=trust > "$work/init.log"
"${as[@]}" "$bin/pg_ctl" -D "$work/data" -w -l "$work/server.log" -o "-k $work -h ''" start > /dev/null
export VIGIL_TEST_POSTGRES="postgresql:///postgres?host=$work&user=vigil"
"$program" --test-case='*PostgreSQL*,*instances*,*server that breaks*' | tee "$work/out.txt"
grep -q 'skipped: no' "$work/out.txt" && { echo 'the tests did not run'; exit 1; }
grep -q 'SUCCESS' "$work/out.txt"
