# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Those who work beside the changes of the soak, each until it is ended; each writes what it saw to a log of its own. Sourced by soak.

# Ten packets a second. Ping says which had no answer when the next went out, and which came after all.
pings() { inside ip netns exec peer ping -D -O -n -i 0.1 -s 700 10.99.0.1 >"$home/ping.log"; }

# Many large ones, each as soon as the one before was answered: BEGIN END SENT RECEIVED.
bursts() {
  local begin counts
  while sleep 15; do
    begin=$(date +%s.%N)
    counts=$(inside ip netns exec peer ping -q -A -c 1000 -s 1300 -W 10 10.99.0.1 2>&1 \
      | sed -n 's/^\([0-9]*\) packets transmitted, \([0-9]*\) received.*/\1 \2/p')
    echo "$begin $(date +%s.%N) $counts" >>"$home/burst.log"
  done
}

# A client that moves to another address or port, is away for a while, or starts anew: WHAT BEGIN END, END when it was answered.
roams() {
  local address=203.0.114.2 next what begin limit
  while sleep 7; do
    begin=$(date +%s.%N)
    case $((RANDOM % 4)) in
      0)
        what=port
        inside ip netns exec roamer wg set roamer0 listen-port $((40000 + RANDOM % 20000))
        ;;
      1)
        what=address next=203.0.114.$((2 + RANDOM % 250))
        [ "$next" != "$address" ] || continue
        inside ip -n roamer address del "$address/24" dev eth0
        inside ip -n roamer address add "$next/24" dev eth0
        inside ip -n roamer route replace default via 203.0.114.1
        address=$next
        ;;
      2)
        what=away
        inside ip -n roamer link set roamer0 down
        sleep $((RANDOM % 20))
        inside ip -n roamer link set roamer0 up
        ;;
      3)
        what=anew
        inside ip -n roamer link del roamer0
        for _ in {1..50}; do inside test -e /run/wireguard/roamer0.sock || break; sleep 0.1; done
        client roamer roamer0 "$roamer_private" 10.99.0.3/24 203.0.114.1
        ;;
    esac
    limit=$((SECONDS + PATIENCE))
    [ "$what" != away ] || begin=$(date +%s.%N)
    until inside ip netns exec roamer ping -q -c 1 -W 1 10.99.0.1 >/dev/null 2>&1 || [ "$SECONDS" -ge "$limit" ]; do sleep 0.2; done
    echo "$what $begin $(date +%s.%N)" >>"$home/roam.log"
  done
}

walks() {
  while sleep 10; do
    if inside timeout 20 snmpwalk -v3 -l authPriv -u station -a SHA-256 -A 'a long passphrase' -x AES -X 'another passphrase' \
      127.0.0.1:1161 1.3.6.1.4.1.8072.9999.9999.5182 >"$home/walk" 2>&1 && [ "$(wc -l <"$home/walk")" -gt 20 ]; then
      echo ok
    else
      date +%s.%N
    fi >>"$home/snmp.log"
  done
}

floods() {
  while sleep 20; do
    nice -n 5 nsenter --target "$PID1" --net --mount -- ip netns exec peer perl /root/flood.pl send /root/initiation 203.0.113.1 51820 6000 2000
    echo 6000 >>"$home/flood.log"
  done
}

# As long as there is no account, every page leads to this one.
serves() {
  inside timeout 20 openssl s_client -quiet -connect 127.0.0.1:8443 2>/dev/null <<<$'GET /setup HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r' \
    | grep '^HTTP/1.1 200' >/dev/null
}
visits() {
  while sleep 3; do
    if serves; then echo ok; else date +%s; fi >>"$home/console.log"
  done
}

# Datagrams that the kernel threw away since the gateway's buffer was full: TIME COUNT, when there are more. Those the program
# has not lost: the machine did not let it run while a flood came in.
overflows() {
  local last=0 now
  while sleep 0.5; do
    now=$(cat /proc/"$PID1"/net/snmp | awk '/^Udp: [0-9]/ { print $6 }')
    [ "$now" = "$last" ] || echo "$(date +%s.%N) $((now - last))" >>"$home/overflow.log"
    last=$now
  done
}
