# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# Looks at an image, and has podman run it as docs/install.md tells to type, in namespaces where podman finds nothing of this machine's.
# Sourced by image.

mkdir "$work/image" "$work/containers" "$work/containers/storage" "$work/containers/tunnels"
tar -C "$work/image" --warning=no-unknown-keyword -xf "$image"
# An OCI layout: index, manifest, and in it config and layers by their digests.
blob() { printf '%s/blobs/sha256/%s' "$work/image" "$1"; }
manifest=$(blob "$(digests <"$work/image/index.json")")
read -r config layers <<<"$(digests <"$manifest" | tr '\n' ' ')"
for digest in $config $layers; do
  [ "$(sha256sum <"$(blob "$digest")" | cut -d ' ' -f 1)" = "$digest" ] || fail "a blob of the image is not what its name says: $digest"
done
for word in '"Cmd":\["gatehouse-dataplane"\]' '"GATEHOUSE_CONTROL_GROUP=gatehouse"' '"os":"linux"' "\"architecture\":\"$architecture\""; do
  grep -q "$word" "$(blob "$config")" || fail "the image's configuration says nothing of $word"
done

tag=$(tr '~+' '--' <<<"$version")
ln -s "$image" "$work/containers/gatehouse-$tag-$architecture.image.tar"
(
  umask 077
  printf '[Interface]\nPrivateKey = %s\nAddress = 10.99.0.1/24\nListenPort = 443\n' "$(head -c 32 /dev/urandom | base64)" >"$work/containers/tunnels/wg0.conf"
)
# What this machine may lack: the right to raise limits, and a hierarchy of cgroups of the second version alone.
cat >"$work/containers/containers.conf" <<'END'
[containers]
default_ulimits = ["nofile=8192:8192", "nproc=4096:4096"]
cgroups = "disabled"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
END
here() { sed "s/ *# .*//; s/VERSION/$tag/; s/amd64/$architecture/; s,-v /etc/gatehouse/tunnels:,-v $work/containers/tunnels:,"; }
containers=$(block install containers | here)
code=$(block install container-code | here)
# shellcheck disable=SC2016 # expanded inside
unshare --mount --net --pid --ipc --uts --cgroup --fork --kill-child=KILL bash -euo pipefail -c '
  home=$1 containers=$2 code=$3
  mount --make-rprivate /
  mount -t proc proc /proc
  mount -t tmpfs tmpfs /run
  mkdir -m 755 /run/wireguard
  umount -R /sys/fs/cgroup
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  ip link set lo up
  printf "[storage]\ndriver = \"vfs\"\ngraphroot = \"%s\"\nrunroot = \"/run/storage\"\n" "$home/storage" >"$home/storage.conf"
  export CONTAINERS_CONF=$home/containers.conf CONTAINERS_STORAGE_CONF=$home/storage.conf
  cd "$home"
  bash -euo pipefail -c "$containers"
  tunnel() { podman exec dataplane gatehouse show wg0 listen-port | grep -x 443 >/dev/null; }
  ready() {
    openssl s_client -quiet -connect 127.0.0.1:8443 2>/dev/null <<<$'\''GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r'\'' \
      | grep "^HTTP/1.1 200" >/dev/null
  }
  shown() { bash -euo pipefail -c "$code" | grep -E "^[0-9A-Z]{5}(-[0-9A-Z]{5}){3}$" >/dev/null; }
  for what in tunnel ready shown; do
    for ((i = 0; ; i++)); do
      if "$what"; then break; fi
      [ "$i" -lt 300 ] || { podman ps -a; podman logs dataplane; podman logs console; echo "in vain: $what"; exit 1; }
      sleep 0.3
    done
  done
  # PROCESS UID CAPABILITIES: what the kernel says of it.
  has() {
    local pid
    pid=$(pgrep -f "^/usr/lib/gatehouse/jre/bin/java .*$1")
    grep -qE "^Uid:.$2\\s" "/proc/$pid/status" && grep -q "^CapEff:.$3\$" "/proc/$pid/status" && grep -q "^CapBnd:.$3\$" "/proc/$pid/status" \
      && grep -q "^NoNewPrivs:.1\$" "/proc/$pid/status" || { grep -E "Uid|Cap|NoNew" "/proc/$pid/status"; echo "other rights: $1"; exit 1; }
  }
  has DataplaneMain 0 0000000000001400
  has ws-server.jar 900 0000000000000000
  ! podman exec dataplane touch /usr/lib/gatehouse/x 2>/dev/null || { echo "its root can be written"; exit 1; }
  ' - "$work/containers" "$containers" "$code" </dev/null >"$work/check.log" 2>&1 &
checked=$!
wait "$checked" || { cat "$work/check.log" >&2; fail "the image does not work"; }
checked=''
say "By podman, on a root that is read-only, its data plane brings a tunnel up with CAP_NET_ADMIN and CAP_NET_BIND_SERVICE alone," \
  "and its console is ready without any."
