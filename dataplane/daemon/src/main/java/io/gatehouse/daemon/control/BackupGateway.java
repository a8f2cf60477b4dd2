// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.control;

import io.gatehouse.control.BackupMade;
import io.gatehouse.control.BackupPart;
import io.gatehouse.control.BackupRead;
import io.gatehouse.control.BackupRequest;
import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.RestoreBegun;
import io.gatehouse.control.RestorePart;
import io.gatehouse.control.RestorePreview;
import io.gatehouse.control.RestoreQuestion;
import io.gatehouse.control.RestoreReceived;

/** Backups that come and go over the control socket. Called from many threads. */
public interface BackupGateway {
  /**
   * Makes a backup to be fetched.
   *
   * @throws ControlException if no passphrase is set, or it cannot be written
   */
  BackupMade make(BackupRequest request, Caller caller, ChangeOrigin origin)
      throws ControlException;

  /**
   * Gives a part of it.
   *
   * @throws ControlException if it is not there any more
   */
  BackupPart read(BackupRead read) throws ControlException;

  /**
   * Takes a part of one that is to be restored.
   *
   * @throws ControlException if it is not there any more, or too large
   */
  RestoreReceived send(RestorePart part) throws ControlException;

  /**
   * Opens what was sent and says what it would change. The caller wipes the passphrase.
   *
   * @throws ControlException if it cannot be used
   */
  RestorePreview look(RestoreQuestion question) throws ControlException;

  /**
   * Lets it take the place of what is there, with a new beginning of the data plane.
   *
   * @throws ControlException if nobody has looked at it, or this may not be restored from here
   */
  RestoreBegun apply(String id, ChangeOrigin origin) throws ControlException;
}
