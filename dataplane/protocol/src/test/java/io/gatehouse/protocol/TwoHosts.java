// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;

/** Alice knows where Bob is; Bob knows only her key. What the tests of the protocol begin with. */
abstract class TwoHosts {
  static final long SECOND = SimulatedNetwork.SECOND;

  final SimulatedNetwork network = new SimulatedNetwork();
  final SimulatedHost alice = new SimulatedHost(network, 1);
  final SimulatedHost bob = new SimulatedHost(network, 2);

  @BeforeEach
  final void peers() {
    alice.knows(bob, true);
    bob.knows(alice, false);
  }

  /** Alice opens a session by sending. */
  final void session() {
    alice.send("hello");
    network.pass(0.1);
    assertThat(bob.received).contains("hello");
  }

  /** A session over which both have sent. */
  final void exchange() {
    alice.send("ping");
    network.pass(0.1);
    bob.send("pong");
    network.pass(0.1);
    assertThat(bob.received).contains("ping");
    assertThat(alice.received).contains("pong");
  }

  /** The session with which this host sends to its only peer. */
  final Session sending(SimulatedHost host) {
    Session session = host.peer().sendingSession(network.now());
    assertThat(session).isNotNull();
    return session;
  }

  static SecretKey key(int seed) {
    byte[] octets = new byte[32];
    new Random(seed).nextBytes(octets);
    return SecretKey.of(octets);
  }

  static PublicKey publicKey(SecretKey key) {
    byte[] octets = key.revealOctets();
    Primitives.clamp(octets);
    return PublicKey.of(Primitives.publicKey(octets));
  }

  static DeviceChange privateKey(SecretKey key) {
    return new DeviceChange(
        Optional.of(key), OptionalInt.empty(), OptionalInt.empty(), false, List.of());
  }

  static DeviceChange replacePeers(PeerChange... peers) {
    return new DeviceChange(
        Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), true, List.of(peers));
  }

  static DeviceChange change(PeerChange... peers) {
    return new DeviceChange(
        Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), false, List.of(peers));
  }

  static PeerChange add(PublicKey key, String... allowed) {
    return new PeerChange(
        key,
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        false,
        Arrays.stream(allowed)
            .map(p -> new PeerChange.AllowedIpChange(Prefix.parse(p), false))
            .toList());
  }

  static PeerChange endpoint(PublicKey key, Endpoint endpoint) {
    return new PeerChange(
        key,
        false,
        true,
        Optional.empty(),
        Optional.of(endpoint),
        OptionalInt.empty(),
        false,
        List.of());
  }

  static PeerChange remove(PublicKey key) {
    return new PeerChange(
        key,
        true,
        false,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        false,
        List.of());
  }
}
