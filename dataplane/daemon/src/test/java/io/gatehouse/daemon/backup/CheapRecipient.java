// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import io.gatehouse.control.Passphrase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Whoever knows a passphrase, with little work between that and the key. */
public final class CheapRecipient {
  private CheapRecipient() {}

  /** Keeps one, as {@link Recipient#keep} does. */
  public static void keep(Path state, String passphrase) throws IOException {
    Header.Keyed cheap = Header.Keyed.of(Passphrase.of(passphrase.toCharArray()), 8, 1, 1);
    byte[] point = Agreement.publicKey(cheap.key());
    Arrays.fill(cheap.key(), (byte) 0);
    Files.write(state.resolve(Recipient.FILE), cheap.header().with(point).octets());
  }
}
