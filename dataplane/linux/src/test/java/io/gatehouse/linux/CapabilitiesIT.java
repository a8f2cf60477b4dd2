// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The suite runs as root with TUN, so that is what must be found. */
class CapabilitiesIT {
  @Test
  void findsNothingMissingForRoot() {
    assertThat(Capabilities.netAdmin()).isTrue();
    assertThat(Capabilities.netBindService()).isTrue();
    assertThat(Capabilities.problems()).isEmpty();
  }

  @Test
  void namesTheRemedy() {
    assertThat(Capabilities.tunRefused(Errno.ENOENT))
        .hasMessageContaining("/dev/net/tun")
        .hasMessageContaining("modprobe tun");
    assertThat(Capabilities.tunRefused(Errno.EPERM)).hasMessageContaining("run as root");
  }
}
