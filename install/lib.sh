# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2015
# What the scripts of this folder share: words to the user, the JDK, Maven, Debian packages.
# Sourced, never run. Every function is silent when there is nothing to do.

# The project folder, whatever path it was cloned to and through whatever link a script was called.
ROOT=$(cd -P "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

# Where the build leaves its products.
DATAPLANE_HOME=$ROOT/dataplane/daemon/target
START_CACHES=$DATAPLANE_HOME
BUILD_STAMP=$ROOT/target/build.stamp
JAVA_WORDS=()
. "$ROOT/install/java.sh"

MAVEN_NEEDED=3.8.7

is_root() { [ "$(id -u)" = 0 ]; }

# Is the package in a release this machine knows?
apt_offers() {
  have apt-cache && apt-cache policy "$1" 2>/dev/null | grep -q '^  Candidate: [^(]'
}

# Installs Debian packages without what they merely recommend (wireguard-tools would bring a kernel).
apt_install() {
  say "Installing: $*"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" </dev/null >&2
}

# Brings the package lists once, where the machine has none yet (a fresh container image).
apt_lists() {
  apt_offers bash || apt-get update -q >&2
}

# Sets and exports JAVA_HOME to a JDK; installs one where the release has it.
need_jdk() {
  local home
  if ! home=$(find_java jdk); then
    if is_root && have apt-get; then
      apt_lists
      if apt_offers "openjdk-$JDK_NEEDED-jdk-headless"; then
        apt_install "openjdk-$JDK_NEEDED-jdk-headless"
      fi
    fi
    home=$(find_java jdk) || fail "No JDK $JDK_NEEDED or newer was found, and this release offers none:" \
      "install one (for example Eclipse Temurin, package temurin-$JDK_NEEDED-jdk) below /usr/lib/jvm or set JAVA_HOME to it."
  fi
  export JAVA_HOME=$home
}

version_at_least() { [ "$(printf '%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

need_maven() {
  local version
  if ! have mvn; then
    is_root && have apt-get || fail "Maven $MAVEN_NEEDED or newer is missing: as root run 'apt-get install maven'."
    apt_lists
    apt_install maven
  fi
  version=$(mvn -B -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p')
  version_at_least "${version:-0}" "$MAVEN_NEEDED" \
    || fail "Maven $MAVEN_NEEDED or newer is needed, but $(command -v mvn) is ${version:-unknown}: put a newer one first on the PATH."
}

# need_packages PACKAGE... : all of them, in one go, only if one is missing.
need_packages() {
  local missing=() name
  have dpkg-query || return 0
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q ' installed$' || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  is_root || fail "These packages are missing: ${missing[*]}. As root: apt-get install --no-install-recommends ${missing[*]}"
  apt_lists
  apt_install "${missing[@]}" || { apt-get update -q >&2 && apt_install "${missing[@]}"; } \
    || fail "Could not install: ${missing[*]}"
}

# Says exactly what this machine lacks to run a tunnel, with the remedy.
need_tun_rights() {
  local caps
  if [ ! -c /dev/net/tun ]; then
    fail "/dev/net/tun is missing: load the driver (modprobe tun)," \
      "or, in a container, start it with --device /dev/net/tun."
  fi
  caps=$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)
  # CAP_NET_ADMIN is bit 12.
  if [ $(((0x$caps >> 12) & 1)) = 0 ]; then
    fail "The right to configure networks (CAP_NET_ADMIN) is missing: run as root," \
      "or, in a container, start it with --cap-add NET_ADMIN."
  fi
  # Read and write are not asked of the file mode: inside a device cgroup only opening it tells.
  (exec 3<>/dev/net/tun) 2>/dev/null || fail "/dev/net/tun is there but cannot be opened:" \
    "allow the device (container: --device /dev/net/tun; service: DeviceAllow=/dev/net/tun rw)."
}

# One line that changes whenever anything that goes into the build changes.
source_hash() {
  (
    cd "$ROOT" || exit 1
    { find pom.xml .mvn dataplane webapp server etc -name target -prune -o -type f -print0 2>/dev/null || true; } \
      | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1
  )
}

# PAGE NAME: what a page of docs tells to type in its blocks ```bash NAME. CommandsOfPagesTest looks for calls of this function, and of
# "typed", to find out who types which.
block() {
  awk -v begin="\`\`\`bash $2" '/^```/ { on = $0 == begin; found += on; next } on; END { exit !found }' "$ROOT/docs/$1.md" \
    || fail "docs/$1.md has no block $2"
}
