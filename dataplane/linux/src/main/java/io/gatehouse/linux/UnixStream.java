// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import com.sun.jna.Native;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A connected UNIX stream socket. One thread may read while another writes; any thread may close,
 * which ends both.
 */
public final class UnixStream implements AutoCloseable {
  private static final int CHUNK = 16384;
  private static final int SHUT_WR = 1;
  private static final int SHUT_RDWR = 2;

  private final FileDescriptor descriptor;
  // Users of the descriptor hold the read lock, so that close never frees a number in use.
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final MemorySegment input = Arena.ofAuto().allocate(CHUNK);
  private final MemorySegment output = Arena.ofAuto().allocate(CHUNK);
  private final Waiter readable = new Waiter(LibC.POLLIN);
  private final Waiter writable = new Waiter(LibC.POLLOUT);
  private volatile long timeoutNanos = -1;

  UnixStream(int fd) {
    descriptor = new FileDescriptor(fd);
  }

  /** Connects to a listening socket. */
  public static UnixStream connect(Path path) throws LinuxException {
    String attempt = "cannot connect to " + path;
    int fd = UnixListener.socket(attempt);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(112, 8);
      int length = UnixListener.fill(address, path, attempt);
      if (SocketCalls.connect(fd, address.address(), length) < 0) {
        int errno = Native.getLastError();
        throw new LinuxException(
            errno,
            attempt,
            errno == Errno.ENOENT || errno == Errno.ECONNREFUSED ? "nobody listens there" : "");
      }
      return new UnixStream(fd);
    } catch (LinuxException | RuntimeException e) {
      LibC.close(fd);
      throw e;
    }
  }

  /** How long a read or write waits before it throws ETIMEDOUT; zero waits without end. */
  public void timeout(Duration timeout) {
    timeoutNanos = timeout.isZero() ? -1 : timeout.toNanos();
  }

  /** Who connected, or who listens. */
  public PeerCredentials peerCredentials() throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(16, 8);
      memory.set(ValueLayout.JAVA_INT, 12, 12);
      if (SocketCalls.getsockopt(
              descriptor.get(),
              SocketCalls.SOL_SOCKET,
              SocketCalls.SO_PEERCRED,
              memory.address(),
              memory.address() + 12)
          < 0) {
        throw LinuxException.last("cannot tell who is at the other end of a UNIX socket");
      }
      return new PeerCredentials(
          memory.get(ValueLayout.JAVA_INT, 0),
          memory.get(ValueLayout.JAVA_INT, 4),
          memory.get(ValueLayout.JAVA_INT, 8));
    }
  }

  /**
   * Reads what there is, at least one octet.
   *
   * @return octets read, -1 when the other end has finished
   * @throws LinuxException ETIMEDOUT, EBADF once closed
   */
  public int read(byte[] buffer, int offset, int length) throws LinuxException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length == 0) {
      return 0;
    }
    lock.readLock().lock();
    try {
      while (true) {
        long count =
            SocketCalls.recv(
                descriptor.get(),
                input.address(),
                Math.min(length, CHUNK),
                SocketCalls.MSG_DONTWAIT);
        if (count > 0) {
          MemorySegment.copy(input, ValueLayout.JAVA_BYTE, 0, buffer, offset, (int) count);
          input.asSlice(0, count).fill((byte) 0); // it may have been a key
          return (int) count;
        }
        if (count == 0) {
          return -1;
        }
        await(readable, Native.getLastError(), "cannot read from a UNIX socket");
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Writes all of it.
   *
   * @throws LinuxException ETIMEDOUT, EPIPE when the other end has closed, EBADF once closed
   */
  public void write(byte[] buffer, int offset, int length) throws LinuxException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    lock.readLock().lock();
    try {
      int done = 0;
      while (done < length) {
        int size = Math.min(length - done, CHUNK);
        MemorySegment.copy(buffer, offset + done, output, ValueLayout.JAVA_BYTE, 0, size);
        long count =
            SocketCalls.send(
                descriptor.get(),
                output.address(),
                size,
                SocketCalls.MSG_DONTWAIT | SocketCalls.MSG_NOSIGNAL);
        int errno = count < 0 ? Native.getLastError() : 0;
        output.asSlice(0, size).fill((byte) 0);
        if (count >= 0) {
          done += (int) count;
        } else {
          await(writable, errno, "cannot write to a UNIX socket");
        }
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  private void await(Waiter waiter, int errno, String attempt) throws LinuxException {
    if (errno == Errno.EINTR) {
      return;
    }
    if (errno != Errno.EAGAIN) {
      throw LinuxException.of(errno, attempt);
    }
    if (!waiter.await(descriptor.get(), timeoutNanos)) {
      throw new LinuxException(Errno.ETIMEDOUT, attempt, "");
    }
  }

  /** poll(2) on one descriptor for one event. */
  private static final class Waiter {
    private final MemorySegment memory = Arena.ofAuto().allocate(24, 8);
    private final short event;

    Waiter(short event) {
      this.event = event;
    }

    /** False on timeout. */
    boolean await(int fd, long timeoutNanos) {
      memory.set(ValueLayout.JAVA_INT, 0, fd);
      memory.set(ValueLayout.JAVA_SHORT, 4, event);
      memory.set(ValueLayout.JAVA_SHORT, 6, (short) 0);
      memory.set(ValueLayout.JAVA_LONG, 8, timeoutNanos / 1_000_000_000);
      memory.set(ValueLayout.JAVA_LONG, 16, timeoutNanos % 1_000_000_000);
      return LibC.ppoll(memory.address(), 1, timeoutNanos < 0 ? 0 : memory.address() + 8, 0) != 0;
    }
  }

  /** Tells the other end that nothing more comes. Reading goes on. */
  public void finishWriting() {
    SocketCalls.shutdown(descriptor.get(), SHUT_WR);
  }

  /** Reading as a stream; closing it closes this. */
  public InputStream inputStream() {
    return new InputStream() {
      @Override
      public int read() throws LinuxException {
        byte[] one = new byte[1];
        return UnixStream.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws LinuxException {
        return UnixStream.this.read(buffer, offset, length);
      }

      @Override
      public void close() {
        UnixStream.this.close();
      }
    };
  }

  /** Writing as a stream, unbuffered; closing it closes this. */
  public OutputStream outputStream() {
    return new OutputStream() {
      @Override
      public void write(int octet) throws LinuxException {
        UnixStream.this.write(new byte[] {(byte) octet}, 0, 1);
      }

      @Override
      public void write(byte[] buffer, int offset, int length) throws LinuxException {
        UnixStream.this.write(buffer, offset, length);
      }

      @Override
      public void close() {
        UnixStream.this.close();
      }
    };
  }

  /** Ends reading and writing and closes the descriptor. */
  @Override
  public void close() {
    SocketCalls.shutdown(descriptor.get(), SHUT_RDWR); // wakes whoever waits
    lock.writeLock().lock();
    try {
      descriptor.close();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
