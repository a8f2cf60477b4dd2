// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.config;
import static io.gatehouse.daemon.tunnels.Confs.peer;
import static io.gatehouse.daemon.tunnels.Confs.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.PeerProposal;
import io.gatehouse.control.ProposedPeer;
import io.gatehouse.wgquick.TunnelConfig;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a new peer can have is what nobody has, and what its file needs of this side. */
class ProposalTest {
  @Test
  void theFirstFreeAddressOfEachNetworkIsProposed() {
    TunnelConfig config =
        config(
            text(
                "Address = 10.0.0.1/24, fd00::1/64\n",
                peer(1, "AllowedIPs = 10.0.0.2/32, fd00::2/128\n"),
                peer(2, "AllowedIPs = 10.0.0.4/31, 192.168.7.0/24\n"),
                "#[disabled] [Peer]\n#[disabled] PublicKey = "
                    + Confs.key(3)
                    + "\n#[disabled] AllowedIPs = 10.0.0.6/32\n"));
    PeerProposal proposal = of(config, 3);
    assertThat(proposal.peers())
        .extracting(ProposedPeer::addresses)
        .containsExactly(
            List.of("10.0.0.3/32", "fd00::3/128"),
            List.of("10.0.0.7/32", "fd00::4/128"),
            List.of("10.0.0.8/32", "fd00::5/128"));
    assertThat(proposal.allowedIps()).containsExactly("10.0.0.0/24", "fd00::/64", "192.168.7.0/24");
    assertThat(proposal.persistentKeepalive()).isEqualTo(25);
    assertThat(proposal.publicKey() + proposal.endpoint()).as("it does not run").isEmpty();
  }

  @Test
  void aFullNetworkGivesFewerAndAWideRouteTakesNothing() {
    TunnelConfig config =
        config(text("Address = 10.0.0.1/29\n", peer(1, "AllowedIPs = 0.0.0.0/0\n")));
    assertThat(of(config, 20).peers())
        .extracting(peer -> peer.addresses().getFirst())
        .containsExactly("10.0.0.2/32", "10.0.0.3/32", "10.0.0.4/32", "10.0.0.5/32", "10.0.0.6/32");
    assertThat(of(config(text("Address = 10.0.0.1/32\n")), 1).peers()).isEmpty();
    assertThat(of(config(text("")), 1).peers()).isEmpty();
    assertThat(of(config(text("Address = 255.255.255.254/31\n")), 9).peers())
        .extracting(peer -> peer.addresses().getFirst())
        .containsExactly("255.255.255.255/32");
  }

  @Test
  void whatAnotherTunnelHasIsNotFree() {
    assertThat(
            Proposal.of(
                    config(text("Address = 10.0.0.1/24\n")),
                    List.of(config(text("", peer(9, "AllowedIPs = 10.0.0.0/30\n")))),
                    Optional.empty(),
                    1)
                .peers()
                .getFirst()
                .addresses())
        .containsExactly("10.0.0.4/32");
  }

  @Test
  void behindAMasqueradeEverythingIsReachedAndTheFilesOwnWordsAreTaken() {
    PeerProposal proposal =
        of(
            config(
                text(
                    "# gatehouse.masquerade = eth0\nAddress = 10.0.0.1/24\nDNS = 10.0.0.1, lan\nMTU ="
                        + " 1400\n")),
            1);
    assertThat(proposal.allowedIps()).containsExactly("0.0.0.0/0");
    assertThat(proposal.dns()).containsExactly("10.0.0.1", "lan");
    assertThat(proposal.mtu()).isEqualTo(1400);
  }

  private static PeerProposal of(TunnelConfig config, int count) {
    return Proposal.of(config, List.of(), Optional.empty(), count);
  }
}
