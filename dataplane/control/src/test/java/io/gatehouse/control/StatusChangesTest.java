// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Only what differs goes over the socket, and whoever follows knows everything. */
class StatusChangesTest {
  private static final int MANY = 10_000;

  @Test
  void tenPeersOfTenThousandMakeASmallNotification() {
    List<PeerStatus> peers = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      peers.add(peer(i, 100, 5));
    }
    GatewayStatus before = gateway(1, tunnel("wg0.conf", 0, peers));
    List<PeerStatus> later = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      later.add(peer(i, i % 1000 == 0 ? 200 : 100, 6));
    }
    GatewayStatus after = gateway(2, tunnel("wg0.conf", 1, later));
    StatusChanges changes = StatusChanges.between(before, after, 1, 1);
    String line =
        RpcCodec.encode(
            new RpcMessage.Notification(ControlMethod.CHANGES, RecordCodec.write(changes)));
    assertThat(changes.tunnels().getFirst().peers()).hasSize(10);
    assertThat(line.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(8000);
    assertThat(RecordCodec.write(after).toString()).hasSizeGreaterThan(3_000_000);
    assertThat(changes.applyTo(before)).isEqualTo(after);
  }

  @Test
  void thePassingOfTimeIsNoChange() {
    GatewayStatus before = gateway(1, tunnel("wg0.conf", 0, List.of(peer(1, 1, 5))));
    GatewayStatus after = gateway(3, tunnel("wg0.conf", 0, List.of(peer(1, 1, 7))));
    StatusChanges changes = StatusChanges.between(before, after, 9, 2);
    assertThat(changes.isNothing(before)).isTrue();
    assertThat(changes.tunnels()).isEmpty();
    assertThat(changes.applyTo(before)).isEqualTo(after);
  }

  @Test
  void aCommitComesAndGoes() {
    CommitStatus commit =
        new CommitStatus("abc", 1, 2, new ChangeOrigin(ChangeSource.CONSOLE, "alice", ""));
    GatewayStatus without = gateway(1);
    GatewayStatus with = new GatewayStatus("1", "/t", 1, 2, List.of(), Optional.of(commit));
    StatusChanges begun = StatusChanges.between(without, with, 1, 0);
    assertThat(begun.isNothing(without)).isFalse();
    assertThat(begun.applyTo(without)).isEqualTo(with);
    assertThat(StatusChanges.between(with, without, 1, 0).applyTo(with)).isEqualTo(without);
  }

  @Test
  void whoeverFollowsAnyChangesKnowsTheStatus() {
    Random random = new Random(11);
    int whole = 0;
    int parts = 0;
    for (int run = 0; run < 300; run++) {
      GatewayStatus server = random(random, gateway(0), 0);
      GatewayStatus client = server;
      for (int step = 1; step < 12; step++) {
        int seconds = random.nextInt(3);
        GatewayStatus next = random(random, server, seconds);
        StatusChanges changes = StatusChanges.between(server, next, step, seconds);
        client = RecordCodec.read(RecordCodec.write(changes), StatusChanges.class).applyTo(client);
        assertThat(client).isEqualTo(next);
        server = next;
        whole += (int) changes.tunnels().stream().filter(TunnelChange::whole).count();
        parts += (int) changes.tunnels().stream().filter(t -> !t.whole()).count();
      }
    }
    assertThat(whole).isGreaterThan(100);
    assertThat(parts).isGreaterThan(100);
  }

  /** The status some seconds later: time passes for all, and anything may come, change or go. */
  private static GatewayStatus random(Random random, GatewayStatus before, int seconds) {
    List<TunnelStatus> tunnels = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String file = "wg" + i + ".conf";
      Optional<TunnelStatus> known =
          before.tunnels().stream().filter(tunnel -> tunnel.file().equals(file)).findFirst();
      if (random.nextInt(4) == 0) {
        continue;
      }
      List<PeerStatus> peers =
          new ArrayList<>(
              known.map(TunnelStatus::peers).orElse(List.of()).stream()
                  .map(peer -> peer.older(seconds))
                  .toList());
      for (int edit = random.nextInt(4); edit > 0; edit--) {
        int at = peers.isEmpty() ? 0 : random.nextInt(peers.size());
        PeerStatus fresh = fresh(random, random.nextInt(20));
        switch (random.nextInt(8)) {
          case 0 -> peers.add(at, fresh);
          case 1 -> Collections.shuffle(peers, random);
          case 2, 3 -> peers.add(fresh);
          case 4, 5 -> {
            if (!peers.isEmpty()) {
              peers.remove(at);
            }
          }
          default -> {
            if (!peers.isEmpty()) {
              int number = peers.get(at).number();
              peers.set(at, fresh(random, number));
            }
          }
        }
      }
      tunnels.add(
          random.nextInt(3) == 0 && known.isPresent()
              ? known.get().with(peers, known.get().findings())
              : tunnel(file, random.nextInt(3), peers));
    }
    return gateway(before.time() + 1, tunnels.toArray(TunnelStatus[]::new));
  }

  /** With a handshake of its own: the age of one and the same only grows with time. */
  private static PeerStatus fresh(Random random, int number) {
    long handshake = random.nextInt();
    return peer(number, random.nextInt(5), handshake < 0 ? -1 : random.nextInt(9), handshake);
  }

  private static PeerStatus peer(int number, long octets, long age) {
    return peer(number, octets, age, 1_800_000_000);
  }

  private static GatewayStatus gateway(long time, TunnelStatus... tunnels) {
    return new GatewayStatus("1", "/t", 1, time, List.of(tunnels));
  }

  private static TunnelStatus tunnel(String file, int octets, List<PeerStatus> peers) {
    return new TunnelStatus(
        file.replace(".conf", ""),
        file,
        TunnelStatus.State.UP,
        3,
        key(77),
        51820,
        0,
        1420,
        List.of("10.0.0.1/16"),
        peers,
        octets == 2
            ? List.of(new FindingStatus("HELD-DOWN", "NOTE", file, 0, "", "down", "up"))
            : List.of(),
        octets,
        octets,
        1,
        1,
        0,
        0,
        List.of(),
        List.of(),
        1);
  }

  private static PeerStatus peer(int number, long octets, long age, long handshake) {
    return new PeerStatus(
        number,
        key(number),
        "peer " + number,
        PeerState.UP,
        "192.0.2.1:51820",
        List.of("10.0." + number / 256 + "." + number % 256 + "/32"),
        true,
        25,
        handshake,
        age,
        0,
        octets,
        octets,
        1,
        1,
        List.of(),
        0,
        Optional.empty(),
        List.of("office"),
        "");
  }

  private static String key(int seed) {
    byte[] octets = new byte[32];
    new Random(seed).nextBytes(octets);
    return Base64.getEncoder().encodeToString(octets);
  }
}
