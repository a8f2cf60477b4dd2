// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.Optional;

/**
 * Parameters of {@code file.rename}: one tunnel goes and another comes, with the same keys.
 *
 * @param name such as {@code wg0.conf}
 * @param to such as {@code office.conf}; must not be there yet
 * @param base refused if this is not its version any more; without it whatever it has become
 * @param dryRun whether only to say what would come of it
 * @param origin who and why; without it the user of the asking process
 */
public record FileRenaming(
    String name, String to, Optional<String> base, boolean dryRun, Optional<ChangeOrigin> origin) {}
