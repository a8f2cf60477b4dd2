// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The C library's heap of this process, from which the Java VM's compilers take tens of megabytes
 * for moments. What they give back stays in the process until it is trimmed. Thread-safe.
 */
public final class NativeHeap {
  private NativeHeap() {}

  /**
   * Gives the system all whole pages that are free, see malloc_trim(3); takes a few milliseconds.
   *
   * @return false where the C library cannot do that (it is not the GNU one)
   */
  public static boolean trim() {
    try {
      Glibc.malloc_trim(0);
      return true;
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      return false;
    }
  }

  private static final class Glibc {
    static {
      Native.register(Glibc.class, NativeLibrary.getProcess());
    }

    static native int malloc_trim(long keep);
  }
}
