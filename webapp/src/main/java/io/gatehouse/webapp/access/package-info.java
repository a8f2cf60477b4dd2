// SPDX-License-Identifier: Apache-2.0
/**
 * The pages of accounts: setup, log-in and the way out before the console; one's own account, and
 * those of all. Decides nothing about passwords and permissions.
 */
@NullMarked
package io.gatehouse.webapp.access;

import org.jspecify.annotations.NullMarked;
