// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.nio.ByteOrder;

/**
 * OpenSSL's engine (EVP_chacha20_poly1305), where OpenSSL 3 is installed. Never needed, but fast
 * from the first packet on, before our own is compiled, and on some machines afterwards as well.
 *
 * <p>The only class of the product that calls native code by the Foreign Function API: these calls
 * are critical, which saves half their price; a thread that makes one holds up a safepoint by some
 * microseconds at most. Pointers are passed as plain addresses, so nothing is allocated.
 */
final class LibcryptoAead implements Aead {
  private static final String LIBRARY = "libcrypto.so.3";
  private static final int GET_TAG = 0x10;
  private static final int SET_TAG = 0x11;
  private static final ValueLayout.OfLong COUNTER =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The functions; loaded with the first engine. */
  private static final class Evp {
    private static final SymbolLookup LOOKUP = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
    static final MethodHandle CIPHER = function("EVP_chacha20_poly1305", JAVA_LONG);
    static final MethodHandle CONTEXT_NEW = function("EVP_CIPHER_CTX_new", JAVA_LONG);
    static final MethodHandle CONTEXT_FREE =
        Linker.nativeLinker()
            .downcallHandle(
                LOOKUP.findOrThrow("EVP_CIPHER_CTX_free"),
                FunctionDescriptor.ofVoid(JAVA_LONG),
                Linker.Option.critical(false));
    static final MethodHandle ENCRYPT_INIT =
        function(
            "EVP_EncryptInit_ex", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle ENCRYPT_UPDATE =
        function(
            "EVP_EncryptUpdate", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    static final MethodHandle ENCRYPT_FINAL =
        function("EVP_EncryptFinal_ex", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle DECRYPT_INIT =
        function(
            "EVP_DecryptInit_ex", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle DECRYPT_UPDATE =
        function(
            "EVP_DecryptUpdate", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    static final MethodHandle DECRYPT_FINAL =
        function("EVP_DecryptFinal_ex", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle CONTROL =
        function("EVP_CIPHER_CTX_ctrl", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);

    private Evp() {}

    @SuppressWarnings("restricted")
    private static MethodHandle function(
        String name, MemoryLayout result, MemoryLayout... arguments) {
      return Linker.nativeLinker()
          .downcallHandle(
              LOOKUP.findOrThrow(name),
              FunctionDescriptor.of(result, arguments),
              Linker.Option.critical(false));
    }
  }

  /** Four zeros and the counter; then room for a length that nobody asks for. */
  private final MemorySegment nonce = Arena.ofAuto().allocate(24, 8);

  private final long nonceAddress = nonce.address();
  private final long lengthAddress = nonce.address() + 16;

  /** EVP_CIPHER_CTX, freed with this engine. */
  private final MemorySegment sealing;

  private final MemorySegment opening;

  /** Throws when OpenSSL is not there. */
  LibcryptoAead() {
    if (!isThere()) {
      throw new IllegalStateException(
          LIBRARY
              + " (OpenSSL 3) is not installed, or Java was started without"
              + " --enable-native-access=ALL-UNNAMED");
    }
    sealing = context();
    opening = context();
    try {
      long cipher = (long) Evp.CIPHER.invokeExact();
      check((int) Evp.ENCRYPT_INIT.invokeExact(sealing.address(), cipher, 0L, 0L, 0L));
      check((int) Evp.DECRYPT_INIT.invokeExact(opening.address(), cipher, 0L, 0L, 0L));
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /** Whether OpenSSL 3 is installed and Java was started so that it may be called. */
  @SuppressWarnings("restricted")
  static boolean isThere() {
    if (!LibcryptoAead.class.getModule().isNativeAccessEnabled()) {
      return false;
    }
    try {
      return SymbolLookup.libraryLookup(LIBRARY, Arena.global())
          .find("EVP_chacha20_poly1305")
          .isPresent();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @SuppressWarnings("restricted")
  private static MemorySegment context() {
    try {
      long address = (long) Evp.CONTEXT_NEW.invokeExact();
      if (address == 0) {
        throw new IllegalStateException("libcrypto has no memory");
      }
      return MemorySegment.ofAddress(address).reinterpret(Arena.ofAuto(), LibcryptoAead::free);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  private static void free(MemorySegment context) {
    try {
      Evp.CONTEXT_FREE.invokeExact(context.address());
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  public String name() {
    return "libcrypto";
  }

  @Override
  public void seal(MemorySegment key, long counter, MemorySegment packet, long offset, int length) {
    NativePackets.check(key, packet, offset, length, (long) length + TAG_LENGTH);
    long context = sealing.address();
    long text = packet.address() + offset;
    nonce.set(COUNTER, 4, counter);
    try {
      check((int) Evp.ENCRYPT_INIT.invokeExact(context, 0L, 0L, key.address(), nonceAddress));
      check((int) Evp.ENCRYPT_UPDATE.invokeExact(context, text, lengthAddress, text, length));
      check((int) Evp.ENCRYPT_FINAL.invokeExact(context, text + length, lengthAddress));
      check((int) Evp.CONTROL.invokeExact(context, GET_TAG, TAG_LENGTH, text + length));
    } catch (Throwable e) {
      throw failure(e);
    } finally {
      // What is known by its raw address here must outlive the calls.
      Reference.reachabilityFence(this);
      Reference.reachabilityFence(key);
      Reference.reachabilityFence(packet);
    }
  }

  @Override
  public boolean open(
      MemorySegment key, long counter, MemorySegment packet, long offset, int length) {
    int textLength = length - TAG_LENGTH;
    NativePackets.check(key, packet, offset, textLength, length);
    long context = opening.address();
    long text = packet.address() + offset;
    nonce.set(COUNTER, 4, counter);
    try {
      check((int) Evp.DECRYPT_INIT.invokeExact(context, 0L, 0L, key.address(), nonceAddress));
      check((int) Evp.CONTROL.invokeExact(context, SET_TAG, TAG_LENGTH, text + textLength));
      check((int) Evp.DECRYPT_UPDATE.invokeExact(context, text, lengthAddress, text, textLength));
      return (int) Evp.DECRYPT_FINAL.invokeExact(context, text + textLength, lengthAddress) == 1;
    } catch (Throwable e) {
      throw failure(e);
    } finally {
      // What is known by its raw address here must outlive the calls.
      Reference.reachabilityFence(this);
      Reference.reachabilityFence(key);
      Reference.reachabilityFence(packet);
    }
  }

  /** A call that failed must not let a packet through as it was. */
  private static void check(int result) {
    if (result != 1) {
      throw new IllegalStateException("libcrypto refused a call");
    }
  }

  private static RuntimeException failure(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException known ? known : new IllegalStateException(e);
  }
}
