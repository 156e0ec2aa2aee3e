#!/usr/bin/env bash
# Starts a Docker engine where none answers. Its arguments go to dockerd.
set -euo pipefail

log=${TMPDIR:-/tmp}/dockerd.log
seconds=60

answers() { docker version >/dev/null 2>&1; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

if answers; then
  echo "an engine answers already"
  exit 0
fi

as_root setsid nohup dockerd "$@" >"$log" 2>&1 </dev/null &
engine=$!

for ((second = 0; second < seconds; second++)); do
  if answers; then
    echo "the engine answers; its log is $log"
    exit 0
  fi
  kill -0 "$engine" 2>/dev/null || break
  sleep 1
done

tail -n 20 "$log" >&2
echo "the engine does not answer; its whole log is $log" >&2
exit 1
