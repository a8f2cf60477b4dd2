// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * An owned descriptor that is closed once at most. After that it reads as -1, so that a late call
 * meets EBADF and not a stranger's file.
 */
final class FileDescriptor {
  private final AtomicInteger fd;

  FileDescriptor(int fd) {
    this.fd = new AtomicInteger(fd);
  }

  int get() {
    return fd.get();
  }

  /** Closes it; whether this call was the one that did. */
  boolean close() {
    int open = fd.getAndSet(-1);
    if (open < 0) {
      return false;
    }
    LibC.close(open);
    return true;
  }
}
