// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import com.sun.jna.Native;
import java.io.IOException;

/** A system call failed: what was tried, why the kernel refused and what helps. */
public final class LinuxException extends IOException {
  private static final long serialVersionUID = 1;

  /** The error number, positive. */
  private final int errno;

  /**
   * An error with advice.
   *
   * @param errno positive error number
   * @param attempt what was tried, as in "cannot open wg0"
   * @param remedy what the administrator can do; empty when there is no good advice
   */
  public LinuxException(int errno, String attempt, String remedy) {
    super(attempt + ": " + Errno.text(errno) + (remedy.isEmpty() ? "" : ": " + remedy));
    this.errno = errno;
  }

  /** The error of the calling thread's last failed system call, with the usual advice. */
  static LinuxException last(String attempt) {
    return of(Native.getLastError(), attempt);
  }

  /** An error with the advice that fits its number anywhere. */
  static LinuxException of(int errno, String attempt) {
    return new LinuxException(
        errno,
        attempt,
        switch (errno) {
          case Errno.EPERM -> "needs CAP_NET_ADMIN; run as root";
          case Errno.EMFILE -> "raise the limit of open files (ulimit -n, LimitNOFILE=)";
          default -> "";
        });
  }

  /** The error number of errno(3), positive. */
  public int errno() {
    return errno;
  }

  /** The symbolic name, such as {@code EADDRINUSE}. */
  public String errnoName() {
    return Errno.name(errno);
  }
}
