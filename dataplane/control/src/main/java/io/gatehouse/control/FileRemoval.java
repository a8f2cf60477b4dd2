// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.Optional;

/**
 * Parameters of {@code file.remove}: with the file goes its tunnel.
 *
 * @param name such as {@code wg0.conf}
 * @param base refused if this is not its version any more; without it whatever it has become
 * @param dryRun whether only to say what would come of it
 * @param origin who and why; without it the user of the asking process
 */
public record FileRemoval(
    String name, Optional<String> base, boolean dryRun, Optional<ChangeOrigin> origin) {}
