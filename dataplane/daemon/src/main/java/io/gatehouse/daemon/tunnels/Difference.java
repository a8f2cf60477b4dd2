// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.PlanLine;
import io.gatehouse.wgquick.FileEdit;
import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.SecretKey;
import java.util.Optional;

/**
 * One difference between a tunnel that runs and its file.
 *
 * @param line as it may be shown
 * @param place whose setting it is
 * @param key of the file that says it; empty for a peer as a whole, and for what follows from other
 *     lines, such as a route
 * @param running the key that runs, where that must be told from another one
 */
record Difference(
    PlanLine line, FileEdit.Place place, Optional<Key> key, Optional<SecretKey> running) {

  /** Whether this is about the same, with the same values, wherever in the file it stands. */
  boolean isSameAs(Difference other) {
    return line.kind() == other.line.kind()
        && line.change() == other.line.change()
        && line.subject().equals(other.line.subject())
        && line.setting().equals(other.line.setting())
        && line.before().equals(other.line.before())
        && line.after().equals(other.line.after())
        && place.equals(other.place)
        && running.equals(other.running);
  }
}
