// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** Single datagrams to UNIX sockets (unix(7)). */
public final class UnixDatagram {
  private static final int ADDRESS_SIZE = 110;

  private UnixDatagram() {}

  /**
   * Sends a datagram without waiting. Any thread.
   *
   * @param to the file of a SOCK_DGRAM socket
   * @throws LinuxException if nobody listens there, or has no room for it now
   */
  public static void send(Path to, byte[] message) throws LinuxException {
    String attempt = "cannot send to " + to;
    int fd =
        SocketCalls.socket(
            SocketCalls.AF_UNIX, SocketCalls.SOCK_DGRAM | SocketCalls.SOCK_CLOEXEC, 0);
    if (fd < 0) {
      throw LinuxException.last(attempt);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(ADDRESS_SIZE, 8);
      int length = UnixListener.fill(address, to, attempt);
      if (SocketCalls.connect(fd, address.address(), length) < 0) {
        throw LinuxException.last(attempt);
      }
      MemorySegment octets = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
      int flags = SocketCalls.MSG_DONTWAIT | SocketCalls.MSG_NOSIGNAL;
      if (SocketCalls.send(fd, octets.address(), message.length, flags) < 0) {
        throw LinuxException.last(attempt);
      }
    } finally {
      LibC.close(fd);
    }
  }
}
