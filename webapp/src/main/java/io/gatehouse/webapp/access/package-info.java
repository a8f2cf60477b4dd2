// SPDX-License-Identifier: Apache-2.0
/** The pages before the console: setup, login, and the way out. Decides nothing about passwords. */
@NullMarked
package io.gatehouse.webapp.access;

import org.jspecify.annotations.NullMarked;
