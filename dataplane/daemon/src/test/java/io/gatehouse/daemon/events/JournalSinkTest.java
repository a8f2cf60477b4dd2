// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.events;

import static io.gatehouse.daemon.Statuses.KEY_1;
import static io.gatehouse.daemon.Statuses.peer;
import static io.gatehouse.daemon.Statuses.tunnel;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a journal hears on a real datagram socket, taken apart as its protocol says. */
class JournalSinkTest {
  /** Says each datagram in hexadecimal digits, on a line. */
  private static final String JOURNAL =
      """
      use Socket;
      $| = 1;
      socket(my $journal, AF_UNIX, SOCK_DGRAM, 0) or die $!;
      bind($journal, sockaddr_un(shift)) or die $!;
      print "ready\\n";
      while (defined(recv($journal, my $entry, 65536, 0))) { print unpack('H*', $entry), "\\n"; }
      """;

  @TempDir private Path directory;
  private final List<Event> lines = new ArrayList<>();

  private final EventSink log =
      new EventSink() {
        @Override
        public boolean isWanted() {
          return true;
        }

        @Override
        public void accept(Event event) {
          lines.add(event);
        }
      };

  @Test
  void eachThingThatAnEventIsAboutIsAField() throws Exception {
    Path socket = directory.resolve("socket");
    Process journal = new ProcessBuilder("perl", "-e", JOURNAL, socket.toString()).start();
    try (BufferedReader heard =
        new BufferedReader(
            new InputStreamReader(journal.getInputStream(), StandardCharsets.US_ASCII))) {
      assertThat(heard.readLine()).isEqualTo("ready");
      JournalSink sink = new JournalSink(socket, log);
      PeerStatus odd = peer(1, KEY_1, "two\nlines=3", PeerState.IDLE, 25, 0, List.of(), 0, 0);

      sink.accept(new Event.PeerDown(tunnel(), odd));
      sink.accept(new Event.ConfigApplied("wg0.conf"));

      assertThat(fields(heard.readLine()))
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  "MESSAGE",
                  "wgPeerDown interface=\"wg0\" public_key=\""
                      + KEY_1
                      + "\" friendly_name=\"two lines=3\" endpoint=\"192.0.2.7:40000\"",
                  "PRIORITY",
                  "4",
                  "SYSLOG_IDENTIFIER",
                  "gatehouse",
                  "GATEHOUSE_EVENT",
                  "wgPeerDown",
                  "GATEHOUSE_INTERFACE",
                  "wg0",
                  "GATEHOUSE_PUBLIC_KEY",
                  KEY_1,
                  "GATEHOUSE_FRIENDLY_NAME",
                  "two\nlines=3",
                  "GATEHOUSE_ENDPOINT",
                  "192.0.2.7:40000"));
      assertThat(fields(heard.readLine()))
          .containsEntry("GATEHOUSE_EVENT", "wgGwConfigApplied")
          .containsEntry("GATEHOUSE_FILE", "wg0.conf")
          .containsEntry("PRIORITY", "6");
      assertThat(lines).isEmpty();
    } finally {
      journal.destroy();
    }
  }

  /** NAME=VALUE and a line feed, or NAME, a line feed, 64 bits of length, VALUE and a line feed. */
  private static Map<String, String> fields(String hex) {
    ByteBuffer entry = ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.LITTLE_ENDIAN);
    Map<String, String> fields = new LinkedHashMap<>();
    while (entry.hasRemaining()) {
      StringBuilder name = new StringBuilder();
      char end = (char) entry.get();
      for (; end != '=' && end != '\n'; end = (char) entry.get()) {
        name.append(end);
      }
      int start = entry.position();
      int length;
      if (end == '\n') {
        length = Math.toIntExact(entry.getLong());
        start += Long.BYTES;
      } else {
        length = 0;
        while (entry.get(start + length) != '\n') {
          length++;
        }
      }
      byte[] value = new byte[length];
      entry.get(start, value);
      entry.position(start + length);
      assertThat(entry.get()).isEqualTo((byte) '\n');
      fields.put(name.toString(), new String(value, StandardCharsets.UTF_8));
    }
    return fields;
  }

  @Test
  void whatTheJournalDoesNotTakeIsALineOfTheLog() {
    JournalSink sink = new JournalSink(directory.resolve("nobody"), log);
    Event event = new Event.ConfigApplied("wg0.conf");
    sink.accept(event);
    assertThat(lines).containsExactly(event);
  }

  @Test
  void theJournalIsUsedOnlyIfStandardErrorGoesThere() throws IOException {
    Path error = Files.createSymbolicLink(directory.resolve("2"), Path.of("socket:[4711]"));
    assertThat(JournalSink.isJournal(Map.of("JOURNAL_STREAM", "8:4711"), error)).isTrue();
    assertThat(JournalSink.isJournal(Map.of("JOURNAL_STREAM", "8:4712"), error)).isFalse();
    assertThat(JournalSink.isJournal(Map.of("JOURNAL_STREAM", "8:"), error)).isFalse();
    assertThat(JournalSink.isJournal(Map.of(), error)).isFalse();
    assertThat(JournalSink.isJournal(Map.of("JOURNAL_STREAM", "8:1"), directory)).isFalse();
  }
}
