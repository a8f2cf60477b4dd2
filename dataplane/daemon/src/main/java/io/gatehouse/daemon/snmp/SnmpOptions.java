// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.snmp4j.smi.OID;

/**
 * How an agent is to be.
 *
 * @param address UDP address to listen on; port 0 takes any free one
 * @param stateDirectory holds {@code snmp.engine}, {@code snmp.users} and {@code snmp.targets};
 *     must exist
 * @param sysName the administrator's name for this machine
 * @param root object identifier of WG-GATEWAY-MIB, see {@link #checkRoot}
 */
public record SnmpOptions(
    InetSocketAddress address, Path stateDirectory, String sysName, String root) {
  /** Where WG-GATEWAY-MIB stands in {@code etc/mibs}; provisional. */
  public static final String DEFAULT_ROOT = WgGatewayMib.DEFAULT_ROOT.toString();

  private static final OID ENTERPRISES = new OID("1.3.6.1.4.1");
  private static final int LONGEST = 32;

  /** With the root that the MIB has in {@code etc/mibs}. */
  public SnmpOptions(InetSocketAddress address, Path stateDirectory, String sysName) {
    this(address, stateDirectory, sysName, DEFAULT_ROOT);
  }

  /**
   * The root, if it can be one: numbers with points between, below 1.3.6.1.4.1.
   *
   * @throws IllegalArgumentException if it cannot
   */
  public static String checkRoot(String text) {
    if (!text.matches("[0-9]{1,9}(\\.[0-9]{1,9})*")) {
      throw new IllegalArgumentException("not numbers with points between");
    }
    OID root = new OID(text);
    // Whatever stands at 1.3.6.1.4.1 itself is nobody's; and with the longest index a name must
    // fit.
    if (!root.startsWith(ENTERPRISES) || root.size() == ENTERPRISES.size()) {
      throw new IllegalArgumentException("not below 1.3.6.1.4.1");
    }
    if (root.size() > LONGEST) {
      throw new IllegalArgumentException("longer than " + LONGEST + " numbers");
    }
    return root.toString();
  }
}
