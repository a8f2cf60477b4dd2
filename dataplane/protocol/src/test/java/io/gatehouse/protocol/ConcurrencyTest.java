// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.protocol.aead.Aead;
import io.gatehouse.protocol.aead.AeadEngines;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two devices with two transmit and two receive threads each, which seal and open without pause
 * while the control thread renews keys, removes peers, goes down and up, changes private keys and
 * replaces the router. The wire loses nothing and changes nothing, so a packet that does not open
 * shows a key used wrongly.
 */
class ConcurrencyTest {
  private static final int ROUNDS = 800;
  private static final int PAYLOAD = 32;
  private static final int WIRE = 512;

  private final AtomicLong clock = new AtomicLong(1);
  private final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
  private final Set<DropReason> refusals = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;

  /** One device with its packet threads; the control thread serves both hosts. */
  private final class Host implements DeviceOutput {
    final SecretKey privateKey;
    final PublicKey publicKey;
    final Endpoint address;
    final Device device;
    final Queue<byte[]> wire = new ConcurrentLinkedQueue<>();
    final AtomicLong onWire = new AtomicLong();
    final Queue<byte[]> handshakes = new ConcurrentLinkedQueue<>();
    final Queue<Peer> woken = new ConcurrentLinkedQueue<>();
    final Queue<Peer> service = new ConcurrentLinkedQueue<>();
    final Set<Long> countersUsed = ConcurrentHashMap.newKeySet();
    final Set<Long> countersTaken = ConcurrentHashMap.newKeySet();
    final AtomicLong delivered = new AtomicLong();

    Host(int number) {
      byte[] octets = new byte[32];
      new Random(number).nextBytes(octets);
      privateKey = SecretKey.of(octets);
      publicKey = TwoHosts.publicKey(privateKey);
      address = SimulatedHost.address(number, 51820);
      // Timestamps must rise with each handshake, however fast they follow.
      AtomicLong seconds = new AtomicLong(1_000_000);
      device =
          new Device(
              this,
              new Random(number),
              () -> Instant.ofEpochSecond(seconds.incrementAndGet()),
              clock.get());
      device.apply(TwoHosts.privateKey(privateKey), clock.get());
    }

    @Override
    public boolean sendHandshake(byte[] message, Endpoint to) {
      handshakes.add(message);
      return true;
    }

    @Override
    public void wakeTransmit(Peer peer) {
      woken.add(peer);
    }

    /** One of the two who seal for this host. */
    void transmit() {
      Aead aead = AeadEngines.create(AeadEngines.AUTO);
      MemorySegment packet = Arena.ofAuto().allocate(256);
      long number = 0;
      while (!stopped) {
        for (Peer peer = woken.poll(); peer != null; peer = woken.poll()) {
          peer.takeKeepaliveRequest();
        }
        Peer peer = device.router().lookup4(10 << 24);
        if (peer == null || onWire.get() >= WIRE) {
          LockSupport.parkNanos(20_000);
          continue;
        }
        long now = clock.get();
        Session session = peer.sendingSession(now);
        if (session == null) {
          if (peer.requestHandshake()) {
            service.add(peer);
          }
          LockSupport.parkNanos(20_000);
          continue;
        }
        number++;
        for (int i = 0; i < PAYLOAD / 8; i++) {
          packet.set(ValueLayout.JAVA_LONG_UNALIGNED, 16 + 8L * i, content(number, i));
        }
        int length = session.seal(aead, packet, 0, PAYLOAD);
        if (length > 0) {
          byte[] datagram = packet.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
          if (!countersUsed.add(use(datagram))) {
            throw new AssertionError("a key sealed twice under one counter");
          }
          onWire.incrementAndGet();
          wire.add(datagram);
          if (number % 16 == 0) {
            // A replay, which the other receive thread may open at the same time.
            onWire.incrementAndGet();
            wire.add(datagram);
          }
          if (peer.dataSent(session, 1, length, true, now)) {
            service.add(peer);
          }
        }
      }
    }

    /** One of the two who open for this host. */
    void receive(Host from) {
      Aead aead = AeadEngines.create(AeadEngines.AUTO);
      MemorySegment packet = Arena.ofAuto().allocate(256);
      while (!stopped) {
        byte[] datagram = from.wire.poll();
        if (datagram == null) {
          LockSupport.parkNanos(20_000);
          continue;
        }
        from.onWire.decrementAndGet();
        Session session = device.sessionByIndex(Handshake.getInt(datagram, 4));
        if (session == null) {
          continue;
        }
        MemorySegment.copy(datagram, 0, packet, ValueLayout.JAVA_BYTE, 0, datagram.length);
        long now = clock.get();
        int length = session.open(aead, packet, 0, datagram.length, now);
        if (length < 0) {
          refusals.add(DropReason.ofCode(length));
          continue;
        }
        if (!countersTaken.add(use(datagram))) {
          throw new AssertionError("a packet was taken twice");
        }
        long number = packet.get(ValueLayout.JAVA_LONG_UNALIGNED, 16);
        for (int i = 0; i < PAYLOAD / 8; i++) {
          if (length != PAYLOAD
              || packet.get(ValueLayout.JAVA_LONG_UNALIGNED, 16 + 8L * i) != content(number, i)) {
            throw new AssertionError("not what was sent");
          }
        }
        delivered.incrementAndGet();
        Peer peer = session.peer();
        peer.roam(from.address);
        if (peer.dataReceived(session, 1, datagram.length, true, now)) {
          service.add(peer);
        }
      }
    }

    PeerChange knows(Host other) {
      return new PeerChange(
          other.publicKey,
          false,
          false,
          Optional.empty(),
          Optional.of(other.address),
          OptionalInt.empty(),
          true,
          List.of(new PeerChange.AllowedIpChange(Prefix.parse("10.0.0.0/8"), false)));
    }

    void apply(PeerChange... changes) {
      device.apply(TwoHosts.change(changes), clock.get());
    }

    /** Control thread. */
    void turn(Host other) {
      for (Peer peer = service.poll(); peer != null; peer = service.poll()) {
        device.service(peer, clock.get());
      }
      for (byte[] m = other.handshakes.poll(); m != null; m = other.handshakes.poll()) {
        device.receive(m, m.length, other.address, false, clock.get());
      }
      device.advance(clock.get());
    }
  }

  /** Which key a datagram is under and which counter it has. */
  private static long use(byte[] datagram) {
    return (long) Handshake.getInt(datagram, 4) << 32
        | Integer.toUnsignedLong(Handshake.getInt(datagram, 8));
  }

  private static long content(long number, int word) {
    return word == 0 ? number : number * 0x9e3779b97f4a7c15L + word;
  }

  @Test
  @Timeout(120)
  void packetThreadsNeverSeeAKeyThatIsNotTheirs() throws InterruptedException {
    Host alice = new Host(1);
    Host bob = new Host(2);
    alice.apply(alice.knows(bob));
    bob.apply(bob.knows(alice));
    alice.device.up(clock.get());
    bob.device.up(clock.get());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      threads.add(start(alice::transmit));
      threads.add(start(bob::transmit));
      threads.add(start(() -> alice.receive(bob)));
      threads.add(start(() -> bob.receive(alice)));
    }
    Random random = new Random(5);
    long sessions = 0;
    for (int round = 0; round < ROUNDS && thrown.isEmpty(); round++) {
      Host host = random.nextBoolean() ? alice : bob;
      Host other = host == alice ? bob : alice;
      disturb(random.nextInt(8), host, other);
      long before = alice.delivered.get() + bob.delivered.get();
      // Until packets flow again, but never for ever: not every disturbance heals at once.
      for (int turn = 0; turn < 2000; turn++) {
        alice.turn(bob);
        bob.turn(alice);
        if (alice.delivered.get() + bob.delivered.get() > before + 20) {
          sessions++;
          break;
        }
        if (turn % 100 == 99) {
          clock.addAndGet(6 * SimulatedNetwork.SECOND);
        }
        LockSupport.parkNanos(20_000);
      }
    }
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(thrown).isEmpty();
    assertThat(sessions).as("rounds in which packets flowed").isGreaterThan(ROUNDS / 2);
    assertThat(refusals)
        .as("of packets that nobody touched")
        .isSubsetOf(EnumSet.of(DropReason.KEYPAIR_EXPIRED, DropReason.REPLAYED))
        .contains(DropReason.REPLAYED);
    assertThat(alice.device.handshakeCounters().completed()).isGreaterThan(ROUNDS / 8);
  }

  private void disturb(int what, Host host, Host other) {
    long now = clock.get();
    switch (what) {
      case 0 -> host.apply(TwoHosts.remove(other.publicKey), host.knows(other));
      case 1 -> {
        host.device.down(now);
        host.device.up(now);
      }
      case 2 -> {
        host.device.apply(TwoHosts.privateKey(SecretKey.of(new byte[32])), now);
        host.device.apply(TwoHosts.privateKey(host.privateKey), now);
      }
      case 3 -> host.apply(host.knows(other));
      case 4 -> clock.addAndGet(200 * SimulatedNetwork.SECOND);
      case 5 -> clock.addAndGet(600 * SimulatedNetwork.SECOND);
      default -> clock.addAndGet(121 * SimulatedNetwork.SECOND);
    }
  }

  private Thread start(Runnable loop) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                loop.run();
              } catch (RuntimeException | Error e) {
                thrown.add(e);
              }
            });
  }
}
