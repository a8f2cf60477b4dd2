# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2016,SC2015,SC2034
# The machines A, B and C (network namespaces) of each program, and the program itself, on A and B. Part of install/bench.

id=gh-bench-$$
declare -A pids=() # of the tunnel programs: NAME-0 on A, NAME-1 on B
others=() # of everything else that is to end with us

# From here on it is about this program, on machines of its own.
turn_of() {
  name=$1
  A=$id-$1-a B=$id-$1-b C=$id-$1-c
  target=10.99.0.2 # B's address as A's traffic sees it
  [ -n "${commands[$name]}" ] || target=203.0.113.2
}

key_a=$(wg genkey) key_b=$(wg genkey)
pub_a=$(wg pubkey <<<"$key_a") pub_b=$(wg pubkey <<<"$key_b")

# Becomes the command: started with &, its process number is the command's own.
become_in_ns() {
  local ns=$1
  shift
  # Own socket folder for each end: both may use the same interface name, and nothing meets the machine's own tunnels.
  exec ip netns exec "$ns" sh -c 'mount --bind "$0" /run/wireguard && exec "$@"' "$work/$ns" "$@"
}

in_ns() { (become_in_ns "$@"); }

make_machines() {
  local ns
  [ ! -e "$work/$A" ] || return 0
  mkdir -p /run/wireguard "$work/$A" "$work/$B" "$work/$C"
  ip netns add "$A"
  ip netns add "$B"
  ip -n "$A" link add dev eth0 type veth peer name eth0 netns "$B"
  ip -n "$A" address add 203.0.113.1/24 dev eth0
  ip -n "$B" address add 203.0.113.2/24 dev eth0
  for ns in "$A" "$B"; do
    ip -n "$ns" link set dev lo up
    ip -n "$ns" link set dev eth0 up
  done
  # The server is on B for every test; it takes one client at a time, as the tests come.
  become_in_ns "$B" iperf3 -s -p 5201 >/dev/null 2>&1 </dev/null &
  others+=($!)
}

# The third machine, with a cable of its own to B, and the addresses it forges.
make_flooder() {
  [ ! -e "/run/netns/$C" ] || return 0
  ip netns add "$C"
  ip -n "$C" link add dev eth0 type veth peer name eth1 netns "$B"
  ip -n "$C" address add 192.0.2.2/24 dev eth0
  ip -n "$B" address add 192.0.2.1/24 dev eth1
  ip -n "$C" link set dev lo up
  ip -n "$C" link set dev eth0 up
  ip -n "$B" link set dev eth1 up
  ip -n "$C" route add local 198.18.0.0/15 dev lo
  ip -n "$B" route add 198.18.0.0/15 via 192.0.2.2
}

# One end of program $name, with the other as its peer. Its process number becomes pids[NAME-SLOT].
start_end() { # slot, namespace, own private key, own address, port, peer's public key, peer's address, peer's endpoint
  local slot=$1 ns=$2 key=$3 address=$4 port=$5 peer=$6 peer_address=$7 endpoint=$8 command=${commands[$name]} tries=0
  rm -f "$work/$ns/bench0.sock"
  # shellcheck disable=SC2086 # a command may have words
  become_in_ns "$ns" $command -f bench0 >"$work/$ns.log" 2>&1 </dev/null &
  pids[$name-$slot]=$!
  until [ -S "$work/$ns/bench0.sock" ]; do
    kill -0 "${pids[$name-$slot]}" 2>/dev/null && [ $((tries += 1)) -lt 600 ] || {
      cat "$work/$ns.log" >&2
      fail "$command did not start."
    }
    sleep 0.05
  done
  in_ns "$ns" wg set bench0 private-key <(printf '%s\n' "$key") listen-port "$port" \
    peer "$peer" allowed-ips "$peer_address/32" endpoint "$endpoint"
  ip -n "$ns" address add "$address/24" dev bench0
  ip -n "$ns" link set dev bench0 mtu 1420 up
}

start_a() { start_end 0 "$A" "$key_a" 10.99.0.1 51871 "$pub_b" 10.99.0.2 203.0.113.2:51872; }
start_b() { start_end 1 "$B" "$key_b" 10.99.0.2 51872 "$pub_a" 10.99.0.1 203.0.113.1:51871; }

# Both ends of program $name, with a session between them.
start_tunnels() {
  [ -n "${commands[$name]}" ] || return 0
  start_a
  start_b
  reach
}

reach() {
  in_ns "$A" ping -q -c 1 -W 20 "$target" >/dev/null || {
    cat "$work/$A.log" "$work/$B.log" >&2
    fail "No packet passes through ${commands[$name]}."
  }
}

stop_end() { # slot
  [ -n "${pids[$name-$1]:-}" ] || return 0
  kill "${pids[$name-$1]}" 2>/dev/null || true
  wait "${pids[$name-$1]}" 2>/dev/null || true
  unset "pids[$name-$1]"
}

stop_tunnels() {
  # Both at once: each may take a moment.
  kill "${pids[$name-0]:-}" "${pids[$name-1]:-}" 2>/dev/null || true
  stop_end 0
  stop_end 1
}

cleanup() {
  trap - EXIT
  local ns pid
  for pid in "${others[@]}"; do kill "$pid" 2>/dev/null || true; done
  for name in "${order[@]}"; do
    turn_of "$name"
    stop_tunnels
    for ns in "$A" "$B" "$C"; do
      ip netns pids "$ns" 2>/dev/null | xargs -r kill -9 2>/dev/null || true
      ip netns del "$ns" 2>/dev/null || true
    done
  done
  rm -rf "$work"
}

load_average() { cut -d ' ' -f 1-3 /proc/loadavg; }
