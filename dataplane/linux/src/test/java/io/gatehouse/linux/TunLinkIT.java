// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A TUN device's interface followed while ip(8) changes it. */
class TunLinkIT {
  private static final long PATIENCE = 60_000_000_000L;

  private TestNamespace namespace;
  private TunDevice tun;
  private TunLink link;

  @BeforeEach
  void follow() throws Exception {
    namespace = new TestNamespace();
    tun = namespace.inside(() -> TunDevice.open("wg0", TunDevice.Offloads.ALL));
    // From a thread in quite another namespace, as after a move.
    link = TunLink.follow(tun);
  }

  @AfterEach
  void removeInterface() throws Exception {
    link.close();
    tun.close();
    namespace.close();
  }

  @Test
  void noticesUpDownMtuAndName() throws Exception {
    assertThat(link.state().name()).isEqualTo("wg0");
    assertThat(link.state().up()).isFalse();
    namespace.ip("link", "set", "wg0", "up");
    await(TunLink.State::up);
    namespace.ip("link", "set", "wg0", "mtu", "1280");
    await(state -> state.mtu() == 1280);
    namespace.ip("link", "set", "wg0", "down");
    await(state -> !state.up());
    namespace.ip("link", "set", "wg0", "name", "wg9");
    await(state -> state.name().equals("wg9"));
  }

  @Test
  void followsIntoOtherNamespaces() throws Exception {
    int fd = link.fd();
    try (TestNamespace second = new TestNamespace();
        TestNamespace third = new TestNamespace()) {
      namespace.ip("link", "set", "wg0", "netns", second.name());
      second.ip("link", "set", "wg0", "up");
      await(TunLink.State::up);
      second.ip("link", "set", "wg0", "netns", third.name());
      await(state -> !state.up());
      third.ip("link", "set", "wg0", "mtu", "1300", "name", "home");
      await(state -> state.mtu() == 1300 && state.name().equals("home"));
      third.ip("link", "set", "home", "up");
      await(TunLink.State::up);
      third.ip("link", "set", "home", "netns", namespace.name());
      namespace.ip("link", "set", "home", "up", "mtu", "1333");
      await(state -> state.up() && state.mtu() == 1333);
    }
    assertThat(link.fd()).isEqualTo(fd);
  }

  @Test
  void noticesDeletion() throws Exception {
    namespace.ip("link", "del", "wg0");
    await(TunLink.State::isDeleted);
  }

  @Test
  void monitorHearsAddressesRoutesAndRules() throws Exception {
    try (LinkMonitor monitor =
        LinkMonitor.open(namespace.namespace(), Set.of(LinkMonitor.Topic.values()))) {
      assertThat(monitor.read()).isEmpty();
      namespace.ip("link", "set", "wg0", "up");
      namespace.ip("addr", "add", "10.0.0.1/24", "dev", "wg0");
      namespace.ip("route", "add", "default", "dev", "wg0");
      namespace.ip("rule", "add", "table", "7");
      int index = link.state().ifIndex();
      Poller poller = new Poller(1);
      poller.add(monitor.fd());
      assertThat(poller.poll(PATIENCE)).isEqualTo(1);
      List<LinkMonitor.Event> events = monitor.read();
      assertThat(events)
          .contains(
              new LinkMonitor.Event.AddressesChanged(index),
              new LinkMonitor.Event.RoutesChanged(index, false),
              new LinkMonitor.Event.RoutesChanged(index, true),
              new LinkMonitor.Event.RulesChanged());
    }
  }

  private void await(Predicate<TunLink.State> wanted) throws LinuxException {
    Poller poller = new Poller(1);
    poller.add(link.fd());
    while (!wanted.test(link.state())) {
      assertThat(poller.poll(PATIENCE)).as("%s", link.state()).isEqualTo(1);
      link.update();
    }
  }
}
