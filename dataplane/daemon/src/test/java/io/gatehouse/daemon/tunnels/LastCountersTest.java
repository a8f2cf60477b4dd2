// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.daemon.datapath.TunnelCounters;
import io.gatehouse.protocol.DeviceTotals;
import io.gatehouse.protocol.DropReason;
import io.gatehouse.protocol.HandshakeCounters;
import io.gatehouse.protocol.PeerTotals;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.PublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastCountersTest {
  private static final InterfaceName WG0 = new InterfaceName("wg0");
  private static final PublicKey PEER = PublicKey.of(new byte[32]);
  private static final Instant START = Instant.ofEpochSecond(1_795_000_500L);
  private static final long SINCE = 1_795_000_000L;

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void tunnelHasAFile() throws IOException {
    file = directory.resolve("counters");
    Files.createFile(directory.resolve("wg0.conf"));
  }

  private LastCounters read() throws IOException {
    return LastCounters.read(file, directory, START);
  }

  /** Some that differ from each other, received octets at their end. */
  private static LastCounters.Counters counters(long since) {
    return new LastCounters.Counters(
        new TunnelCounters(since, -1, 2, 3, 4, 5, 6, new TunnelCounters.Udp(7, 8, 9, -10), false),
        new DeviceTotals(
            new HandshakeCounters(11, 12, 13, 14, 15, 16, 17, 18, 19),
            Map.of(DropReason.BAD_MAC1, 20L, DropReason.UNKNOWN_TYPE, -21L),
            Map.of(
                PEER,
                new PeerTotals(
                    since * 1_000_000_000,
                    -2,
                    1L << 32,
                    3,
                    4,
                    5,
                    6,
                    7,
                    Map.of(DropReason.REPLAYED, 8L)))));
  }

  private static void see(LastCounters to, LastCounters.Counters counters) {
    to.see(WG0, counters.ofInterface(), counters.ofDevice());
  }

  @Test
  void afterAStopAllCountersAreWhatTheyWereAndCountSinceWhenTheyDid() throws IOException {
    LastCounters before = read();
    assertThat(before.of(WG0)).isEmpty();
    see(before, counters(SINCE));
    before.writeAtEnd();

    assertThat(read().of(WG0)).contains(counters(SINCE));
    assertThat(file).content().contains("18446744073709551615");
  }

  @Test
  void afterAKillTheyAreWhatWasWrittenLastAndCountSinceTheStart() throws IOException {
    LastCounters before = read();
    see(before, counters(SINCE));
    before.writeWhenDue(System.nanoTime() + LastCounters.INTERVAL.toNanos());

    assertThat(read().of(WG0)).contains(counters(START.getEpochSecond()));
  }

  @Test
  void aKillBeforeAnythingWasWrittenIsNoStop() throws IOException {
    LastCounters first = read();
    see(first, counters(SINCE));
    first.writeAtEnd();
    var _ = read(); // killed
    assertThat(read().of(WG0)).contains(counters(START.getEpochSecond()));
  }

  @Test
  void theyAreWrittenOnceAMinute() throws IOException {
    LastCounters counters = read();
    see(counters, counters(SINCE));
    long now = System.nanoTime();
    assertThat(counters.isDue(now)).isFalse();
    counters.writeWhenDue(now);
    assertThat(file).doesNotExist();
    long due = now + LastCounters.INTERVAL.toNanos();
    assertThat(counters.isDue(due)).isTrue();
    counters.writeWhenDue(due);
    assertThat(file).exists();
    assertThat(counters.isDue(due)).isFalse();
    assertThat(counters.isDue(due + LastCounters.INTERVAL.toNanos() - 1)).isFalse();
  }

  @Test
  void aTunnelWithoutAFileIsForgotten() throws IOException {
    LastCounters counters = read();
    see(counters, counters(SINCE));
    counters.writeAtEnd();
    Files.delete(directory.resolve("wg0.conf"));
    assertThat(read().of(WG0)).isEmpty();

    see(counters, counters(SINCE));
    counters.forget(WG0);
    assertThat(counters.of(WG0)).isEmpty();
  }

  @Test
  void aDamagedLineCostsThatLine() throws IOException {
    LastCounters counters = read();
    see(counters, counters(SINCE));
    counters.writeAtEnd();
    String peer = "wg0 " + PEER;
    Files.writeString(
        file,
        Files.readString(file).replace(peer, peer + " x")
            + "\nwg0 interface 1 2\nwg0\n../x interface\nwg0 "
            + PEER
            + " 1 2 3 4 5 6 7 8 NO=1\n");

    LastCounters.Counters left = read().of(WG0).orElseThrow();

    assertThat(left.ofInterface()).isEqualTo(counters(SINCE).ofInterface());
    assertThat(left.ofDevice().peers()).isEmpty();
  }

  @Test
  void thoseOfOneFileAreNotKept() throws IOException {
    LastCounters none = LastCounters.none();
    assertThat(none.isDue(System.nanoTime() + LastCounters.INTERVAL.toNanos())).isFalse();
    none.writeAtEnd();
    assertThat(file).doesNotExist();
  }
}
