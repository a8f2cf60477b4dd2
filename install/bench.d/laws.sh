# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2016
# The cost laws: how rate, memory and handshakes go with the number of peers and of allowed IPs. Part of install/bench.

plot_laws() {
  round=1
  printf '# program\tlaw\tx\ty\n' >"$out/laws.tsv"
  for name in "${order[@]}"; do
    [ -n "${commands[$name]}" ] || continue
    turn_of "$name"
    make_machines
    law_of_peers
    law_of_allowed_ips
    law_of_memory
    law_of_storms
  done
  draw_laws
  table_of_laws | tee "$out/laws.md"
  say "Written: $out/laws.tsv, $out/laws.md, $out/peers.png, $out/allowed-ips.png, $out/memory.png, $out/storm.png"
}

law() { # law, x, y
  local y
  y=$(printf '%.5g' "$3")
  printf '%s\t%s\t%s\t%s\n' "$name" "$1" "$2" "$y" >>"$out/laws.tsv"
  say "$name: $1 $2: $y"
}

# wireguard-go's MaxPeers is 65,536.
can_have() { [ "$1" -le 65536 ] || [ "$name" != wireguard-go ]; } # peers

# TCP in Mbit/s with so many peers at both ends, of which one talks.
law_of_peers() {
  local peers before=1
  start_tunnels
  tcp 10 >/dev/null
  for peers in 1 100 10000 100000; do
    can_have "$peers" || continue
    [ "$peers" = 1 ] || add_strangers "$before" $((peers - 1))
    before=$peers
    tcp 1 >/dev/null
    law peers "$peers" "$(tcp 4)"
  done
  stop_tunnels
}

# TCP in Mbit/s beside a peer at both ends that has so many allowed IPs, each an address of its own.
law_of_allowed_ips() {
  local prefixes key start b
  key=$(wg genkey | wg pubkey)
  start_tunnels
  tcp 10 >/dev/null
  for prefixes in 1 1000 100000 1000000; do
    awk -v n="$prefixes" -v key="$key" 'BEGIN { print "[Peer]\nPublicKey = " key
      for (i = 0; i < n; i++) { a = 1073741824 + i * 997
        printf "AllowedIPs = %d.%d.%d.%d/32\n", a / 16777216, a / 65536 % 256, a / 256 % 256, a % 256 } }' >"$work/prefixes"
    start=$(now)
    in_ns "$B" wg addconf bench0 "$work/prefixes" &
    b=$!
    in_ns "$A" wg addconf bench0 "$work/prefixes" || fail "$name did not take $prefixes allowed IPs."
    law allowed-ips-load "$prefixes" "$(since "$start")"
    wait "$b"
    tcp 1 >/dev/null
    law allowed-ips "$prefixes" "$(tcp 4)"
    law allowed-ips-memory "$prefixes" "$(rss_mib VmRSS)"
  done
  stop_tunnels
}

# RSS in MiB with so many peers that nothing is heard of.
law_of_memory() {
  local peers before=1 start
  start_a
  sleep 20
  law idle 0 "$(rss_mib VmRSS)"
  for peers in 1000 10000 100000; do
    can_have "$peers" || continue
    start=$(now)
    in_ns "$A" wg addconf bench0 "$(strangers "$before" $((peers - 1)))" || fail "$name did not take $peers peers."
    law load "$peers" "$(since "$start")"
    before=$peers
    sleep 10
    law idle "$peers" "$(rss_mib VmRSS)"
  done
  stop_tunnels
}

# So many peers that all begin a handshake at the same moment; afterwards each has a session.
law_of_storms() {
  local peers up half most all cpu tries
  for peers in 1000 10000; do
    clients storm "$peers" 60
    read -r up half most all cpu tries <"$work/clients"
    law storm-half "$peers" "$half"
    law storm-most "$peers" "$most"
    law storm-all "$peers" "$all"
    law storm-cpu "$peers" "$cpu"
    law storm-up "$peers" "$up"
    law storm-tries "$peers" "$tries"
    law active "$peers" "$(rss_mib VmRSS)"
    stop_tunnels
  done
}

# What gnuplot is to draw of one law: a line for each program.
curve() { # law, suffix of the title
  local program data separator=
  for program in "${order[@]}"; do
    data=$work/curve-$1-$program
    # A logarithmic axis has no 0.
    awk -F '\t' -v program="$program" -v law="$1" '$1 == program && $2 == law { print ($3 ? $3 : 1), $4 }' "$out/laws.tsv" >"$data"
    [ -s "$data" ] || continue
    printf '%s"%s" with linespoints lw 2 pt 7 title "%s%s"' "$separator" "$data" "$program" "${2:-}"
    separator=', '
  done
}

draw_laws() {
  gnuplot <<END
set terminal pngcairo size 900,540 font "DejaVu Sans,11"
set grid
set key outside bottom center horizontal
set logscale x 10
set format x "10^{%T}"
set yrange [0:*]
set output "$out/peers.png"
set title "TCP through one of so many configured peers"
set xlabel "peers"
set ylabel "Mbit/s"
plot $(curve peers)
set output "$out/allowed-ips.png"
set title "TCP beside so many allowed IPs"
set xlabel "allowed IPs"
plot $(curve allowed-ips)
set output "$out/memory.png"
set title "Memory (RSS) with so many peers"
set xlabel "peers"
set ylabel "MiB"
plot $(curve idle ", idle"), $(curve active ", active")
set output "$out/storm.png"
set title "All peers begin a handshake at once"
set xlabel "peers"
set ylabel "seconds"
plot $(curve storm-half ", half are up"), $(curve storm-most ", 99 of 100"), $(curve storm-cpu ", processor time")
END
}

# law | x | value of each program
table_of_laws() {
  printf '%s cores, %s, Linux %s, load %s before, %s after, wireguard-go %s.\n\n' "$cores" \
    "$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)" "$(uname -r)" "$load_before" "$(load_average)" \
    "$(cat "$ROOT/target/bench-peers/wireguard-go/VERSION" 2>/dev/null || true)"
  awk -F '\t' -v order="${order[*]}" '
    BEGIN { n = split(order, program, " ")
      unit["peers"] = unit["allowed-ips"] = "Mbit/s"; unit["idle"] = unit["active"] = unit["allowed-ips-memory"] = "MiB"
      unit["storm-up"] = "peers"; unit["storm-tries"] = "initiations each"
      printf "| law | of |"; for (i = 1; i <= n; i++) printf " %s |", program[i]
      printf "\n| --- | ---: |"; for (i = 1; i <= n; i++) printf " ---: |"; print "" }
    /^#/ { next }
    { key = $2 "\t" $3; if (!(key in seen)) { seen[key]; keys[++count] = key } value[key, $1] = $4 }
    END { for (k = 1; k <= count; k++) { split(keys[k], part, "\t")
        printf "| %s, %s | %d |", part[1], part[1] in unit ? unit[part[1]] : "s", part[2]
        for (i = 1; i <= n; i++) printf " %s |", (keys[k], program[i]) in value ? value[keys[k], program[i]] : "-"
        print "" } }' "$out/laws.tsv"
}
