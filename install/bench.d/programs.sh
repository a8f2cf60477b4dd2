# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2016,SC2015,SC2034 # variables and functions of install/bench
# Where the programs come from.

# The newest wireguard-go that this machine's own Debian mirror has, unpacked beside the build, never installed.
newest_wireguard_go() {
  local suite uri state=$work/apt home=$ROOT/target/bench-peers/wireguard-go
  if [ -x "$home/usr/bin/wireguard-go" ]; then
    printf '%s\n' "$home/usr/bin/wireguard-go"
    return 0
  fi
  # shellcheck source=/dev/null
  . /etc/os-release
  uri=$(apt-get indextargets --format '$(RELEASE)|$(COMPONENT)|$(REPO_URI)' 'Created-By: Packages' \
    | awk -F '|' -v release="$VERSION_CODENAME" '$1 == release && $2 == "main" { print $3; exit }')
  [ -n "$uri" ] || fail "No Debian mirror found in this machine's apt sources: name a wireguard-go by" \
    "--programs gatehouse,wireguard-go=/path/to/wireguard-go"
  # The newest first. A program written in Go needs little of the release it was built for.
  for suite in sid testing trixie "$VERSION_CODENAME-backports" "$VERSION_CODENAME"; do
    rm -rf "$state"
    mkdir -p "$state/lists/partial" "$state/archives/partial" "$state/root"
    chmod 755 "$work" "$state"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main" >"$state/sources.list"
    local options=(-q -o "Dir::Etc::sourcelist=$state/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::Cache=$state"
      -o "Dir::State::lists=$state/lists" -o Dir::State::status=/dev/null -o APT::Sandbox::User=root)
    apt-get "${options[@]}" update >"$state/log" 2>&1 || continue
    (cd "$state/root" && apt-get "${options[@]}" download wireguard-go >>"$state/log" 2>&1) || continue
    rm -rf "$home"
    mkdir -p "$home"
    dpkg-deb -x "$state"/root/*.deb "$home"
    "$home/usr/bin/wireguard-go" --version >>"$state/log" 2>&1 || continue
    dpkg-deb -f "$state"/root/*.deb Version >"$home/VERSION"
    printf '%s\n' "$home/usr/bin/wireguard-go"
    return 0
  done
  cat "$state/log" >&2
  fail "wireguard-go could not be fetched from $uri (see above)."
}

# Sets commands (name -> command; empty for the bare cable), order and baseline.
find_programs() {
  local entry entries
  declare -gA commands=()
  order=()
  IFS=, read -ra entries <<<"$programs"
  for entry in "${entries[@]}"; do
    name=${entry%%=*}
    case $entry in
      *=*) commands[$name]=${entry#*=} ;;
      gatehouse)
        "$ROOT/install/build"
        commands[$name]=$ROOT/install/bin/gatehouse-tunnel
        ;;
      wireguard-go) commands[$name]=$(newest_wireguard_go) ;;
      plain) commands[$name]= ;;
      *) fail "Unknown program $name: give its command, $name=COMMAND" ;;
    esac
    order+=("$name")
  done
  [ -n "${commands[$baseline]+known}" ] || baseline=${order[0]}
}
