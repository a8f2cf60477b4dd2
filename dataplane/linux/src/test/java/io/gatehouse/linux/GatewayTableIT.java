// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.AccessRule;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.Masquerade;
import io.gatehouse.wgquick.PortForward;
import io.gatehouse.wgquick.Prefix;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A tunnel's table set by us and read by nft(8), and the kernel's forwarding switches. */
class GatewayTableIT {
  private static final InterfaceName WG0 = new InterfaceName("wg0");

  private TestNamespace namespace;

  @BeforeEach
  void makeNamespace() throws Exception {
    namespace = new TestNamespace();
    // A new namespace may have these from the machine that runs the tests.
    namespace.exec("sysctl", "-qw", "net.ipv4.ip_forward=0", "net.ipv6.conf.all.forwarding=0");
    namespace.ip("link", "add", "eth0", "type", "veth", "peer", "name", "eth.1");
  }

  @AfterEach
  void removeNamespace() throws Exception {
    namespace.close();
  }

  @Test
  void nftReadsWhatTheFileSays() throws Exception {
    GatewayTable table =
        new GatewayTable(
            List.of(Masquerade.parse("eth0"), Masquerade.parse("eth.1 10.8.0.0/24")),
            List.of(
                PortForward.parse("tcp 203.0.113.1:8080 -> 10.0.0.2:80"),
                PortForward.parse("udp 5000-5010 -> [fd00::2]")),
            List.of(
                access(List.of("10.0.0.2/32", "fd00::2/128"), List.of("192.168.1.0/24 tcp 443")),
                access(List.of("10.0.0.3/32"), List.of("192.168.1.0/24 tcp 443")),
                access(List.of("10.0.0.5/32"), List.of()),
                access(List.of("10.0.0.0/24", "10.0.0.128/25"), List.of("::/0 icmp"))));
    inside(() -> table.set(WG0));
    String text = text();
    assertThat(text.lines().map(String::strip).filter(line -> !line.isEmpty()))
        .containsExactly(
            """
            table inet gatehouse-wg0 {
            chain rights-1 {
            ip daddr 192.168.1.0/24 tcp dport 443 accept
            reject with icmpx admin-prohibited
            }
            chain rights-2 {
            meta l4proto ipv6-icmp accept
            reject with icmpx admin-prohibited
            }
            chain access {
            ct state established ct direction reply accept
            ct state related accept
            ip saddr vmap { 10.0.0.2 : goto rights-1, 10.0.0.3 : goto rights-1, 10.0.0.5 : return }
            ip6 saddr vmap { fd00::2 : goto rights-1 }
            ip saddr 10.0.0.128/25 goto rights-2
            ip saddr 10.0.0.0/24 goto rights-2
            }
            chain input {
            type filter hook input priority filter; policy accept;
            iifname "wg0" jump access
            }
            chain forward {
            type filter hook forward priority filter; policy accept;
            iifname "wg0" jump access
            }
            chain prerouting {
            type nat hook prerouting priority dstnat; policy accept;
            ip daddr 203.0.113.1 tcp dport 8080 dnat ip to 10.0.0.2:80
            meta nfproto ipv6 fib daddr type local udp dport 5000-5010 dnat ip6 to fd00::2
            }
            chain postrouting {
            type nat hook postrouting priority srcnat; policy accept;
            iifname "wg0" oifname "eth0" masquerade
            iifname "wg0" oifname "eth.1" ip saddr 10.8.0.0/24 masquerade
            }
            }
            """
                .lines()
                .toArray(String[]::new));

    // Another one takes its place whole; removed, nothing is left, and once more does no harm.
    GatewayTable other = new GatewayTable(List.of(Masquerade.parse("eth0")), List.of(), List.of());
    inside(() -> other.set(WG0));
    assertThat(text()).contains("masquerade").doesNotContain("rights", "dnat");
    inside(() -> GatewayTable.remove(WG0));
    inside(() -> GatewayTable.remove(WG0));
    assertThat(text()).isEmpty();
  }

  @Test
  void ruleSetsOfOthersStayUntouched() throws Exception {
    namespace.exec("nft", "add table inet mine");
    String before = text();
    GatewayTable table = new GatewayTable(List.of(Masquerade.parse("eth0")), List.of(), List.of());
    inside(() -> table.set(WG0));
    inside(() -> GatewayTable.remove(WG0));
    assertThat(text()).isEqualTo(before);
  }

  @Test
  void oneInterfaceIsSwitchedAloneAndBack() throws Exception {
    String before = settings();
    ForwardingSwitch eth = ForwardingSwitch.of(false, new InterfaceName("eth.1"));
    inside(eth::on);
    assertThat(inside(eth::isOn)).isTrue();
    assertThat(namespace.exec("cat", "/proc/sys/net/ipv4/ip_forward").strip()).isEqualTo("0");
    inside(eth::off);
    assertThat(settings()).isEqualTo(before);
  }

  @Test
  void allAreSwitchedAndEachIsAsBeforeAfterwards() throws Exception {
    namespace.exec("sysctl", "-qw", "net/ipv4/conf/eth.1/forwarding=1");
    namespace.exec("sysctl", "-qw", "net/ipv4/conf/all/accept_redirects=0");
    namespace.exec("sysctl", "-qw", "net/ipv6/conf/eth.1/forwarding=1");
    String before = settings();
    for (boolean ipv6 : new boolean[] {false, true}) {
      ForwardingSwitch all = inside(() -> ForwardingSwitch.ofAll(ipv6, Set.of()));
      inside(all::on);
      assertThat(inside(all::isOn)).isTrue();
      if (ipv6) {
        assertThat(settings()).contains("net.ipv6.conf.eth0.accept_ra = 2");
      }
      inside(all::off);
      assertThat(settings()).isEqualTo(before);
    }
  }

  @Test
  void oneInterfaceStaysOnWhileAllAre() throws Exception {
    ForwardingSwitch eth = ForwardingSwitch.of(false, new InterfaceName("eth0"));
    namespace.exec("sysctl", "-qw", "net.ipv4.ip_forward=1");
    inside(eth::off);
    assertThat(inside(eth::isOn)).isTrue();
    inside(() -> ForwardingSwitch.of(false, new InterfaceName("gone")).off());
  }

  private static GatewayTable.Access access(List<String> sources, List<String> allow) {
    return new GatewayTable.Access(
        sources.stream().map(Prefix::parse).toList(),
        allow.stream().map(AccessRule::parse).toList(),
        List.of());
  }

  private interface Action {
    void run() throws LinuxException;
  }

  private void inside(Action action) throws Exception {
    namespace.inside(
        () -> {
          action.run();
          return "";
        });
  }

  private <T> T inside(Callable<T> action) throws Exception {
    return namespace.inside(action);
  }

  private String text() throws Exception {
    return namespace.exec("nft", "list", "ruleset");
  }

  /** All that may change with forwarding. */
  private String settings() throws Exception {
    StringBuilder settings = new StringBuilder();
    for (String line : namespace.exec("sysctl", "net.ipv4.conf", "net.ipv6.conf").split("\n", -1)) {
      if (Stream.of(".forwarding", ".accept_ra ", ".accept_redirects").anyMatch(line::contains)) {
        settings.append(line).append('\n');
      }
    }
    return settings.toString();
  }
}
