// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Parameters of the {@code tunnel.*} methods: which tunnel of the directory.
 *
 * @param tunnel interface name
 */
public record TunnelChoice(String tunnel) {}
