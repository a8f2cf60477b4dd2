// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The two messages of Noise_IKpsk2 (paper, 5.4.2 and 5.4.3), without their MACs. An object is the
 * initiator's state between the two; the responder keeps none.
 *
 * <p>X25519 is computed two at a time: what either side does for one message comes in pairs. Every
 * result is checked for zero. A message that does not fit leaves the state as it was.
 */
final class Handshake {
  /** Where the MACs start in an initiation. */
  static final int INITIATION_BODY = 116;

  /** Where the MACs start in a response. */
  static final int RESPONSE_BODY = 60;

  private static final int EPHEMERAL = 8;
  private static final int SEALED_STATIC = 40;
  private static final int SEALED_TIMESTAMP = 88;
  private static final int RESPONSE_EPHEMERAL = 12;
  private static final int RESPONSE_EMPTY = 44;

  private final int localIndex;
  private final byte[] ephemeral;
  private final SymmetricState state;

  private Handshake(int localIndex, byte[] ephemeral, SymmetricState state) {
    this.localIndex = localIndex;
    this.ephemeral = ephemeral;
    this.state = state;
  }

  /** Keys of a session. The arrays are secret; the caller moves or wipes them. */
  static final class Keys {
    private final byte[] send;
    private final byte[] receive;
    private final int remoteIndex;

    private Keys(byte[] send, byte[] receive, int remoteIndex) {
      this.send = send;
      this.receive = receive;
      this.remoteIndex = remoteIndex;
    }

    /** For packets we send. */
    byte[] send() {
      return send;
    }

    /** For packets we receive. */
    byte[] receive() {
      return receive;
    }

    /** The peer's receiver index. */
    int remoteIndex() {
      return remoteIndex;
    }
  }

  /**
   * Writes an initiation.
   *
   * @param staticStatic X25519 of both static keys
   * @param message where to, 148 octets
   * @return empty when the peer's key is of low order
   */
  static Optional<Handshake> initiate(
      Identity self,
      byte[] responder,
      byte[] staticStatic,
      byte[] timestamp,
      int localIndex,
      RandomGenerator random,
      byte[] message) {
    byte[] ephemeral = newEphemeral(random);
    byte[] shared = new byte[Primitives.KEY];
    byte[] point = new byte[Primitives.KEY];
    if (!Primitives.dhAndPublicKey(ephemeral, responder, shared, ephemeral, point)) {
      Primitives.wipe(ephemeral);
      return Optional.empty();
    }
    SymmetricState state = SymmetricState.toResponder(responder);
    putInt(message, 0, Messages.INITIATION);
    putInt(message, 4, localIndex);
    put(message, EPHEMERAL, point);
    state.mixKey(point);
    state.mixHash(point);
    put(
        message,
        SEALED_STATIC,
        state.encryptAndHash(state.mixKeyForCipher(shared), self.publicOctets()));
    put(
        message,
        SEALED_TIMESTAMP,
        state.encryptAndHash(state.mixKeyForCipher(staticStatic), timestamp));
    Primitives.wipe(shared);
    return Optional.of(new Handshake(localIndex, ephemeral, state));
  }

  /**
   * Takes the response to this initiation.
   *
   * @param presharedKey zero when there is none
   * @return empty when the message is not that response
   */
  Optional<Keys> consumeResponse(Identity self, byte[] presharedKey, byte[] message) {
    SymmetricState trial = state.copy();
    byte[] point = slice(message, RESPONSE_EPHEMERAL, Primitives.KEY);
    trial.mixHash(point);
    trial.mixKey(point);
    byte[] ephemeralShared = new byte[Primitives.KEY];
    byte[] staticShared = new byte[Primitives.KEY];
    try {
      if (!self.dhBoth(point, staticShared, ephemeral, ephemeralShared)) {
        return Optional.empty();
      }
      trial.mixKey(ephemeralShared);
      trial.mixKey(staticShared);
      byte[] key = trial.mixKeyAndHash(presharedKey);
      byte[] empty = slice(message, RESPONSE_EMPTY, Primitives.TAG);
      if (trial.decryptAndHash(key, empty).isEmpty()) {
        return Optional.empty();
      }
      byte[][] keys = trial.split();
      return Optional.of(new Keys(keys[0], keys[1], getInt(message, 4)));
    } finally {
      Primitives.wipe(ephemeralShared, staticShared);
      trial.wipe();
    }
  }

  int localIndex() {
    return localIndex;
  }

  void wipe() {
    Primitives.wipe(ephemeral);
    state.wipe();
  }

  /** For tests of erasure. */
  boolean isWiped() {
    return Arrays.equals(ephemeral, new byte[Primitives.KEY]) && state.isWiped();
  }

  /** An initiation of somebody, opened as far as the static key. */
  static final class Initiation {
    private final byte[] message;
    private final SymmetricState state;
    private final byte[] initiator;
    private final byte[] ephemeral;
    private final byte[] ephemeralPublic;

    private Initiation(
        byte[] message,
        SymmetricState state,
        byte[] initiator,
        byte[] ephemeral,
        byte[] ephemeralPublic) {
      this.message = message;
      this.state = state;
      this.initiator = initiator;
      this.ephemeral = ephemeral;
      this.ephemeralPublic = ephemeralPublic;
    }

    /**
     * Opens the static key.
     *
     * @param random makes our ephemeral key
     * @return empty when the message was not made for us
     */
    static Optional<Initiation> consume(Identity self, byte[] message, RandomGenerator random) {
      SymmetricState state = SymmetricState.toResponder(self.publicOctets());
      byte[] point = slice(message, EPHEMERAL, Primitives.KEY);
      state.mixKey(point);
      state.mixHash(point);
      byte[] shared = new byte[Primitives.KEY];
      byte[] ephemeral = newEphemeral(random);
      byte[] ephemeralPublic = new byte[Primitives.KEY];
      if (!self.dhAndPublicKey(point, shared, ephemeral, ephemeralPublic)) {
        Primitives.wipe(ephemeral);
        state.wipe();
        return Optional.empty();
      }
      byte[] sealed = slice(message, SEALED_STATIC, Primitives.KEY + Primitives.TAG);
      Optional<byte[]> initiator = state.decryptAndHash(state.mixKeyForCipher(shared), sealed);
      Primitives.wipe(shared);
      if (initiator.isEmpty()) {
        Primitives.wipe(ephemeral);
        state.wipe();
      }
      return initiator.map(key -> new Initiation(message, state, key, ephemeral, ephemeralPublic));
    }

    /** The initiator's static public key, not authenticated before {@link #timestamp}. */
    byte[] initiator() {
      return initiator;
    }

    /** Authenticates the initiator: its timestamp, 12 octets, or empty. Once. */
    Optional<byte[]> timestamp(byte[] staticStatic) {
      byte[] sealed = slice(message, SEALED_TIMESTAMP, Tai64n.LENGTH + Primitives.TAG);
      return state.decryptAndHash(state.mixKeyForCipher(staticStatic), sealed);
    }

    /**
     * Writes the response.
     *
     * @param response where to, 92 octets
     * @return empty when the initiator's ephemeral key is of low order
     */
    Optional<Keys> respond(byte[] presharedKey, int localIndex, byte[] response) {
      byte[] ephemeralShared = new byte[Primitives.KEY];
      byte[] staticShared = new byte[Primitives.KEY];
      try {
        int remoteIndex = getInt(message, 4);
        putInt(response, 0, Messages.RESPONSE);
        putInt(response, 4, localIndex);
        putInt(response, 8, remoteIndex);
        put(response, RESPONSE_EPHEMERAL, ephemeralPublic);
        byte[] point = slice(message, EPHEMERAL, Primitives.KEY);
        if (!Primitives.dhBoth(
            ephemeral, point, ephemeralShared, ephemeral, initiator, staticShared)) {
          return Optional.empty();
        }
        state.mixHash(ephemeralPublic);
        state.mixKey(ephemeralPublic);
        state.mixKey(ephemeralShared);
        state.mixKey(staticShared);
        byte[] key = state.mixKeyAndHash(presharedKey);
        put(response, RESPONSE_EMPTY, state.encryptAndHash(key, new byte[0]));
        byte[][] keys = state.split();
        return Optional.of(new Keys(keys[1], keys[0], remoteIndex));
      } finally {
        Primitives.wipe(ephemeralShared, staticShared);
        wipe();
      }
    }

    void wipe() {
      Primitives.wipe(ephemeral);
      state.wipe();
    }
  }

  /** Little endian. */
  static int getInt(byte[] message, int offset) {
    return message[offset] & 255
        | (message[offset + 1] & 255) << 8
        | (message[offset + 2] & 255) << 16
        | message[offset + 3] << 24;
  }

  /** Little endian. */
  static void putInt(byte[] message, int offset, int value) {
    message[offset] = (byte) value;
    message[offset + 1] = (byte) (value >>> 8);
    message[offset + 2] = (byte) (value >>> 16);
    message[offset + 3] = (byte) (value >>> 24);
  }

  private static byte[] newEphemeral(RandomGenerator random) {
    byte[] secret = new byte[Primitives.KEY];
    random.nextBytes(secret);
    Primitives.clamp(secret);
    return secret;
  }

  private static void put(byte[] message, int offset, byte[] field) {
    System.arraycopy(field, 0, message, offset, field.length);
  }

  private static byte[] slice(byte[] message, int offset, int length) {
    return Arrays.copyOfRange(message, offset, offset + length);
  }
}
