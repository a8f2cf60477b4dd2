// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Runs nftables commands in their JSON form, see libnftables(3) and libnftables-json(5): each run
 * is one transaction, in the calling thread's network namespace.
 *
 * <p>JSON since it takes every name: in nft's own language some interface names are no words.
 */
final class Nftables {
  private static final String LIBRARY = "libnftables.so.1";
  private static final int NFT_CTX_OUTPUT_JSON = 1 << 4;
  private static final int LONGEST_ERROR = 4096;

  private Nftables() {}

  /** The library's calls; it is loaded with the first of them. */
  private static final class Calls {
    static {
      Native.register(Calls.class, NativeLibrary.getInstance(LIBRARY));
    }

    static native long nft_ctx_new(int flags);

    static native void nft_ctx_free(long context);

    static native void nft_ctx_output_set_flags(long context, int flags);

    static native int nft_ctx_buffer_output(long context);

    static native int nft_ctx_buffer_error(long context);

    static native long nft_ctx_get_error_buffer(long context);

    static native int nft_run_cmd_from_buffer(long context, long buffer);
  }

  /**
   * Runs commands, all of them or none.
   *
   * @param commands the array of libnftables-json(5), made of checked values alone
   * @param attempt what it is for, as in "cannot set the guard of wg0"
   */
  static synchronized void run(String commands, String attempt) throws LinuxException {
    long context;
    try {
      context = Calls.nft_ctx_new(0);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new LinuxException(
          Errno.ENOENT,
          attempt,
          LIBRARY + " is missing; install it (Debian and Ubuntu: apt-get install libnftables1)");
    }
    if (context == 0) {
      throw new LinuxException(Errno.ENOMEM, attempt, "libnftables gives no context");
    }
    try (Arena arena = Arena.ofConfined()) {
      Calls.nft_ctx_output_set_flags(context, NFT_CTX_OUTPUT_JSON);
      Calls.nft_ctx_buffer_output(context);
      Calls.nft_ctx_buffer_error(context);
      String text = "{\"nftables\":[" + commands + "]}";
      if (Calls.nft_run_cmd_from_buffer(context, arena.allocateFrom(text).address()) != 0) {
        throw new LinuxException(
            Errno.EINVAL, attempt, said(Calls.nft_ctx_get_error_buffer(context)));
      }
    } finally {
      Calls.nft_ctx_free(context);
    }
  }

  private static String said(long text) {
    if (text == 0) {
      return "";
    }
    String said = MemorySegment.ofAddress(text).reinterpret(LONGEST_ERROR).getString(0);
    return "nftables says: " + said.lines().findFirst().orElse("nothing");
  }
}
