// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Parameters of {@code monitoring.file}.
 *
 * @param name one of {@link MonitoringStatus#files}
 */
public record StationFileChoice(String name) {}
