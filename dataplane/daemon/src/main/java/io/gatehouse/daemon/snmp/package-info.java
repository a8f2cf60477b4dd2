// SPDX-License-Identifier: Apache-2.0
/**
 * The SNMP agent: SNMPv3 with authentication and privacy, read-only, off until a user exists.
 *
 * <p>Serves the SNMPv2-MIB groups, IF-MIB, and WG-GATEWAY-MIB (see {@code etc/mibs}), and sends
 * {@link io.gatehouse.daemon.events events} as notifications. All values come from a supplier of
 * {@link io.gatehouse.control.GatewayStatus}; this package must not know tunnels, sockets of the
 * data plane, or the control protocol. SNMP4J's types stay inside.
 */
@NullMarked
package io.gatehouse.daemon.snmp;

import org.jspecify.annotations.NullMarked;
