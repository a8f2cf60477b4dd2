// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.Optional;

/**
 * Parameters of {@code restore.apply}.
 *
 * @param id of what {@code restore.look} was asked about
 * @param origin who and why; without it the user of the asking process
 */
public record RestoreChoice(String id, Optional<ChangeOrigin> origin) {}
