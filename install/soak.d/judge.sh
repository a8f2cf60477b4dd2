# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the soak makes of its logs: the report, and whether all held. Sourced by soak.

# BEFORE AFTER: of lines TIME [TIME], those with no time in a window of allowed, that much wider at each end.
outside_kills() {
  awk -v windows="$home/allowed" -v before="$1" -v after="$2" '
    BEGIN { while ((getline line < windows) > 0) { split(line, w, " "); n++; from[n] = w[1] - before; to[n] = w[2] + after } }
    { end = NF > 1 ? $2 : $1; for (i = 1; i <= n; i++) if (end >= from[i] && $1 <= to[i]) next; print }'
}
count() { wc -l | tr -d ' '; }

# When each packet went out that was never answered. Numbers come round again after 65536.
never_answered() {
  awk '{ time = substr($1, 2, length($1) - 2); seq = $0; sub(/.*icmp_seq=/, "", seq); sub(/ .*/, "", seq) }
      / no answer yet / { if (seq in since) print since[seq]; since[seq] = time }
      / bytes from / { if (seq in since) { if (time - since[seq] > 3000) print since[seq]; delete since[seq] } }
      END { for (seq in since) print since[seq] }' "$home/ping.log" | sort
}

# Of lines TIME [TIME], those within three seconds of which the kernel does not say that a buffer was full.
not_overflowed() {
  awk -v log_="$home/overflow.log" '
    BEGIN { while ((getline line < log_) > 0) { split(line, w, " "); n++; at[n] = w[1] } }
    { for (i = 1; i <= n; i++) if (at[i] >= $1 - 1 && at[i] <= (NF > 1 ? $2 : $1) + 3) next; print }'
}

# SERVICE: memory as the medians of the second and of the last quarter, and of how many samples in all.
memory() {
  awk -v service="$1" '$1 == service { v[++n] = $2 }
    function median(from, to,   m, i, j, t, a) {
      m = 0; for (i = from; i <= to; i++) a[++m] = v[i]
      for (i = 2; i <= m; i++) for (j = i; j > 1 && a[j - 1] > a[j]; j--) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t }
      return a[int((m + 1) / 2)]
    }
    END { q = int(n / 4); print median(q + 1, 2 * q), median(n - q + 1, n), n }' "$home/samples"
}
# SERVICE: threads and descriptors at the first rest and at the last.
pieces() { awk -v service="$1" '$1 == service { if (!n++) { threads = $3; files = $4 } t = $3; f = $4 } END { print threads, t, files, f }' "$home/rests"; }

verdict=0
# WHAT, with what was found on standard input: nothing may be.
none() {
  local found
  found=$(head -n 10)
  [ -z "$found" ] || { printf '%s:\n%s\n' "$1" "$found"; verdict=1; }
}

# Ends the soak: 0 when all held.
report() {
  local service mib_a mib_b threads_a threads_b files_a files_b samples
  touch "$home"/{burst,roam,snmp,console,flood,overflow}.log
  never_answered >"$home/missed"
  outside_kills 1 1.5 <"$home/missed" >"$home/unexplained"
  not_overflowed <"$home/unexplained" >"$home/lost"
  awk '$4 < $3' "$home/burst.log" | outside_kills 1 1.5 | not_overflowed >"$home/burst.lost"
  awk '{ print $2, $3, $1 }' "$home/roam.log" | outside_kills 1 20 | awk -v most="$CLIENT_SECONDS" '$2 - $1 > most' >"$home/roam.late"
  awk '$1 != "ok"' "$home/snmp.log" | outside_kills 1 25 >"$home/snmp.lost"
  # A console that was told to go in the last restless minute may still be on its way.
  awk -v since="$((quiet_since + PATIENCE))" '$1 != "ok" && $1 > since' "$home/console.log" >"$home/console.lost"
  inside journalctl --no-pager -o cat -u gatehouse-dataplane >"$home/dataplane.log"
  grep -E '(Exception|Error)\b' "$home/dataplane.log" >"$home/exceptions" || true
  # By hand only peers of wg0 are changed.
  grep ' somebody has changed ' "$home/dataplane.log" | grep -v ' wg0.conf: somebody has changed what runs: peer ' >"$home/hands" || true

  cat <<END

install/soak --minutes $minutes
Gatehouse $version on $(inside sh -c '. /etc/os-release; echo "$PRETTY_NAME"'), $(nproc) processors, load average now $(cut -d' ' -f1-3 /proc/loadavg)
changes of files and peers   $changes, of $(git_history rev-list --count HEAD) revisions kept
kill -9 of the data plane    $kills, the tunnel away for at most $longest s until it answered
console                      $restarts restarts, $console_kills kills; /setup served $(grep -c ok "$home/console.log" || true) times, in the quiet part not served $(count <"$home/console.lost") times
a client that roams          $(awk '{ n[$1]++ } END { printf "%d other addresses, %d other ports, %d times away, %d starts", n["address"], n["port"], n["away"], n["anew"] }' "$home/roam.log"); $(count <"$home/roam.late") times not answered within $CLIENT_SECONDS s
SNMP walks                   $(grep -c ok "$home/snmp.log" || true) whole, $(count <"$home/snmp.lost") failed while the data plane ran
handshake floods             $(count <"$home/flood.log") of 6000 initiations at 2000/s; $(awk '{ n += $2 } END { print n + 0 }' "$home/overflow.log") found the socket's buffer full
packets                      $(sed -n 's/^\([0-9]*\) packets transmitted.*/\1/p' "$home/ping.log") sent, $(($(count <"$home/missed") - $(count <"$home/unexplained"))) missed while killed, $(($(count <"$home/unexplained") - $(count <"$home/lost"))) while the buffer was full, $(count <"$home/lost") otherwise
packets in bursts            $(awk '{ n += $3 } END { print n + 0 }' "$home/burst.log") sent in $(count <"$home/burst.log") bursts, $(awk '{ n += $3 - $4 } END { print n + 0 }' "$home/burst.lost") missed while the data plane ran
files                        byte for byte what was written, $looks looks and after each kill
history                      git fsck --full --strict finds nothing, after each kill and at the end
END
  for service in dataplane console; do
    read -r mib_a mib_b samples < <(memory "$service")
    read -r threads_a threads_b files_a files_b < <(pieces "$service")
    printf '%-28s %d to %d MiB (medians of the second and last quarter of %d samples); with one tunnel %d threads, then %d, %d descriptors, then %d\n' \
      "$service" "$mib_a" "$mib_b" "$samples" "$threads_a" "$threads_b" "$files_a" "$files_b"
    [ "$mib_b" -le $((mib_a * (100 + GROWTH_PERCENT) / 100 + GROWTH_MIB)) ] || none "GROWS: memory of $service" <<<"$mib_a to $mib_b MiB"
    [ "$threads_b" -le $((threads_a + GROWTH_PIECES)) ] || none "GROWS: threads of $service" <<<"$threads_a to $threads_b"
    [ "$files_b" -le $((files_a + GROWTH_PIECES)) ] || none "GROWS: descriptors of $service" <<<"$files_a to $files_b"
  done
  awk -v most="$AWAY_SECONDS" '$2 - $1 > most { print $2 - $1 " s" }' "$home/allowed" >"$home/away"
  none "AWAY for longer than $AWAY_SECONDS s after a kill" <"$home/away"
  none "LOST where nothing may be, at" <"$home/lost"
  none "LOST in bursts where nothing may be (from, to, sent, received)" <"$home/burst.lost"
  none "A client was not answered for longer than $CLIENT_SECONDS s (from, to, what it did)" <"$home/roam.late"
  none "SNMP did not answer while the data plane ran, at" <"$home/snmp.lost"
  none "The console did not serve though nobody touched it, at" <"$home/console.lost"
  none "The data plane speaks of what should not be" <"$home/exceptions"
  none "The data plane sees a hand where there was none" <"$home/hands"
  [ "$verdict" = 0 ] && echo "All held."
  exit "$verdict"
}
