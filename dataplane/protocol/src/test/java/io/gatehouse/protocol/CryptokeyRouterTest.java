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
        CryptokeyRouter.of(
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
    assertThat(CryptokeyRouter.EMPTY.lookup4(0)).isNull();
    assertThat(CryptokeyRouter.EMPTY.lookup(0, 0)).isNull();
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
      CryptokeyRouter router = CryptokeyRouter.of(table);
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
