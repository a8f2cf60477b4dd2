// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

/** Which build this is. */
public final class Version {
  private Version() {}

  /** As in the jar's manifest; {@code development} when the classes are in no jar. */
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
