// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.linux.ForwardingSwitch.Saved;
import io.gatehouse.linux.GatewayTable;
import io.gatehouse.linux.NameServers;
import io.gatehouse.linux.PolicyRule;
import io.gatehouse.wgquick.InterfaceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
  private static final InterfaceName WG0 = new InterfaceName("wg0");
  private static final List<Outside> THINGS =
      List.of(
          new Outside.Dns(new NameServers(List.of(), List.of())),
          new Outside.Rule(PolicyRule.unlessMarked(false, 32765, -7, -7)),
          new Outside.Rule(PolicyRule.mainWithoutDefault(true, 32764)),
          new Outside.Guard(true, 0, List.of()),
          new Outside.Gateway(new GatewayTable(List.of(), List.of(), List.of())),
          new Outside.Forwards(false, new Outside.Incoming.Own(), List.of()),
          new Outside.Forwards(
              false, new Outside.Incoming.By(new InterfaceName("eth0.1")), List.of()),
          new Outside.Forwards(
              true,
              new Outside.Incoming.Any(),
              List.of(new Saved("eth=0", "accept_ra", "1"), new Saved("x", "forwarding", "1"))));

  @TempDir Path state;

  @Test
  void whatWasNotedIsFoundByTheNextProcess() throws IOException {
    Leftovers.in(state).note(WG0, THINGS);
    Leftovers next = Leftovers.in(state);
    assertThat(next.names()).containsExactly(WG0);
    assertThat(next.of(WG0)).isEqualTo(THINGS);
    next.note(WG0, List.of());
    assertThat(next.names()).isEmpty();
    assertThat(next.of(WG0)).isEmpty();
  }

  @Test
  void notesOfBeforeTheMachineStartedCountForNothing() throws IOException {
    Leftovers.in(state, "one").note(WG0, THINGS);
    assertThat(Leftovers.in(state, "other").of(WG0)).isEmpty();
    assertThat(Leftovers.in(state, "one").of(WG0)).isEqualTo(THINGS);
  }

  @Test
  void linesThatNobodyWroteAreLeftOut() throws IOException {
    Leftovers leftovers = Leftovers.in(state, "one");
    leftovers.note(WG0, THINGS);
    Path file = state.resolve("leftovers/wg0");
    Files.writeString(
        file,
        Files.readString(file)
            + "rule 4 x\nrule\nguard\nfoo bar\nforwards 4\nforwards 6 by/ x\n\nrule 6 1 true 2 3\n");
    assertThat(leftovers.of(WG0)).isEqualTo(THINGS);
    Files.writeString(file, "");
    assertThat(leftovers.of(WG0)).isEmpty();
  }
}
