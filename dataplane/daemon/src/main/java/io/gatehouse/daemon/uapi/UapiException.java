// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.uapi;

/** A request that is refused, with the error number to answer. Its message quotes no secret. */
final class UapiException extends Exception {
  private static final long serialVersionUID = 1;

  private final int errno;

  UapiException(int errno, String message) {
    super(message);
    this.errno = errno;
  }

  /** Positive, as in errno(3). */
  int errno() {
    return errno;
  }
}
