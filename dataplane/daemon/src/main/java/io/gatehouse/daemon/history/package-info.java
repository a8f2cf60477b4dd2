// SPDX-License-Identifier: Apache-2.0
/**
 * The history of the tunnel directory: each state that was taken is a commit of a bare git
 * repository, written and read by JGit.
 *
 * <p>{@link io.gatehouse.daemon.history.History} is the way in. Knows files by name and content
 * only; what they mean to the machine is known in {@code io.gatehouse.daemon.tunnels}. The only
 * package that uses JGit.
 */
@NullMarked
package io.gatehouse.daemon.history;

import org.jspecify.annotations.NullMarked;
