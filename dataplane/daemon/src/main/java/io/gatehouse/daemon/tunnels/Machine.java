// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.linux.LinuxException;
import io.gatehouse.wgquick.InterfaceName;
import java.util.Optional;
import java.util.Set;

/** What the setup of a tunnel depends on. Asking changes nothing. */
public interface Machine {
  /** The routing tables that hold routes, of any interface. */
  Set<Integer> tablesInUse() throws LinuxException;

  /** The priority of the first rule of policy routing after the kernel's own. */
  int firstRulePriority(boolean ipv6) throws LinuxException;

  /** Whether something on this machine takes name servers. */
  boolean managesNameServers();

  /**
   * What must be set so that packets are forwarded which come in by an interface; empty where it is
   * so without us.
   *
   * @param tunnel that needs it
   * @throws LinuxException with a remedy if there is no such interface
   */
  Optional<Outside.Forwards> forwards(InterfaceName tunnel, boolean ipv6, Outside.Incoming by)
      throws LinuxException;
}
