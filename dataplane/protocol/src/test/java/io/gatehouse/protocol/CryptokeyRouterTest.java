// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
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

  @Test
  void agreesWithALinearSearchOverRandomPrefixes() throws UnknownHostException {
    Random random = new Random(7);
    for (int round = 0; round < 30; round++) {
      Map<Prefix, Peer> table = new HashMap<>();
      for (int i = 0; i < 300; i++) {
        byte[] octets = address(random, random.nextBoolean() ? 4 : 16);
        Prefix prefix =
            new Prefix(InetAddress.getByAddress(octets), random.nextInt(8 * octets.length + 1));
        table.put(prefix.masked(), peer(i));
      }
      CryptokeyRouter router = CryptokeyRouter.of(table);
      for (int i = 0; i < 500; i++) {
        byte[] octets = address(random, random.nextBoolean() ? 4 : 16);
        Prefix wanted = new Prefix(InetAddress.getByAddress(octets), 8 * octets.length);
        Peer expected =
            table.entrySet().stream()
                .filter(e -> e.getKey().contains(wanted))
                .max(java.util.Comparator.comparingInt(e -> e.getKey().length()))
                .map(Map.Entry::getValue)
                .orElse(null);
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        Peer found =
            octets.length == 4
                ? router.lookup4(buffer.getInt())
                : router.lookup(buffer.getLong(), buffer.getLong());
        assertThat(found).as("%s", wanted).isSameAs(expected);
      }
    }
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
