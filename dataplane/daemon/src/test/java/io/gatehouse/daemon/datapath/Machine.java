// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.NetworkNamespace;
import io.gatehouse.linux.TunDevice;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.aead.AeadEngines;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A network namespace in which tunnels of this process run. Needs root.
 *
 * <pre>
 *   a: 203.0.113.1/24  ──── veth eth0 ────  b: 203.0.113.2/24
 *      2001:db8::1/64                          2001:db8::2/64
 * </pre>
 */
final class Machine implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final AeadEngines.Choice AEAD = AeadEngines.choose("bouncycastle");

  private final String name;
  private final NetworkNamespace namespace;

  private Machine(String name) throws Exception {
    this.name = name;
    command("ip", "netns", "add", name);
    namespace = NetworkNamespace.named(name);
    ip("link", "set", "lo", "up");
    // Interfaces say nothing of their own accord, so that every packet counted is a test's.
    run("sysctl", "-qw", "net.ipv6.conf.default.router_solicitations=0");
  }

  /** A machine without a cable. */
  static Machine alone() throws Exception {
    return new Machine("gh-path-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());
  }

  /** Two machines and a cable. */
  static Machine[] pair() throws Exception {
    Machine a = alone();
    Machine b = alone();
    a.ip("link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", b.name);
    a.plug(1);
    b.plug(2);
    return new Machine[] {a, b};
  }

  private void plug(int number) throws Exception {
    ip("addr", "add", "203.0.113." + number + "/24", "dev", "eth0");
    ip("addr", "add", "2001:db8::" + number + "/64", "dev", "eth0", "nodad");
    ip("link", "set", "eth0", "up");
  }

  String name() {
    return name;
  }

  /** Interfaces made from now on have no IPv6, so that the kernel sends nothing of its own. */
  void withoutIpv6() throws Exception {
    run("sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
  }

  /** Runs the action on a thread of its own inside; threads that it starts stay inside. */
  <T> T inside(Callable<T> action) throws Exception {
    return namespace.call(action);
  }

  /** Runs {@code ip} inside and gives what it printed. */
  String ip(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("ip", "-n", name));
    all.addAll(List.of(words));
    return command(all.toArray(String[]::new));
  }

  /** Runs a program inside and gives what it printed; fails when it fails. */
  String run(String... words) throws Exception {
    return command(inside(words).toArray(String[]::new));
  }

  /** Starts a program inside. */
  Process start(String... words) throws Exception {
    return new ProcessBuilder(inside(words))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Whether a socket has that UDP port. */
  boolean hasSocket(int port) {
    try {
      return !run("ss", "-Huln", "sport", "=", ":" + port).isBlank();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private List<String> inside(String... words) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
    all.addAll(List.of(words));
    return all;
  }

  /**
   * How many of {@code count} pings came back. One by one, since ping(8) waits for the last of
   * several only twice as long as the others took.
   */
  int ping(String to, int count) throws Exception {
    return answers(
        "sh", "-c", "for i in $(seq " + count + "); do ping -c 1 -W 5 " + to + "; done; true");
  }

  /** The same when no answer is expected. */
  int pingInVain(String to, int count) throws Exception {
    return answers("sh", "-c", "ping -c " + count + " -i 0.01 -W 1 " + to + "; true");
  }

  private int answers(String... words) throws Exception {
    return (int) run(words).lines().filter(line -> line.contains("bytes from")).count();
  }

  /** A running tunnel without key and peers, its interface down. */
  Tunnel tunnel(String link) throws Exception {
    return tunnel(link, new TunnelOptions(UdpSocket.Options.DEFAULT, AEAD::create));
  }

  /** The same with as many queues as the options say. */
  Tunnel tunnel(String link, TunnelOptions options) throws Exception {
    return tunnel(link, TunDevice.Offloads.ALL, options);
  }

  /** The same with other than the usual offloads and buffers. */
  Tunnel tunnel(String link, TunDevice.Offloads offloads, UdpSocket.Options udp) throws Exception {
    return tunnel(link, offloads, new TunnelOptions(udp, AEAD::create));
  }

  /** The same on a device that is there. */
  Tunnel tunnel(TunDevice device) throws Exception {
    TunnelOptions options = new TunnelOptions(UdpSocket.Options.DEFAULT, AEAD::create);
    return inside(() -> Tunnel.start(device, options));
  }

  private Tunnel tunnel(String link, TunDevice.Offloads offloads, TunnelOptions options)
      throws Exception {
    return inside(
        () -> Tunnel.start(TunDevice.openQueues(link, offloads, options.queues()), options));
  }

  /** How such a tunnel may be made to use several threads each way. */
  static TunnelOptions queues(int queues) {
    return helped(queues, Workers.none());
  }

  /** The same, with help for each of them. */
  static TunnelOptions helped(int queues, Workers workers) {
    return new TunnelOptions(UdpSocket.Options.DEFAULT, AEAD::create, queues, workers);
  }

  /** Waits for something that is about to happen; the time is no part of any test. */
  static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("Did not happen: " + what);
      }
      Thread.sleep(5);
    }
  }

  private static String command(String... words) throws Exception {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(String.join(" ", words) + " failed: " + output);
    }
    return output;
  }

  @Override
  public void close() {
    namespace.close();
    try {
      command("ip", "netns", "del", name);
    } catch (Exception e) {
      throw new AssertionError("the namespace cannot be removed", e);
    }
  }
}
