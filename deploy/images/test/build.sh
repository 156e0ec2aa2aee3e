#!/usr/bin/env bash
# Makes the images that the tests ask for where no registry can be reached: the programs that the embedded servers run,
# from Maven, on this machine's own distribution, from its mirror. An image that is there already is left as it is.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(cd "$here/../../.." && pwd)

base=wavequeue-test-base
postgres=postgres:17
kafka=apache/kafka:4.1.1
alpine=alpine:3.17 # what Testcontainers asks for the gateway where the tests run in a container themselves

java_modules=java.se,jdk.management,jdk.unsupported

say() { printf '%s\n' "$*"; }
fail() {
  say "build.sh: $*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

is_there() { docker image inspect "$1" >/dev/null 2>&1; }

quietly() { "$@" >"$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; fail "this failed: $*"; }; }

# --- what goes into them ----------------------------------------------------------------------------------------------

make_base() {
  local codename mirror image
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  # shellcheck disable=SC2016 # apt's own placeholder
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $codename" 'Component: main' |
    head -n 1)
  [ -n "$mirror" ] || fail "apt names no mirror for \"$codename\""
  say "$base: a small $codename, from apt's mirror"
  quietly as_root debootstrap --variant=minbase --include=locales,iproute2 "$codename" "$work/root" "$mirror"
  image=$(as_root tar -C "$work/root" -c --exclude='./var/cache/apt/*' --exclude='./var/lib/apt/lists/*' \
    --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' . | docker import -)
  docker tag "$image" "$base"
}

fetch_libraries() {
  [ ! -d "$work/lib" ] || return 0
  say "the libraries of deploy/local, by Maven"
  quietly mvn -B -q -f "$home/pom.xml" -pl deploy/local dependency:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$work/lib"
}

build() {
  say "$1: docker build"
  # BuildKit is a plug-in that Debian's engine comes without.
  DOCKER_BUILDKIT=0 quietly docker build -t "$1" "$2"
}

# --- the images -------------------------------------------------------------------------------------------------------

make_postgres() {
  local processor
  case $(uname -m) in
    aarch64 | arm64) processor=arm64v8 ;;
    *) processor=amd64 ;;
  esac
  fetch_libraries
  cp -r "$here/postgres" "$work/"
  (cd "$work/postgres" && "$JAVA_HOME/bin/jar" xf "$work"/lib/embedded-postgres-binaries-linux-"$processor"-17.*.jar)
  mv "$work"/postgres/postgres-linux-*.txz "$work/postgres/programs.txz"
  build "$postgres" "$work/postgres"
}

make_kafka() {
  fetch_libraries
  [ -f "$work/lib/kafka_2.13-${kafka#*:}.jar" ] || fail "the broker of deploy/local is not ${kafka#*:}"
  cp -r "$here/kafka" "$work/"
  mkdir "$work/kafka/lib"
  find "$work/lib" -name '*.jar' ! -name 'embedded-postgres*' -exec cp -t "$work/kafka/lib" {} +
  quietly "$JAVA_HOME/bin/jlink" --add-modules "$java_modules" --strip-debug --no-man-pages --no-header-files \
    --output "$work/kafka/java"
  build "$kafka" "$work/kafka"
}

make_alpine() {
  say "$alpine: another name of $base"
  docker tag "$base" "$alpine"
}

# --- all of it --------------------------------------------------------------------------------------------------------

[ -x "${JAVA_HOME:?has to name a JDK 25}/bin/jlink" ] || fail "JAVA_HOME has to name a JDK 25"
docker version >/dev/null 2>&1 || fail "no Docker engine answers: start one (engine.sh)"

# Not /tmp: debootstrap refuses a file system without devices or programs.
work=$(mktemp -d /var/tmp/wavequeue-images.XXXXXX)
trap 'as_root rm -rf --one-file-system "$work"' EXIT

for image in base postgres kafka alpine; do
  if is_there "${!image}"; then
    say "${!image}: is there already"
  else
    "make_$image"
  fi
done
docker images --format '{{.Repository}}:{{.Tag}} {{.Size}}'
