// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forwarding, masquerade, port forwards and access rules as they stand in files. */
class GatewayValuesTest {
  private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.168.1.0/24",
        "10.0.0.1/32 udp 53",
        "192.168.1.0/24 tcp 443",
        "fd00::/64 tcp 8000-8010",
        "::/0 icmp",
        "0.0.0.0/0 udp"
      })
  void accessRulesAreWrittenAsTheyAreRead(String text) {
    assertThat(AccessRule.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.168.1.1/24 | has bits set behind its length",
        "nowhere | not an IPv4 or IPv6 address",
        "10.0.0.1 gre | is not tcp, udp or icmp",
        "10.0.0.1 icmp 8 | only tcp and udp have ports",
        "10.0.0.1 tcp http | is not a port",
        "10.0.0.1 tcp 0 | from 1 to 65535",
        "10.0.0.1 tcp 65536 | from 1 to 65535",
        "10.0.0.1 tcp 9-8 | the lower one first",
        "10.0.0.1 tcp 80 443 | too many words"
      })
  void badAccessRulesAreRefusedWithTheReason(String text, String why) {
    assertThatThrownBy(() -> AccessRule.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tcp 8080 -> 10.0.0.2:80",
        "udp 53 -> 10.0.0.2",
        "tcp 203.0.113.1:8080 -> 10.0.0.2:80",
        "tcp 8000-8010 -> 10.0.0.2",
        "tcp [2001:db8::1]:8080 -> [fd00::2]:80",
        "udp 53 -> [fd00::2]"
      })
  void portForwardsAreWrittenAsTheyAreRead(String text) {
    assertThat(PortForward.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "8080 -> 10.0.0.2:80 | before the arrow stand a protocol and ports",
        "tcp 8080 10.0.0.2:80 | is not such as",
        "icmp 8 -> 10.0.0.2 | only tcp and udp have ports",
        "tcp 8000-8010 -> 10.0.0.2:80 | stay what they are",
        "tcp 203.0.113.1:80 -> [fd00::2]:80 | the other IPv6",
        "tcp 80 -> 10.0.0.2:81-82 | one port",
        "tcp 80 -> host:81 | not an IPv4 or IPv6 address",
        "tcp 80 -> 10.0.0.2:0 | from 1 to 65535"
      })
  void badPortForwardsAreRefusedWithTheReason(String text, String why) {
    assertThatThrownBy(() -> PortForward.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aFileSaysThemInCommentsAndLinesAddUp() {
    TunnelConfig config =
        read("""
                [Interface]
                # gatehouse.forwarding = eth1, eth2
                # gatehouse.masquerade = eth0
                # gatehouse.masquerade = eth1 10.8.0.0/24, eth2 ::/0
                # gatehouse.port-forward = tcp 8080 -> 10.0.0.2:80
                # gatehouse.endpoint = [2001:db8::1]:443
                [Peer]
                # gatehouse.allow = 192.168.1.0/24 tcp 443, 10.0.0.1 udp 53
                # gatehouse.allow = 192.168.2.0/24
                # gatehouse.deny = 192.168.2.9
                PublicKey = %s
                """)
            .config()
            .orElseThrow();
    assertThat(config.own().get(OwnKey.FORWARDING).orElseThrow()).hasToString("eth1, eth2");
    assertThat(config.own().get(OwnKey.MASQUERADE).orElseThrow().toString())
        .isEqualTo("[eth0, eth1 10.8.0.0/24, eth2 ::/0]");
    assertThat(config.own().get(OwnKey.PORT_FORWARD).orElseThrow()).hasSize(1);
    assertThat(config.own().get(OwnKey.ENDPOINT))
        .contains(new OwnEndpoint("2001:db8::1", 443))
        .map(OwnEndpoint::toString)
        .contains("[2001:db8::1]:443");
    assertThat(config.peers().getFirst().metadata().allow().toString())
        .isEqualTo("[192.168.1.0/24 tcp 443, 10.0.0.1/32 udp 53, 192.168.2.0/24]");
    assertThat(config.peers().getFirst().metadata().deny().toString())
        .isEqualTo("[192.168.2.9/32]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "forwarding = off | METADATA-VALUE",
        "forwarding = a b | METADATA-VALUE",
        "masquerade = eth0/1 | METADATA-VALUE",
        "masquerade = eth0 10.0.0.1/8 | METADATA-VALUE",
        "port-forward = 80 | METADATA-VALUE",
        "endpoint = vpn example.org | METADATA-VALUE",
        "endpoint = vpn.example.org:0 | METADATA-VALUE",
        "endpoint = vpn.example.org:70000 | METADATA-VALUE",
        "endpoint = [vpn] | METADATA-VALUE",
        "allow = 10.0.0.0/8 | METADATA-SECTION",
      })
  void whatCannotBeReadIsFoundWithItsLine(String line, String code) {
    List<Finding> findings = read("[Interface]\n# gatehouse." + line + "\n").findings();
    assertThat(findings)
        .filteredOn(finding -> finding.line() == 2)
        .map(Finding::code)
        .containsExactly(code);
  }

  @Test
  void anAllowRuleThatCannotBeReadKeepsTheFileFromBeingApplied() {
    WgQuickFile file =
        read("[Interface]\n[Peer]\n# gatehouse.allow = 10.0.0.0/8 http\nPublicKey = %s\n");
    assertThat(file.config()).isEmpty();
  }

  @Test
  void anEditWritesThemAndTakesThemAway() {
    WgQuickFile file = read("[Interface]\nListenPort = 1\n");
    WgQuickFile with =
        file.edit(
            new FileEdit.SetOwn(
                FileEdit.INTERFACE, OwnKey.MASQUERADE, List.of("eth0", "eth1 10.8.0.0/24")));
    assertThat(new String(with.bytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            [Interface]
            # gatehouse.masquerade = eth0
            # gatehouse.masquerade = eth1 10.8.0.0/24
            ListenPort = 1
            """);
    assertThat(
            with.edit(new FileEdit.SetOwn(FileEdit.INTERFACE, OwnKey.MASQUERADE, List.of()))
                .bytes())
        .isEqualTo(file.bytes());
  }

  private static WgQuickFile read(String text) {
    return WgQuickFile.parse("wg0.conf", text.replace("%s", KEY).getBytes(StandardCharsets.UTF_8));
  }
}
