// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.control;

import io.gatehouse.control.ControlMethod;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.control.RpcCodec;
import io.gatehouse.control.RpcMessage;
import io.gatehouse.control.StatusChanges;
import java.util.concurrent.TimeUnit;

/**
 * What one subscriber knows by now, and so what it is to be told. Nothing waits here but the newest
 * status: what has changed is worked out when there is room to send it, so a slow reader gets
 * several changes in one. Thread-safe.
 */
final class Feed {
  private final Snapshot first;
  private Snapshot sent;
  private long sequence;

  /** Begins with what the answer to {@code subscribe} says. */
  Feed(Snapshot first) {
    this.first = first;
    this.sent = first;
  }

  /** The notification that brings the subscriber to a status. */
  synchronized String next(Snapshot newest) {
    sequence++;
    StatusChanges changes =
        StatusChanges.between(
            sent.status(), newest.status(), sequence, seconds(newest) - seconds(sent));
    sent = newest;
    return RpcCodec.encode(
        new RpcMessage.Notification(ControlMethod.CHANGES, RecordCodec.write(changes)));
  }

  /** Since the beginning, so that no part of a second is lost. */
  private long seconds(Snapshot snapshot) {
    return TimeUnit.NANOSECONDS.toSeconds(snapshot.nanos() - first.nanos());
  }
}
