// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HandshakeRehearsalTest {
  @Test
  void eachInitiationIsAnswered() {
    int answered = HandshakeRehearsal.run(25, () -> {});

    assertThat(answered).isEqualTo(25);
  }
}
