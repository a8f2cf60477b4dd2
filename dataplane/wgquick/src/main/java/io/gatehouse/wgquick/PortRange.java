// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

/**
 * Ports of TCP or UDP, written {@code 443} or {@code 8000-8010}.
 *
 * @param first 1 to 65535
 * @param last from {@code first} to 65535
 */
public record PortRange(int first, int last) {
  private static final int LARGEST = 65535;

  /** Checks the range. */
  public PortRange {
    if (first < 1 || last > LARGEST || first > last) {
      throw new IllegalArgumentException("ports are from 1 to 65535, the lower one first");
    }
  }

  /**
   * Reads one port or two.
   *
   * @throws IllegalArgumentException with a message fit for a finding
   */
  public static PortRange parse(String text) {
    int dash = text.indexOf('-');
    return dash < 0
        ? new PortRange(port(text), port(text))
        : new PortRange(port(text.substring(0, dash)), port(text.substring(dash + 1)));
  }

  /** Whether it is one port. */
  public boolean isOne() {
    return first == last;
  }

  /**
   * The one port that it is.
   *
   * @throws IllegalArgumentException if it is several
   */
  int single() {
    if (!isOne()) {
      throw new IllegalArgumentException("one port stands behind the last address");
    }
    return first;
  }

  private static int port(String text) {
    if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("\"" + text + "\" is not a port");
    }
    return Integer.parseInt(text);
  }

  /** As it is read. */
  @Override
  public String toString() {
    return isOne() ? Integer.toString(first) : first + "-" + last;
  }
}
