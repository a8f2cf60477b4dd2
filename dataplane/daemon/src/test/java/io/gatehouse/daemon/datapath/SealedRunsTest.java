// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.linux.UdpReceiveBatch;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.Session;
import io.gatehouse.protocol.aead.Aead;
import io.gatehouse.protocol.aead.BouncyCastleAead;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many datagrams leave together, as the socket of the far end sees it. */
class SealedRunsTest {
  private static final int MTU = 1420;

  /** Of the 47 datagrams that 64 KiB of TCP are, so many fit into one run. */
  private static final int FULL = 45;

  private final Aead aead = new BouncyCastleAead();
  private final long now = System.nanoTime();
  private final UdpReceiveBatch received = new UdpReceiveBatch(8, 65536);
  private UdpSocket out;
  private UdpSocket in;
  private MadeUpDevice near;
  private SealedRuns runs;

  /** The counter of the next datagram to arrive. */
  private long expected;

  @BeforeEach
  void shakeHands() throws Exception {
    out = UdpSocket.bind(0, UdpSocket.Options.DEFAULT);
    in = UdpSocket.bind(0, UdpSocket.Options.DEFAULT);
    near = new MadeUpDevice(Instant::now, peer -> {}, now);
    MadeUpDevice far = new MadeUpDevice(Instant::now, peer -> {}, now);
    near.meet(far, at(in), List.of(), now);
    far.meet(near, at(out), List.of(), now);
    assertThat(near.shakeHands(far, at(out), at(in), now)).isTrue();
    runs =
        new SealedRuns(
            4 * 65536, new SentCounter(), new DropCounters(near.device), new Fallbacks(text -> {}));
    runs.use(out, MTU);
  }

  @AfterEach
  void close() {
    out.close();
    in.close();
  }

  @Test
  void aShortRunStaysUntilWhatComesNextFillsIt() {
    add(47);
    runs.flushFull();
    assertThat(arrived()).containsExactly(FULL);
    assertThat(runs.waiting()).isEqualTo(2 * datagram());

    add(47);
    runs.flushFull();
    assertThat(arrived()).containsExactly(FULL);

    runs.flush();
    assertThat(arrived()).containsExactly(4);
    assertThat(runs.waiting()).isZero();
  }

  @Test
  void aRunThatIsNotFullDoesNotLeaveByItself() {
    add(10);
    runs.flushFull();
    assertThat(arrived()).isEmpty();
    runs.flush();
    assertThat(arrived()).containsExactly(10);
  }

  @Test
  void nothingStaysOfARunThatCanTakeNoMore() {
    add(FULL);
    runs.flushFull();
    assertThat(arrived()).containsExactly(FULL);
    assertThat(runs.waiting()).isZero();
  }

  @Test
  void nothingIsLostOrChangedPlacesWhereTheMemoryForDatagramsEnds() {
    int sent = 0;
    int there = 0;
    for (int i = 0; i < 20; i++) {
      add(47);
      sent += 47;
      runs.flushFull();
      there += sum(arrived());
    }
    runs.flush();
    assertThat(there + sum(arrived())).isEqualTo(sent);
  }

  private static int sum(List<Integer> datagrams) {
    return datagrams.stream().mapToInt(Integer::intValue).sum();
  }

  private static long datagram() {
    return MTU + Session.OVERHEAD;
  }

  /** One read of TCP in so many full segments. */
  private void add(int segments) {
    MemorySegment read = SyntheticRead.tcp(false, 1, Ip.TCP_ACK, 1368, segments);
    Segmenter segmenter = new Segmenter(read);
    assertThat(segmenter.load(0, true, (int) read.byteSize())).isEqualTo(segments);
    Session session = near.peer().sendingSession(now);
    assertThat(session).isNotNull();
    runs.add(aead, segmenter, segments, near.peer(), session, session.reserve(segments));
  }

  /** How many datagrams each message had that has arrived, all of one length, in their order. */
  private List<Integer> arrived() {
    List<Integer> datagrams = new ArrayList<>();
    int count;
    while ((count = received.receive(in)) > 0) {
      for (int i = 0; i < count; i++) {
        assertThat(received.length(i) % datagram()).isZero();
        datagrams.add((int) (received.length(i) / datagram()));
        for (long offset = 0; offset < received.length(i); offset += datagram()) {
          assertThat(counter(received.offset(i) + offset)).isEqualTo(expected++);
        }
      }
    }
    return datagrams;
  }

  private long counter(long at) {
    return Long.reverseBytes(Ip.i64(received.memory(), at + 8));
  }

  private static Endpoint at(UdpSocket socket) {
    return Endpoint.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), socket.port()));
  }
}
