// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

/**
 * The interface of a TUN device as the administrator sees it: its number, name, MTU and whether it
 * is up. Follows the interface through renames and into other network namespaces.
 *
 * <p>One thread polls {@link #fd} and calls {@link #update}; any thread may ask {@link #state}.
 */
public interface TunLink extends AutoCloseable {
  /**
   * The interface at one moment.
   *
   * @param ifIndex its number in its namespace; 0 once it was deleted
   * @param name its name, empty once it was deleted
   * @param mtu in octets
   * @param up whether it is administratively up
   */
  record State(int ifIndex, String name, int mtu, boolean up) {
    /** What remains after {@code ip link delete}. */
    public static final State DELETED = new State(0, "", 0, false);

    /** Whether the interface was deleted under the descriptor. */
    public boolean isDeleted() {
      return ifIndex == 0;
    }
  }

  /**
   * Follows a device of the kernel from now on, wherever it is.
   *
   * @throws LinuxException EBADFD when it was deleted already, EPERM when it is in another
   *     namespace and CAP_SYS_ADMIN is missing
   */
  static TunLink follow(TunDevice tun) throws LinuxException {
    return KernelTunLink.follow(tun);
  }

  /** The descriptor, readable when {@link #update} has something to do. Stays the same for life. */
  int fd();

  /** As of the last update. */
  State state();

  /**
   * Takes in what happened since. Never blocks for long; a move to another namespace costs a
   * short-lived thread.
   *
   * @return the state now
   * @throws LinuxException EPERM when the interface went to another namespace and CAP_SYS_ADMIN is
   *     missing; the state is then the last one known
   */
  State update() throws LinuxException;

  /** Stops following; the device stays open. */
  @Override
  void close();
}
