# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2016
# Samples -> bench.json -> bench.md. Part of install/bench.

report() {
  # The order of the programs and of the metrics is the order of the report; "less" marks where a smaller value is better.
  jq -n -R --arg baseline "$baseline" --arg order "${order[*]}" --arg before "$load_before" --arg after "$load_after" \
    --arg cores "$cores" --arg seconds "$seconds" --arg kernel "$(uname -r)" \
    --arg processor "$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)" \
    --arg wireguardgo "$(cat "$ROOT/target/bench-peers/wireguard-go/VERSION" 2>/dev/null || dpkg-query -W -f '${Version}' wireguard-go 2>/dev/null || true)" '
    def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
    [inputs | split(" ") | {program: .[0], round: (.[1] | tonumber), metric: .[2], value: (.[3] | tonumber)}] as $all
    | {baseline: $baseline, programs: ($order | split(" ")), loadBefore: $before, loadAfter: $after,
       cores: ($cores | tonumber), secondsPerTest: ($seconds | tonumber), kernel: $kernel, processor: $processor,
       wireguardGo: $wireguardgo,
       ratios: ($all | group_by(.program) | map({key: .[0].program, value: (group_by(.metric)
         | map(.[0].metric as $metric
           | [.[] | . as $one | $all[] | select(.program == $baseline and .metric == $metric and .round == $one.round and .value > 0)
             | $one.value / .value]
           | select(length > 0) | {key: $metric, value: median}) | from_entries)}) | from_entries),
       medians: ($all | group_by(.program) | map({key: .[0].program,
         value: (group_by(.metric) | map({key: .[0].metric, value: (map(.value) | median)}) | from_entries)}) | from_entries),
       samples: $all}' <"$samples" >"$out/bench.json"

  jq -r '
    def unit: if test("rss") then "MiB" elif test("-s$") then "s" elif test("^wakeups") then "1/s" elif test("^tcp.*cpu") then "ns/byte" elif test("^udp.*cpu") then "ns/packet"
      elif . == "handshakes-cpu" then "us/handshake" elif . == "storm-up" then "peers"
      elif test("^(handshakes-(cookies|lost)|storm-tries)$") then "each"
      elif test("^ping") then "us" elif test("^flood.*sent$|^handshakes") then "handshakes/s"
      elif test("kept$") then "of the rate without"
      elif test("^tcp|^flood|^peers|^start") then "Mbit/s" else "packets/s" end;
    def text: if . == null then "-" elif . >= 100 then (round | tostring) else (. * 100 | round / 100 | tostring) end;
    . as $b
    | ["tcp1", "tcp1r", "tcp4", "tcp4r", "udp64", "udp1372"] as $traffic
    | ([$traffic[] | ., . + "-cpu-sender", . + "-cpu-receiver"]
       + ["ping-mean", "ping-p99", "pingload-mean", "pingload-p99", "rss-idle", "rss-loaded", "rss-peak",
          "handshakes-rate", "handshakes-cpu", "handshakes-cookies", "handshakes-lost",
          "storm-up", "storm-half-s", "storm-most-s", "storm-all-s", "storm-cpu-s", "storm-tries", "storm-rss", "storm-rss-peak",
          "peers10k-load-s", "peers10k-rss", "peers10k-one", "peers10k-many", "peers10k-kept",
          "peers100k-load-s", "peers100k-rss", "peers100k-dump-s", "peers100k-rss-dumped",
          "start-answer-s", "start-first5", "start-steady", "start-kept", "wakeups"]
       + ([$b.medians[] | keys[] | select(startswith("flood-"))] | unique | sort_by(. / "-" | [(.[1] | tonumber), .[2]])) ) as $metrics
    | "Medians (and of the rounds'"'"' ratios to \(.baseline)); \(.secondsPerTest) s a test, \([.samples[].round] | max) rounds, \(.cores) cores,"
      + " \(.processor), Linux \(.kernel), load \(.loadBefore) before, \(.loadAfter) after, wireguard-go \(.wireguardGo).",
      "",
      "| test | " + (.programs | join(" | ")) + " |",
      "| --- |" + ([.programs[] | " ---: |"] | join("")),
      ($metrics[] as $m | select([$b.medians[] | has($m)] | any)
        | "| \($m), \($m | unit) | " + ([$b.programs[] as $p
          | $b.ratios[$p][$m] as $ratio
          | ($b.medians[$p][$m] | text) + (if $p != $b.baseline and $ratio != null
              then " (\($ratio * 100 | round / 100))" else "" end)] | join(" | ")) + " |")
' "$out/bench.json" | tee "$out/bench.md"
  say "Written: $out/bench.json, $out/bench.md"
}
