// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A file opened for reading with O_NONBLOCK, which the JDK cannot: opening a FIFO or a device by
 * mistake never hangs. What it is shows the opened file, not whatever has the name by then.
 */
public final class OpenedFile implements AutoCloseable {
  private static final int S_IFMT = 0xf000;
  private static final int S_IFREG = 0x8000;

  /**
   * What fstat(2) tells.
   *
   * @param mode file type and permissions
   * @param uid owner
   * @param size in octets
   */
  public record Status(int mode, int uid, long size) {
    /** Whether it is a regular file. */
    public boolean isRegular() {
      return (mode & S_IFMT) == S_IFREG;
    }
  }

  private final FileDescriptor descriptor;
  private final Path path;

  private OpenedFile(int fd, Path path) {
    this.descriptor = new FileDescriptor(fd);
    this.path = path;
  }

  /**
   * Opens a file, following links.
   *
   * @throws LinuxException ENOENT, EACCES, ENXIO for a socket, ELOOP
   */
  public static OpenedFile open(Path path) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path.toString(), StandardCharsets.UTF_8);
      int flags = LibC.O_RDONLY | LibC.O_NONBLOCK | LibC.O_CLOEXEC;
      int fd = LibC.open(name.address(), flags, 0);
      if (fd < 0) {
        throw LinuxException.last("cannot open " + path);
      }
      return new OpenedFile(fd, path);
    }
  }

  /** Type, owner and size of the opened file. */
  public Status status() throws IOException {
    // The kernel resolves this name to the opened file itself, whatever has become of its own name.
    Path self = Path.of("/proc/self/fd", Integer.toString(descriptor.get()));
    return new Status(
        (Integer) Files.getAttribute(self, "unix:mode"),
        (Integer) Files.getAttribute(self, "unix:uid"),
        (Long) Files.getAttribute(self, "unix:size"));
  }

  /**
   * Reads from where the last read ended, to the end or to a limit.
   *
   * @param most octets to read at most
   */
  public byte[] read(int most) throws LinuxException {
    byte[] bytes = new byte[0];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(Math.min(most, 1 << 16));
      while (bytes.length < most) {
        long wanted = Math.min(most - bytes.length, buffer.byteSize());
        long count = LibC.read(descriptor.get(), buffer.address(), wanted);
        if (count < 0) {
          throw LinuxException.last("cannot read " + path);
        }
        if (count == 0) {
          break;
        }
        int before = bytes.length;
        bytes = Arrays.copyOf(bytes, before + (int) count);
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, before, (int) count);
      }
    }
    return bytes;
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
