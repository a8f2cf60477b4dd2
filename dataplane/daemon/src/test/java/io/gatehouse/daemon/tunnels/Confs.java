// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ChangeSource;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;

/** Short ways to wg-quick files. */
final class Confs {
  static final String PRIVATE_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=";

  /** By whom what is asked for is asked for. */
  static final ChangeOrigin ALICE = new ChangeOrigin(ChangeSource.CONSOLE, "alice", "");

  private Confs() {}

  /** As on the first start of all. */
  static LastKnown nothingKnown() {
    try {
      return LastKnown.read(Path.of("/nonexistent/last-known"), LastCounters.none());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** No peer has used anything of its quota yet. */
  static QuotaUsage nothingUsed() {
    try {
      return QuotaUsage.read(Path.of("/nonexistent/quota-usage"), Clock.systemUTC());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PublicKey key(int seed) {
    byte[] octets = new byte[32];
    new Random(seed).nextBytes(octets);
    return PublicKey.of(octets);
  }

  /** A file with these lines in its interface section and these peers. */
  static String text(String lines, String... peers) {
    return "[Interface]\nPrivateKey = " + PRIVATE_KEY + "\n" + lines + String.join("", peers);
  }

  static String peer(int seed, String lines) {
    return "[Peer]\nPublicKey = " + key(seed) + "\n" + lines;
  }

  static TunnelConfig config(String text) {
    WgQuickFile file = WgQuickFile.parse("wg0.conf", text.getBytes(StandardCharsets.UTF_8));
    return file.config().orElseThrow(() -> new AssertionError(file.findings()));
  }
}
