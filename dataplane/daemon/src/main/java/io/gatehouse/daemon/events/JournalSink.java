// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.events;

import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.UnixDatagram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Logger;

/**
 * Events as entries of the systemd journal with a field for each thing that an event is about, by
 * its native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): {@code GATEHOUSE_EVENT} is the name,
 * {@code GATEHOUSE_INTERFACE} the tunnel, and so on. What the journal does not take goes to another
 * sink.
 */
public final class JournalSink implements EventSink {
  private static final Logger LOG = Logger.getLogger(JournalSink.class.getName());
  private static final Path SOCKET = Path.of("/run/systemd/journal/socket");
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private final Path socket;
  private final EventSink otherwise;
  private boolean troubleSaid;

  JournalSink(Path socket, EventSink otherwise) {
    this.socket = socket;
    this.otherwise = otherwise;
  }

  /**
   * The journal, if the log of this process goes there anyway: systemd says so in {@code
   * JOURNAL_STREAM} (systemd.exec(5)), which is true only as long as nobody has redirected standard
   * error.
   *
   * @param environment of the process
   * @param otherwise takes what the journal does not
   */
  public static Optional<EventSink> ofThisProcess(
      Map<String, String> environment, EventSink otherwise) {
    return isJournal(environment, STANDARD_ERROR) && Files.exists(SOCKET)
        ? Optional.of(new JournalSink(SOCKET, otherwise))
        : Optional.empty();
  }

  /** Whether a descriptor, by its link in /proc, is the stream that JOURNAL_STREAM names. */
  static boolean isJournal(Map<String, String> environment, Path descriptor) {
    String stream = environment.getOrDefault("JOURNAL_STREAM", "");
    try {
      String inode = stream.substring(stream.indexOf(':') + 1);
      return !inode.isEmpty()
          && Files.readSymbolicLink(descriptor).toString().equals("socket:[" + inode + "]");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public boolean isWanted() {
    return true;
  }

  @Override
  public void accept(Event event) {
    try {
      UnixDatagram.send(socket, entry(event));
      troubleSaid = false;
    } catch (LinuxException e) {
      if (!troubleSaid) {
        LOG.warning("events are lines of the log for now: " + e.getMessage());
      }
      troubleSaid = true;
      otherwise.accept(event);
    }
  }

  private static byte[] entry(Event event) {
    ByteArrayOutputStream entry = new ByteArrayOutputStream();
    field(entry, "MESSAGE", LogSink.line(event));
    field(entry, "PRIORITY", String.valueOf(event.severity().number()));
    field(entry, "SYSLOG_IDENTIFIER", "gatehouse");
    field(entry, "GATEHOUSE_EVENT", event.name());
    event
        .about()
        .forEach(
            (name, value) -> {
              if (!value.isEmpty()) {
                field(entry, "GATEHOUSE_" + name.toUpperCase(Locale.ROOT), value);
              }
            });
    return entry.toByteArray();
  }

  private static void field(ByteArrayOutputStream entry, String name, String value) {
    byte[] octets = value.getBytes(StandardCharsets.UTF_8);
    entry.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    if (value.indexOf('\n') < 0) {
      entry.write('=');
    } else {
      // Its length says where a value ends that has lines of its own.
      entry.write('\n');
      entry.writeBytes(
          ByteBuffer.allocate(Long.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(octets.length)
              .array());
    }
    entry.writeBytes(octets);
    entry.write('\n');
  }
}
