// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import io.gatehouse.daemon.snmp.SnmpUsers.User;
import io.gatehouse.daemon.tunnels.AtomicFile;
import io.gatehouse.wgquick.EndpointAddress;
import io.gatehouse.wgquick.IpLiteral;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.snmp4j.smi.OctetString;

/**
 * Where notifications go, as it outlives a restart. Immutable lists; a change is on disk before it
 * takes effect. Thread-safe.
 */
final class NotificationTargets {
  /** More would be a mistake, and each costs a message for each event. */
  static final int MOST = 16;

  /**
   * Who acknowledges, and the keys for his engine alone.
   *
   * @param engine snmpEngineID of the receiver
   * @param user with keys localised to that engine
   */
  record Receiver(OctetString engine, User user) {}

  /**
   * One target.
   *
   * @param address where to
   * @param user who vouches: one of the agent's users for traps, the receiver's for informs
   * @param receiver for informs; empty for traps
   */
  record Target(InetSocketAddress address, String user, Optional<Receiver> receiver) {}

  private final Path file;
  private volatile List<Target> targets;

  private NotificationTargets(Path file, List<Target> targets) {
    this.file = file;
    this.targets = targets;
  }

  /**
   * Reads the targets.
   *
   * @throws IOException if the file is there and is damaged
   */
  static NotificationTargets load(Path file) throws IOException {
    return new NotificationTargets(file, Files.exists(file) ? read(file) : List.of());
  }

  List<Target> list() {
    return targets;
  }

  /**
   * Adds a target, or replaces the one with this address.
   *
   * @throws IllegalArgumentException if there are too many
   */
  synchronized void add(Target target) throws IOException {
    List<Target> changed = new ArrayList<>(targets);
    changed.removeIf(known -> known.address().equals(target.address()));
    if (changed.size() == MOST) {
      throw new IllegalArgumentException("there are " + MOST + " targets already");
    }
    changed.add(target);
    write(changed);
    targets = List.copyOf(changed);
  }

  /** Removes a target; whether it was there. */
  synchronized boolean remove(InetSocketAddress address) throws IOException {
    List<Target> changed = new ArrayList<>(targets);
    if (!changed.removeIf(known -> known.address().equals(address))) {
      return false;
    }
    write(changed);
    targets = List.copyOf(changed);
    return true;
  }

  private void write(List<Target> to) throws IOException {
    StringBuilder text =
        new StringBuilder(
            "# Where SNMP notifications go. Written by the data plane; do not edit.\n");
    HexFormat hex = HexFormat.of();
    for (Target target : to) {
      text.append(target.receiver().isPresent() ? "inform " : "trap ")
          .append(text(target.address()))
          .append(' ')
          .append(target.user());
      target
          .receiver()
          .ifPresent(
              receiver ->
                  text.append(' ')
                      .append(hex.formatHex(receiver.engine().getValue()))
                      .append(' ')
                      .append(receiver.user().protection().authName())
                      .append(' ')
                      .append(receiver.user().protection().privName())
                      .append(' ')
                      .append(hex.formatHex(receiver.user().authKey().getValue()))
                      .append(' ')
                      .append(hex.formatHex(receiver.user().privKey().getValue())));
      text.append('\n');
    }
    text.append("end\n");
    AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** {@code ADDRESS:PORT}, an IPv6 address in brackets. */
  static String text(InetSocketAddress address) {
    return new EndpointAddress(IpLiteral.format(address.getAddress()), address.getPort())
        .toString();
  }

  /**
   * Reads {@code ADDRESS:PORT} with a literal address.
   *
   * @throws IllegalArgumentException if it is none
   */
  static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, Math.max(0, colon));
    boolean brackets = host.startsWith("[") && host.endsWith("]");
    if (brackets) {
      host = host.substring(1, host.length() - 1);
    }
    if (brackets != (host.indexOf(':') >= 0)) {
      throw new IllegalArgumentException("brackets are for IPv6");
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("no port");
    }
    return new InetSocketAddress(IpLiteral.parse(host), port);
  }

  private static List<Target> read(Path file) throws IOException {
    List<Target> targets = new ArrayList<>();
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    if (lines.isEmpty() || !lines.getLast().equals("end")) {
      throw damaged(file, lines.size());
    }
    for (int i = 0; i < lines.size() - 1; i++) {
      if (!lines.get(i).startsWith("#")) {
        try {
          targets.add(target(lines.get(i).split(" ", -1)));
        } catch (IllegalArgumentException e) {
          // Its message may show a key; the one below does not.
          throw damaged(file, i + 1);
        }
      }
    }
    return List.copyOf(targets);
  }

  private static Target target(String[] words) {
    if (words.length == 3 && words[0].equals("trap")) {
      return new Target(address(words[1]), words[2], Optional.empty());
    }
    if (words.length != 8 || !words[0].equals("inform")) {
      throw new IllegalArgumentException("neither form");
    }
    HexFormat hex = HexFormat.of();
    User user =
        new User(
            words[2],
            Protection.of(words[4], words[5]),
            new OctetString(hex.parseHex(words[6])),
            new OctetString(hex.parseHex(words[7])));
    return new Target(
        address(words[1]),
        words[2],
        Optional.of(new Receiver(new OctetString(hex.parseHex(words[3])), user)));
  }

  private static IOException damaged(Path file, int line) {
    return new IOException(
        "%s:%d: damaged; remove the file, restart, and add the targets again"
            .formatted(file, line));
  }
}
