// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import com.sun.jna.Native;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What this process may do, see capabilities(7), asked before anything is attempted. */
public final class Capabilities {
  private static final String TUN = "/dev/net/tun";
  private static final int CAP_NET_BIND_SERVICE = 10;
  private static final int CAP_NET_ADMIN = 12;

  private Capabilities() {}

  /** Whether the calling thread has CAP_NET_ADMIN in effect (interfaces, addresses, routes). */
  public static boolean netAdmin() {
    return effective(CAP_NET_ADMIN);
  }

  /** Whether the calling thread has CAP_NET_BIND_SERVICE in effect (ports below 1024). */
  public static boolean netBindService() {
    return effective(CAP_NET_BIND_SERVICE);
  }

  /**
   * What hinders a data plane on this machine, each with its remedy; empty when nothing does.
   * Changes nothing.
   */
  public static List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (!netAdmin()) {
      problems.add(
          "the right CAP_NET_ADMIN is missing: run as root, give the service"
              + " AmbientCapabilities=CAP_NET_ADMIN, or start the container with"
              + " --cap-add=NET_ADMIN");
    }
    int fd = openTun();
    if (fd < 0) {
      problems.add(String.valueOf(tunRefused(-fd).getMessage()));
    } else {
      LibC.close(fd);
    }
    return List.copyOf(problems);
  }

  /** A new descriptor of the TUN control device, or -errno. */
  static int openTun() {
    try (Arena arena = Arena.ofConfined()) {
      int fd =
          LibC.open(
              arena.allocateFrom(TUN).address(), LibC.O_RDWR | LibC.O_NONBLOCK | LibC.O_CLOEXEC, 0);
      return fd < 0 ? -Native.getLastError() : fd;
    }
  }

  /** Why the TUN control device did not open. */
  static LinuxException tunRefused(int errno) {
    return new LinuxException(
        errno,
        "cannot open " + TUN,
        switch (errno) {
          case Errno.ENOENT, Errno.ENODEV, 6 ->
              "load the tun module (modprobe tun) or give the container the device"
                  + " (--device "
                  + TUN
                  + ")";
          case Errno.EPERM, Errno.EACCES ->
              "run as root, or give this user read and write access to it and the container its"
                  + " device rule";
          default -> "";
        });
  }

  private static boolean effective(int capability) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/thread-self/status"))) {
        if (line.startsWith("CapEff:")) {
          return (Long.parseUnsignedLong(line.substring(7).strip(), 16) >>> capability & 1) != 0;
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Without /proc nothing can be told; the attempt itself will say.
      return true;
    }
    return true;
  }
}
