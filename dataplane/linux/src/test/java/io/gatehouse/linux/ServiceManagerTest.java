// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service manager hears on a real datagram socket. */
class ServiceManagerTest {
  @TempDir private Path directory;

  @Test
  void hearsOfTheStartTheLifeAndTheEnd() {
    String name = directory.resolve("notify").toString();
    try (Ear ear = new Ear(name)) {
      ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", name));
      manager.ready();
      manager.alive();
      manager.stopping();
      assertThat(ear.next()).isEqualTo("READY=1");
      assertThat(ear.next()).isEqualTo("WATCHDOG=1");
      assertThat(ear.next()).isEqualTo("STOPPING=1");
    }
  }

  @Test
  void isFoundWithoutAFile() {
    String name = "@gatehouse-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    try (Ear ear = new Ear(name)) {
      ServiceManager.of(Map.of("NOTIFY_SOCKET", name)).ready();
      assertThat(ear.next()).isEqualTo("READY=1");
    }
  }

  @Test
  void saysHowLongItWaits() {
    assertThat(
            ServiceManager.of(Map.of("NOTIFY_SOCKET", "/x", "WATCHDOG_USEC", "1500000")).patience())
        .contains(Duration.ofMillis(1500));
    assertThat(ServiceManager.of(Map.of("WATCHDOG_USEC", "1500000")).patience()).isEmpty();
    assertThat(ServiceManager.of(Map.of("NOTIFY_SOCKET", "/x", "WATCHDOG_USEC", "0")).patience())
        .isEmpty();
  }

  @Test
  void whoIsNotThereHearsNothingAndDoesNoHarm() {
    ServiceManager.of(Map.of()).ready();
    ServiceManager.of(Map.of("NOTIFY_SOCKET", "nonsense")).ready();
    ServiceManager.of(Map.of("NOTIFY_SOCKET", directory.resolve("none").toString())).ready();
    ServiceManager.of(Map.of("NOTIFY_SOCKET", "/" + "x".repeat(200))).ready();
  }

  /** A bound datagram socket. */
  private static final class Ear implements AutoCloseable {
    private final int fd;

    Ear(String name) {
      fd = SocketCalls.socket(SocketCalls.AF_UNIX, SocketCalls.SOCK_DGRAM, 0);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment address = arena.allocate(110, 8);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) SocketCalls.AF_UNIX);
        byte[] octets = name.replaceFirst("^@", "\0").getBytes(StandardCharsets.UTF_8);
        MemorySegment.copy(octets, 0, address, ValueLayout.JAVA_BYTE, 2, octets.length);
        assertThat(SocketCalls.bind(fd, address.address(), 2 + octets.length)).isZero();
      }
    }

    String next() {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment text = arena.allocate(100);
        long length = SocketCalls.recv(fd, text.address(), 100, SocketCalls.MSG_DONTWAIT);
        assertThat(length).isPositive();
        return new String(
            text.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
      }
    }

    @Override
    public void close() {
      LibC.close(fd);
    }
  }
}
