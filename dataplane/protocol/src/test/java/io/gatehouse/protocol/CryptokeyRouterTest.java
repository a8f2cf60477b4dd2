// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CryptokeyRouterTest {
  private final Device device =
      new Device(
          new SimulatedHost(new SimulatedNetwork(), 1), new Random(1), java.time.Instant::now, 0);

  private Peer peer(int number) {
    byte[] key = new byte[32];
    key[0] = (byte) number;
    return new PeerControl(device, PublicKey.of(key)).peer();
  }

  private static CryptokeyRouter router(Map<Prefix, Peer> table) {
    CryptokeyRouter router = new CryptokeyRouter();
    table.forEach((prefix, peer) -> router.give(prefix, peer.control()));
    return router;
  }

  private static int four(String literal) {
    return ByteBuffer.wrap(Prefix.parse(literal).address().getAddress()).getInt();
  }

  private static Peer six(CryptokeyRouter router, String literal) {
    ByteBuffer octets = ByteBuffer.wrap(Prefix.parse(literal).address().getAddress());
    return router.lookup(octets.getLong(), octets.getLong());
  }

  @Test
  void theLongestMatchWins() {
    Peer all = peer(0);
    Peer net = peer(1);
    Peer host = peer(2);
    CryptokeyRouter router =
        router(
            Map.of(
                Prefix.parse("0.0.0.0/0"), all,
                Prefix.parse("10.0.0.0/8"), net,
                Prefix.parse("10.1.2.3/32"), host,
                Prefix.parse("fd00::/8"), net,
                Prefix.parse("fd00::1/128"), host));
    assertThat(router.lookup4(four("192.0.2.1"))).isSameAs(all);
    assertThat(router.lookup4(four("10.1.2.4"))).isSameAs(net);
    assertThat(router.lookup4(four("10.1.2.3"))).isSameAs(host);
    assertThat(six(router, "fd00::2")).isSameAs(net);
    assertThat(six(router, "fd00::1")).isSameAs(host);
    assertThat(six(router, "fe80::1")).isNull();
  }

  @Test
  void theEmptyTableKnowsNobody() {
    assertThat(new CryptokeyRouter().lookup4(0)).isNull();
    assertThat(new CryptokeyRouter().lookup(0, 0)).isNull();
  }

  /** The peer by trying every prefix: the slow twin. */
  private static @Nullable Peer linear(Map<Prefix, Peer> table, Prefix wanted) {
    return table.entrySet().stream()
        .filter(e -> e.getKey().contains(wanted))
        .max(java.util.Comparator.comparingInt(e -> e.getKey().length()))
        .map(Map.Entry::getValue)
        .orElse(null);
  }

  private static void agree(CryptokeyRouter router, Map<Prefix, Peer> table, Random random)
      throws UnknownHostException {
    byte[] octets = address(random, random.nextBoolean() ? 4 : 16);
    Prefix wanted = new Prefix(InetAddress.getByAddress(octets), 8 * octets.length);
    ByteBuffer buffer = ByteBuffer.wrap(octets);
    Peer found =
        octets.length == 4
            ? router.lookup4(buffer.getInt())
            : router.lookup(buffer.getLong(), buffer.getLong());
    assertThat(found).as("%s", wanted).isSameAs(linear(table, wanted));
  }

  private static Prefix prefix(Random random) throws UnknownHostException {
    byte[] octets = address(random, random.nextBoolean() ? 4 : 16);
    return new Prefix(InetAddress.getByAddress(octets), random.nextInt(8 * octets.length + 1))
        .masked();
  }

  @Test
  void agreesWithALinearSearchOverRandomPrefixes() throws UnknownHostException {
    Random random = new Random(7);
    for (int round = 0; round < 30; round++) {
      Map<Prefix, Peer> table = new HashMap<>();
      for (int i = 0; i < 300; i++) {
        table.put(prefix(random), peer(i));
      }
      CryptokeyRouter router = router(table);
      for (int i = 0; i < 500; i++) {
        agree(router, table, random);
      }
    }
  }

  @Test
  void agreesWithALinearSearchWhilePrefixesMoveAndPeersGo() throws UnknownHostException {
    Random random = new Random(8);
    Map<Prefix, Peer> table = new HashMap<>();
    for (int step = 0; step < 300; step++) {
      PublicKey key = TwoHosts.publicKey(TwoHosts.key(random.nextInt(20)));
      switch (random.nextInt(6)) {
        case 0 -> {
          device.apply(TwoHosts.change(TwoHosts.remove(key)), 0);
          table.values().removeIf(Peer::isRemoved);
        }
        case 1 -> {
          Prefix taken = prefix(random);
          device.apply(
              TwoHosts.change(
                  new PeerChange(
                      key,
                      false,
                      true,
                      Optional.empty(),
                      Optional.empty(),
                      OptionalInt.empty(),
                      true,
                      List.of(new PeerChange.AllowedIpChange(taken, false)))),
              0);
          table.values().removeIf(peer -> peer.publicKey().equals(key));
          find(key).ifPresent(peer -> table.put(taken, peer));
        }
        default -> {
          Prefix[] given = {prefix(random), prefix(random), prefix(random)};
          device.apply(
              TwoHosts.change(
                  TwoHosts.add(
                      key,
                      java.util.Arrays.stream(given).map(Prefix::toString).toArray(String[]::new))),
              0);
          for (Prefix prefix : given) {
            table.put(prefix, find(key).orElseThrow());
          }
        }
      }
      for (int i = 0; i < 20; i++) {
        agree(device.router(), table, random);
      }
    }
    assertThat(table.size()).isGreaterThan(50);
    int allowed = device.snapshot(0).peers().stream().mapToInt(p -> p.allowedIps().size()).sum();
    assertThat(allowed).isEqualTo(table.size());
  }

  @Test
  void nothingStaysOfPrefixesThatWereTaken() throws UnknownHostException {
    Random random = new Random(9);
    CryptokeyRouter router = new CryptokeyRouter();
    Map<Prefix, Peer> table = new HashMap<>();
    List<Peer> peers = java.util.stream.IntStream.range(0, 5).mapToObj(this::peer).toList();
    for (int step = 0; step < 3000; step++) {
      Prefix prefix = prefix(random);
      Peer peer = peers.get(random.nextInt(peers.size()));
      if (random.nextBoolean()) {
        router.give(prefix, peer.control());
        table.put(prefix, peer);
      } else {
        Prefix taken = table.keySet().stream().skip(step % 7).findFirst().orElse(prefix);
        assertThat(router.has(taken, peer.control())).isEqualTo(table.get(taken) == peer);
        router.take(taken, peer.control());
        table.remove(taken, peer);
      }
      agree(router, table, random);
    }
    assertThat(table.size()).isGreaterThan(100);
    assertThat(router.size()).isLessThan(2 * table.size());
    for (Peer peer : peers) {
      assertThat(CryptokeyRouter.allowedIps(peer.control()))
          .containsExactlyInAnyOrderElementsOf(
              table.keySet().stream().filter(prefix -> table.get(prefix) == peer).toList());
      router.takeAll(peer.control());
      assertThat(CryptokeyRouter.allowedIps(peer.control())).isEmpty();
    }
    assertThat(router.size()).isZero();
  }

  @Test
  void whoLooksUpMeanwhileFindsWhatWasThereBeforeOrAfter() throws Exception {
    CryptokeyRouter router = new CryptokeyRouter();
    Peer net = peer(0);
    Peer left = peer(1);
    Peer right = peer(2);
    Prefix moving = Prefix.parse("10.1.2.0/24");
    Prefix coming = Prefix.parse("10.1.2.128/25");
    Prefix beside = Prefix.parse("10.1.3.0/24");
    Prefix above = Prefix.parse("10.1.0.0/16");
    router.give(Prefix.parse("10.0.0.0/8"), net.control());
    router.give(moving, left.control());
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong looks = new AtomicLong();
    CompletableFuture<Void> looking =
        CompletableFuture.runAsync(
            () -> {
              while (!over.get()) {
                assertThat(router.lookup4(four("10.1.2.3"))).isIn(left, right);
                assertThat(router.lookup4(four("10.200.0.1"))).isSameAs(net);
                assertThat(router.lookup4(four("10.1.2.200"))).isIn(left, right);
                assertThat(router.lookup4(four("10.1.3.1"))).isIn(net, left);
                looks.incrementAndGet();
              }
            });
    for (int i = 0; i < 20_000 || looks.get() < 1000; i++) {
      router.give(moving, right.control());
      router.give(coming, right.control());
      router.give(beside, left.control());
      router.give(above, net.control());
      router.give(moving, left.control());
      router.take(beside, left.control());
      router.take(above, net.control());
      router.take(coming, right.control());
      assertThat(looking).isNotDone();
    }
    over.set(true);
    looking.join();
  }

  @Test
  void aPrefixThatMovesWithinOneChangeIsAlwaysSomebodys() throws Exception {
    PublicKey one = TwoHosts.publicKey(TwoHosts.key(1));
    PublicKey two = TwoHosts.publicKey(TwoHosts.key(2));
    device.apply(TwoHosts.change(TwoHosts.add(one, "10.0.0.0/24"), TwoHosts.add(two)), 0);
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong looks = new AtomicLong();
    CompletableFuture<Void> looking =
        CompletableFuture.runAsync(
            () -> {
              while (!over.get()) {
                assertThat(device.router().lookup4(four("10.0.0.1"))).isNotNull();
                looks.incrementAndGet();
              }
            });
    for (int i = 0; i < 2000 || looks.get() < 1000; i++) {
      device.apply(TwoHosts.change(only(one), only(two, "10.0.0.0/24")), 0);
      device.apply(TwoHosts.change(only(one, "10.0.0.0/24"), only(two)), 0);
      assertThat(looking).isNotDone();
    }
    over.set(true);
    looking.join();
  }

  /** These allowed IPs and no others. */
  private static PeerChange only(PublicKey key, String... prefixes) {
    return new PeerChange(
        key,
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        true,
        java.util.Arrays.stream(prefixes)
            .map(prefix -> new PeerChange.AllowedIpChange(Prefix.parse(prefix), false))
            .toList());
  }

  private Optional<Peer> find(PublicKey key) {
    return device.peers().stream().filter(peer -> peer.publicKey().equals(key)).findAny();
  }

  /** Few distinct octets, so that prefixes nest. */
  private static byte[] address(Random random, int length) {
    byte[] octets = new byte[length];
    for (int i = 0; i < length; i++) {
      octets[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : 0x80 * random.nextInt(2));
    }
    octets[0] = (byte) (0x20 + random.nextInt(2));
    return octets;
  }
}
