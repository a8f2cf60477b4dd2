// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The corpus: what must be read from each file stands beside it. */
class DialectsTest {
  @Test
  void thereAreEnough() {
    assertThat(names()).hasSizeGreaterThanOrEqualTo(100);
    assertThat(names().stream().map(name -> name.substring(0, name.indexOf('/'))).distinct())
        .hasSizeGreaterThanOrEqualTo(15);
  }

  @ParameterizedTest
  @MethodSource("names")
  void isReadAsItsListSays(String name) {
    WgQuickFile file = Dialects.file(name);
    assertThat(Listing.of(file)).isEqualTo(Dialects.expected(name));
    assertThat(file.bytes()).isEqualTo(Dialects.bytes(name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyPeerCanBeDisabledRenamedAndBroughtBack(String name) {
    WgQuickFile file = Dialects.file(name);
    for (PeerConfig peer : file.config().orElseThrow().peers()) {
      PublicKey key = peer.publicKey();
      WgQuickFile off = file.edit(new FileEdit.Disable(key));
      assertThat(off.config().orElseThrow().disabledPeers())
          .anyMatch(p -> p.publicKey().equals(key) && p.name().equals(peer.name()));
      assertThat(text(off.edit(new FileEdit.Enable(key)))).isEqualTo(text(file));
      WgQuickFile named = file.edit(new FileEdit.Rename(key, Optional.of("Zoë")));
      assertThat(named.config().orElseThrow().peers())
          .filteredOn(p -> p.publicKey().equals(key))
          .extracting(p -> p.name().orElse(""))
          .containsExactly("Zoë");
      assertThat(Math.abs(lines(named) - lines(file))).isLessThan(2);
    }
  }

  static List<String> names() {
    return Dialects.names();
  }

  private static long lines(WgQuickFile file) {
    return text(file).lines().count();
  }

  private static String text(WgQuickFile file) {
    return new String(file.bytes(), ISO_8859_1);
  }
}
