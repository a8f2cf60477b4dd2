// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import io.gatehouse.wgquick.Prefix;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.snmp4j.smi.OID;

/**
 * How an agent is to be.
 *
 * @param address UDP address to listen on; port 0 takes any free one
 * @param stateDirectory holds {@code snmp.engine}, {@code snmp.users} and {@code snmp.targets};
 *     must exist
 * @param sysName the administrator's name for this machine
 * @param root object identifier of WG-GATEWAY-MIB, see {@link #checkRoot}
 * @param v2cSources who may ask by SNMPv2c, with the community in {@code snmp.community}; empty for
 *     nobody, and no SNMPv2c at all
 */
public record SnmpOptions(
    InetSocketAddress address,
    Path stateDirectory,
    String sysName,
    String root,
    List<Prefix> v2cSources) {
  /**
   * A target that the settings name.
   *
   * @param inform whether the receiver acknowledges
   * @param user who vouches: for traps one of the agent's, for informs one of the receiver's
   * @param address where to
   */
  public record Target(boolean inform, String user, InetSocketAddress address) {}

  /** Where WG-GATEWAY-MIB stands in {@code etc/mibs}; provisional. */
  public static final String DEFAULT_ROOT = WgGatewayMib.DEFAULT_ROOT.toString();

  private static final OID ENTERPRISES = new OID("1.3.6.1.4.1");
  private static final int LONGEST = 32;
  private static final String INFORM = "inform:";

  /** Copies the list. */
  public SnmpOptions {
    v2cSources = List.copyOf(v2cSources);
  }

  /** With the root that the MIB has in {@code etc/mibs}. */
  public SnmpOptions(InetSocketAddress address, Path stateDirectory, String sysName) {
    this(address, stateDirectory, sysName, DEFAULT_ROOT, List.of());
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

  /**
   * Reads targets: {@code USER@ADDRESS:PORT} for traps, with {@code inform:} before it for informs,
   * and commas between.
   *
   * @throws IllegalArgumentException if one is none
   */
  public static List<Target> targets(String text) {
    List<Target> targets = new ArrayList<>();
    for (String word : text.isBlank() ? new String[0] : text.split(",", -1)) {
      String target = word.strip();
      boolean inform = target.startsWith(INFORM);
      int at = target.lastIndexOf('@');
      String user = at < 0 ? "" : target.substring(inform ? INFORM.length() : 0, at).strip();
      if (user.isEmpty()) {
        throw new IllegalArgumentException("no user");
      }
      targets.add(
          new Target(inform, user, NotificationTargets.address(target.substring(at + 1).strip())));
    }
    return targets;
  }

  /**
   * Reads source addresses: {@code ADDRESS} or {@code ADDRESS/LENGTH}, with commas between.
   *
   * @throws IllegalArgumentException if one is none
   */
  public static List<Prefix> sources(String text) {
    List<Prefix> sources = new ArrayList<>();
    for (String word : text.isBlank() ? new String[0] : text.split(",", -1)) {
      sources.add(Prefix.parse(word.strip()).masked());
    }
    return sources;
  }
}
