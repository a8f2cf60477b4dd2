// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A kernel setting, see sysctl(8). Those of the network are of the calling thread's namespace.
 *
 * @param name with dots, such as {@code net.ipv4.conf.all.src_valid_mark}, or with slashes, as the
 *     names of interfaces may have dots
 */
public record Sysctl(String name) {
  /** Whether marks count when the source of an incoming IPv4 packet is checked. */
  public static final Sysctl SRC_VALID_MARK = new Sysctl("net.ipv4.conf.all.src_valid_mark");

  /**
   * The value, without the end of the line.
   *
   * @throws LinuxException if this kernel does not have it
   */
  public String read() throws LinuxException {
    try {
      return Files.readString(path(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new LinuxException(Errno.ENOENT, "cannot read the kernel setting " + name, "");
    }
  }

  /**
   * Sets the value; writes nothing where it is set already, so a read-only /proc does no harm then.
   *
   * @throws LinuxException if the kernel refuses the value or its settings are read-only
   */
  public void write(String value) throws LinuxException {
    if (read().equals(value)) {
      return;
    }
    try {
      Files.writeString(path(), value + "\n", StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new LinuxException(
          Errno.EACCES,
          "cannot set the kernel setting " + name + " to " + value,
          "/proc/sys is read-only here, as in many containers: set it from outside (sysctl -w "
              + name
              + "="
              + value
              + ")");
    }
  }

  /** Whether this kernel has it, now. */
  boolean exists() {
    return Files.exists(path());
  }

  private Path path() {
    return Path.of("/proc/sys", name.indexOf('/') < 0 ? name.replace('.', '/') : name);
  }
}
