// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * Whoever started this process as a service and wants to hear how it is: sd_notify(3) of systemd,
 * or anything else that names a datagram socket in {@code NOTIFY_SOCKET}. Thread-safe. What cannot
 * be told is lost without a word, as the manager notices by itself.
 */
public final class ServiceManager {
  private static final int FAMILY_SIZE = 2;
  private static final int MAX_NAME = 108;

  private final Optional<String> socket;
  private final Optional<Duration> patience;

  private ServiceManager(Optional<String> socket, Optional<Duration> patience) {
    this.socket = socket;
    this.patience = patience;
  }

  /**
   * The manager that an environment names; one that hears nothing if it names none.
   *
   * @param environment with {@code NOTIFY_SOCKET}, and {@code WATCHDOG_USEC} in microseconds
   */
  public static ServiceManager of(Map<String, String> environment) {
    Optional<String> socket =
        Optional.ofNullable(environment.get("NOTIFY_SOCKET"))
            .filter(name -> name.startsWith("/") || name.startsWith("@"));
    Optional<Duration> patience =
        Optional.ofNullable(environment.get("WATCHDOG_USEC"))
            .filter(text -> text.matches("[1-9][0-9]{0,17}"))
            .map(text -> Duration.of(Long.parseLong(text), ChronoUnit.MICROS));
    return new ServiceManager(socket, socket.isPresent() ? patience : Optional.empty());
  }

  /** After how long without {@link #alive} the process counts as dead; empty if nobody watches. */
  public Optional<Duration> patience() {
    return patience;
  }

  /** It serves now. */
  public void ready() {
    tell("READY=1");
  }

  /** It has been told to end, and does. */
  public void stopping() {
    tell("STOPPING=1");
  }

  /** It does its work. */
  public void alive() {
    tell("WATCHDOG=1");
  }

  private void tell(String state) {
    socket.ifPresent(name -> send(name, state.getBytes(StandardCharsets.US_ASCII)));
  }

  private static void send(String name, byte[] state) {
    byte[] octets = name.getBytes(StandardCharsets.UTF_8);
    if (octets.length >= MAX_NAME) {
      return;
    }
    if (octets[0] == '@') {
      octets[0] = 0;
    }
    int fd =
        SocketCalls.socket(
            SocketCalls.AF_UNIX, SocketCalls.SOCK_DGRAM | SocketCalls.SOCK_CLOEXEC, 0);
    if (fd < 0) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(FAMILY_SIZE + MAX_NAME, 8);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) SocketCalls.AF_UNIX);
      MemorySegment.copy(octets, 0, address, ValueLayout.JAVA_BYTE, FAMILY_SIZE, octets.length);
      if (SocketCalls.connect(fd, address.address(), FAMILY_SIZE + octets.length) == 0) {
        MemorySegment text = arena.allocate(state.length);
        MemorySegment.copy(state, 0, text, ValueLayout.JAVA_BYTE, 0, state.length);
        SocketCalls.send(fd, text.address(), state.length, SocketCalls.MSG_NOSIGNAL);
      }
    } finally {
      LibC.close(fd);
    }
  }
}
