// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import org.junit.jupiter.api.Test;

/**
 * kill -9 at any moment, while files change by all ways at once: no file is damaged, nothing stays
 * half-way, the history opens, and the next start makes the machine what the files say.
 *
 * <p>A few kills each time; {@code install/kills --kills 1000} for many. The seed is said, so that
 * a failure can be looked for again, though the machine's own timing is not in it.
 */
class KillsIT {
  private static final int KILLS = Integer.getInteger("gatehouse.kills", 6);
  private static final long SEED = Long.getLong("gatehouse.kills.seed", System.nanoTime());

  @Test
  void noKillDoesDamageAndTheNextStartConverges() throws Exception {
    try (Kills kills = new Kills(SEED)) {
      kills.run(KILLS);
    }
  }
}
