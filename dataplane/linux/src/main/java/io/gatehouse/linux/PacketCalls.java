// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The system calls that packets come and go by. Pointers are plain addresses; a result below 0 is
 * -errno.
 *
 * <p>They go by the linker of Java itself, everything else by JNA ({@link LibC}, {@link
 * SocketCalls}): a call by JNA takes 130 to 165 ns more, and for a packet that comes alone to a
 * processor that slept, the memory its code lies in has to be fetched for each of six calls.
 */
final class PacketCalls {
  private static final Linker.Option KEEP_ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO_AT = STATE.byteOffset(PathElement.groupElement("errno"));

  /** Where the linker leaves errno, before the JVM can change it. */
  private static final ThreadLocal<MemorySegment> KEPT =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

  private static final MethodHandle READ =
      function("read", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle WRITE =
      function("write", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle WRITEV =
      function("writev", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle RECVMMSG =
      function("recvmmsg", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle SENDMMSG =
      function("sendmmsg", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
  private static final MethodHandle PPOLL =
      function("ppoll", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private PacketCalls() {}

  @SuppressWarnings("restricted")
  private static MethodHandle function(
      String name, MemoryLayout result, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        KEEP_ERRNO);
  }

  /** read(2). */
  static long read(int fd, long buffer, long length) {
    MemorySegment kept = KEPT.get();
    try {
      return orErrno((long) READ.invokeExact(kept, fd, buffer, length), kept);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /** write(2). */
  static long write(int fd, long buffer, long length) {
    MemorySegment kept = KEPT.get();
    try {
      return orErrno((long) WRITE.invokeExact(kept, fd, buffer, length), kept);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /** writev(2). */
  static long writev(int fd, long iovecs, int count) {
    MemorySegment kept = KEPT.get();
    try {
      return orErrno((long) WRITEV.invokeExact(kept, fd, iovecs, count), kept);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /** recvmmsg(2). */
  static int recvmmsg(int fd, long messages, int count, int flags, long timeout) {
    MemorySegment kept = KEPT.get();
    try {
      return (int)
          orErrno((int) RECVMMSG.invokeExact(kept, fd, messages, count, flags, timeout), kept);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /** sendmmsg(2). */
  static int sendmmsg(int fd, long messages, int count, int flags) {
    MemorySegment kept = KEPT.get();
    try {
      return (int) orErrno((int) SENDMMSG.invokeExact(kept, fd, messages, count, flags), kept);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /** ppoll(2). */
  static int ppoll(long fds, long count, long timeout, long signalMask) {
    MemorySegment kept = KEPT.get();
    try {
      return (int) orErrno((int) PPOLL.invokeExact(kept, fds, count, timeout, signalMask), kept);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  private static long orErrno(long result, MemorySegment kept) {
    return result >= 0 ? result : -kept.get(JAVA_INT, ERRNO_AT);
  }

  private static IllegalStateException failure(Throwable e) {
    return new IllegalStateException("a system call could not be made", e);
  }
}
