// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which runs go datagram by datagram after a refusal, and until when. */
class GsoRefusalsTest {
  private final long start = System.nanoTime();

  private final long over = start + GsoRefusals.PAUSE_NANOS;

  private final GsoRefusals refusals = new GsoRefusals();

  @Test
  void aRefusalIsAboutOneAddressAndDatagramsOfThatLengthOrLonger() {
    refusals.add(1, 2, 1400, start);

    assertThat(refusals.isEmpty()).isFalse();
    assertThat(refusals.cover(1, 2, 1400)).isTrue();
    assertThat(refusals.cover(1, 2, 1500)).isTrue();
    assertThat(refusals.cover(1, 2, 1399)).isFalse();
    assertThat(refusals.cover(1, 3, 1400)).isFalse();
    assertThat(refusals.cover(0, 2, 1400)).isFalse();
  }

  @Test
  void shorterDatagramsThatAreRefusedTooLowerTheLength() {
    refusals.add(1, 2, 1400, start);
    refusals.add(1, 2, 100, start);
    refusals.add(1, 2, 900, start);

    assertThat(refusals.cover(1, 2, 100)).isTrue();
    assertThat(refusals.cover(1, 2, 99)).isFalse();
  }

  @Test
  void afterAMinuteItIsTriedAnew() {
    refusals.add(1, 1, 1400, start);
    refusals.add(2, 2, 1400, start + 7);

    refusals.expire(over - 1);
    assertThat(refusals.cover(1, 1, 1400)).isTrue();
    refusals.expire(over);
    assertThat(refusals.cover(1, 1, 1400)).isFalse();
    assertThat(refusals.cover(2, 2, 1400)).isTrue();
    refusals.expire(over + 7);
    assertThat(refusals.isEmpty()).isTrue();
  }

  @Test
  void whenTooManyAddressesRefuseNoneIsAskedForAMinute() {
    for (int i = 0; i < GsoRefusals.MAX; i++) {
      refusals.add(0, i, 1400, start);
    }
    assertThat(refusals.cover(9, 9, 10)).isFalse();

    refusals.add(0, GsoRefusals.MAX, 1400, start + 9);

    assertThat(refusals.cover(9, 9, 10)).isTrue();
    refusals.expire(over);
    assertThat(refusals.cover(9, 9, 10)).isTrue();
    refusals.expire(over + 9);
    assertThat(refusals.isEmpty()).isTrue();
  }
}
