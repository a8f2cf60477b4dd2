// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel tells of this machine's processor (/proc/cpuinfo). */
public final class Processor {
  private static final Pattern VENDOR = Pattern.compile("(?m)^vendor_id\\s*: (\\S+)$");
  private static final Pattern FAMILY = Pattern.compile("(?m)^cpu family\\s*: (\\d{1,4})$");

  /** AMD's Zen 5, the first with units of 512 bits. */
  private static final int ZEN_5 = 26;

  private Processor() {}

  /**
   * Whether vectors of 512 bits, where the VM has them, are taken at once, and not in two halves as
   * by AMD's Zen 4. Intel's older processors clock lower with them, but there the VM does not use
   * them itself.
   */
  public static boolean hasWholeWideVectors() {
    try {
      return hasWholeWideVectors(
          Files.readString(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return false;
    }
  }

  static boolean hasWholeWideVectors(String cpuinfo) {
    Matcher vendor = VENDOR.matcher(cpuinfo);
    Matcher family = FAMILY.matcher(cpuinfo);
    if (!vendor.find()) {
      return false;
    }
    return switch (vendor.group(1)) {
      case "GenuineIntel" -> true;
      case "AuthenticAMD" -> family.find() && Integer.parseInt(family.group(1)) >= ZEN_5;
      default -> false;
    };
  }
}
