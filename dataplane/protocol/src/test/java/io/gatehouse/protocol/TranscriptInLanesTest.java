// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Every octet of a conversation is the same when Diffie-Hellman is computed in lanes. */
class TranscriptInLanesTest extends TranscriptTest {
  @BeforeAll
  static void inLanes() {
    X25519.inLanes(true);
  }

  @AfterAll
  static void asBefore() {
    X25519.inLanes(false);
  }
}
