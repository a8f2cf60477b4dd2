# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# How the programs of bin/ start Java, in a clone and where they are installed. Whoever sources it sets
#   ROOT            the folder with etc/, in it the VM's words
#   DATAPLANE_HOME  the folder with the data plane's jar, and lib/ with those it needs
#   START_CACHES    where Java keeps what it learnt about starts
#   JAVA_WORDS      more words for the VM, an array, for each start

JDK_NEEDED=25

say() { printf '%s\n' "$*" >&2; }

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Major version of the Java in a home folder; empty where there is none. Its release file tells without starting it.
java_major() {
  local line
  [ -x "$1/bin/java" ] || return 0
  if [ -r "$1/release" ]; then
    while IFS= read -r line; do
      if [[ $line =~ ^JAVA_VERSION=\"([0-9]+) ]]; then
        printf '%s\n' "${BASH_REMATCH[1]}"
        return 0
      fi
    done <"$1/release"
  fi
  "$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1
}

# First Java home that is new enough. With "jdk" it must have a compiler, too.
find_java() {
  local kind=${1:-jre} home major onpath=
  have java && onpath=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
  for home in "${JAVA_HOME:-}" "$ROOT/jre" /usr/lib/jvm/* "$onpath"; do
    [ -n "$home" ] && [ -d "$home" ] || continue
    [ "$kind" != jdk ] || [ -x "$home/bin/javac" ] || continue
    major=$(java_major "$home")
    if [ "${major:-0}" -ge "$JDK_NEEDED" ]; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  return 1
}

# What Java learnt about the start of programs that use one file of etc/. They do without, only slower. Java takes a cache for
# whatever jars lie in the same place, newer ones, too, and brings along the classes of the old: so its name tells of what it
# was made. A package knows that once and for all; in a clone, jars of others have their versions in their names.
start_cache() {
  local hash
  if [ -f "$ROOT/dataplane.id" ]; then
    hash=$(<"$ROOT/dataplane.id")
  else
    hash=$({
      sha256sum "$DATAPLANE_HOME"/gatehouse-daemon-*.jar "$DATAPLANE_HOME"/lib/gatehouse-*.jar "$ROOT/etc/$1"
      printf '%s\n' "$DATAPLANE_HOME"/lib/*
    } | sha256sum)
  fi
  printf '%s/%s-%s.aot' "$START_CACHES" "${1%.jvm}" "${hash:0:16}"
}

# dataplane_java WORDS MAIN: sets JAVA to the words that start a main class of the data plane, by a file of etc/.
dataplane_java() {
  local home cache jars=("$DATAPLANE_HOME"/gatehouse-daemon-*.jar)
  [ -f "${jars[0]}" ] || fail "Not built yet: run $ROOT/install/build"
  home=$(find_java) || fail "No Java $JDK_NEEDED or newer was found: install one below /usr/lib/jvm or set JAVA_HOME to it."
  JAVA=("$home/bin/java" "@$ROOT/etc/$1" "${JAVA_WORDS[@]}" -cp "${jars[0]}" "$2")
  cache=$(start_cache "$1")
  [ ! -f "$cache" ] || JAVA=("${JAVA[0]}" "-XX:AOTCache=$cache" "${JAVA[@]:1}")
}

# make_start_cache WORDS MAIN: lets Java learn the start from a training run; nothing fails for the want of it.
make_start_cache() {
  local cache
  rm -f "$START_CACHES/${1%.jvm}"*.aot
  cache=$(start_cache "$1")
  dataplane_java "$1" "$2"
  "${JAVA[0]}" "-XX:AOTCacheOutput=$cache" "${JAVA[@]:1}" </dev/null >/dev/null 2>&1 || rm -f "$cache"
}

make_start_caches() {
  make_start_cache command.jvm io.gatehouse.daemon.cli.StartTraining
  make_start_cache dataplane.jvm io.gatehouse.daemon.PacketPathTraining
}
