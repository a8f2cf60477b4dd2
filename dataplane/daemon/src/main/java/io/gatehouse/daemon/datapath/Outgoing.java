// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.Peer;
import io.gatehouse.protocol.Session;
import io.gatehouse.protocol.aead.Aead;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * What was read from the TUN device and whose it is, to be cut and sealed by any thread and sent in
 * its turn. The counters are reserved already, so that they rise in the order of sending.
 */
final class Outgoing implements Pipeline.Batch {
  /** The longest IP packet and the virtio header. */
  static final int READ = 65535 + VirtioNetHeader.LENGTH;

  /** It is full when so much was read; one more read always fits. */
  static final int FULL = 48 * 1024;

  /** Room for what such reads become, but for the oddest ones. */
  private static final int OUT = 3 * 65536;

  private static final int MAX_READS = 128;

  /** What the longest super-packet becomes where each datagram is sent by itself. */
  private static final int RUNS_OF_A_READ = 48;

  private final boolean vnetHeader;
  private final Consumer<Peer> wakeControl;
  private final MemorySegment in = Arena.ofAuto().allocate(FULL + READ + 64, 64);
  private final Segmenter segmenter = new Segmenter(in);
  private final SealedRuns runs;

  private final int[] start = new int[MAX_READS];
  private final int[] length = new int[MAX_READS];
  private final Peer[] peers = new Peer[MAX_READS];
  private final Session[] sessions = new Session[MAX_READS];
  private final long[] counters = new long[MAX_READS];
  private final int[] packets = new int[MAX_READS];
  private final long[] octets = new long[MAX_READS];
  private int reads;
  private int end;
  private long roomTaken;
  private int runsTaken;
  private long now;

  Outgoing(
      boolean vnetHeader,
      SentCounter sent,
      DropCounters drops,
      Fallbacks fallbacks,
      Consumer<Peer> wakeControl) {
    this.vnetHeader = vnetHeader;
    this.wakeControl = wakeControl;
    runs = new SealedRuns(OUT, sent, drops, fallbacks);
  }

  /** Begins to fill it anew, for this socket. */
  void begin(UdpSocket by, int mtu) {
    runs.clear();
    runs.use(by, mtu);
    reads = 0;
    end = 0;
    roomTaken = 0;
    runsTaken = 0;
  }

  /** Where the device is read to. */
  MemorySegment in() {
    return in;
  }

  /** Where in there the next read goes. */
  int end() {
    return end;
  }

  /** What cuts packets that lie in there. */
  Segmenter segmenter() {
    return segmenter;
  }

  boolean isEmpty() {
    return reads == 0;
  }

  /** Whether another read may be tried. */
  boolean hasRoom() {
    return end < FULL && reads < MAX_READS && runsTaken + RUNS_OF_A_READ < SealedRuns.MAX_RUNS;
  }

  /** Whether the packets that the segmenter took up last may be added. */
  boolean takes(int count) {
    int longest = runs.longest(segmenter.longest());
    return roomTaken + (long) count * longest <= OUT
        && runsTaken + runs.runs(count, longest) < SealedRuns.MAX_RUNS;
  }

  /** Adds what the segmenter took up last, of this many octets with the header. */
  void add(int read, int count, Peer peer, Session session, long counter, long now) {
    int longest = runs.longest(segmenter.longest());
    roomTaken += (long) count * longest;
    runsTaken += runs.runs(count, longest);
    start[reads] = end;
    length[reads] = read;
    peers[reads] = peer;
    sessions[reads] = session;
    counters[reads] = counter;
    packets[reads] = count;
    octets[reads] = 0;
    reads++;
    // Aligned, as the device's first read is.
    end = end + read + 63 & ~63;
    this.now = now;
  }

  @Override
  public void work(Aead aead) {
    for (int i = 0; i < reads; i++) {
      int count = segmenter.load(start[i], vnetHeader, length[i]);
      octets[i] = runs.add(aead, segmenter, count, peers[i], sessions[i], counters[i]);
    }
    runs.closeRun();
  }

  @Override
  public void leave(Aead aead) {
    runs.flush();
    for (int i = 0; i < reads; i++) {
      if (peers[i].dataSent(sessions[i], packets[i], octets[i], true, now)) {
        wakeControl.accept(peers[i]);
      }
    }
  }
}
