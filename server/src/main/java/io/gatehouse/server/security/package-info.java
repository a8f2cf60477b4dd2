// SPDX-License-Identifier: Apache-2.0
/**
 * Who may use the console: users, the one-time setup code, login, sessions, response headers. Knows
 * nothing of tunnels.
 */
@NullMarked
package io.gatehouse.server.security;

import org.jspecify.annotations.NullMarked;
