// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import com.sun.jna.Native;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * An open network namespace, see network_namespaces(7). Thread-safe.
 *
 * <p>Sockets and devices belong for life to the namespace of the thread that opened them, so
 * something is opened elsewhere by opening it inside {@link #call}.
 */
public final class NetworkNamespace implements AutoCloseable {
  private final FileDescriptor descriptor;

  NetworkNamespace(int fd) {
    descriptor = new FileDescriptor(fd);
  }

  /** The namespace of the calling thread. */
  public static NetworkNamespace current() throws LinuxException {
    return open("/proc/thread-self/ns/net");
  }

  /** A namespace that {@code ip netns add NAME} made. */
  public static NetworkNamespace named(String name) throws LinuxException {
    return open("/run/netns/" + name);
  }

  private static NetworkNamespace open(String path) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      int fd = LibC.open(arena.allocateFrom(path).address(), LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
      if (fd < 0) {
        throw LinuxException.last("cannot open network namespace " + path);
      }
      return new NetworkNamespace(fd);
    }
  }

  /** The descriptor; -1 once closed. */
  public int fd() {
    return descriptor.get();
  }

  /** Whether both are open on the same namespace. */
  public boolean isSameAs(NetworkNamespace other) throws IOException {
    return Files.getAttribute(link(), "unix:ino")
        .equals(Files.getAttribute(other.link(), "unix:ino"));
  }

  private Path link() {
    return Path.of("/proc/self/fd/" + descriptor.get());
  }

  /**
   * Runs something inside the namespace, on a platform thread of its own that ends with it, so no
   * other thread ever changes its namespace. Threads that the action starts stay in the namespace.
   *
   * @throws LinuxException when the namespace cannot be entered
   * @throws Exception what the action throws
   */
  public <T> T call(Callable<T> action) throws Exception {
    int fd = descriptor.get();
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              if (LibC.setns(fd, LibC.CLONE_NEWNET) < 0) {
                int errno = Native.getLastError();
                throw new LinuxException(
                    errno,
                    "cannot enter a network namespace",
                    errno == Errno.EPERM ? "needs CAP_SYS_ADMIN" : "");
              }
              return action.call();
            });
    Thread thread = Thread.ofPlatform().name("namespace-" + fd).daemon().start(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          thread.join();
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof Exception cause) {
            throw cause;
          }
          throw e;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** An action that fails by system calls only. */
  interface LinuxAction<T> {
    T run() throws LinuxException;
  }

  /** As {@link #call}. */
  <T> T callLinux(LinuxAction<T> action) throws LinuxException {
    try {
      return call(action::run);
    } catch (LinuxException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the action throws nothing else", e);
    }
  }

  /** As {@link #call}, but without a thread when the caller is inside: that needs no right. */
  <T> T callLinuxHere(LinuxAction<T> action) throws LinuxException, IOException {
    boolean inside;
    try (NetworkNamespace here = current()) {
      inside = isSameAs(here);
    }
    return inside ? action.run() : callLinux(action);
  }

  /** Closes the descriptor; the namespace lives on while anything else holds it. */
  @Override
  public void close() {
    descriptor.close();
  }
}
