// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The running kernel's version, for what cannot be probed. */
final class KernelVersion {
  private static final Pattern MAJOR_MINOR = Pattern.compile("(\\d+)\\.(\\d+).*");

  private KernelVersion() {}

  /** Whether the kernel is that version or newer; true when it does not tell. */
  static boolean atLeast(int major, int minor) {
    return atLeast(System.getProperty("os.version", ""), major, minor);
  }

  static boolean atLeast(String release, int major, int minor) {
    Matcher version = MAJOR_MINOR.matcher(release);
    if (!version.matches()) {
      return true;
    }
    int actual = Integer.parseInt(version.group(1));
    return actual > major || actual == major && Integer.parseInt(version.group(2)) >= minor;
  }
}
