// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.daemon.datapath.OffloadState.Use;
import io.gatehouse.linux.Errno;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is counted and said of refused offloads. */
class FallbacksTest {
  private final List<String> log = new ArrayList<>();
  private final Fallbacks fallbacks = new Fallbacks(log::add);

  @Test
  void eachOffloadIsCountedApartWithItsNewestError() {
    fallbacks.add(Offload.UDP_GSO, 3, Errno.EIO);
    fallbacks.add(Offload.TUN_TSO, 1, Errno.EINVAL);
    fallbacks.add(Offload.UDP_GSO, 2, Errno.EMSGSIZE);

    assertThat(fallbacks.state(Offload.UDP_GSO, true, true))
        .isEqualTo(new OffloadState(Offload.UDP_GSO, Use.ON, 5, "EMSGSIZE"));
    assertThat(fallbacks.state(Offload.TUN_TSO, true, true))
        .isEqualTo(new OffloadState(Offload.TUN_TSO, Use.ON, 1, "EINVAL"));
    assertThat(fallbacks.state(Offload.TUN_USO, true, true))
        .isEqualTo(new OffloadState(Offload.TUN_USO, Use.ON, 0, ""));
  }

  @Test
  void theFirstRefusalOfEachIsSaidWithItsReasonAndItsSetting() {
    for (int i = 0; i < 3; i++) {
      fallbacks.add(Offload.UDP_GSO, 1, Errno.EIO);
      fallbacks.add(Offload.TUN_USO, 1, Errno.EINVAL);
    }

    assertThat(log).hasSize(2);
    assertThat(log.get(0)).contains("EIO", "Nothing is lost", "gatehouse.offload.udp.gso=false");
    assertThat(log.get(1)).contains("EINVAL", "gatehouse.offload.tun.uso=false");
  }

  @Test
  void anOffloadIsOffByItsSettingOrNotToBeHad() {
    assertThat(fallbacks.state(Offload.UDP_GRO, false, false).use()).isEqualTo(Use.OFF);
    assertThat(fallbacks.state(Offload.UDP_GRO, true, false).use()).isEqualTo(Use.UNAVAILABLE);
  }
}
