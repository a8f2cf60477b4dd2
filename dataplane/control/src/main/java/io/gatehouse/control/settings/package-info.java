// SPDX-License-Identifier: Apache-2.0
/**
 * The settings of both processes: which there are, where their values come from, and what is said
 * when one cannot be used. What a value means to a process is that process's own matter.
 */
@NullMarked
package io.gatehouse.control.settings;

import org.jspecify.annotations.NullMarked;
