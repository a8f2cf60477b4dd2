// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.control.settings.SettingsException;
import java.util.Map;

/**
 * Moves made-up packets once, so that the build can keep what the VM loaded ({@code
 * -XX:AOTCacheOutput}). Needs no rights and changes nothing on the machine.
 */
final class PacketPathTraining {
  private PacketPathTraining() {}

  /** Returns when the packet path is as fast as it gets; takes no arguments. */
  public static void main(String[] words) throws SettingsException {
    PacketPath.choose(SettingsSource.open(Map.of()).settings()).rehearse(() -> {});
  }
}
