// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** No key outlives its use when Diffie-Hellman is computed in lanes, either. */
class KeyErasureInLanesTest extends KeyErasureTest {
  @BeforeAll
  static void inLanes() {
    X25519.inLanes(true);
  }

  @AfterAll
  static void asBefore() {
    X25519.inLanes(false);
  }
}
