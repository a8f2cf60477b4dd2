// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.daemon.cli.WgInterface.WgPeer;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the answer to {@code get=1}. For one thread. */
final class UapiAnswer {
  private final String name;
  private Optional<SecretKey> privateKey = Optional.empty();
  private int listenPort;
  private int fwMark;
  private final List<WgPeer> peers = new ArrayList<>();
  private @Nullable OpenPeer peer;

  /** The peer whose lines are being read. */
  private static final class OpenPeer {
    final PublicKey publicKey;
    Optional<SecretKey> presharedKey = Optional.empty();
    String endpoint = "";
    final List<String> allowedIps = new ArrayList<>();
    long handshakeSeconds;
    long handshakeNanos;
    long received;
    long sent;
    int persistentKeepalive;

    OpenPeer(PublicKey publicKey) {
      this.publicKey = publicKey;
    }

    WgPeer close() {
      return new WgPeer(
          publicKey,
          presharedKey,
          endpoint,
          allowedIps,
          handshakeSeconds,
          handshakeNanos,
          received,
          sent,
          persistentKeepalive);
    }
  }

  private UapiAnswer(String name) {
    this.name = name;
  }

  /**
   * Reads up to the line {@code errno=}.
   *
   * @throws UapiException when that is not 0, or the answer breaks off or makes no sense
   */
  static WgInterface read(String name, BufferedReader lines) throws IOException, UapiException {
    UapiAnswer answer = new UapiAnswer(name);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      int equals = line.indexOf('=');
      if (equals < 0) {
        break;
      }
      String value = line.substring(equals + 1);
      try {
        if (line.startsWith("errno=")) {
          UapiException.check(value);
          return answer.close();
        }
        answer.take(line.substring(0, equals), value);
      } catch (IllegalArgumentException e) {
        break;
      }
    }
    throw UapiException.protocol();
  }

  private WgInterface close() {
    closePeer();
    return new WgInterface(
        name, privateKey, privateKey.map(Curve25519::publicKey), listenPort, fwMark, peers);
  }

  private void closePeer() {
    if (peer != null) {
      peers.add(peer.close());
      peer = null;
    }
  }

  private void take(String key, String value) {
    OpenPeer open = peer;
    switch (key) {
      case "public_key" -> {
        closePeer();
        peer = new OpenPeer(PublicKey.parseHex(value));
      }
      case "private_key" -> privateKey = key(value);
      case "listen_port" -> listenPort = Integer.parseInt(value);
      case "fwmark" -> fwMark = Integer.parseUnsignedInt(value);
      default -> {
        if (open != null) {
          take(open, key, value);
        }
      }
    }
  }

  private static void take(OpenPeer peer, String key, String value) {
    switch (key) {
      case "preshared_key" -> peer.presharedKey = key(value);
      case "endpoint" -> peer.endpoint = withZoneByName(value);
      case "allowed_ip" -> peer.allowedIps.add(value);
      case "last_handshake_time_sec" -> peer.handshakeSeconds = Long.parseLong(value);
      case "last_handshake_time_nsec" -> peer.handshakeNanos = Long.parseLong(value);
      case "rx_bytes" -> peer.received = Long.parseUnsignedLong(value);
      case "tx_bytes" -> peer.sent = Long.parseUnsignedLong(value);
      case "persistent_keepalive_interval" -> peer.persistentKeepalive = Integer.parseInt(value);
      default -> {
        // What later versions of the protocol add.
      }
    }
  }

  private static Optional<SecretKey> key(String hex) {
    return Optional.of(SecretKey.parseHex(hex)).filter(key -> !key.isZero());
  }

  /** getnameinfo(3) names the zone of an address that needs one. */
  private static String withZoneByName(String endpoint) {
    int percent = endpoint.indexOf('%');
    int bracket = endpoint.indexOf(']');
    if (percent < 0 || bracket < percent) {
      return endpoint;
    }
    try {
      NetworkInterface zone =
          NetworkInterface.getByIndex(Integer.parseInt(endpoint.substring(percent + 1, bracket)));
      if (zone != null) {
        return endpoint.substring(0, percent + 1) + zone.getName() + endpoint.substring(bracket);
      }
    } catch (SocketException | NumberFormatException e) {
      // By name already, or nobody knows the number.
    }
    return endpoint;
  }
}
