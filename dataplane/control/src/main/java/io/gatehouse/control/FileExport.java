// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.Optional;

/**
 * Parameters of {@code file.export}.
 *
 * @param name such as {@code wg0.conf}
 * @param origin who and why; without it the user of the asking process
 */
public record FileExport(String name, Optional<ChangeOrigin> origin) {}
