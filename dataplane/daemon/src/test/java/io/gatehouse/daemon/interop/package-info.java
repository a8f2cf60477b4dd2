// SPDX-License-Identifier: Apache-2.0
/**
 * The whole product against real peers: wireguard-go, {@code wg}, {@code wg-quick}, {@code ping},
 * {@code iperf3} and net-snmp, each test in network namespaces of its own. No knowledge of the
 * product's classes belongs here: what the tests start and ask is what an administrator starts and
 * asks.
 */
package io.gatehouse.daemon.interop;
