// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

/** What becomes of the files that are in a directory when it is followed for the first time. */
public enum FirstStart {
  /** They are applied, as files that come later are. */
  APPLY,
  /** They wait until somebody approves them. */
  APPROVE
}
