# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# What handshakes cost B, their responder, by many peers that it knows. Part of install/bench.

# Starts B with so many peers, lets them do what the word says, leaves their figures in $work/clients.
clients() { # rate or storm, peers, seconds
  local run
  make_flooder
  start_b
  dataplane_java dataplane.jvm "$ROOT/dataplane/daemon/src/test/java/io/gatehouse/daemon/datapath/HandshakeClients.java"
  # Each of the many peers is a device with all it needs.
  run=("${JAVA[@]:0:${#JAVA[@]}-3}" -Xmx2g "${JAVA[@]: -3}")
  [ -s "$work/peers-$2" ] || "${run[@]}" peers bench "$2" >"$work/peers-$2" 2>"$work/clients.log"
  in_ns "$B" wg addconf bench0 "$work/peers-$2"
  in_ns "$C" "${run[@]}" "$1" bench "$2" 192.0.2.1 51872 "$pub_b" "${pids[$name-1]}" "$3" \
    >"$work/clients" 2>"$work/clients.log" </dev/null || {
    cat "$work/clients.log" >&2
    fail "The many peers of $name failed."
  }
}

run_handshakes() {
  local rate cpu cookies lost
  clients rate 2000 "$seconds"
  read -r rate cpu cookies lost <"$work/clients"
  sample handshakes-rate "$rate"
  sample handshakes-cpu "$cpu"
  sample handshakes-cookies "$cookies"
  sample handshakes-lost "$lost"
}

run_storm() {
  local up half most all cpu tries
  clients storm 10000 60
  read -r up half most all cpu tries <"$work/clients"
  sample storm-up "$up"
  sample storm-half-s "$half"
  sample storm-most-s "$most"
  sample storm-all-s "$all"
  sample storm-cpu-s "$cpu"
  sample storm-tries "$tries"
  sample storm-rss "$(rss_mib VmRSS)"
  sample storm-rss-peak "$(rss_mib VmHWM)"
}
