// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.Optional;

/**
 * A name that wg-quick(8) takes for an interface: 1 to 15 of letters, digits and {@code _=+.-}, but
 * not {@code .} or {@code ..}, which the kernel refuses.
 *
 * @param value the name
 */
public record InterfaceName(String value) implements Comparable<InterfaceName> {
  /** What a file's name ends in. */
  public static final String SUFFIX = ".conf";

  /** Checks the rule. */
  public InterfaceName {
    if (!isLegal(value)) {
      throw new IllegalArgumentException("not an interface name: " + Shown.of(value));
    }
  }

  /** Whether a text is a legal name. */
  public static boolean isLegal(String text) {
    return !text.isEmpty()
        && text.length() <= 15
        && !text.equals(".")
        && !text.equals("..")
        && text.chars().allMatch(InterfaceName::isLegal);
  }

  /** The interface that a file is for: its name without {@code .conf}; empty if that is illegal. */
  public static Optional<InterfaceName> ofFile(String fileName) {
    String last = fileName.substring(fileName.lastIndexOf('/') + 1);
    if (!last.endsWith(SUFFIX)) {
      return Optional.empty();
    }
    String name = last.substring(0, last.length() - SUFFIX.length());
    return isLegal(name) ? Optional.of(new InterfaceName(name)) : Optional.empty();
  }

  /** The name of the file that an interface comes from. */
  public String fileName() {
    return value + SUFFIX;
  }

  @Override
  public int compareTo(InterfaceName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }

  private static boolean isLegal(int c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || "_=+.-".indexOf(c) >= 0;
  }
}
