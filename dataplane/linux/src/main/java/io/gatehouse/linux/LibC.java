// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * File, poll and namespace calls of the C library the JVM itself runs on. Pointers are plain
 * addresses; a result of -1 means {@link Native#getLastError()} tells why. Variadic calls (open,
 * ioctl, fcntl) are bound with one fixed integer argument, which x86_64 and aarch64 pass alike.
 */
final class LibC {
  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;
  static final int F_DUPFD_CLOEXEC = 1030;
  static final int F_SETFD = 2;
  static final int F_GETFL = 3;
  static final int F_SETFL = 4;
  static final int FD_CLOEXEC = 1;
  static final int MFD_CLOEXEC = 1;
  static final int CLONE_NEWNET = 0x4000_0000;
  static final short POLLIN = 1;
  static final short POLLOUT = 4;
  static final short POLLERR = 8;
  static final short POLLHUP = 16;
  static final short POLLNVAL = 32;

  static {
    Native.register(LibC.class, NativeLibrary.getProcess());
  }

  private LibC() {}

  static native int open(long path, int flags, int mode);

  static native int close(int fd);

  static native long read(int fd, long buffer, long length);

  static native long write(int fd, long buffer, long length);

  static native int ioctl(int fd, long request, long argument);

  static native int fcntl(int fd, int command, long argument);

  static native int ppoll(long fds, long count, long timeout, long signalMask);

  static native int eventfd(int initial, int flags);

  static native int memfd_create(long name, int flags);

  static native int setns(int fd, int type);

  static native int setpriority(int which, int who, int niceness);

  static native int fchmod(int fd, int mode);

  static native int dup3(int from, int to, int flags);
}
