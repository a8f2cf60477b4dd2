// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

/**
 * Who is at the other end of a UNIX stream, as the kernel vouches for it (SO_PEERCRED, unix(7)).
 *
 * @param pid process at the time it connected
 * @param uid effective user then
 * @param gid effective group then
 */
public record PeerCredentials(int pid, int uid, int gid) {}
