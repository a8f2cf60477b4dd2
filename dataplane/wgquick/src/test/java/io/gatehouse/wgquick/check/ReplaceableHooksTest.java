// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.FileEdit;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.WgQuickFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which hooks are understood, and what the file says in their place. */
class ReplaceableHooksTest {
  private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=";

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        // wg-easy, tutorials, PiVPN and others.
        "iptables -t nat -A POSTROUTING -s 10.8.0.0/24 -o eth0 -j MASQUERADE; iptables -A INPUT -p udp"
            + " -m udp --dport 51820 -j ACCEPT; iptables -A FORWARD -i wg0 -j ACCEPT; iptables -A"
            + " FORWARD -o wg0 -j ACCEPT; ~ masquerade eth0 10.8.0.0/24",
        "iptables -A FORWARD -i %i -j ACCEPT; iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE"
            + " ~ masquerade eth0",
        "iptables -A FORWARD -i wg0 -j ACCEPT && iptables -t nat -A POSTROUTING -o ens3 -j MASQUERADE"
            + " ~ masquerade ens3",
        "iptables -w -t nat -I POSTROUTING 1 -o eth0 -j MASQUERADE ~ masquerade eth0",
        "iptables --table nat --append POSTROUTING --out-interface eth0 --jump MASQUERADE ~ masquerade"
            + " eth0",
        "/usr/sbin/iptables-nft -w 5 -t nat -A POSTROUTING -s 10.8.0.1/24 -o eth0 -m comment --comment"
            + " \"wireguard nat\" -j MASQUERADE ~ masquerade eth0 10.8.0.0/24",
        "iptables -t nat -A POSTROUTING -o 'eth0.100' -j MASQUERADE ~ masquerade eth0.100",
        "ip6tables -t nat -A POSTROUTING -s fd00::/64 -o eth0 -j MASQUERADE ~ masquerade eth0"
            + " fd00::/64",
        "ip6tables -t nat -A POSTROUTING -o eth0 -j MASQUERADE ~ masquerade eth0 ::/0",
        "iptables -A FORWARD -i %i -j ACCEPT ~ forwarding on",
        "iptables -I FORWARD 1 -i wg0 -o eth0 -j ACCEPT ~ forwarding on",
        "iptables -A FORWARD -o wg0 -m state --state RELATED,ESTABLISHED -j ACCEPT; iptables -A FORWARD"
            + " -i wg0 -m conntrack --ctstate NEW -j ACCEPT ~ forwarding on",
        "sysctl -w net.ipv4.ip_forward=1 ~ forwarding on",
        "sysctl -q net/ipv6/conf/all/forwarding=1 ~ forwarding on",
        "sysctl --write net.ipv4.ip_forward=1; iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE ~"
            + " forwarding on masquerade eth0",
        "iptables -t nat -A PREROUTING -i eth0 -p tcp --dport 8080 -j DNAT --to-destination 10.8.0.2:80"
            + " ~ port-forward tcp 8080 -> 10.8.0.2:80",
        "iptables -t nat -A PREROUTING -d 203.0.113.1 -p udp -m udp --dport 5000:5010 -j DNAT"
            + " --to-destination 10.8.0.2; iptables -A FORWARD -d 10.8.0.2 -o wg0 -p udp --dport"
            + " 5000:5010 -j ACCEPT ~ port-forward udp 203.0.113.1:5000-5010 -> 10.8.0.2",
        "nft add table inet wg; nft add chain inet wg post '{ type nat hook postrouting priority 100;"
            + " policy accept; }'; nft add rule inet wg post oifname eth0 masquerade ~ masquerade eth0",
        "nft add table ip wg; nft add chain ip wg post { type nat hook postrouting priority srcnat \\;"
            + " }; nft add rule ip wg post iifname %i oifname \"eth0\" ip saddr 10.8.0.0/24 counter"
            + " masquerade ~ masquerade eth0 10.8.0.0/24",
        "nft 'add rule inet filter forward iifname wg0 accept; add rule inet filter forward oifname wg0"
            + " ct state established,related accept' ~ forwarding on"
      })
  void isUnderstood(String hook, String said) {
    Finding finding = find(file("PostUp = " + hook + "\n")).orElseThrow();
    assertThat(finding.fix().stream().filter(FileEdit.SetOwn.class::isInstance))
        .map(edit -> (FileEdit.SetOwn) edit)
        .map(edit -> edit.key().name() + " " + String.join(", ", edit.values()))
        .containsExactly(said.replace("on masquerade", "on|masquerade").split("\\|"));
    assertThat(finding.fix().getLast())
        .isEqualTo(new FileEdit.Remove(FileEdit.INTERFACE, io.gatehouse.wgquick.Key.POST_UP, hook));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "iptables -A FORWARD -i %i -j ACCEPT; echo up",
        "iptables -A FORWARD -i %i -j ACCEPT; curl http://192.0.2.1/",
        "iptables -A FORWARD -i %i -j DROP",
        "iptables -A FORWARD -i wg1 -j ACCEPT",
        "iptables -A FORWARD -i %i -d 192.168.1.0/24 -j ACCEPT",
        "iptables -A FORWARD -i %i ! -o eth0 -j ACCEPT",
        "iptables -A FORWARD -j ACCEPT",
        "iptables -P FORWARD ACCEPT",
        "iptables -t nat -A POSTROUTING -j MASQUERADE",
        "iptables -t nat -A POSTROUTING -o %i -j MASQUERADE",
        "iptables -t nat -A POSTROUTING ! -o %i -s 10.8.0.0/24 -j MASQUERADE",
        "iptables -t nat -A POSTROUTING -o eth+ -p tcp -j MASQUERADE",
        "iptables -t nat -A POSTROUTING -o eth0 -j SNAT --to-source 203.0.113.1",
        "iptables -t nat -A POSTROUTING -o $(ip route | awk '{print $5}') -j MASQUERADE",
        "iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE | logger",
        "iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE || true",
        "iptables -t nat -A POSTROUTING -s fd00::/64 -o eth0 -j MASQUERADE",
        "iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 10.8.0.2",
        "iptables -t nat -A PREROUTING -i eth0 -p gre -j DNAT --to-destination 10.8.0.2",
        "iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu",
        "iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE; ufw route allow in on wg0",
        "iptables -A INPUT -p udp --dport 51820 -j ACCEPT",
        "iptables -A INPUT -p udp --dport 51821 -j ACCEPT; iptables -A FORWARD -i %i -j ACCEPT",
        "iptables -D FORWARD -i %i -j ACCEPT",
        "iptables -A FORWARD -i 'wg0 -j ACCEPT",
        "iptables -A",
        "sysctl -w net.ipv4.ip_forward=0",
        "sysctl -w net.ipv4.ip_forward=1 net.core.rmem_max=1",
        "sysctl -p",
        "ufw route allow in on wg0 out on eth0",
        "nft -f /etc/nftables.conf",
        "nft add rule inet filter input iifname wg0 accept",
        "nft add rule inet filter forward iifname wg0 drop",
        "nft add rule inet filter forward iifname wg0 ip daddr 192.168.1.0/24 accept",
        "nft add rule inet wg post masquerade",
        "nft add rule inet wg post oifname { eth0, eth1 } masquerade",
        "nft add chain inet wg f { type filter hook forward priority 0 \\; policy drop \\; }",
        "echo hello"
      })
  void staysWhereNotAllOfItIsUnderstood(String hook) {
    assertThat(find(file("PostUp = " + hook + "\n"))).isEmpty();
  }

  @Test
  void theFixSaysTheSameAndRemovesBothWays() {
    WgQuickFile file =
        file(
            """
            # gatehouse.masquerade = eth1
            PostUp = iptables -A FORWARD -i %i -j ACCEPT; iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE
            PostUp = ip6tables -t nat -A POSTROUTING -o eth0 -j MASQUERADE; ip6tables -A FORWARD -i %i -j ACCEPT
            PostUp = echo up
            PostDown = iptables -D FORWARD -i wg0 -j ACCEPT; iptables -t nat -D POSTROUTING -o eth0 -j MASQUERADE
            PostDown = ip6tables -t nat -D POSTROUTING -o eth0 -j MASQUERADE; ip6tables -D FORWARD -i %i -j ACCEPT
            """);
    Finding finding = find(file).orElseThrow();
    assertThat(finding.line()).isEqualTo(6);
    assertThat(finding.value()).isEqualTo("PostUp, PostDown");
    for (FileEdit edit : finding.fix()) {
      file = file.edit(edit);
    }
    assertThat(new String(file.bytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            [Interface]
            PrivateKey = %s
            ListenPort = 51820
            Address = 10.8.0.1/24
            # gatehouse.masquerade = eth1
            # gatehouse.masquerade = eth0
            PostUp = echo up
            """
                .formatted(KEY));
    assertThat(find(file)).isEmpty();
  }

  @Test
  void withoutIpv6MasqueradeATunnelOfBothKeepsThat() {
    WgQuickFile file =
        file(
            "Address = fd00::1/64\nPostUp = iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE\n");
    assertThat(find(file).orElseThrow().fix().getFirst())
        .isEqualTo(
            new FileEdit.SetOwn(
                FileEdit.INTERFACE,
                io.gatehouse.wgquick.OwnKey.MASQUERADE,
                List.of("eth0 0.0.0.0/0")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "iptables -D FORWARD -i wg0 -j ACCEPT; echo down",
        "iptables -D FORWARD -i wg0 -j ACCEPT; iptables -D FORWARD -o wg0 -j ACCEPT",
        "nft delete table inet wg0"
      })
  void hooksStayIfNotAllThatTakesThemBackIsUnderstood(String down) {
    assertThat(
            find(file("PostUp = iptables -A FORWARD -i wg0 -j ACCEPT\nPostDown = " + down + "\n")))
        .isEmpty();
  }

  @Test
  void aTableOfNftGoesWithItsHooksOnly() {
    String up =
        "PostUp = nft add table inet wg; nft add rule inet wg post oifname eth0 masquerade\n";
    String down = "PostDown = nft delete table inet wg\n";
    assertThat(find(file(up + down)).orElseThrow().fix()).hasSize(3);
    assertThat(find(file(up + "PostUp = nft add rule inet wg in tcp dport 22 drop\n" + down)))
        .isEmpty();
    assertThat(find(file(up + "PostDown = nft delete table inet other\n"))).isEmpty();
  }

  @Test
  void aHookThatOnlyOpensTheTunnelsPortStays() {
    WgQuickFile file =
        file(
            """
            PostUp = iptables -A INPUT -p udp --dport 51820 -j ACCEPT
            PostUp = iptables -A FORWARD -i wg0 -j ACCEPT
            PostDown = iptables -D INPUT -p udp --dport 51820 -j ACCEPT
            PostDown = iptables -D FORWARD -i wg0 -j ACCEPT
            """);
    assertThat(find(file).orElseThrow().fix())
        .hasSize(3)
        .noneMatch(e -> e.toString().contains("INPUT"));
  }

  private static WgQuickFile file(String lines) {
    return WgQuickFile.parse(
        "wg0.conf",
        ("[Interface]\nPrivateKey = "
                + KEY
                + "\nListenPort = 51820\nAddress = 10.8.0.1/24\n"
                + lines)
            .getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<Finding> find(WgQuickFile file) {
    List<Finding> all = Checks.findings(List.of(file), List.of(), HostFacts.UNKNOWN);
    return all.stream().filter(each -> each.code().equals("HOOK-REPLACEABLE")).findFirst();
  }
}
