// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import com.sun.jna.Native;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A listening UNIX stream socket, see unix(7), by its raw descriptor, so that one made by another
 * program (WG_UAPI_FD) can be taken over.
 *
 * <p>One thread accepts; any thread may close, which ends the accepting.
 */
public final class UnixListener implements AutoCloseable {
  private static final int PATH_AT = 2;
  private static final int ADDRESS_SIZE = 110;
  private static final int BACKLOG = 64;

  private final FileDescriptor descriptor;
  private final Optional<Path> path;
  private final Optional<Object> identity;
  private final EventFd closing;
  private final Object accepting = new Object();
  private volatile boolean closed;

  private UnixListener(int fd, Optional<Path> path) throws LinuxException {
    closing = EventFd.open();
    descriptor = new FileDescriptor(fd);
    this.path = path;
    identity = path.flatMap(UnixListener::identify);
  }

  /**
   * Listens at a path, for the owner only (mode 0600 from the first moment on). A socket file that
   * nobody listens at any more is replaced.
   *
   * @param path at most 107 octets, in an existing directory
   * @throws LinuxException EADDRINUSE when somebody listens there, EEXIST when the path is
   *     something else than a socket, ENOENT without the directory
   */
  public static UnixListener bind(Path path) throws LinuxException {
    String attempt = "cannot listen at " + path;
    removeStale(path, attempt);
    int fd = socket(attempt);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(ADDRESS_SIZE, 8);
      int length = fill(address, path, attempt);
      // The file that bind makes takes the mode of the socket itself, whatever the umask.
      if (LibC.fchmod(fd, 0600) < 0
          || SocketCalls.bind(fd, address.address(), length) < 0
          || SocketCalls.listen(fd, BACKLOG) < 0) {
        int errno = Native.getLastError();
        throw new LinuxException(
            errno,
            attempt,
            switch (errno) {
              case Errno.ENOENT -> "make the directory first";
              case Errno.EACCES -> "this user may not write to the directory";
              default -> "";
            });
      }
      return new UnixListener(fd, Optional.of(path));
    } catch (LinuxException | RuntimeException e) {
      LibC.close(fd);
      throw e;
    }
  }

  /**
   * Takes over a descriptor that listens already.
   *
   * @throws LinuxException EBADF when it is not open, ENOTSOCK or EINVAL when it is no listening
   *     UNIX socket; the descriptor stays open then
   */
  public static UnixListener adopt(int fd) throws LinuxException {
    String attempt = "cannot use descriptor " + fd + " as a listening UNIX socket";
    int domain = SocketCalls.getOption(fd, SocketCalls.SOL_SOCKET, SocketCalls.SO_DOMAIN);
    int listening = SocketCalls.getOption(fd, SocketCalls.SOL_SOCKET, SocketCalls.SO_ACCEPTCONN);
    if (domain != SocketCalls.AF_UNIX || listening != 1) {
      throw new LinuxException(
          domain < 0 ? -domain : Errno.EINVAL,
          attempt,
          "pass one that is bound and listens (WG_UAPI_FD)");
    }
    int status = LibC.fcntl(fd, LibC.F_GETFL, 0);
    if (status < 0
        || LibC.fcntl(fd, LibC.F_SETFL, status | LibC.O_NONBLOCK) < 0
        || LibC.fcntl(fd, LibC.F_SETFD, LibC.FD_CLOEXEC) < 0) {
      throw LinuxException.last(attempt);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(ADDRESS_SIZE + 1, 8);
      MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, ADDRESS_SIZE);
      if (SocketCalls.getsockname(fd, address.address(), length.address()) < 0) {
        throw LinuxException.last(attempt);
      }
      String name = address.getString(PATH_AT);
      return new UnixListener(fd, name.isEmpty() ? Optional.empty() : Optional.of(Path.of(name)));
    }
  }

  private static void removeStale(Path path, String attempt) throws LinuxException {
    Object mode;
    try {
      mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      throw new LinuxException(Errno.EIO, attempt, e.toString());
    }
    if (!(mode instanceof Integer bits) || (bits & 0170000) != 0140000) {
      throw new LinuxException(
          Errno.EEXIST, attempt, "something else than a socket is there; remove it");
    }
    int fd = socket(attempt);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(ADDRESS_SIZE, 8);
      int length = fill(address, path, attempt);
      int result = SocketCalls.connect(fd, address.address(), length);
      int errno = result < 0 ? Native.getLastError() : 0;
      if (errno == Errno.ENOENT) {
        return;
      }
      if (errno != Errno.ECONNREFUSED) {
        throw new LinuxException(
            Errno.EADDRINUSE, attempt, "another process listens there; stop that one first");
      }
      Files.deleteIfExists(path);
    } catch (LinuxException e) {
      throw e;
    } catch (IOException e) {
      throw new LinuxException(Errno.EACCES, attempt, "cannot remove the stale socket: " + e);
    } finally {
      LibC.close(fd);
    }
  }

  static int socket(String attempt) throws LinuxException {
    int fd =
        SocketCalls.socket(
            SocketCalls.AF_UNIX,
            SocketCalls.SOCK_STREAM | SocketCalls.SOCK_NONBLOCK | SocketCalls.SOCK_CLOEXEC,
            0);
    if (fd < 0) {
      throw LinuxException.last(attempt);
    }
    return fd;
  }

  /** Writes struct sockaddr_un; its length. */
  static int fill(MemorySegment address, Path path, String attempt) throws LinuxException {
    byte[] octets = path.toString().getBytes(StandardCharsets.UTF_8);
    if (octets.length > ADDRESS_SIZE - PATH_AT - 1) {
      throw new LinuxException(36, attempt, "a socket path has at most 107 octets");
    }
    address.set(ValueLayout.JAVA_SHORT, 0, (short) SocketCalls.AF_UNIX);
    MemorySegment.copy(octets, 0, address, ValueLayout.JAVA_BYTE, PATH_AT, octets.length);
    return PATH_AT + octets.length + 1;
  }

  private static Optional<Object> identify(Path path) {
    try {
      Map<String, Object> file =
          Files.readAttributes(path, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
      // The bound socket holds its inode, so no other file gets this number in our lifetime.
      return Optional.of(file);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Where it listens; empty for an adopted socket without a name. */
  public Optional<Path> path() {
    return path;
  }

  /** The descriptor; -1 once closed. */
  public int fd() {
    return descriptor.get();
  }

  /**
   * Whether clients still reach it: its file has been neither removed nor replaced. An unnamed one
   * always is reachable.
   */
  public boolean isReachable() {
    return path.isEmpty()
        || identity.isPresent() && path.flatMap(UnixListener::identify).equals(identity);
  }

  /**
   * Waits for a client.
   *
   * @return empty once closed
   * @throws LinuxException when the kernel gives none, as for EMFILE; waiting again may help
   */
  public Optional<UnixStream> accept() throws LinuxException {
    synchronized (accepting) {
      Poller poller = new Poller(2);
      poller.add(closing.fd());
      poller.add(descriptor.get());
      while (!closed) {
        int fd =
            SocketCalls.accept4(
                descriptor.get(), 0, 0, SocketCalls.SOCK_NONBLOCK | SocketCalls.SOCK_CLOEXEC);
        if (fd >= 0) {
          return Optional.of(new UnixStream(fd));
        }
        int errno = Native.getLastError();
        if (errno != Errno.EAGAIN && errno != Errno.EINTR && errno != Errno.ECONNABORTED) {
          throw LinuxException.of(errno, "cannot accept a client");
        }
        poller.poll(-1);
      }
      return Optional.empty();
    }
  }

  /** Ends accepting and removes the socket file if it is still ours. */
  @Override
  public void close() {
    closed = true;
    closing.signal();
    synchronized (accepting) {
      if (descriptor.get() < 0) {
        return;
      }
      if (path.isPresent() && isReachable()) {
        try {
          Files.deleteIfExists(path.get());
        } catch (IOException e) {
          // Nobody listens at what is left, so the next bind takes it for stale.
        }
      }
      descriptor.close();
      closing.close();
    }
  }
}
