// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.Poller;
import io.gatehouse.linux.UdpReceiveBatch;
import io.gatehouse.linux.UdpSendBatch;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.Device;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceOutput;
import io.gatehouse.protocol.DiffieHellman;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.HandshakeCounters;
import io.gatehouse.protocol.Peer;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.protocol.Session;
import io.gatehouse.protocol.aead.Aead;
import io.gatehouse.protocol.aead.AeadEngines;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Thousands of honest peers of one tunnel in one process, each with a key and an address of its
 * own: to measure what their handshakes cost the tunnel's program.
 *
 * <p>The addresses are of 198.18.0.0/15, which must be local where it runs ({@code ip route add
 * local 198.18.0.0/15 dev lo}). Needs nothing of the tests, so that {@code install/bench} can start
 * it from its source file.
 */
public final class HandshakeClients {
  private static final int ADDRESSES = 0xc612_0000;
  private static final int MOST = 1 << 17;
  private static final long MAPPED = 0xffff_0000_0000L;
  private static final long SECOND = 1_000_000_000L;
  private static final int BATCH = 64;
  private static final int SLOT = 256;
  private static final int TYPE_DATA = 4;

  /** Handshakes under way at a time, few enough for no program to call it load. */
  private static final int WINDOW = 64;

  /** Handshakes until a responder in Java is compiled and everybody has a cookie who needs one. */
  private static final int SETTLE = 8000;

  /** And until its compiler has nothing more to do, which shares the processor with all else. */
  private static final long SETTLE_TIME = 20 * SECOND;

  private static final long LOST_AFTER = SECOND / 2;
  private static final int TICKS_PER_SECOND = 100;

  private final Endpoint target;
  private final Path responder;
  private final Client[] clients;
  private final UdpSocket socket;
  private final Poller poller = new Poller(1);
  private final UdpReceiveBatch arrived = new UdpReceiveBatch(BATCH, 2048);
  private final UdpSendBatch departing = new UdpSendBatch(BATCH);
  private final MemorySegment slots = Arena.ofAuto().allocate((long) BATCH * SLOT, 8);
  private final Aead aead = AeadEngines.create(AeadEngines.BOUNCY_CASTLE);
  private int initiations;

  private HandshakeClients(Client[] clients, Endpoint target, Path responder, UdpSocket socket) {
    this.clients = clients;
    this.target = target;
    this.responder = responder;
    this.socket = socket;
    poller.add(socket.fd());
  }

  /**
   * {@code peers SEED COUNT} writes the responder's configuration of them. {@code rate|storm SEED
   * COUNT ADDRESS PORT KEY PID SECONDS} measures the responder, which is process PID.
   *
   * <p>{@code rate} makes one handshake after the other, {@value #WINDOW} at a time, first {@value
   * #SETTLE} and 20 s that do not count, and says: handshakes per second, processor time for each
   * in microseconds, share of them that needed a cookie, share that got no answer. {@code storm}
   * begins all at once and goes on as peers do, and says: how many came up, seconds until half of
   * them, 99 of 100 and the last were up, processor seconds, initiations for each.
   */
  public static void main(String[] words) throws IOException, LinuxException {
    Client[] clients = new Client[Math.min(MOST, Integer.parseInt(words[2]))];
    boolean run = !words[0].equals("peers");
    PublicKey key = run ? PublicKey.parse(words[5]) : PublicKey.of(new byte[PublicKey.LENGTH]);
    String address = run ? words[3] : "192.0.2.1";
    int port = run ? Integer.parseInt(words[4]) : 9;
    Endpoint target = Endpoint.of(new InetSocketAddress(InetAddress.ofLiteral(address), port));
    SecureRandom random = new SecureRandom();
    for (int i = 0; i < clients.length; i++) {
      clients[i] = new Client(secret(words[1], i), key, target, random);
      if (!run) {
        System.out.printf(
            "[Peer]%nPublicKey = %s%nAllowedIPs = 10.%d.%d.%d/32%n",
            clients[i].publicKey(), 128 + (i >> 16), i >> 8 & 255, i & 255);
      }
    }
    if (!run) {
      return;
    }
    // What bounds the rate shall be the responder.
    System.err.println(DiffieHellman.settle(Duration.ofSeconds(60), () -> {}));
    try (UdpSocket socket = UdpSocket.bind(0, UdpSocket.Options.PLAIN)) {
      Path responder = Path.of("/proc", words[6], "stat");
      HandshakeClients all = new HandshakeClients(clients, target, responder, socket);
      int seconds = Integer.parseInt(words[7]);
      if (words[0].equals("rate")) {
        all.rate(seconds);
      } else {
        all.storm(seconds);
      }
    }
  }

  private static SecretKey secret(String seed, int i) {
    try {
      byte[] name = (seed + "/" + i).getBytes(StandardCharsets.UTF_8);
      return SecretKey.of(MessageDigest.getInstance("SHA-256").digest(name));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  // ---- one after the other

  private void rate(int seconds) throws IOException {
    long[] since = new long[clients.length];
    int under = 0;
    int next = 0;
    int lost = 0;
    int done = 0;
    double cpu = 0;
    long start = System.nanoTime();
    long counted = 0;
    long cookiesBefore = 0;
    while (true) {
      long now = System.nanoTime();
      if (counted == 0 && done >= SETTLE && now - start >= SETTLE_TIME) {
        counted = now;
        cpu = processorSeconds();
        cookiesBefore = cookies();
        done = 0;
        lost = 0;
      }
      if (counted != 0 && now - counted >= seconds * SECOND) {
        double time = (now - counted) / 1e9;
        double used = processorSeconds() - cpu;
        System.out.printf(
            "%.1f %.2f %.3f %.4f%n",
            done / time,
            used * 1e6 / done,
            (cookies() - cookiesBefore) / (double) done,
            lost / (double) (done + lost));
        return;
      }
      while (under < WINDOW) {
        if (since[next] == 0) {
          since[next] = now;
          under++;
          begin(next, now);
        }
        next = (next + 1) % clients.length;
      }
      flush();
      int count = arrived.receive(socket);
      for (int i = 0; i < count; i++) {
        int who = receive(i, System.nanoTime());
        if (who < 0 || since[who] == 0) {
          continue;
        }
        if (clients[who].isUp(now)) {
          confirm(who, now);
          since[who] = 0;
          under--;
          done++;
        } else {
          begin(who, System.nanoTime());
        }
      }
      flush();
      if (count <= 0) {
        poller.poll(SECOND / 1000);
        for (int i = 0; i < since.length; i++) {
          if (since[i] != 0 && now - since[i] > LOST_AFTER) {
            since[i] = 0;
            under--;
            lost++;
          }
        }
      }
    }
  }

  private long cookies() {
    return Arrays.stream(clients)
        .map(client -> client.device.handshakeCounters())
        .mapToLong(HandshakeCounters::cookiesIn)
        .sum();
  }

  // ---- all at once

  private void storm(int seconds) throws IOException {
    long prepared = System.nanoTime();
    long[] due = new long[clients.length];
    for (Client client : clients) {
      client.begin(prepared);
    }
    // Their clocks stood still meanwhile.
    long late = System.nanoTime() - prepared;
    double cpu = processorSeconds();
    int up = 0;
    double half = 0;
    double most = 0;
    double time = 0;
    for (int i = 0; i < clients.length; i++) {
      depart(i);
      due[i] = clients[i].device.advance(prepared);
    }
    flush();
    while (up < clients.length && time < seconds) {
      long now = System.nanoTime() - late;
      time = (now - prepared) / 1e9;
      int count = arrived.receive(socket);
      for (int i = 0; i < count; i++) {
        int who = receive(i, now);
        if (who >= 0 && clients[who].isUp(now) && due[who] != Long.MAX_VALUE) {
          due[who] = Long.MAX_VALUE;
          confirm(who, now);
          up++;
          half = 2 * up >= clients.length && half == 0 ? time : half;
          most = 100L * up >= 99L * clients.length && most == 0 ? time : most;
        }
      }
      if (count <= 0) {
        for (int i = 0; i < clients.length; i++) {
          if (due[i] != Long.MAX_VALUE && due[i] - now <= 0) {
            due[i] = clients[i].device.advance(now);
            depart(i);
          }
        }
        flush();
        poller.poll(SECOND / 1000);
      }
      flush();
    }
    System.out.printf(
        "%d %.3f %.3f %.3f %.2f %.2f%n",
        up, half, most, time, processorSeconds() - cpu, initiations / (double) clients.length);
  }

  // ---- both

  private void begin(int who, long now) {
    clients[who].begin(now);
    depart(who);
  }

  /** Sends what the client has to say, if anything. */
  private void depart(int who) {
    if (clients[who].said.isEmpty()) {
      return;
    }
    byte[] message = clients[who].said.get();
    clients[who].said = Optional.empty();
    initiations++;
    long at = slot();
    MemorySegment.copy(message, 0, slots, ValueLayout.JAVA_BYTE, at, message.length);
    send(who, at, message.length);
  }

  /** A keepalive: only with it has the responder keys that it may use. */
  private void confirm(int who, long now) {
    long at = slot();
    Session session = clients[who].peer.sendingSession(now);
    int length = session == null ? 0 : session.seal(aead, slots, at, 0);
    if (length > 0) {
      send(who, at, length);
    }
  }

  private long slot() {
    if (departing.isFull()) {
      flush();
    }
    return (long) departing.count() * SLOT;
  }

  private void send(int who, long at, int length) {
    long source = MAPPED | (ADDRESSES | who) & 0xffff_ffffL;
    long to = target.addressLow();
    departing.add(slots, at, length, length, 0, to, target.port(), 0, 0, source, 0, 0);
  }

  private void flush() {
    if (departing.count() > 0) {
      departing.flush(socket);
    }
  }

  /** Gives a message to whom it is for; negative when to nobody. */
  private int receive(int i, long now) {
    int who = (int) arrived.localLow(i) & MOST - 1;
    byte[] message = new byte[arrived.length(i)];
    MemorySegment.copy(
        arrived.memory(), ValueLayout.JAVA_BYTE, arrived.offset(i), message, 0, message.length);
    if (who >= clients.length || message.length == 0 || message[0] == TYPE_DATA) {
      return -1;
    }
    clients[who].device.receive(message, message.length, target, false, now);
    return who;
  }

  /** User and system time of the responder. */
  private double processorSeconds() throws IOException {
    String stat = Files.readString(responder);
    String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(words[11]) + Long.parseLong(words[12])) / (double) TICKS_PER_SECOND;
  }

  /** One peer: a device that knows the tunnel alone. */
  private static final class Client implements DeviceOutput {
    private final Device device;
    private final Peer peer;
    private Optional<byte[]> said = Optional.empty();

    Client(SecretKey key, PublicKey tunnel, Endpoint target, SecureRandom random) {
      long now = System.nanoTime();
      device = new Device(this, random, Instant::now, now);
      PeerChange change =
          new PeerChange(
              tunnel,
              false,
              false,
              Optional.empty(),
              Optional.of(target),
              OptionalInt.empty(),
              false,
              List.of());
      device.apply(
          new DeviceChange(
              Optional.of(key), OptionalInt.empty(), OptionalInt.empty(), false, List.of(change)),
          now);
      peer = device.peers().getFirst();
    }

    PublicKey publicKey() {
      return device.snapshot(System.nanoTime()).publicKey().orElseThrow();
    }

    /** Forgets all but its cookie, and begins a handshake. */
    void begin(long now) {
      device.down(now);
      device.up(now);
      peer.requestHandshake();
      device.service(peer, now);
    }

    boolean isUp(long now) {
      return peer.sendingSession(now) != null;
    }

    @Override
    public boolean sendHandshake(byte[] message, Endpoint to) {
      said = Optional.of(message);
      return true;
    }

    @Override
    public void wakeTransmit(Peer of) {
      // Nothing else is sent.
    }
  }
}
