// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two machines and a cable.
 *
 * <pre>
 *   gateway                                 peer
 *   203.0.113.1/24  ──────── veth ────────  203.0.113.2/24
 *   2001:db8::1/64                          2001:db8::2/64
 * </pre>
 *
 * The product runs in {@link #gateway}, a stock implementation in {@link #peer}. Whatever is given
 * to {@link #keep} is closed at the end, last first; at last the namespaces go.
 */
final class Lab implements AutoCloseable {
  /** The checkout under test. */
  static final Path PROJECT = Path.of("").toAbsolutePath().resolve("../..").normalize();

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
  private final String prefix;
  private final Path home;
  final NetworkNamespace gateway;
  final NetworkNamespace peer;

  Lab() {
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new AssertionError("These tests make network namespaces: run them as root.");
    }
    if (!Files.exists(Path.of("/dev/net/tun"))) {
      throw new AssertionError("These tests need /dev/net/tun: run 'modprobe tun'.");
    }
    prefix = "gh-it-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    try {
      home = Files.createTempDirectory(prefix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    keep(this::deleteHome);
    gateway = machine("gateway");
    peer = machine("peer");
    gateway.run(
        "ip",
        "link",
        "add",
        "dev",
        "eth0",
        "type",
        "veth",
        "peer",
        "name",
        "eth0",
        "netns",
        peer.name());
    plug(gateway, 1);
    plug(peer, 2);
  }

  /** Registers something to be closed with the lab. */
  <T extends AutoCloseable> T keep(T closeable) {
    toClose.push(closeable);
    return closeable;
  }

  /** One more machine, with no cable. */
  NetworkNamespace machine(String name) {
    return keep(NetworkNamespace.create(prefix + "-" + name, home.resolve(name)));
  }

  /** A stock userspace peer under the given tunnel name, not yet configured. */
  Daemon startWireGuardGo(NetworkNamespace where, String tunnel) {
    Daemon daemon = keep(where.start("wireguard-go", "-f", tunnel));
    daemon.ready("wireguard-go has made its socket", () -> Files.exists(where.uapiSocket(tunnel)));
    return daemon;
  }

  @Override
  public void close() {
    AssertionError failure = null;
    while (!toClose.isEmpty()) {
      try {
        toClose.pop().close();
      } catch (Exception | AssertionError e) {
        if (failure == null) {
          failure = new AssertionError("The lab could not be cleared: " + e.getMessage(), e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static void plug(NetworkNamespace machine, int number) {
    machine.run("ip", "address", "add", "203.0.113." + number + "/24", "dev", "eth0");
    // Without duplicate address detection, which would make the first seconds of IPv6 fail.
    machine.run("ip", "address", "add", "2001:db8::" + number + "/64", "dev", "eth0", "nodad");
    machine.run("ip", "link", "set", "dev", "eth0", "up");
  }

  private void deleteHome() throws IOException {
    try (var files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
