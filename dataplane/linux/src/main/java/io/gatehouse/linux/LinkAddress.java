// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import io.gatehouse.wgquick.Prefix;

/**
 * An address of an interface, as {@code ip address} shows it.
 *
 * @param ifIndex the interface
 * @param prefix the address with its host bits
 * @param scope RT_SCOPE_ number of rtnetlink(7): 0 global, 253 link, 254 host
 */
public record LinkAddress(int ifIndex, Prefix prefix, int scope) {}
