// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.control;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.MonitoringStatus;
import io.gatehouse.control.StationFile;

/** By which doors stations can watch the gateway. Called from many threads. */
public interface MonitoringGateway {
  /** The doors. */
  MonitoringStatus status();

  /**
   * What a station imports.
   *
   * @throws ControlException if there is no such file
   */
  StationFile file(String name) throws ControlException;
}
