// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.uapi;

import io.gatehouse.linux.LinuxException;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceSnapshot;

/** What a UAPI socket steers. Called from many threads at once. */
public interface UapiDevice {
  /** Answers {@code get=1}. */
  DeviceSnapshot snapshot();

  /**
   * Carries {@code set=1} out, whole or not at all.
   *
   * @throws LinuxException with the error number to answer
   */
  void apply(DeviceChange change) throws LinuxException;
}
