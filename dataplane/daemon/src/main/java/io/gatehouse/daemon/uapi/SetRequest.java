// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.uapi;

import io.gatehouse.linux.Errno;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.protocol.PeerChange.AllowedIpChange;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects the lines of one {@code set=1} request. Nothing is applied here, so a request with a
 * mistake in its last line changes nothing. For one thread.
 */
final class SetRequest {
  private static final SecretKey NO_KEY = SecretKey.of(new byte[SecretKey.LENGTH]);

  private Optional<SecretKey> privateKey = Optional.empty();
  private OptionalInt listenPort = OptionalInt.empty();
  private OptionalInt fwMark = OptionalInt.empty();
  private boolean replacePeers;
  private final List<PeerChange> peers = new ArrayList<>();
  private final Set<PublicKey> seen = new HashSet<>();
  private @Nullable OpenPeer peer;

  /** The peer whose lines are being read. */
  private static final class OpenPeer {
    final PublicKey publicKey;
    boolean remove;
    boolean updateOnly;
    Optional<SecretKey> presharedKey = Optional.empty();
    Optional<Endpoint> endpoint = Optional.empty();
    OptionalInt persistentKeepalive = OptionalInt.empty();
    boolean replaceAllowedIps;
    final List<AllowedIpChange> allowedIps = new ArrayList<>();

    OpenPeer(PublicKey publicKey) {
      this.publicKey = publicKey;
    }

    PeerChange close() {
      return new PeerChange(
          publicKey,
          remove,
          updateOnly,
          presharedKey,
          endpoint,
          persistentKeepalive,
          replaceAllowedIps,
          allowedIps);
    }
  }

  /**
   * Takes one line.
   *
   * @param line {@code key=value}, without its end
   * @throws UapiException if it cannot be understood; the request is then of no use
   */
  void line(String line) throws UapiException {
    int equals = line.indexOf('=');
    if (equals < 0) {
      throw new UapiException(Errno.EPROTO, "a line has no \"=\"");
    }
    String key = line.substring(0, equals);
    String value = line.substring(equals + 1);
    try {
      if (key.equals("public_key")) {
        closePeer();
        peer = new OpenPeer(PublicKey.parseHex(value));
      } else if (peer == null) {
        deviceLine(key, value);
      } else {
        peerLine(peer, key, value);
      }
    } catch (IllegalArgumentException e) {
      // The value stays out of the message: it may be a key.
      throw new UapiException(Errno.EINVAL, key + " has a value that cannot be used");
    }
  }

  /** The whole request. */
  DeviceChange change() {
    closePeer();
    return new DeviceChange(privateKey, listenPort, fwMark, replacePeers, peers);
  }

  /** About how many octets of heap a line holds on to until the request is applied. */
  static int size(String line) {
    return line.startsWith("public_key=")
        ? 240
        : line.startsWith("allowed_ip=")
            ? 100
            : line.startsWith("preshared_key=") || line.startsWith("endpoint=") ? 80 : 0;
  }

  private void closePeer() {
    if (peer == null) {
      return;
    }
    // All peers are replaced: of one that is there already, only its session and its endpoint
    // outlive that, so that setting a configuration again interrupts nobody.
    if (replacePeers && seen.add(peer.publicKey)) {
      peer.remove |= peer.updateOnly;
      peer.replaceAllowedIps = true;
      peer.presharedKey = peer.presharedKey.or(() -> Optional.of(NO_KEY));
      if (peer.persistentKeepalive.isEmpty()) {
        peer.persistentKeepalive = OptionalInt.of(0);
      }
    }
    peers.add(peer.close());
    peer = null;
  }

  private void deviceLine(String key, String value) throws UapiException {
    switch (key) {
      case "private_key" -> privateKey = Optional.of(SecretKey.parseHex(value));
      case "listen_port" -> listenPort = OptionalInt.of((int) number(value, 0xffff));
      case "fwmark" -> fwMark = OptionalInt.of((int) number(value, 0xffff_ffffL));
      case "replace_peers" -> replacePeers = truth(value);
      default -> throw unknown(key);
    }
  }

  private static void peerLine(OpenPeer peer, String key, String value) throws UapiException {
    switch (key) {
      case "remove" -> peer.remove = truth(value);
      case "update_only" -> peer.updateOnly = truth(value);
      case "preshared_key" -> peer.presharedKey = Optional.of(SecretKey.parseHex(value));
      case "endpoint" -> peer.endpoint = Optional.of(endpoint(value));
      case "persistent_keepalive_interval" ->
          peer.persistentKeepalive = OptionalInt.of((int) number(value, 0xffff));
      case "replace_allowed_ips" -> {
        peer.replaceAllowedIps = truth(value);
        // Only those that follow are to stay.
        peer.allowedIps.clear();
      }
      case "allowed_ip" -> peer.allowedIps.add(allowedIp(value));
      case "protocol_version" -> number(value, 1, 1);
      default -> throw unknown(key);
    }
  }

  private static UapiException unknown(String key) {
    return new UapiException(
        Errno.EINVAL, "unknown key \"" + (key.length() > 40 ? key.substring(0, 40) : key) + "\"");
  }

  private static boolean truth(String value) {
    if (!value.equals("true")) {
      throw new IllegalArgumentException("only true is a value");
    }
    return true;
  }

  private static long number(String value, long most) {
    return number(value, 0, most);
  }

  private static long number(String value, long least, long most) {
    if (value.isEmpty()
        || value.length() > 10
        || !value.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
      throw new IllegalArgumentException("not a decimal number");
    }
    long number = Long.parseLong(value);
    if (number < least || number > most) {
      throw new IllegalArgumentException("out of range");
    }
    return number;
  }

  private static AllowedIpChange allowedIp(String value) {
    boolean remove = value.startsWith("-");
    String prefix = remove ? value.substring(1) : value;
    if (prefix.indexOf('/') < 0) {
      throw new IllegalArgumentException("no prefix length");
    }
    return new AllowedIpChange(Prefix.parse(prefix).masked(), remove);
  }

  /** {@code 192.0.2.1:51820}, {@code [2001:db8::1]:51820} or {@code [fe80::1%eth0]:51820}. */
  private static Endpoint endpoint(String value) {
    int colon = value.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("no port");
    }
    int port = (int) number(value.substring(colon + 1), 1, 0xffff);
    String host = value.substring(0, colon);
    if (!host.startsWith("[")) {
      if (host.indexOf(':') >= 0) {
        throw new IllegalArgumentException("IPv6 needs brackets");
      }
      return Endpoint.of(new InetSocketAddress(IpLiteral.parse(host), port));
    }
    if (!host.endsWith("]") || host.indexOf(':') < 0) {
      throw new IllegalArgumentException("brackets are for IPv6");
    }
    host = host.substring(1, host.length() - 1);
    int percent = host.indexOf('%');
    if (percent < 0) {
      return Endpoint.of(new InetSocketAddress(IpLiteral.parse(host), port));
    }
    InetAddress address = IpLiteral.parse(host.substring(0, percent));
    try {
      return Endpoint.of(
          new InetSocketAddress(
              Inet6Address.getByAddress(
                  null, address.getAddress(), zone(host.substring(percent + 1))),
              port));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not IPv6", e);
    }
  }

  /** Interface index of a zone, given by number or by name. */
  private static int zone(String zone) {
    if (!zone.isEmpty() && zone.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
      return (int) number(zone, 1, Integer.MAX_VALUE);
    }
    if (InterfaceName.isLegal(zone)) {
      try {
        // Unlike the JDK's list, this one has interfaces without addresses, too.
        Path index = Path.of("/sys/class/net", zone, "ifindex");
        return (int) number(Files.readString(index).strip(), 1, Integer.MAX_VALUE);
      } catch (IOException e) {
        throw new IllegalArgumentException("no interface has the name of the zone", e);
      }
    }
    throw new IllegalArgumentException("no interface has the name of the zone");
  }
}
