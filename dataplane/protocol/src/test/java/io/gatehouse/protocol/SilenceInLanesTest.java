// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What is met with silence is so, too, when Diffie-Hellman is computed in lanes. */
class SilenceInLanesTest extends SilenceTest {
  @BeforeAll
  static void inLanes() {
    X25519.inLanes(true);
  }

  @AfterAll
  static void asBefore() {
    X25519.inLanes(false);
  }
}
