// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Where a change comes from, as the history keeps it.
 *
 * @param source by which way
 * @param author who, in the words of whoever asks; may be empty
 * @param message why; may be empty
 */
public record ChangeOrigin(ChangeSource source, String author, String message) {}
