// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

/**
 * Everything that can be done with the console, each with the least role that may. {@link
 * Permissions} says which page and which method of the control socket needs which.
 */
public enum Action {
  /** Sees the gateway, its files with their keys hidden, its history. Changes nothing. */
  LOOK(Role.VIEWER),
  /** Changes what is one's own: password, second factor, sessions, tokens. */
  OWN_ACCOUNT(Role.VIEWER),
  /** Takes a tunnel up or down, or makes it again what its file says. */
  SWITCH_TUNNEL(Role.OPERATOR),
  /** Adds, changes, switches or removes peers of a tunnel. */
  EDIT_PEERS(Role.OPERATOR),
  /** Begins, confirms or takes back a change that must be confirmed. */
  CHANGE_SAFELY(Role.OPERATOR),
  /** Sends a notification to try whether it arrives. */
  TEST_NOTIFICATIONS(Role.OPERATOR),
  /** Writes, makes, renames or removes files, or changes a tunnel's own settings in them. */
  EDIT_FILES(Role.ADMIN),
  /** Lets files be applied that wait for it. */
  APPROVE_FILES(Role.ADMIN),
  /** Writes what runs into a file, or leaves it running against the file. */
  KEEP_RUNNING(Role.ADMIN),
  /** Writes files as they were once. */
  RESTORE_REVISION(Role.ADMIN),
  /** Says who may ask by SNMP, and where notifications go. */
  EDIT_MONITORING(Role.ADMIN),
  /** Changes the settings of Gatehouse itself. */
  EDIT_SETTINGS(Role.ADMIN),
  /** Takes a backup away. */
  BACK_UP(Role.ADMIN),
  /** Replaces what there is by a backup. */
  RESTORE_BACKUP(Role.ADMIN),
  /** Adds and removes users, says what they may, ends their sessions and tokens. */
  MANAGE_USERS(Role.ADMIN),
  /** Reads who changed what. */
  READ_AUDIT(Role.ADMIN);

  private final Role least;

  Action(Role least) {
    this.least = least;
  }

  /** The least role that may. */
  public Role least() {
    return least;
  }
}
