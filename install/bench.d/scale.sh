# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2015
# What many peers cost, what a start costs, what idling costs. Part of install/bench.

# Peers for wg(8) that nobody is, from the first to the last. Their keys are as good as any: random, and never used.
strangers() { # first, last (1 to 100000)
  local all=$work/strangers file=$work/strangers-$1-$2
  [ -e "$all" ] || head -c $((33 * 100000)) /dev/urandom | base64 -w 44 | awk '{
    printf "[Peer]\nPublicKey = %sA=\nEndpoint = 192.0.2.1:%d\nAllowedIPs = 10.%d.%d.%d/32\n",
      substr($0, 1, 42), 1024 + NR % 60000, NR / 65536, NR / 256 % 256, NR % 256 }' >"$all"
  sed -n "$((4 * $1 - 3)),$((4 * $2))p" "$all" >"$file"
  printf '%s\n' "$file"
}

peers_of() { in_ns "$1" wg show bench0 peers | wc -l; } # namespace

# To both ends at the same time; A's time in $work/load.
add_strangers() { # first, last
  local file start b
  file=$(strangers "$1" "$2")
  start=$(now)
  in_ns "$B" wg addconf bench0 "$file" &
  b=$!
  in_ns "$A" wg addconf bench0 "$file" || fail "$name did not take $2 peers."
  since "$start" >"$work/load"
  wait "$b"
  [ "$(peers_of "$A")" = $(($2 + 1)) ] || fail "$name did not take $2 peers."
}

remove_strangers() {
  local ns
  for ns in "$A" "$B"; do
    in_ns "$ns" wg showconf bench0 | awk -v RS= -v ORS='\n\n' '/^\[Interface\]/ || /10\.99\.0\./' >"$work/rest"
    in_ns "$ns" wg syncconf bench0 "$work/rest"
  done
}

run_peers10k() {
  local one many
  start_tunnels
  add_strangers 1 9999
  sample peers10k-load-s "$(cat "$work/load")"
  # What the start alone needed has been given back by then, as far as it is.
  sleep "$warm"
  sample peers10k-rss "$(rss_mib VmRSS)"
  tcp "$settle" >/dev/null
  # The other way round in every second round, since a program may still be getting faster.
  if [ $((round % 2)) = 1 ]; then
    many=$(tcp "$seconds")
    remove_strangers
    one=$(tcp "$seconds")
  else
    remove_strangers
    one=$(tcp "$seconds")
    add_strangers 1 9999
    many=$(tcp "$seconds")
  fi
  sample peers10k-one "$one"
  sample peers10k-many "$many"
  sample peers10k-kept "$(ratio "$many" "$one")"
}

run_peers100k() {
  local file start
  # Its MaxPeers is 65,536.
  [ "$name" != wireguard-go ] || return 0
  file=$(strangers 1 100000)
  start_a
  start=$(now)
  in_ns "$A" wg setconf bench0 "$file" || fail "$name did not take 100,000 peers."
  sample peers100k-load-s "$(since "$start")"
  sample peers100k-rss "$(rss_mib VmRSS)"
  start=$(now)
  [ "$(in_ns "$A" wg show bench0 dump | wc -l)" = 100001 ] || fail "$name did not take 100,000 peers."
  sample peers100k-dump-s "$(since "$start")"
  sample peers100k-rss-dumped "$(rss_mib VmRSS)"
}

# B is started again while A goes on.
run_start() {
  local start steady first
  start_tunnels
  tcp 12 >/dev/null
  steady=$(tcp 5)
  stop_end 1
  start=$(now)
  start_b
  in_ns "$B" ping -q -c 1 -W 20 10.99.0.1 >/dev/null || fail "$name does not answer after a start."
  sample start-answer-s "$(since "$start")"
  first=$(tcp 5)
  sample start-first5 "$first"
  sample start-steady "$steady"
  sample start-kept "$(ratio "$first" "$steady")"
}

switches() { cat /proc/"${pids[$name-0]}"/task/*/status | awk '/^voluntary_ctxt_switches/ { sum += $2 } END { print sum }'; }

run_wakeups() {
  local before
  start_a
  sleep 20
  before=$(switches)
  sleep 20
  sample wakeups "$(awk -v a="$before" -v b="$(switches)" 'BEGIN { printf "%.2f", (b - a) / 20 }')"
}
