// SPDX-License-Identifier: Apache-2.0
/**
 * What happens to tunnels and peers, as events that somebody may want to hear of: when one is due,
 * how many may be sent, and how syslog and the log say them.
 *
 * <p>Names are those of the notifications of WG-GATEWAY-MIB and IF-MIB; SNMP's own form of them is
 * with the agent. This package must not know SNMP, tunnels or the control protocol.
 */
@NullMarked
package io.gatehouse.daemon.events;

import org.jspecify.annotations.NullMarked;
