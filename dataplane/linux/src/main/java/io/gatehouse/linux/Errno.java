// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

/** Error numbers of errno(3) as x86_64 and aarch64 Linux have them. */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int EBADF = 9;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int ENODEV = 19;
  public static final int EINVAL = 22;
  public static final int EMFILE = 24;
  public static final int ENOTTY = 25;
  public static final int EPIPE = 32;
  public static final int ENOTSOCK = 88;
  public static final int EMSGSIZE = 90;
  public static final int EPROTO = 71;
  public static final int EBADFD = 77;
  public static final int EOPNOTSUPP = 95;
  public static final int EAFNOSUPPORT = 97;
  public static final int EADDRINUSE = 98;
  public static final int EADDRNOTAVAIL = 99;
  public static final int ENETDOWN = 100;
  public static final int ENETUNREACH = 101;
  public static final int ECONNABORTED = 103;
  public static final int ENOBUFS = 105;
  public static final int ETIMEDOUT = 110;
  public static final int ECONNREFUSED = 111;
  public static final int EHOSTUNREACH = 113;

  private Errno() {}

  /** The symbolic name, such as {@code EADDRINUSE}; {@code errno 123} for one not listed here. */
  public static String name(int errno) {
    String text = text(errno);
    int blank = text.indexOf(' ');
    return text.startsWith("E") && blank > 0 ? text.substring(0, blank) : text;
  }

  /** The name and its meaning, such as {@code EADDRINUSE (address already in use)}. */
  static String text(int errno) {
    return switch (errno) {
      case EPERM -> "EPERM (operation not permitted)";
      case ENOENT -> "ENOENT (no such file or directory)";
      case 3 -> "ESRCH (no such entry)";
      case EINTR -> "EINTR (interrupted)";
      case EIO -> "EIO (input/output error)";
      case 6 -> "ENXIO (no such device or address)";
      case EBADF -> "EBADF (bad file descriptor)";
      case EAGAIN -> "EAGAIN (try again)";
      case ENOMEM -> "ENOMEM (out of memory)";
      case EACCES -> "EACCES (permission denied)";
      case 14 -> "EFAULT (bad address)";
      case EBUSY -> "EBUSY (device or resource busy)";
      case EEXIST -> "EEXIST (already exists)";
      case ENODEV -> "ENODEV (no such device)";
      case 20 -> "ENOTDIR (not a directory)";
      case 21 -> "EISDIR (is a directory)";
      case EINVAL -> "EINVAL (invalid argument)";
      case 23 -> "ENFILE (too many open files in the system)";
      case EMFILE -> "EMFILE (too many open files)";
      case ENOTTY -> "ENOTTY (not possible for this kind of file)";
      case 28 -> "ENOSPC (no space left)";
      case 30 -> "EROFS (read-only file system)";
      case EPIPE -> "EPIPE (broken pipe)";
      case 34 -> "ERANGE (out of range)";
      case 36 -> "ENAMETOOLONG (name too long)";
      case 40 -> "ELOOP (too many links, or a link to itself)";
      case 38 -> "ENOSYS (the kernel does not have this call)";
      case EPROTO -> "EPROTO (protocol error)";
      case EBADFD -> "EBADFD (descriptor in bad state)";
      case ENOTSOCK -> "ENOTSOCK (not a socket)";
      case EMSGSIZE -> "EMSGSIZE (message too long)";
      case EOPNOTSUPP -> "EOPNOTSUPP (operation not supported)";
      case EAFNOSUPPORT -> "EAFNOSUPPORT (address family not supported)";
      case EADDRINUSE -> "EADDRINUSE (address already in use)";
      case EADDRNOTAVAIL -> "EADDRNOTAVAIL (address not available)";
      case ENETDOWN -> "ENETDOWN (network is down)";
      case ENETUNREACH -> "ENETUNREACH (network is unreachable)";
      case 104 -> "ECONNRESET (connection reset)";
      case ENOBUFS -> "ENOBUFS (no buffer space)";
      case ETIMEDOUT -> "ETIMEDOUT (timed out)";
      case ECONNREFUSED -> "ECONNREFUSED (connection refused)";
      case EHOSTUNREACH -> "EHOSTUNREACH (no route to host)";
      default -> "errno " + errno;
    };
  }
}
