// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.control;

import io.gatehouse.control.ControlMethod;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.control.RpcCodec;
import io.gatehouse.control.RpcMessage;
import org.jspecify.annotations.Nullable;

/** The status at one moment, which all subscribers share. Thread-safe. */
final class Snapshot {
  private final GatewayStatus status;
  private final long nanos;
  private @Nullable String line;

  /**
   * Made of a status.
   *
   * @param nanos of the monotonic clock when it was taken
   */
  Snapshot(GatewayStatus status, long nanos) {
    this.status = status;
    this.nanos = nanos;
  }

  GatewayStatus status() {
    return status;
  }

  long nanos() {
    return nanos;
  }

  /** The notification for a client that wants it whole; written once for all of them. */
  synchronized String whole() {
    String known = line;
    if (known == null) {
      known =
          RpcCodec.encode(
              new RpcMessage.Notification(ControlMethod.STATUS, RecordCodec.write(status)));
      line = known;
    }
    return known;
  }
}
