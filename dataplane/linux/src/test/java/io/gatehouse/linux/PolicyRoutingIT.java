// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.Prefix;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules, the nftables guard and sysctl set by us and read by the stock tools. */
class PolicyRoutingIT {
  private static final InterfaceName WG0 = new InterfaceName("wg0");

  private TestNamespace namespace;
  private Rtnetlink netlink;

  @BeforeEach
  void makeNamespace() throws Exception {
    namespace = new TestNamespace();
    netlink = Rtnetlink.open(namespace.namespace());
  }

  @AfterEach
  void removeNamespace() throws Exception {
    netlink.close();
    namespace.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rulesEqualThoseOfWgQuick(boolean ipv6) throws Exception {
    String family = ipv6 ? "-6" : "-4";
    String bare = namespace.ip(family, "-d", "rule", "show");
    int mark = (int) 4_000_000_000L;
    PolicyRule marked = PolicyRule.unlessMarked(ipv6, 32765, mark, mark);
    PolicyRule suppressing = PolicyRule.mainWithoutDefault(ipv6, 32764);
    for (int twice = 0; twice < 2; twice++) {
      netlink.addRule(marked);
      netlink.addRule(suppressing);
    }
    assertThat(netlink.listRules(ipv6)).contains(suppressing, marked);
    String ours = namespace.ip(family, "-d", "rule", "show");
    for (int twice = 0; twice < 2; twice++) {
      netlink.removeRule(marked);
      netlink.removeRule(suppressing);
    }
    assertThat(namespace.ip(family, "-d", "rule", "show")).isEqualTo(bare);

    namespace.ip(family, "rule", "add", "not", "fwmark", "4000000000", "table", "4000000000");
    namespace.ip(family, "rule", "add", "table", "main", "suppress_prefixlength", "0");
    assertThat(ours).isEqualTo(namespace.ip(family, "-d", "rule", "show"));
    assertThat(netlink.listRules(ipv6)).contains(suppressing, marked);
  }

  @Test
  void aRuleThatIsThereWithAnotherPriorityStaysUntouched() throws Exception {
    netlink.addRule(PolicyRule.mainWithoutDefault(false, 100));
    netlink.addRule(PolicyRule.mainWithoutDefault(false, 200));
    netlink.removeRule(PolicyRule.mainWithoutDefault(false, 100));
    assertThat(netlink.listRules(false)).contains(PolicyRule.mainWithoutDefault(false, 200));
  }

  @Test
  void knowsTheTablesThatHoldRoutes() throws Exception {
    assertThat(netlink.tablesInUse()).doesNotContain(51820, 51821);
    namespace.ip("route", "add", "10.0.0.0/8", "dev", "lo", "table", "51820");
    namespace.ip("-6", "route", "add", "blackhole", "fd00::/8", "table", "51821");
    assertThat(netlink.tablesInUse()).contains(51820, 51821);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theGuardEqualsThatOfWgQuick(boolean ipv6) throws Exception {
    String ip = ipv6 ? "ip6" : "ip";
    List<String> addresses =
        ipv6 ? List.of("fd00::1", "2001:db8::7") : List.of("10.0.0.1", "192.0.2.7");
    RoutingGuard guard =
        new RoutingGuard(
            ipv6, WG0, (int) 4_000_000_000L, addresses.stream().map(IpLiteral::parse).toList());
    set(new RoutingGuard(ipv6, WG0, 7, List.of()));
    set(guard);
    String ours = ruleset();
    namespace.exec("nft", "flush", "ruleset");
    String table = ip + " wg-quick-wg0";
    nft("add table " + table);
    nft("add chain " + table + " preraw { type filter hook prerouting priority -300; }");
    nft("add chain " + table + " premangle { type filter hook prerouting priority -150; }");
    nft("add chain " + table + " postmangle { type filter hook postrouting priority -150; }");
    for (String address : addresses) {
      nft(
          "add rule %s preraw iifname != \"wg0\" %s daddr %s fib saddr type != local drop"
              .formatted(table, ip, address));
    }
    nft("add rule " + table + " postmangle meta l4proto udp mark 4000000000 ct mark set mark");
    nft("add rule " + table + " premangle meta l4proto udp meta mark set ct mark");
    assertThat(ours).isEqualTo(ruleset());

    for (int twice = 0; twice < 2; twice++) {
      namespace.inside(
          () -> {
            RoutingGuard.remove(ipv6, WG0);
            return true;
          });
    }
    assertThat(ruleset()).isEmpty();
  }

  @Test
  void namesThatAreNoWordsOfNftAreGuardedToo() throws Exception {
    InterfaceName name = new InterfaceName("9a=b+c.d_e-f");
    set(new RoutingGuard(false, name, 1, List.of(Prefix.parse("10.0.0.1").address())));
    assertThat(ruleset()).contains("table ip wg-quick-9a=b+c.d_e-f {", "iifname != \"9a=b+c.d_e-f");
    namespace.inside(
        () -> {
          RoutingGuard.remove(false, name);
          return true;
        });
    assertThat(ruleset()).isEmpty();
  }

  @Test
  void aFailedTransactionChangesNothingAndSaysWhy() throws Exception {
    set(new RoutingGuard(false, WG0, 1, List.of()));
    String before = ruleset();
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(
            () -> set(new RoutingGuard(false, WG0, 1, List.of(Prefix.parse("fd00::1").address()))))
        .withMessageContaining("cannot set the nftables table wg-quick-wg0")
        .withMessageContaining("nftables says:");
    assertThat(ruleset()).isEqualTo(before);
  }

  @Test
  void sysctlsAreThoseOfTheNamespace() throws Exception {
    Sysctl sysctl = Sysctl.SRC_VALID_MARK;
    String outside = sysctl.read();
    String inside =
        namespace.inside(
            () -> {
              sysctl.write("1");
              sysctl.write("1");
              return sysctl.read();
            });
    assertThat(inside).isEqualTo("1");
    assertThat(namespace.exec("cat", "/proc/sys/net/ipv4/conf/all/src_valid_mark").strip())
        .isEqualTo("1");
    assertThat(sysctl.read()).isEqualTo(outside);
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> new Sysctl("net.ipv4.conf.all.no_such").read())
        .withMessageContaining("net.ipv4.conf.all.no_such");
  }

  private void set(RoutingGuard guard) throws Exception {
    namespace.inside(
        () -> {
          guard.set();
          return true;
        });
  }

  private void nft(String command) throws Exception {
    namespace.exec("nft", command);
  }

  private String ruleset() throws Exception {
    return namespace.exec("nft", "list", "ruleset");
  }
}
