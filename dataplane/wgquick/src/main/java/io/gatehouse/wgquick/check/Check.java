// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import java.util.List;

/** Looks for one kind of trouble. Without state, so safe for any thread. */
interface Check {
  /**
   * Looks at tunnels.
   *
   * @param tunnels those that are only compared with first, so that of two that collide the later
   *     one is the one to report
   */
  void look(List<Tunnel> tunnels, HostFacts facts, Report report);
}
