// SPDX-License-Identifier: Apache-2.0
/**
 * Who may use the console, for what, and what they did: users, log-in, sessions, tokens, the table
 * of permissions, the audit, response headers. Of tunnels it knows only what the methods of the
 * control socket are called that change them.
 */
@NullMarked
package io.gatehouse.server.security;

import org.jspecify.annotations.NullMarked;
