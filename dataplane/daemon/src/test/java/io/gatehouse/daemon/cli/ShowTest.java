// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.daemon.cli.WgInterface.WgPeer;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The words of wg(8), where running tunnels would take hours to show them. */
class ShowTest {
  private static final long NOW = 1_800_000_000;
  private static final PublicKey PEER =
      PublicKey.parse("YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=");

  private final PrettyShow plain = new PrettyShow(new Terminal(false), true, NOW);

  @Test
  void durationsLeaveOutWhatIsZeroAndCountInSingularAndPlural() {
    assertThat(plain.duration(1)).isEqualTo("1 second");
    assertThat(plain.duration(61)).isEqualTo("1 minute, 1 second");
    assertThat(plain.duration(2 * 3600)).isEqualTo("2 hours");
    assertThat(plain.duration(365 * 86_400 + 2 * 86_400 + 3600 + 5))
        .isEqualTo("1 year, 2 days, 1 hour, 5 seconds");
  }

  @Test
  void handshakesAreAgoNowOrInTheFuture() {
    assertThat(plain.ago(NOW)).isEqualTo("Now");
    assertThat(plain.ago(NOW - 90)).isEqualTo("1 minute, 30 seconds ago");
    assertThat(plain.ago(NOW + 1))
        .isEqualTo("(System clock wound backward; connection problems may ensue.)");
  }

  @Test
  void octetsAreRoundedAsPrintfDoesHalvesToEven() {
    assertThat(plain.octets(1023)).isEqualTo("1023 B");
    assertThat(plain.octets(1024)).isEqualTo("1.00 KiB");
    assertThat(plain.octets(1152)).isEqualTo("1.12 KiB");
    assertThat(plain.octets(1024 * 1024 - 1)).isEqualTo("1024.00 KiB");
    assertThat(plain.octets(5L << 30)).isEqualTo("5.00 GiB");
    assertThat(plain.octets(3L << 50)).isEqualTo("3072.00 TiB");
    assertThat(plain.octets(-1)).isEqualTo("16777216.00 TiB");
  }

  @Test
  void keysAreHiddenUnlessAskedForAndColoursAreSequences() {
    WgInterface device = device(peer(0, 1));

    assertThat(plain.format(device)).contains("private key: (hidden)").doesNotContain("\u001b");
    assertThat(new PrettyShow(new Terminal(true), false, NOW).format(device))
        .startsWith("\u001b[0m\u001b[32m\u001b[1minterface\u001b[0m: \u001b[32mwg0\u001b[0m\n")
        .contains("private key\u001b[0m: " + "A".repeat(42) + "E=");
  }

  @Test
  void theLatestHandshakeComesFirst() {
    WgInterface device = device(peer(0, 1), peer(NOW - 9, 2), peer(NOW - 3, 3), peer(0, 4));

    assertThat(plain.format(device).lines().filter(line -> line.contains("every")))
        .containsExactly(
            "  persistent keepalive: every 3 seconds",
            "  persistent keepalive: every 2 seconds",
            "  persistent keepalive: every 1 second",
            "  persistent keepalive: every 4 seconds");
  }

  @Test
  void aFieldOfAllInterfacesStartsWithTheirNames() {
    assertThat(ShowField.ALLOWED_IPS.format(device(peer(0, 1)), true).toString())
        .isEqualTo("wg0\t" + PEER + "\t10.0.0.0/24 fd00::/64\n");
    assertThat(ShowField.PEERS.format(device(peer(0, 1)), false).toString()).isEqualTo(PEER + "\n");
  }

  private static WgInterface device(WgPeer... peers) {
    return new WgInterface(
        "wg0",
        Optional.of(SecretKey.parse("A".repeat(42) + "E=")),
        Optional.empty(),
        0,
        0,
        List.of(peers));
  }

  private static WgPeer peer(long handshake, int keepalive) {
    return new WgPeer(
        PEER,
        Optional.empty(),
        "",
        List.of("10.0.0.0/24", "fd00::/64"),
        handshake,
        0,
        0,
        0,
        keepalive);
  }
}
