// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.aead.Aead;
import io.gatehouse.protocol.aead.AeadEngines;
import io.gatehouse.protocol.aead.BouncyCastleAead;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Packet threads that are helped by workers, beside their slow twin that does everything alone: the
 * same packets arrive, each flow in the order in which it was sent.
 */
class HelpedTwinsTest {
  /** Packets under way at a time, so that no socket's buffer overflows. */
  private static final int WINDOW = 1500;

  private static final int READS = 400;

  /** The transmit direction changes hands whenever it can. */
  private static final PacketThreads.Sharing EAGER =
      new PacketThreads.Sharing(1, 0, Long.MAX_VALUE);

  /** Much more than it takes. */
  private static final long PATIENCE = 120_000_000_000L;

  private static final byte ACK = 0x10;

  private final Random random = new Random(20261124);

  @Test
  void theSamePacketsArriveInTheSameOrderWithWorkersAsWithout() throws Exception {
    List<Supplier<Aead>> engines =
        List.of(BouncyCastleAead::new, () -> AeadEngines.create(AeadEngines.AUTO));
    for (Supplier<Aead> aead : engines) {
      for (int round = 0; round < 2; round++) {
        List<byte[]> reads = reads();
        Map<String, List<String>> sent = flows(reads);

        assertThat(pass(reads, aead, Workers.none(), PacketThreads.Sharing.USUAL)).isEqualTo(sent);
        assertThat(pass(reads, aead, Workers.none(), EAGER)).as("by turns").isEqualTo(sent);
        for (int count = 1; count <= 3; count++) {
          PacketThreads.Sharing sharing = count == 2 ? EAGER : PacketThreads.Sharing.USUAL;
          try (Workers workers = new Workers(count, aead)) {
            assertThat(pass(reads, aead, workers, sharing))
                .as("with %d workers", count)
                .isEqualTo(sent);
          }
        }
      }
    }
  }

  /** Sends all through the path and gives what came out, by flow. */
  private static Map<String, List<String>> pass(
      List<byte[]> reads, Supplier<Aead> aead, Workers workers, PacketThreads.Sharing sharing)
      throws Exception {
    Sink sink = new Sink();
    try (Source source = new Source(reads, sink);
        HelpedPath path =
            new HelpedPath(source, sink, UdpSocket.Options.DEFAULT, aead, workers, sharing)) {
      source.open();
      long deadline = System.nanoTime() + PATIENCE;
      while (sink.packets < source.packets && System.nanoTime() - deadline < 0) {
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(sink.packets)
          .as(
              "packets that arrive; dropped by the sender: %s, by the receiver: %s",
              path.from.snapshot(System.nanoTime()), path.to.snapshot(System.nanoTime()))
          .isEqualTo(source.packets);
      assertThat(path.transmit.wasHelped()).isEqualTo(workers.count() > 0);
      assertThat(path.transmit.drops.total()).as("the junk alone").isEqualTo(source.junk);
      assertThat(path.receive.drops.total()).isZero();
      assertThat(path.transmit.packets.get()).isEqualTo(source.packets);
      assertThat(path.receive.packets.get()).isEqualTo(source.packets);
      assertThat(path.from.peers().getFirst().txPackets()).isEqualTo(source.packets);
      assertThat(path.to.peers().getFirst().rxPackets()).isEqualTo(source.packets);
      assertThat(path.to.peers().getFirst().rxBytes())
          .isEqualTo(path.from.peers().getFirst().txBytes());
    }
    return flows(sink.writes);
  }

  /** What a TUN device gives under load: mostly long super-packets, between them all kinds. */
  private List<byte[]> reads() {
    int[] sequence = new int[8];
    List<byte[]> reads = new ArrayList<>();
    for (int i = 0; i < READS; i++) {
      int flow = random.nextInt(sequence.length);
      boolean ipv6 = flow % 2 == 0;
      boolean tcp = flow < 6;
      int gsoSize;
      int count;
      switch (random.nextInt(12)) {
        case 0 -> {
          gsoSize = 1 + random.nextInt(1300);
          count = 1;
        }
        case 1 -> {
          gsoSize = 16 + random.nextInt(200);
          count = 2 + random.nextInt(60);
        }
        case 2 -> {
          reads.add(new byte[10 + random.nextInt(15)]);
          continue;
        }
        default -> {
          gsoSize = 1300;
          count = tcp ? 40 : 30;
        }
      }
      byte[] payload = new byte[gsoSize * count - random.nextInt(gsoSize)];
      random.nextBytes(payload);
      byte[] whole =
          SuperPackets.packet(
              random, ipv6, tcp ? Ip.TCP : Ip.UDP, 100 + flow, sequence[flow], ACK, payload);
      sequence[flow] += payload.length;
      reads.add(SuperPackets.offloaded(whole, count == 1 ? 0 : gsoSize));
    }
    return reads;
  }

  /** The packets of each flow, as they follow each other. */
  private static Map<String, List<String>> flows(List<byte[]> superPackets) {
    Map<String, List<String>> flows = new TreeMap<>();
    for (byte[] each : superPackets) {
      for (byte[] packet : cut(each)) {
        boolean ipv6 = packet[0] >>> 4 == 6;
        int ports = ipv6 ? 40 : 20;
        if (!ipv6) {
          // The identification counts on within a super-packet, whichever it is joined to.
          packet[4] = packet[5] = packet[10] = packet[11] = 0;
        }
        flows
            .computeIfAbsent(
                packet[0] + " " + HexFormat.of().formatHex(packet, ports, ports + 2),
                port -> new ArrayList<>())
            .add(HexFormat.of().formatHex(packet));
      }
    }
    return flows;
  }

  private static List<byte[]> cut(byte[] superPacket) {
    if (superPacket.length < 40) {
      return List.of();
    }
    if (superPacket[0] == 1 && superPacket[1] == 0) {
      return SuperPackets.segment(superPacket);
    }
    return SlowCut.of(superPacket);
  }

  /** Gives the reads one by one, while not too many packets are under way. */
  private static final class Source implements PacketSource, AutoCloseable {
    private final EventFd ready = EventFd.open();
    private final List<byte[]> reads;
    private final List<Integer> counts;
    private final Sink sink;
    private volatile boolean open;
    private int next;
    private long given;
    final long packets;
    final long junk;

    Source(List<byte[]> reads, Sink sink) throws Exception {
      this.reads = reads;
      this.sink = sink;
      counts = reads.stream().map(read -> cut(read).size()).toList();
      packets = counts.stream().mapToLong(count -> count).sum();
      junk = counts.stream().filter(count -> count == 0).count();
    }

    void open() {
      open = true;
      ready.signal();
    }

    @Override
    public int fd() {
      return ready.fd();
    }

    @Override
    public boolean vnetHeader() {
      return true;
    }

    @Override
    public int read(MemorySegment memory, long offset, int length) {
      if (!open || next == reads.size() || given - sink.packets > WINDOW) {
        return 0;
      }
      byte[] read = reads.get(next);
      given += counts.get(next++);
      MemorySegment.copy(read, 0, memory, ValueLayout.JAVA_BYTE, offset, read.length);
      return read.length;
    }

    @Override
    public void close() {
      ready.close();
    }
  }

  /** Keeps what the device is given. */
  private static final class Sink implements PacketSink {
    private final SuperPackets.Recorder recorder = new SuperPackets.Recorder();
    final List<byte[]> writes = recorder.writes;
    volatile long packets;

    @Override
    public boolean vnetHeader() {
      return true;
    }

    @Override
    public boolean tso() {
      return true;
    }

    @Override
    public boolean uso() {
      return true;
    }

    @Override
    public int write(MemorySegment memory, long offset, int length) {
      int result = recorder.write(memory, offset, length);
      add(1);
      return result;
    }

    @Override
    public int writev(MemorySegment iovecs, long offset, int count) {
      int result = recorder.writev(iovecs, offset, count);
      add(count);
      return result;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time, which this test shows
    private void add(int n) {
      packets += n;
    }
  }
}
