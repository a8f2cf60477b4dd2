// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A wake-up call for a thread that waits in {@link Poller}: eventfd(2).
 *
 * <p>Any thread may {@link #signal}; one thread polls and drains. Nothing is allocated after open.
 */
public final class EventFd implements AutoCloseable {
  private final FileDescriptor descriptor;
  // One word that signal writes from, one that drain reads into.
  private final MemorySegment words = Arena.ofAuto().allocate(16, 8);

  private EventFd(int fd) {
    descriptor = new FileDescriptor(fd);
    words.set(ValueLayout.JAVA_LONG, 0, 1);
  }

  /** A new, unsignalled one, non-blocking and closed on exec. */
  public static EventFd open() throws LinuxException {
    int fd = LibC.eventfd(0, LibC.O_NONBLOCK | LibC.O_CLOEXEC);
    if (fd < 0) {
      throw LinuxException.last("cannot make an eventfd");
    }
    return new EventFd(fd);
  }

  /** The descriptor, readable while signalled; -1 once closed. */
  public int fd() {
    return descriptor.get();
  }

  /** Makes the descriptor readable. Does nothing once closed. */
  public void signal() {
    LibC.write(descriptor.get(), words.address(), 8);
  }

  /** Makes the descriptor unreadable again. For the polling thread only. */
  public void drain() {
    LibC.read(descriptor.get(), words.address() + 8, 8);
  }

  /** Closes the descriptor; the polling thread must have left. */
  @Override
  public void close() {
    descriptor.close();
  }
}
