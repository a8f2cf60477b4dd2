# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# Runs what is in an image as a container engine would: unpacked layer by layer, on a root that cannot be written, in namespaces, each
# program with the rights that docs/install.md names. Sourced by image.

mkdir "$work/image" "$work/root"
tar -C "$work/image" --warning=no-unknown-keyword -xf "$image"
# An OCI layout: index, manifest, and in it config and layers by their digests.
blob() { printf '%s/blobs/sha256/%s' "$work/image" "$1"; }
manifest=$(blob "$(digests <"$work/image/index.json")")
read -r config layers <<<"$(digests <"$manifest" | tr '\n' ' ')"
for digest in $config $layers; do
  [ "$(sha256sum <"$(blob "$digest")" | cut -d ' ' -f 1)" = "$digest" ] || fail "a blob of the image is not what its name says: $digest"
done
for digest in $layers; do
  tar -C "$work/root" --numeric-owner --warning=no-unknown-keyword -xzf "$(blob "$digest")"
done
for word in '"Cmd":\["gatehouse-dataplane"\]' '"GATEHOUSE_CONTROL_GROUP=gatehouse"' '"os":"linux"' "\"architecture\":\"$architecture\""; do
  grep -q "$word" "$(blob "$config")" || fail "the image's configuration says nothing of $word"
done

install -d -m 700 "$work/tunnels"
(
  umask 077
  printf '[Interface]\nPrivateKey = %s\nAddress = 10.99.0.1/24\nListenPort = 443\n' "$(head -c 32 /dev/urandom | base64)" >"$work/tunnels/wg0.conf"
)
# shellcheck disable=SC2016 # expanded inside
unshare --mount --net --pid --ipc --uts --fork --kill-child=KILL bash -euc '
  root=$1 tunnels=$2
  mount --make-rprivate /
  mount --bind "$root" "$root"
  # Volumes begin as what is in the image.
  volumes=(var/lib/gatehouse var/lib/gatehouse-console var/log/gatehouse run/gatehouse run/wireguard)
  mkdir "$root.volumes"
  for volume in "${volumes[@]}"; do
    mkdir -p "$root.volumes/$volume"
    cp -a "$root/$volume/." "$root.volumes/$volume"
    chown --reference "$root/$volume" "$root.volumes/$volume"
    chmod --reference "$root/$volume" "$root.volumes/$volume"
  done
  mount -o remount,bind,ro "$root"
  for volume in "${volumes[@]}"; do mount --bind "$root.volumes/$volume" "$root/$volume"; done
  mount --bind "$tunnels" "$root/etc/gatehouse/tunnels"
  mount -t proc proc "$root/proc"
  mount -t proc proc /proc
  mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
  mount -t tmpfs tmpfs "$root/dev"
  mkdir "$root/dev/net"
  cd "$root/dev"
  mknod -m 666 null c 1 3; mknod -m 666 zero c 1 5; mknod -m 666 random c 1 8; mknod -m 666 urandom c 1 9
  mknod -m 666 net/tun c 10 200
  cd "$root"
  ip link set lo up
  # USER CAPABILITIES WORDS
  run() {
    local user=$1 capabilities=$2
    shift 2
    env -i PATH=/usr/lib/gatehouse/bin:/usr/sbin:/usr/bin:/sbin:/bin GATEHOUSE_CONTROL_GROUP=gatehouse \
      chroot . setpriv --reuid "$user" --regid "$user" --groups 900 --bounding-set "-all$capabilities" --inh-caps=-all --no-new-privs "$@"
  }
  # Root without the rest: "--bounding-set" takes from it what a program that it starts would have.
  run 0 ,+net_admin,+net_bind_service gatehouse-dataplane >dev/dataplane.log 2>&1 &
  run 900 "" gatehouse-console >dev/console.log 2>&1 &
  tunnel() { run 0 ,+net_admin gatehouse show wg0 listen-port 2>/dev/null | grep -qx 443; }
  ready() {
    openssl s_client -quiet -connect 127.0.0.1:8443 2>/dev/null <<<$'\''GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r'\'' \
      | grep -q "^HTTP/1.1 200"
  }
  for what in tunnel ready; do
    for ((i = 0; ; i++)); do
      if "$what"; then break; fi
      [ "$i" -lt 300 ] || { cat dev/dataplane.log dev/console.log var/log/gatehouse/messages.log; echo "in vain: $what"; exit 1; }
      sleep 0.3
    done
  done
  pid=$(pgrep -f "^/usr/lib/gatehouse/jre/bin/java .*DataplaneMain")
  grep -q "^CapEff:.0000000000001400" "/proc/$pid/status"
  ' - "$work/root" "$work/tunnels" </dev/null >"$work/check.log" 2>&1 &
checked=$!
wait "$checked" || { cat "$work/check.log" >&2; fail "the image does not work"; }
checked=''
say "On a root that is read-only its data plane brings a tunnel up with CAP_NET_ADMIN and CAP_NET_BIND_SERVICE alone," \
  "and its console is ready without any."
