# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A Debian machine in namespaces of this one: made by debootstrap, kept as an archive, started with its own systemd.
# Sourced by test-package. MACHINE is its folder; PID1 its systemd, once it runs.

DEBIAN_SUITE=${DEBIAN_SUITE:-bookworm}
MACHINE_PACKAGES=systemd,systemd-sysv,dbus,iproute2,iputils-ping,procps,kmod,openssl,man-db,bash-completion,libnftables1,libssl3,wireguard-tools,wireguard-go,snmp
MACHINE_ARCHIVES=/var/cache/gatehouse-test

# machine_make FOLDER: a fresh one, from the archive.
machine_make() {
  local archive mirror fresh
  MACHINE=$1
  archive=$MACHINE_ARCHIVES/debian-$DEBIAN_SUITE-$(dpkg --print-architecture)-$(printf '%s' "$MACHINE_PACKAGES" | sha256sum | head -c 12).tar
  if [ ! -f "$archive" ]; then
    # The mirror that this machine itself uses; debootstrap's own where it uses none.
    mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 2>/dev/null | grep -m 1 '/debian/*$' || true)
    say "Making a Debian ($DEBIAN_SUITE) by debootstrap"
    mkdir -p "$MACHINE_ARCHIVES"
    fresh=$(mktemp -d "$MACHINE_ARCHIVES/debootstrap.XXXXXX")
    # shellcheck disable=SC2086 # nothing where there is no mirror
    debootstrap --variant=minbase --include="$MACHINE_PACKAGES" "$DEBIAN_SUITE" "$fresh/root" $mirror >"$fresh/log" 2>&1 \
      || { tail -n 20 "$fresh/log" >&2; rm -rf "$fresh"; fail "debootstrap failed: is a Debian mirror within reach?"; }
    rm -rf "$fresh"/root/var/cache/apt/archives/*.deb "$fresh"/root/var/lib/apt/lists/*
    tar -C "$fresh/root" --numeric-owner --xattrs -cf "$archive.new" .
    mv "$archive.new" "$archive"
    rm -rf "$fresh"
  fi
  mkdir -p "$MACHINE"
  tar -C "$MACHINE" --numeric-owner --xattrs -xf "$archive"
  echo gateway >"$MACHINE/etc/hostname"
  : >"$MACHINE/etc/machine-id"
  # A terminal, a clock or a network of its own is none of its business.
  for unit in getty.target systemd-timesyncd.service systemd-networkd.service apt-daily.timer apt-daily-upgrade.timer; do
    ln -sf /dev/null "$MACHINE/etc/systemd/system/$unit"
  done
}

# Boots it: processes, network, mounts and control groups are its own.
machine_start() {
  local groups waited=0
  groups=$(findmnt -n -t cgroup2 -o TARGET | head -n 1)
  if [ -z "$groups" ]; then
    groups=$MACHINE.cgroup2
    mkdir -p "$groups"
    mount -t cgroup2 none "$groups"
  fi
  MACHINE_GROUP=$groups/gatehouse-test-$$
  mkdir "$MACHINE_GROUP"
  (
    echo "$BASHPID" >"$MACHINE_GROUP/cgroup.procs"
    exec unshare --mount --uts --ipc --net --pid --cgroup --fork --kill-child=KILL -- \
      bash -euc '
        cd "$1"
        mount --make-rprivate /
        mount --bind . .
        cd "$1"
        mount -t proc proc proc
        mount -t sysfs sysfs sys
        mount -t cgroup2 none sys/fs/cgroup
        mount -t tmpfs -o mode=755,nosuid tmpfs dev
        mknod -m 666 dev/null c 1 3; mknod -m 666 dev/zero c 1 5; mknod -m 666 dev/full c 1 7
        mknod -m 666 dev/random c 1 8; mknod -m 666 dev/urandom c 1 9; mknod -m 666 dev/tty c 5 0
        mkdir dev/net dev/pts dev/shm
        mknod -m 666 dev/net/tun c 10 200
        mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
        ln -s pts/ptmx dev/ptmx
        mount -t tmpfs -o mode=1777 tmpfs dev/shm
        mount -t tmpfs -o mode=755 tmpfs run
        mount -t tmpfs -o mode=1777 tmpfs tmp
        ip link set lo up
        hostname gateway
        pivot_root . mnt
        umount -l /mnt
        exec env -i container=gatehouse-test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd \
          --log-target=journal --show-status=no' - "$MACHINE"
  ) </dev/null >"$MACHINE.boot" 2>&1 &
  MACHINE_PID=$!
  until PID1=$(pgrep -P "$MACHINE_PID") && [ -S "/proc/$PID1/root/run/dbus/system_bus_socket" ]; do
    kill -0 "$MACHINE_PID" 2>/dev/null || { cat "$MACHINE.boot" >&2; fail "the machine did not start"; }
    waited=$((waited + 1))
    [ "$waited" -lt 300 ] || { cat "$MACHINE.boot" >&2; fail "the machine did not start within 60 s"; }
    sleep 0.2
  done
  inside systemctl is-system-running --wait >/dev/null || true
}

# Runs a command in it.
inside() {
  nsenter --target "$PID1" --mount --uts --ipc --net --pid --cgroup -- \
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

machine_stop() {
  if [ -n "${MACHINE_PID:-}" ]; then
    kill -KILL "${PID1:-}" 2>/dev/null || true
    wait "$MACHINE_PID" 2>/dev/null || true
    MACHINE_PID=''
  fi
  if [ -n "${MACHINE_GROUP:-}" ]; then
    find "$MACHINE_GROUP" -depth -type d -exec rmdir {} \; 2>/dev/null || true
    MACHINE_GROUP=''
  fi
  if mountpoint -q "${MACHINE:-}.cgroup2"; then umount "$MACHINE.cgroup2"; fi
}
