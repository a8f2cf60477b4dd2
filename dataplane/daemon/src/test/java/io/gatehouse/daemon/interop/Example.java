// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;

/** The tunnel of {@code wg0.conf}, the example file, and the machine at its other end. */
final class Example {
  static final Keys GATEWAY = Keys.of("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=");

  /** The private half of the public key that stands in the file. */
  static final Keys PEER = Keys.of("BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=");

  private Example() {}

  /** The file as it stands in its document. */
  static String file() throws IOException {
    try (var in = Example.class.getResourceAsStream("wg0.conf")) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  /**
   * Starts the other end as wireguard-go on port 51822.
   *
   * @param address inner address with its prefix
   * @param allowed what the gateway may be inside
   * @param endpoint where the gateway is, or empty to wait for it
   */
  static void startPeer(Lab lab, String address, String allowed, String endpoint) {
    lab.startWireGuardGo(lab.peer, "wg0");
    lab.peer.feed(
        """
        [Interface]
        PrivateKey = %s
        ListenPort = 51822
        [Peer]
        PublicKey = %s
        AllowedIPs = %s
        %s
        """
            .formatted(
                PEER.privateKey(),
                GATEWAY.publicKey(),
                allowed,
                endpoint.isEmpty() ? "" : "Endpoint = " + endpoint),
        "wg",
        "setconf",
        "wg0",
        "/dev/stdin");
    lab.peer.run("ip", "address", "add", address, "dev", "wg0");
    lab.peer.run("ip", "link", "set", "dev", "wg0", "mtu", "1420", "up");
    lab.peer.run("ip", "route", "replace", allowed, "dev", "wg0");
  }
}
