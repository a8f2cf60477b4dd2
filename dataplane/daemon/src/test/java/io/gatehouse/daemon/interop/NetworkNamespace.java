// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A machine of its own, as far as a tunnel can tell: a network namespace, and its own {@code
 * /run/wireguard} and {@code /run/gatehouse}, so that two of them may both have a {@code wg0} and
 * nothing meets what the test machine itself runs.
 */
final class NetworkNamespace implements AutoCloseable {
  private static final Path WIREGUARD = Path.of("/run/wireguard");
  private static final Path GATEHOUSE = Path.of("/run/gatehouse");

  /** A machine of the lab must not set the name servers of the machine that runs the tests. */
  private static final String NO_NAME_SERVER_MANAGER =
      " && for f in /usr/sbin/resolvconf /sbin/resolvconf /usr/bin/resolvectl; do"
          + " if [ -e $f ]; then mount --bind /dev/null $f; fi; done";

  private final String name;
  private final Path home;

  private NetworkNamespace(String name, Path home) {
    this.name = name;
    this.home = home;
  }

  static NetworkNamespace create(String name, Path home) {
    try {
      Files.createDirectories(WIREGUARD);
      Files.createDirectories(GATEHOUSE);
      Files.createDirectories(home.resolve("wireguard"));
      Files.createDirectories(home.resolve("gatehouse"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Command.run(List.of("ip", "netns", "add", name)).succeeded();
    NetworkNamespace namespace = new NetworkNamespace(name, home);
    namespace.run("ip", "link", "set", "dev", "lo", "up");
    return namespace;
  }

  String name() {
    return name;
  }

  /** A directory for this machine's files. */
  Path home() {
    return home;
  }

  /** Runs a command inside and returns what it wrote; fails the test when the command fails. */
  String run(String... words) {
    return tryRun(words).succeeded();
  }

  /** As {@link #run}, for a command that may fail. */
  Command tryRun(String... words) {
    return Command.run(inside(words));
  }

  /** Runs a command that reads its standard input. */
  String feed(String input, String... words) {
    return Command.run(inside(words), input).succeeded();
  }

  Daemon start(String... words) {
    return start(Map.of(), words);
  }

  Daemon start(Map<String, String> environment, String... words) {
    return Daemon.start(inside(words), environment);
  }

  boolean hasLink(String link) {
    return tryRun("ip", "link", "show", "dev", link).exitCode() == 0;
  }

  /** The UAPI socket of a tunnel as seen from outside. */
  Path uapiSocket(String tunnel) {
    return home.resolve("wireguard").resolve(tunnel + ".sock");
  }

  @Override
  public void close() {
    Command.run(List.of("ip", "netns", "del", name)).succeeded();
  }

  /** The words that run a command inside. */
  // "ip netns exec" gives each command a mount namespace of its own, so these mounts are seen by
  // nobody else.
  List<String> inside(String... words) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "ip",
                "netns",
                "exec",
                name,
                "sh",
                "-c",
                "mount --bind \"$0/wireguard\" "
                    + WIREGUARD
                    + " && mount --bind \"$0/gatehouse\" "
                    + GATEHOUSE
                    + NO_NAME_SERVER_MANAGER
                    + " && exec \"$@\"",
                home.toString()));
    all.addAll(List.of(words));
    return all;
  }
}
