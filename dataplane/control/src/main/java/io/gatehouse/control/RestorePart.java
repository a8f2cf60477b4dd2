// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.Optional;

/**
 * Parameters of {@code restore.send}: a part of a backup that is to be restored.
 *
 * @param id as the first part's answer gave it; missing for the first
 * @param octets base64, of at most 1,048,576 octets; each part behind the one before
 */
public record RestorePart(Optional<String> id, String octets) {}
