// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How far packets are joined after refusals. */
class JoiningTest {
  private final long start = System.nanoTime();
  private final Joining joining = new Joining(true);

  @Test
  void aRefusedUnevenSuperPacketEndsUnevenOnesAloneForAMinute() {
    joining.refused(true, start);

    assertThat(joining.any()).isTrue();
    assertThat(joining.allows(false)).isTrue();
    assertThat(joining.allows(true)).isFalse();
    assertThat(joining.isHeldBack()).isTrue();

    joining.retry(start + Joining.PAUSE_NANOS - 1);
    assertThat(joining.allows(true)).isFalse();
    joining.retry(start + Joining.PAUSE_NANOS);
    assertThat(joining.allows(true)).isTrue();
    assertThat(joining.isHeldBack()).isFalse();
  }

  @Test
  void aRefusedEvenSuperPacketEndsAllForAMinute() {
    joining.refused(true, start);
    joining.refused(false, start + 5);

    assertThat(joining.any()).isFalse();
    joining.retry(start + Joining.PAUSE_NANOS);
    assertThat(joining.any()).isFalse();
    joining.retry(start + 5 + Joining.PAUSE_NANOS);
    assertThat(joining.any()).isTrue();
    assertThat(joining.allows(true)).isTrue();
  }

  @Test
  void whatIsNotGrantedIsNeverJoined() {
    Joining none = new Joining(false);
    none.retry(start);

    assertThat(none.any()).isFalse();
    assertThat(none.isHeldBack()).isFalse();
  }
}
