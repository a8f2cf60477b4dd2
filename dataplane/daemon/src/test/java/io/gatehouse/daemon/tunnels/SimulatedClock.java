// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/** A wall clock that the test sets. */
final class SimulatedClock extends Clock {
  volatile Instant now;

  SimulatedClock(String now) {
    this.now = Instant.parse(now);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneId.of("Europe/Vienna");
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("the zone is Vienna's");
  }
}
