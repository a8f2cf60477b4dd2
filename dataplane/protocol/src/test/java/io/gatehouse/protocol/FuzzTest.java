// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.protocol.aead.Aead;
import io.gatehouse.protocol.aead.AeadEngines;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A million datagrams of no good, against a device with a session: nothing is thrown, nothing is
 * sent that is not due, nothing changes, and traffic goes on. {@code -Dgatehouse.fuzz=N} asks for
 * another number.
 */
class FuzzTest extends TwoHosts {
  private static final int DATAGRAMS = Integer.getInteger("gatehouse.fuzz", 1_000_000);
  private static final Endpoint STRANGER = SimulatedHost.address(66, 666);

  private final Random random = new Random(20_260_101);
  private final Aead aead = AeadEngines.create(AeadEngines.AUTO);
  private final MemorySegment packet = Arena.ofAuto().allocate(4096);

  /** What must be as before. */
  private record Standing(Session session, Endpoint endpoint, long rxBytes, long keys) {}

  private Standing standing(SimulatedHost host) {
    return new Standing(
        sending(host),
        Objects.requireNonNull(host.peer().endpoint()),
        host.peer().rxBytes(),
        host.device.keySlots().occupied().count());
  }

  @Test
  void randomTruncatedAndFlippedDatagramsChangeNothing() {
    exchange();
    network.pass(1);
    List<byte[]> genuine =
        List.of(
            alice.sent.getFirst().octets(),
            bob.sent.getFirst().octets(),
            cookieReply(),
            alice.sent.getLast().octets(),
            bob.sent.getLast().octets());
    Standing alicesBefore = standing(alice);
    Standing bobsBefore = standing(bob);
    alice.sent.clear();
    bob.sent.clear();
    for (int i = 0; i < DATAGRAMS; i++) {
      SimulatedHost host = random.nextBoolean() ? alice : bob;
      byte[] datagram = mutilated(genuine, i, host);
      if (datagram.length >= 16 && isData(datagram)) {
        open(host, datagram);
      } else {
        boolean underLoad = random.nextInt(64) == 0;
        host.device.receive(datagram, datagram.length, STRANGER, underLoad, network.now());
      }
    }
    for (SimulatedHost host : List.of(alice, bob)) {
      assertThat(host.sent)
          .allMatch(s -> s.type() == Messages.COOKIE_REPLY && STRANGER.equals(s.to()));
      assertThat(host.device.handshakeCounters().cookiesOut()).isEqualTo(host.sent.size());
    }
    assertThat(bob.sent).as("under load with a right MAC1").isNotEmpty();
    assertThat(standing(alice)).isEqualTo(alicesBefore);
    assertThat(standing(bob)).isEqualTo(bobsBefore);
    alice.send("still there");
    bob.send("yes");
    network.pass(1);
    assertThat(bob.received).contains("still there");
    assertThat(alice.received).contains("yes");
    network.pass(200);
    alice.send("a new session");
    network.pass(1);
    assertThat(bob.received).contains("a new session");
  }

  private byte[] cookieReply() {
    byte[] reply = new byte[Messages.COOKIE_REPLY_LENGTH];
    random.nextBytes(reply);
    Handshake.putInt(reply, 0, Messages.COOKIE_REPLY);
    Handshake.putInt(reply, 4, sending(bob).localIndex());
    return reply;
  }

  private static boolean isData(byte[] datagram) {
    return Handshake.getInt(datagram, 0) == Messages.DATA;
  }

  private void open(SimulatedHost host, byte[] datagram) {
    Session session = host.device.sessionByIndex(Handshake.getInt(datagram, 4));
    if (session != null) {
      MemorySegment.copy(datagram, 0, packet, ValueLayout.JAVA_BYTE, 8, datagram.length);
      assertThat(session.open(aead, packet, 8, datagram.length, network.now())).isNegative();
    }
  }

  private byte[] mutilated(List<byte[]> genuine, int i, SimulatedHost host) {
    return switch (i % 8) {
      case 0 -> noise(random.nextInt(1600));
      case 1 -> {
        byte[] message = noise(random.nextInt(4, 200));
        Handshake.putInt(message, 0, random.nextInt(1, 5));
        yield message;
      }
      case 2 -> {
        byte[] message = flipped(genuine.get(random.nextInt(2)).clone());
        if (i % 64 == 2) {
          // With a right MAC1 it is looked into, which costs an X25519.
          Macs.write(message, Macs.mac1Key(host.publicKey().octets()), null);
        }
        yield message;
      }
      case 3 -> {
        byte[] message = any(genuine);
        yield Arrays.copyOf(message, random.nextInt(message.length));
      }
      case 4 -> {
        byte[] message = any(genuine);
        yield Arrays.copyOf(message, message.length + 1 + random.nextInt(1500));
      }
      default -> flipped(any(genuine).clone());
    };
  }

  private byte[] any(List<byte[]> genuine) {
    return genuine.get(random.nextInt(genuine.size()));
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  /** One bit to some, at least one of them really changed. */
  private byte[] flipped(byte[] message) {
    int bits = 1 + random.nextInt(3);
    for (int i = 0; i < bits; i++) {
      // Different places, so that no two flips undo each other.
      int at = (random.nextInt(message.length / 3) * 3 + i) % message.length;
      message[at] ^= (byte) (1 << random.nextInt(8));
    }
    return message;
  }

  @Test
  void aClockThatStepsBackAndALengthBeyondTheArrayHurtNobody() {
    exchange();
    byte[] message = alice.sent.getFirst().octets();
    long past = network.now() - 1000 * SECOND;
    bob.device.receive(message, message.length, STRANGER, true, past);
    bob.device.advance(past);
    bob.device.service(bob.peer(), past);
    bob.device.receive(new byte[65_535], 65_535, STRANGER, true, network.now());
    bob.device.receive(message, message.length, STRANGER, true, network.now() + 1000 * SECOND);
    alice.send("on");
    network.pass(1);
    assertThat(bob.received).contains("on");
  }
}
