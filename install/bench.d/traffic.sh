# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2016,SC2015,SC2034
# Rates, processor time and round-trip times of what goes through the tunnel. Part of install/bench.

ticks_per_second=$(getconf CLK_TCK)
tcp_rate='.end.sum_received.bits_per_second / 1e6'
udp_rate='(.end.sum.packets - .end.sum.lost_packets) / .end.sum.seconds'

# The tunnel program itself: the process started above has become it by exec.
cpu_ticks() {
  # The name in brackets may hold blanks: count from behind it.
  [ -n "${pids[$name-$1]:-}" ] && sed 's/.*) //' "/proc/${pids[$name-$1]}/stat" | awk '{ print $12 + $13 }' || echo 0
}

rss_mib() { # VmRSS or VmHWM, of the larger end
  local pid
  for pid in ${pids[$name-0]:-} ${pids[$name-1]:-}; do awk -v key="$1:" '$1 == key { print $2 / 1024 }' "/proc/$pid/status"; done | sort -n | tail -n 1
}

sample() { printf '%s %s %s %s\n' "$name" "$round" "$1" "$2" >>"$samples"; }

# a / b
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'; }

now() { date +%s.%N; }

since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.3f", b - a }'; } # seconds

# From the start of a program to its first test.
warm_up() {
  [ "$warm" -le 4 ] || sleep $((warm - 4))
  sample rss-idle "$(rss_mib VmRSS)"
  [ "$warm" -lt 4 ] || { iperf 2; iperf 2 -R; }
}

# TCP from A to B, in Mbit/s.
tcp() { # seconds
  iperf "$1"
  jq -r "$tcp_rate" "$work/iperf.json"
}

iperf() { # run time, more options; leaves the result in $work/iperf.json
  local time=$1
  shift
  in_ns "$A" timeout $((time + 20)) iperf3 -c "$target" -J -t "$time" -p 5201 "$@" >"$work/iperf.json" 2>"$work/iperf.log" </dev/null || {
    jq -r '.error? // empty' "$work/iperf.json" >&2
    return 1
  }
}

# Traffic with the processor time of both ends around it.
run_traffic() { # metric, unit of CPU (bytes or packets), jq of the received rate, options
  local metric=$1 per=$2 rate=$3 a0 b0 a1 b1
  shift 3
  [ "$settle" = 0 ] || iperf "$settle" "$@" || true
  a0=$(cpu_ticks 0) b0=$(cpu_ticks 1)
  if ! iperf "$seconds" "$@"; then
    say "$name: $metric failed in round $round"
    return 0
  fi
  a1=$(cpu_ticks 0) b1=$(cpu_ticks 1)
  sample "$metric" "$(jq -r "$rate" "$work/iperf.json")"
  [ -n "${commands[$name]}" ] || return 0
  local count='.end.sum_received.bytes'
  # Packets that arrived: what the receiver counted less what it missed.
  [ "$per" = packets ] && count='(.end.sum.packets - .end.sum.lost_packets)'
  jq -r "$count" "$work/iperf.json" | awk -v tick="$ticks_per_second" -v a=$((a1 - a0)) -v b=$((b1 - b0)) \
    '$1 > 0 { printf "%.3f %.3f\n", a / tick * 1e9 / $1, b / tick * 1e9 / $1 }' >"$work/cpu"
  read -r a b <"$work/cpu" || return 0
  # Named by role, not by end: in reverse tests B sends.
  case " $* " in *" -R "*) sample "$metric-cpu-sender" "$b"; sample "$metric-cpu-receiver" "$a" ;;
    *) sample "$metric-cpu-sender" "$a"; sample "$metric-cpu-receiver" "$b" ;; esac
}

# Mean and 99th percentile of the round-trip times of a ping log, in microseconds.
ping_times() {
  sed -n 's/.*time=\([0-9.]*\) ms.*/\1/p' "$1" | sort -n \
    | awk '{ t[NR] = $1; sum += $1 } END { if (NR) { i = int(NR * 0.99 + 0.5); if (i > NR) i = NR;
        printf "%.1f %.1f\n", sum / NR * 1000, t[i] * 1000 } }'
}

run_ping() { # metric
  local mean p99
  in_ns "$A" ping -c 500 -i 0.003 -W 2 "$target" >"$work/ping" || true
  read -r mean p99 < <(ping_times "$work/ping") || return 0
  sample "$1-mean" "$mean"
  sample "$1-p99" "$p99"
}

run_ping_under_load() {
  local load mean p99
  become_in_ns "$A" iperf3 -c "$target" -t $((seconds + 1)) -p 5201 >/dev/null 2>&1 </dev/null &
  load=$!
  sleep 0.5
  in_ns "$A" ping -c $((seconds * 50)) -i 0.02 -W 2 "$target" >"$work/ping" || true
  wait "$load" || true
  read -r mean p99 < <(ping_times "$work/ping") || return 0
  sample pingload-mean "$mean"
  sample pingload-p99 "$p99"
}

# TCP to B while the flooder does nothing, floods a port where nobody listens, floods the tunnel.
run_flood() {
  local rate closed tunnel flood
  make_flooder
  start_tunnels
  dataplane_java dataplane.jvm "$ROOT/dataplane/daemon/src/test/java/io/gatehouse/daemon/datapath/HandshakeFlood.java"
  flood=("${JAVA[@]}")
  iperf "$settle" || true
  iperf "$seconds" && sample flood-0 "$(jq -r "$tcp_rate" "$work/iperf.json")"
  for rate in ${floodrates//,/ }; do
    # The other way round in every second round, since a program may still be getting faster.
    if [ $((round % 2)) = 1 ]; then
      closed=$(rate_under_flood "$rate" 9) tunnel=$(rate_under_flood "$rate" 51872)
    else
      tunnel=$(rate_under_flood "$rate" 51872) closed=$(rate_under_flood "$rate" 9)
    fi
    sample "flood-$rate-closed" "$closed"
    sample "flood-$rate-tunnel" "$tunnel"
    sample "flood-$rate-kept" "$(ratio "$tunnel" "$closed")"
    # For a machine too slow for the rate.
    sample "flood-$rate-sent" "$(tail -n 1 "$work/flood" | awk -v s=$((seconds + 2)) '{ print $1 / s }')"
  done
}

rate_under_flood() { # handshakes per second, port
  local pid tries=0
  become_in_ns "$C" "${flood[@]}" 192.0.2.1 "$2" "$pub_b" "$1" $((seconds + 2)) >"$work/flood" 2>&1 </dev/null &
  pid=$!
  until grep -q flooding "$work/flood"; do
    kill -0 "$pid" 2>/dev/null && [ $((tries += 1)) -lt 600 ] || { cat "$work/flood" >&2; fail "The flood did not start."; }
    sleep 0.05
  done
  sleep 0.5
  tcp "$seconds"
  wait "$pid"
}
