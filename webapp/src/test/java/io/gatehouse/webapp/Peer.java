// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The machine at the other end of a tunnel: wireguard-go, steered by {@code wg}. */
final class Peer {
  /** Private and public key of the gateway, whose address in the tunnel is 10.0.0.1. */
  static final String GATEWAY_PRIVATE = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=";

  static final String GATEWAY_PUBLIC = publicKey(GATEWAY_PRIVATE);

  /** The peer's own pair; its address in the tunnel is 192.168.200.1. */
  static final String PRIVATE = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=";

  static final String PUBLIC = publicKey(PRIVATE);

  private Peer() {}

  /** Starts it on port 51822 of a machine; it waits for the gateway's call. */
  static void start(Machine machine) {
    Machine.Program go = machine.start(Map.of(), "wireguard-go", "-f", "wg0");
    go.until("wireguard-go serves", () -> machine.hasSocket("wg0"));
    try {
      Path config = machine.home().resolve("peer.conf");
      Files.writeString(
          config,
          """
          [Interface]
          PrivateKey = %s
          ListenPort = 51822
          [Peer]
          PublicKey = %s
          AllowedIPs = 10.0.0.1/32
          """
              .formatted(PRIVATE, GATEWAY_PUBLIC));
      machine.run("wg", "setconf", "wg0", config.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    machine.run("ip", "address", "add", "192.168.200.1/24", "dev", "wg0");
    machine.run("ip", "link", "set", "dev", "wg0", "mtu", "1420", "up");
    machine.run("ip", "route", "add", "10.0.0.1/32", "dev", "wg0");
  }

  /**
   * Runs a client's file, as a phone does, and sends something to the other side.
   *
   * @param name of its interface
   */
  static void call(Machine machine, String name, String file) {
    Machine.Program go = machine.start(Map.of(), "wireguard-go", "-f", name);
    go.until("wireguard-go serves", () -> machine.hasSocket(name));
    String address = file.replaceFirst("(?s).*Address = ([0-9.]+)/.*", "$1");
    String there = address.replaceFirst("[0-9]+$", "1");
    try {
      Path config = machine.home().resolve(name + ".conf");
      Files.writeString(config, file.replaceAll("(?m)^(Address|DNS|MTU) =.*\n", ""));
      machine.run("wg", "setconf", name, config.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    machine.run("ip", "address", "add", address + "/32", "dev", name);
    machine.run("ip", "link", "set", "dev", name, "up");
    machine.run("ip", "route", "add", there + "/32", "dev", name);
    // Until the first answer: wireguard-go drops what comes before it has heard that it is up.
    machine.does("ping", "-c", "1", "-i", "0.5", "-w", "5", there);
  }

  /** What {@code wg pubkey} makes of a private key. */
  private static String publicKey(String privateKey) {
    return Machine.succeed(List.of("sh", "-c", "printf %s \"$0\" | wg pubkey", privateKey)).strip();
  }
}
