#!/usr/bin/env bash
# What the tests need of the official image's entry point: a cluster with the user, password and database of the
# environment, and two starts, since Testcontainers waits until the log has said twice that connections are accepted.
set -euo pipefail

user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username="$user" --pwfile=<(printf '%s\n' "${POSTGRES_PASSWORD:?is needed}") \
    --encoding=UTF8 --auth-local=trust --auth-host=scram-sha-256
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"

  if [ "$database" != postgres ]; then
    postgres --single -D "$PGDATA" postgres <<<"create database \"$database\""
  fi
  pg_ctl start --wait --options="-c listen_addresses="
  pg_ctl stop --wait --mode=fast
fi

exec "$@"
