// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import java.util.Map;

/** A tunnel's socket cannot be reached or refuses: an error number of Linux, with its words. */
final class UapiException extends Exception {
  private static final long serialVersionUID = 1;
  private static final int ENOENT = 2;
  private static final int EACCES = 13;
  private static final int ENODEV = 19;
  private static final int EPROTO = 71;

  private static final Map<Integer, String> WORDS =
      Map.ofEntries(
          Map.entry(1, "Operation not permitted"),
          Map.entry(ENOENT, "No such file or directory"),
          Map.entry(5, "Input/output error"),
          Map.entry(12, "Cannot allocate memory"),
          Map.entry(EACCES, "Permission denied"),
          Map.entry(16, "Device or resource busy"),
          Map.entry(17, "File exists"),
          Map.entry(ENODEV, "No such device"),
          Map.entry(22, "Invalid argument"),
          Map.entry(24, "Too many open files"),
          Map.entry(28, "No space left on device"),
          Map.entry(EPROTO, "Protocol error"),
          Map.entry(95, "Operation not supported"),
          Map.entry(97, "Address family not supported by protocol"),
          Map.entry(98, "Address already in use"),
          Map.entry(99, "Cannot assign requested address"),
          Map.entry(101, "Network is unreachable"));

  private final int errno;

  private UapiException(int errno) {
    super(WORDS.getOrDefault(errno, "Unknown error " + errno));
    this.errno = errno;
  }

  /** Nobody serves that name. */
  static UapiException noDevice() {
    return new UapiException(ENODEV);
  }

  /** This user may not. */
  static UapiException denied() {
    return new UapiException(EACCES);
  }

  /** What came is no answer. */
  static UapiException protocol() {
    return new UapiException(EPROTO);
  }

  /**
   * Takes the value of an {@code errno} line.
   *
   * @throws UapiException unless it is 0
   * @throws NumberFormatException if it is no number
   */
  static void check(String errno) throws UapiException {
    int number = Integer.parseInt(errno);
    if (number != 0) {
      throw new UapiException(Math.abs(number));
    }
  }

  /** As strerror(3) says it. */
  String words() {
    return String.valueOf(getMessage());
  }

  /** What to do about it, for an interface that the socket directory has or lacks. */
  String remedy(String name, java.nio.file.Path directory) {
    return switch (errno) {
      case ENODEV ->
          "No tunnel serves "
              + directory.resolve(name + ".sock")
              + ": bring it up (gatehouse up "
              + name
              + "), or ask for one of: gatehouse show interfaces.";
      case 1, EACCES -> "This user may not open the tunnel's socket: run the command as root.";
      case 98 -> "Another program has the port: give another one, or 0 for any.";
      case 22 -> "The tunnel takes no such value; its log says which.";
      default -> "";
    };
  }
}
