// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static io.gatehouse.daemon.interop.Example.file;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * {@code DNS} by a real systemd-resolved on a bus of its own, laid over the file system inside the
 * lab's own mount namespace, with a {@code /run} of the lab.
 */
class ResolvedIT {
  private static final Path RESOLVED = Path.of("/var/cache/gatehouse-test/systemd-resolved");

  /** Words: home of the machine, then the command. The first one starts bus and resolver. */
  private static final String WITH_RESOLVED =
      """
      set -e
      mkdir -p "$0/run/dbus" "$0/run/systemd/resolve" "$0/run/wireguard" "$0/run/gatehouse"
      echo 'systemd-resolve:x:64995:64995::/:/bin/false' | cat /etc/passwd - > "$0/run/passwd"
      echo 'systemd-resolve:x:64995:' | cat /etc/group - > "$0/run/group"
      mount --bind "$0/run/passwd" /etc/passwd
      mount --bind "$0/run/group" /etc/group
      mount -t overlay overlay -o lowerdir=%1$s/usr/bin:/usr/bin /usr/bin
      mount -t overlay overlay -o lowerdir=%1$s/lib:%1$s/usr/lib:/usr/lib /usr/lib
      mount -t overlay overlay -o lowerdir=%1$s/usr/share/dbus-1:/usr/share/dbus-1 /usr/share/dbus-1
      chown 64995:64995 "$0/run/systemd/resolve"
      mount --bind "$0/run" /run
      if [ ! -S /run/dbus/system_bus_socket ]; then
        dbus-daemon --system --nofork --nopidfile &
        for i in $(seq 500); do [ -S /run/dbus/system_bus_socket ] && break; sleep 0.02; done
        /usr/lib/systemd/systemd-resolved &
        for i in $(seq 500); do resolvectl dns lo >/dev/null 2>&1 && break; sleep 0.02; done
      fi
      exec "$@"
      """
          .formatted(RESOLVED);

  @Test
  void serversAndSearchDomainsAreThoseOfTheFileWhileItIsThere() throws IOException {
    assertThat(RESOLVED.resolve("usr/bin/resolvectl"))
        .as("install/test brings systemd-resolved, without installing it")
        .isExecutable();
    try (Lab lab = new Lab()) {
      lab.keep(() -> endAll(lab.gateway));
      Path home = lab.gateway.home();
      Path tunnels = Files.createDirectory(home.resolve("tunnels"));
      Daemon daemon =
          lab.keep(
              lab.gateway.start(
                  Map.of("GATEHOUSE_STATE_DIRECTORY", home.resolve("state").toString()),
                  "sh",
                  "-c",
                  WITH_RESOLVED,
                  home.toString(),
                  Gatehouse.program("gatehouse-dataplane"),
                  "--tunnels",
                  tunnels.toString()));
      daemon.ready("the data plane serves", () -> daemon.log().contains("ready after"));

      String conf =
          file().replace("[Peer]", "DNS = 192.0.2.53, corp.example, 2001:db8::53\n[Peer]");
      drop(home, tunnels, conf);
      eventually(
          "name servers are set",
          () -> ask(lab.gateway, "dns").endsWith("(wg0): 192.0.2.53 2001:db8::53"),
          daemon::log);
      eventually(
          "every name is asked there",
          () -> ask(lab.gateway, "domain").endsWith("(wg0): ~. corp.example"),
          daemon::log);
      drop(home, tunnels, conf.replace("192.0.2.53", "192.0.2.54"));
      eventually(
          "name servers are changed",
          () -> ask(lab.gateway, "dns").endsWith("(wg0): 192.0.2.54 2001:db8::53"),
          daemon::log);
      drop(home, tunnels, file());
      eventually(
          "name servers are gone",
          () ->
              ask(lab.gateway, "dns").endsWith("(wg0):")
                  && ask(lab.gateway, "domain").endsWith("(wg0):"),
          daemon::log);
      drop(home, tunnels, conf);
      eventually(
          "name servers are back",
          () -> ask(lab.gateway, "dns").contains("192.0.2.53"),
          daemon::log);
      Files.delete(tunnels.resolve("wg0.conf"));
      eventually("wg0 is gone", () -> !lab.gateway.hasLink("wg0"), daemon::log);
      assertThat(daemon.log()).doesNotContain("left behind");
    }
  }

  private static String ask(NetworkNamespace machine, String what) {
    return machine
        .tryRun("sh", "-c", WITH_RESOLVED, machine.home().toString(), "resolvectl", what, "wg0")
        .output()
        .strip();
  }

  private static void drop(Path home, Path tunnels, String text) throws IOException {
    Path half = Files.createTempFile(home, "half", "");
    Files.writeString(half, text);
    Files.move(half, tunnels.resolve("wg0.conf"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Ends the bus and the resolver, which nobody else does. */
  private static void endAll(NetworkNamespace machine) {
    for (String pid :
        Command.run(List.of("ip", "netns", "pids", machine.name())).output().lines().toList()) {
      ProcessHandle.of(Long.parseLong(pid.strip())).ifPresent(ProcessHandle::destroyForcibly);
    }
  }
}
