// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.gatehouse.wgquick.SecretKey;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    alice.down();
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
    alice.down();
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

  /** The first eight octets of secrets, inverted, so that the test itself holds none of them. */
  private static long[] inverted(Stream<byte[]> secrets) {
    return secrets.mapToLong(octets -> ~ByteBuffer.wrap(octets).getLong()).toArray();
  }

  /** How many of the secrets any object on the heap that can be reached still holds. */
  private static int onHeap(long[] inverted, Path directory) throws IOException {
    Path file = directory.resolve(System.nanoTime() + ".hprof");
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(file.toString(), true);
    boolean[] found = new boolean[inverted.length];
    try (InputStream in = Files.newInputStream(file)) {
      byte[] chunk = new byte[1 << 16];
      long window = 0;
      for (int count = in.read(chunk); count > 0; count = in.read(chunk)) {
        for (int i = 0; i < count; i++) {
          window = window << 8 | chunk[i] & 255;
          for (int s = 0; s < inverted.length; s++) {
            found[s] |= ~window == inverted[s];
          }
        }
      }
    }
    Files.delete(file);
    int sum = 0;
    for (boolean one : found) {
      sum += one ? 1 : 0;
    }
    return sum;
  }

  @Test
  void nothingThatCanBeReachedHoldsAKeyAfterwards(@TempDir Path directory) throws IOException {
    exchange();
    network.loss = datagram -> true;
    network.pass(121);
    alice.send("renew");
    byte[] ephemeral = alice.random.drawn.getLast().clone();
    Primitives.clamp(ephemeral);
    long[] ofTheHandshake = inverted(Stream.of(ephemeral));
    long[] ofTheSession =
        inverted(alice.device.keySlots().occupied().skip(1).map(KeySlots::copyOf));
    Arrays.fill(ephemeral, (byte) 0);
    alice.random.drawn.clear();
    assertThat(ofTheSession).hasSize(3);
    assertThat(onHeap(ofTheHandshake, directory)).as("in use").isEqualTo(1);
    assertThat(onHeap(ofTheSession, directory)).as("off the heap").isZero();
    alice.apply(remove(bob.publicKey()));
    assertThat(onHeap(ofTheHandshake, directory)).as("removed").isZero();
    assertThat(keys(alice)).as("the private key").isEqualTo(1);
  }
}
