// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.events;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.logging.Logger;

/**
 * Events as syslog messages (RFC 5424) over UDP (RFC 5426): the name is the MSGID, what it is about
 * the structured data. In clear, so for a collector on this machine or on a network that is
 * trusted.
 */
public final class SyslogSink implements EventSink, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(SyslogSink.class.getName());

  /** daemon, of RFC 5424's facilities. */
  private static final int FACILITY = 3;

  /** What every receiver over IPv6 must take (RFC 5426, section 3.2). */
  private static final int LONGEST = 1180;

  private final InetSocketAddress collector;
  private final String hostName;
  private final String dataId;
  private final InstantSource clock;
  private final DatagramSocket socket;
  private boolean troubleSaid;

  /**
   * To a collector.
   *
   * @param hostName of this machine
   * @param enterprise what follows 1.3.6.1.4.1 in the root of WG-GATEWAY-MIB: the name of the
   *     structured data ends in it
   * @throws SocketException if there are no sockets
   */
  public SyslogSink(InetSocketAddress collector, String hostName, String enterprise)
      throws SocketException {
    this(collector, hostName, enterprise, InstantSource.system());
  }

  SyslogSink(InetSocketAddress collector, String hostName, String enterprise, InstantSource clock)
      throws SocketException {
    this.collector = collector;
    this.hostName = word(hostName, 255);
    this.dataId = "gatehouse@" + enterprise;
    this.clock = clock;
    this.socket = new DatagramSocket();
  }

  @Override
  public boolean isWanted() {
    return true;
  }

  @Override
  public void accept(Event event) {
    byte[] message = message(event, clock.instant()).getBytes(StandardCharsets.UTF_8);
    int length = Math.min(message.length, LONGEST);
    while (length < message.length && (message[length] & 0xC0) == 0x80) {
      length--; // not within a character
    }
    try {
      socket.send(new DatagramPacket(message, length, collector));
      troubleSaid = false;
    } catch (IOException e) {
      if (!troubleSaid) {
        LOG.warning("events do not reach syslog at " + collector + ": " + e.getMessage());
      }
      troubleSaid = true;
    }
  }

  String message(Event event, Instant time) {
    StringBuilder data = new StringBuilder("[").append(dataId);
    event
        .about()
        .forEach(
            (name, value) -> {
              if (!value.isEmpty()) {
                data.append(' ').append(name).append("=\"").append(escape(value)).append('"');
              }
            });
    data.append(']');
    return "<%d>1 %s %s gatehouse %d %s %s \uFEFF%s"
        .formatted(
            FACILITY * 8 + event.severity().number(),
            time.truncatedTo(ChronoUnit.MILLIS),
            hostName,
            ProcessHandle.current().pid(),
            word(event.name(), 32),
            data,
            LogSink.line(event));
  }

  // Section 6.3.3: these three and no others.
  private static String escape(String value) {
    return value
        .replace("\\", "\\\\")
        .replace("\"", "\\\"")
        .replace("]", "\\]")
        .replaceAll("\\p{Cntrl}", " ");
  }

  /** Printable ASCII without spaces, or a dash. */
  private static String word(String text, int longest) {
    String word = text.replaceAll("[^!-~]", "");
    return word.isEmpty() ? "-" : word.substring(0, Math.min(longest, word.length()));
  }

  @Override
  public void close() {
    socket.close();
  }
}
