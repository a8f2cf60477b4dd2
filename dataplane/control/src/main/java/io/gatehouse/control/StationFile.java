// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Result of {@code monitoring.file}: what a station imports, for the root of the settings.
 *
 * @param name of the file
 * @param text its content
 */
public record StationFile(String name, String text) {}
