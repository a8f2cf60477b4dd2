// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.SecretKey;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** No key outlives its use. */
class KeyErasureTest extends TwoHosts {
  @Test
  void allKeysAreGoneAfterThreeTimes180Seconds() {
    session();
    int index = Handshake.getInt(alice.sent.getLast().octets(), 4);
    assertThat(bob.device.sessionByIndex(index)).isNotNull();
    network.pass(541);
    assertThat(bob.device.sessionByIndex(index)).isNull();
    assertThat(bob.advance()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void anEndedSessionNeitherSealsNorOpens() {
    exchange();
    Session session = alice.peer().sendingSession(network.now());
    alice.device.down(network.now());
    var segment = java.lang.foreign.Arena.ofAuto().allocate(256);
    var aead = new io.gatehouse.protocol.aead.BouncyCastleAead();
    assertThat(DropReason.ofCode(session.seal(aead, segment, 0, 16)))
        .isEqualTo(DropReason.KEYPAIR_EXPIRED);
    assertThat(DropReason.ofCode(session.open(aead, segment, 0, 48, network.now())))
        .isEqualTo(DropReason.KEYPAIR_EXPIRED);
  }

  private long keys(SimulatedHost host) {
    return host.device.keySlots().occupied().count();
  }

  /** Private key, static-static secret, and two keys for each of as many sessions. */
  private static long withSessions(int sessions) {
    return 2 + 2L * sessions;
  }

  @Test
  void aSessionsKeysLieOffTheHeapUntilThe540thSecond() {
    exchange();
    assertThat(keys(alice)).isEqualTo(withSessions(1));
    network.pass(539);
    assertThat(keys(alice)).isEqualTo(withSessions(1));
    network.pass(2);
    assertThat(keys(alice)).isEqualTo(withSessions(0));
    assertThat(keys(bob)).isEqualTo(withSessions(0));
  }

  @Test
  void atMostCurrentAndPreviousKeysStay() {
    session();
    for (int i = 0; i < 600; i++) {
      network.pass(1);
      alice.send("a");
      bob.send("b");
      assertThat(keys(alice)).isLessThanOrEqualTo(withSessions(2));
      assertThat(keys(bob)).isLessThanOrEqualTo(withSessions(3));
    }
  }

  @Test
  void downWipesThemAtOnce() {
    exchange();
    alice.device.down(network.now());
    assertThat(keys(alice)).isEqualTo(withSessions(0));
  }

  @Test
  void anotherPrivateKeyWipesAllOfTheOld() {
    exchange();
    alice.presharedKey(key(4));
    alice.apply(privateKey(SecretKey.of(new byte[32])));
    assertThat(keys(alice)).as("the preshared key is of the peer").isEqualTo(1);
  }

  @Test
  void aRemovedPeerTakesAllItsKeysAlong() {
    exchange();
    alice.presharedKey(key(4));
    alice.apply(remove(bob.publicKey()));
    assertThat(keys(alice)).as("the private key").isEqualTo(1);
  }

  @Test
  void aReplacedPresharedKeyIsWiped() {
    alice.presharedKey(key(4));
    alice.presharedKey(key(5));
    assertThat(keys(alice)).isEqualTo(2);
    alice.presharedKey(SecretKey.of(new byte[32]));
    assertThat(keys(alice)).isEqualTo(1);
  }

  @Test
  void anInitiationsEphemeralKeyAndChainingKeyAreZeroOnceItIsOver() {
    byte[] ephemeral = new byte[32];
    Primitives.clamp(ephemeral);
    SecretKey secret = key(6);
    byte[] octets = secret.revealOctets();
    Identity self = new Identity(octets, new KeySlots());
    assertThat(octets).as("moved").containsOnly(0);
    Handshake handshake =
        Handshake.initiate(
                self,
                bob.publicKey().octets(),
                new byte[32],
                new byte[12],
                1,
                new Random(1),
                new byte[Messages.INITIATION_LENGTH])
            .orElseThrow();
    assertThat(handshake.isWiped()).isFalse();
    handshake.wipe();
    assertThat(handshake.isWiped()).isTrue();
  }
}
