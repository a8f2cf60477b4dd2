// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import com.sun.jna.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * The kernel's side of a TUN device, played by this process: whoever reads and writes the {@link
 * #device} makes the same calls as on a real one, but needs no right, and no interface appears. The
 * device has no name and no namespace.
 *
 * <p>For one thread, except {@link #device}, and {@link #give}, which any thread may call that
 * knows the ends to be open.
 */
public final class TunFarEnd implements AutoCloseable {
  private final TunDevice device;
  private final FileDescriptor descriptor;
  private final Poller poller = new Poller(1);

  private TunFarEnd(int deviceFd, int fd, TunDevice.Offloads offloads) {
    device = TunDevice.played(deviceFd, offloads);
    descriptor = new FileDescriptor(fd);
    poller.add(fd);
  }

  /**
   * Makes both sides of a device with all offloads: packets have their virtio-net header.
   *
   * @throws LinuxException EMFILE when descriptors are used up
   */
  public static TunFarEnd open() throws LinuxException {
    return open(TunDevice.Offloads.ALL);
  }

  /**
   * Makes both sides.
   *
   * @param offloads of the device; with {@link TunDevice.Offloads#NONE} packets come one by one and
   *     without a header
   * @throws LinuxException EMFILE when descriptors are used up
   */
  public static TunFarEnd open(TunDevice.Offloads offloads) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment fds = arena.allocate(ValueLayout.JAVA_INT, 2);
      int type = SocketCalls.SOCK_SEQPACKET | SocketCalls.SOCK_NONBLOCK | SocketCalls.SOCK_CLOEXEC;
      if (SocketCalls.socketpair(SocketCalls.AF_UNIX, type, 0, fds.address()) < 0) {
        throw LinuxException.last("cannot make a socket pair");
      }
      return new TunFarEnd(
          fds.getAtIndex(ValueLayout.JAVA_INT, 0),
          fds.getAtIndex(ValueLayout.JAVA_INT, 1),
          offloads);
    }
  }

  /** The near side. Closed with this one, or before. */
  public TunDevice device() {
    return device;
  }

  /**
   * Hands a packet, or super-packet, with its header to whoever reads the device.
   *
   * @return octets; 0 when so many wait to be read that it has no room
   */
  public int give(MemorySegment packet, long offset, int length) {
    Objects.checkFromIndexSize(offset, length, packet.byteSize());
    return result(
        SocketCalls.send(
            descriptor.get(), packet.address() + offset, length, SocketCalls.MSG_NOSIGNAL));
  }

  /**
   * Takes a packet, or super-packet, with its header that was written to the device.
   *
   * @return octets; 0 when there is none, or the device was closed
   */
  public int take(MemorySegment buffer, long offset, int length) {
    Objects.checkFromIndexSize(offset, length, buffer.byteSize());
    return result(SocketCalls.recv(descriptor.get(), buffer.address() + offset, length, 0));
  }

  private static int result(long count) {
    if (count >= 0) {
      return (int) count;
    }
    int errno = Native.getLastError();
    if (errno != Errno.EAGAIN && errno != Errno.EINTR) {
      throw new IllegalStateException("a socket pair failed: errno " + errno);
    }
    return 0;
  }

  /** Waits until {@link #take} has something, at most so long. */
  public void await(long nanos) {
    poller.poll(nanos);
  }

  /** Closes both sides. Whoever uses the device has ended before. */
  @Override
  public void close() {
    descriptor.close();
    device.close();
  }
}
