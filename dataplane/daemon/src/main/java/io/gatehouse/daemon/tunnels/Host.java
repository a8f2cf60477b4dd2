// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.datapath.TunnelOptions;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.Routing;
import io.gatehouse.linux.TunDevice;
import io.gatehouse.wgquick.check.HostFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** The machine that tunnels run on: this one, or one that is only played. Thread-safe. */
public interface Host {
  /**
   * Its network, without what an earlier run has left there.
   *
   * @param stateDirectory for what must be found after a crash
   * @return closed after the tunnels
   * @throws IOException if it cannot be had
   */
  Network network(Path stateDirectory) throws IOException;

  /**
   * What checks of files want to know of it.
   *
   * @param ports of which it is to be known whether others use them
   */
  HostFacts facts(Set<Integer> ports);

  /** Where it sends packets; the caller closes that. */
  Routing routing() throws LinuxException;

  /**
   * This machine, by the kernel and in the calling thread's network namespace.
   *
   * @param offloads to ask TUN devices for
   * @param datapath how packets move
   * @param attachment what comes and goes with each tunnel
   * @param consoleGroup whose members the console runs as, empty for no console
   */
  static Host ofThisMachine(
      TunDevice.Offloads offloads,
      TunnelOptions datapath,
      TunnelAttachment attachment,
      String consoleGroup) {
    return new LinuxHost(offloads, datapath, attachment, consoleGroup);
  }
}
