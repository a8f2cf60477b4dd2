// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.IpLiteral;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class SourceLimitTest {
  private long now = Long.MAX_VALUE - 5;
  private final SourceLimit limit = new SourceLimit(() -> now);

  private int admitted(String source, int messages) {
    InetAddress address = IpLiteral.parse(source);
    int admitted = 0;
    for (int i = 0; i < messages; i++) {
      admitted += limit.admits(address) ? 1 : 0;
    }
    return admitted;
  }

  @Test
  void aFloodIsCutAndOthersAreNotTouched() {
    assertThat(admitted("192.0.2.1", 25_000)).isEqualTo(SourceLimit.PER_SECOND);
    assertThat(admitted("192.0.2.2", 100)).isEqualTo(100);
    now += 1_000_000_000L;
    assertThat(admitted("192.0.2.1", 25_000)).isEqualTo(SourceLimit.PER_SECOND);
    now += 1_000_000L;
    assertThat(admitted("192.0.2.1", 25_000)).isEqualTo(SourceLimit.PER_SECOND / 1000);
  }

  @Test
  void onlySoManySourcesAreRemembered() {
    admitted("192.0.2.1", SourceLimit.PER_SECOND);
    for (int i = 0; i < SourceLimit.SOURCES; i++) {
      admitted("10.0." + (i >> 8) + "." + (i & 255), 1);
    }
    // Forgotten, and so like one that was never heard.
    assertThat(admitted("192.0.2.1", 1)).isEqualTo(1);
  }
}
