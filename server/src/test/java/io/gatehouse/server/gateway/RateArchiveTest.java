// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.gateway.RateArchive.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What flowed is kept in steps, over restarts, and what is not known is not made up. */
class RateArchiveTest {
  private static final long START = 1_800_000_000;

  @TempDir private Path directory;
  private RateArchive archive = new RateArchive(Path.of(""), 0);
  private long now = START;
  private long rx;
  private long tx;
  private int peers = 1;

  @AfterEach
  void stop() {
    archive.stop();
  }

  private void open(int series) {
    archive.stop();
    archive = new RateArchive(directory.resolve("rates"), series);
  }

  /** So many seconds go by, with a status each. */
  private void pass(int seconds, long received, long sent) {
    for (int i = 0; i < seconds; i++) {
      now++;
      rx += received;
      tx += sent;
      see();
    }
  }

  private void see() {
    List<PeerStatus> all = new ArrayList<>();
    for (int i = 1; i <= peers; i++) {
      all.add(peer(i));
    }
    TunnelStatus tunnel =
        new TunnelStatus(
            "wg0",
            "wg0.conf",
            TunnelStatus.State.UP,
            1,
            "",
            1,
            0,
            1420,
            List.of(),
            all,
            List.of(),
            rx,
            tx,
            0,
            0,
            0,
            0,
            List.of(),
            List.of(),
            0);
    archive.see(
        new GatewayView(
            Optional.of(
                new GatewayStatus("1", "/", 0, now * 1000, List.of(tunnel), Optional.empty())),
            true,
            Instant.EPOCH,
            ""));
  }

  private PeerStatus peer(int number) {
    return new PeerStatus(
        number,
        "key" + number,
        "",
        PeerState.UP,
        "",
        List.of(),
        false,
        0,
        0,
        -1,
        0,
        number == 1 ? rx : 0,
        number == 1 ? tx : 0,
        0,
        0,
        List.of(),
        0,
        Optional.empty(),
        List.of(),
        "");
  }

  private List<Step> known(Span span) {
    return archive.tunnel("wg0", span, now).stream().filter(Step::known).toList();
  }

  @Test
  void ratesAreKeptInStepsOfEachSpan() {
    open(4);
    pass(601, 1000, 50);
    assertThat(archive.tunnel("wg0", Span.HOUR, now)).hasSize(360);
    assertThat(known(Span.HOUR)).hasSize(60).allMatch(step -> step.rx() == 1000 && step.tx() == 50);
    assertThat(known(Span.DAY)).hasSize(2).allMatch(step -> step.rx() == 1000);
    assertThat(known(Span.MONTH)).hasSize(1).allMatch(step -> step.rx() == 1000);
    assertThat(archive.peer("wg0", "key1", Span.HOUR, now)).filteredOn(Step::known).hasSize(60);
    assertThat(known(Span.HOUR).getFirst().begins()).isEqualTo(START);
  }

  @Test
  void aRestartIsAGapAndNothingIsLost() {
    open(4);
    pass(101, 1000, 0);
    open(4);
    now += 100;
    rx += 1_000_000;
    pass(101, 2000, 0);
    List<Step> hour = archive.tunnel("wg0", Span.HOUR, now);
    assertThat(hour.stream().filter(Step::known).map(Step::rx).distinct())
        .as("what flowed unseen is nobody's")
        .containsExactly(1000L, 2000L);
    assertThat(hour.stream().filter(step -> step.begins() >= START && !step.known()).count())
        .isBetween(9L, 12L);
    assertThat(known(Span.DAY).getFirst().rx())
        .as("the mean of what was seen")
        .isBetween(1400L, 1600L);
  }

  @Test
  void countersThatBeginAnewAreMarkedAndNotGuessed() {
    open(4);
    pass(51, 1000, 1000);
    rx = 0;
    tx = 0;
    pass(50, 1000, 1000);
    List<Step> hour = archive.tunnel("wg0", Span.HOUR, now);
    assertThat(hour.stream().mapToInt(Step::resets).sum()).isEqualTo(1);
    assertThat(hour.stream().filter(Step::known)).allMatch(step -> step.rx() == 1000);
  }

  @Test
  void theRingsGoRound() {
    open(4);
    pass(2 * 3600, 10, 0);
    assertThat(known(Span.HOUR)).hasSizeBetween(359, 360);
    now += 7200;
    assertThat(known(Span.HOUR)).as("an hour later nothing of it is left").isEmpty();
    assertThat(known(Span.DAY)).isNotEmpty();
  }

  @Test
  void thereIsRoomForSomeAndTheOldestMakesItForOthers() throws IOException {
    open(3);
    peers = 9;
    pass(31, 5, 5);
    assertThat(archive.peer("wg0", "key1", Span.HOUR, now)).isNotEmpty();
    assertThat(archive.peer("wg0", "key2", Span.HOUR, now)).as("it was never used").isEmpty();
    assertThat(Files.size(directory.resolve("rates"))).isEqualTo(RateFile.size(3));
    archive.stop();
    try (RateFile file = new RateFile(directory.resolve("rates"), 3)) {
      RateFile.Slot flow = new RateFile.Slot(0, 1000, 1, 1, 0);
      assertThat(file.add("a", now, flow, now - 100)).isTrue();
      assertThat(file.add("b", now, flow, now - 100)).as("all are of today").isFalse();
      assertThat(file.add("b", now + 1000, flow, now + 900)).isTrue();
      assertThat(file.has("wg0") && file.has("wg0/key1") && file.has("a")).isFalse();
    }
  }

  @Test
  void whatACrashLeavesHalfWrittenIsAGap() throws IOException {
    open(4);
    pass(101, 1000, 0);
    archive.stop();
    byte[] content = Files.readAllBytes(directory.resolve("rates"));
    int slots = 0;
    for (int at = 64 + 4 * 64; at < content.length && slots < 1; at += 32) {
      if (ByteBuffer.wrap(content).getInt(at) == START / 10 + 3) {
        slots++;
        try (FileChannel channel =
            FileChannel.open(directory.resolve("rates"), StandardOpenOption.WRITE)) {
          channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), at + 9);
        }
      }
    }
    assertThat(slots).isEqualTo(1);
    open(4);
    assertThat(known(Span.HOUR)).hasSize(9);
    Files.writeString(directory.resolve("rates"), "something else");
    open(4);
    pass(21, 1, 1);
    assertThat(known(Span.HOUR)).hasSize(2);
  }
}
