// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import java.util.List;

/** A key pair in the base64 form of wg(8), made by wg(8). */
record Keys(String privateKey, String publicKey) {
  static Keys random() {
    return of(Command.run(List.of("wg", "genkey")).succeeded().strip());
  }

  static Keys of(String privateKey) {
    return new Keys(
        privateKey, Command.run(List.of("wg", "pubkey"), privateKey).succeeded().strip());
  }
}
