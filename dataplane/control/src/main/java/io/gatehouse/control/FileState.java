// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/** What a file of the tunnel directory has come to. */
public enum FileState {
  /** Its tunnel runs what it says. */
  RUNNING,
  /** Its tunnel is down on purpose, or just being brought up or taken down. */
  DOWN,
  /** Its tunnel runs what an earlier state of it said, because of its findings. */
  EARLIER,
  /** Nothing of it runs, because of its findings. */
  FAILED
}
