// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Socket calls of the C library; conventions as in {@link LibC}. */
final class SocketCalls {
  static final int AF_UNIX = 1;
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int AF_NETLINK = 16;
  static final int SOCK_STREAM = 1;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_RAW = 3;
  static final int SOCK_SEQPACKET = 5;
  static final int SOCK_NONBLOCK = 0x800;
  static final int SOCK_CLOEXEC = 0x80000;
  static final int MSG_TRUNC = 0x20;
  static final int MSG_DONTWAIT = 0x40;
  static final int MSG_NOSIGNAL = 0x4000;

  static final int SOL_IP = 0;
  static final int SOL_SOCKET = 1;
  static final int SOL_UDP = 17;
  static final int SOL_IPV6 = 41;
  static final int SOL_NETLINK = 270;

  static final int SO_ERROR = 4;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;
  static final int SO_REUSEPORT = 15;
  static final int SO_PEERCRED = 17;
  static final int SO_ACCEPTCONN = 30;
  static final int SO_SNDBUFFORCE = 32;
  static final int SO_RCVBUFFORCE = 33;
  static final int SO_MARK = 36;
  static final int SO_DOMAIN = 39;

  static {
    Native.register(SocketCalls.class, NativeLibrary.getProcess());
  }

  private SocketCalls() {}

  static native int socket(int domain, int type, int protocol);

  static native int socketpair(int domain, int type, int protocol, long fds);

  static native int bind(int fd, long address, int length);

  static native int listen(int fd, int backlog);

  static native int connect(int fd, long address, int length);

  static native int accept4(int fd, long address, long length, int flags);

  static native int shutdown(int fd, int how);

  static native int getsockname(int fd, long address, long length);

  static native int setsockopt(int fd, int level, int name, long value, int length);

  static native int getsockopt(int fd, int level, int name, long value, long length);

  static native long send(int fd, long buffer, long length, int flags);

  static native long recv(int fd, long buffer, long length, int flags);

  /** Sets an option whose value is an int; 0 or -errno. */
  static int setOption(int fd, int level, int name, int value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_INT, value);
      return setsockopt(fd, level, name, memory.address(), 4) < 0 ? -Native.getLastError() : 0;
    }
  }

  /** Reads an option whose value is an int that is never negative; that or -errno. */
  static int getOption(int fd, int level, int name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(8, 8);
      memory.set(ValueLayout.JAVA_INT, 4, 4);
      int result = getsockopt(fd, level, name, memory.address(), memory.address() + 4);
      return result < 0 ? -Native.getLastError() : memory.get(ValueLayout.JAVA_INT, 0);
    }
  }
}
