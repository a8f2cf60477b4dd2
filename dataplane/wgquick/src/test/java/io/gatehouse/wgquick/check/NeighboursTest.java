// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.WgQuickFile;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A file among many is compared with few, and what is said about it is the same. */
class NeighboursTest {
  private static final List<String> PREFIXES =
      List.of(
          "0.0.0.0/0",
          "10.0.0.0/8",
          "10.1.0.0/16",
          "10.1.2.0/24",
          "10.1.2.3/32",
          "10.2.0.0/16",
          "192.0.2.0/24",
          "192.0.2.128/25",
          "::/0",
          "fd00::/48",
          "fd00:0:0:1::/64",
          "fd00::7/128");
  private static final List<String> ADDRESSES =
      List.of(
          "10.1.2.1/24", "10.1.2.1/32", "10.1.9.1/16", "10.2.2.2/32", "fe80::1/64", "fd00::9/64");

  private final SortedMap<String, WgQuickFile> all = new TreeMap<>();
  private final Neighbours neighbours = new Neighbours();

  @Test
  void whatIsSaidOfAFileIsTheSameAsIfItWereComparedWithAll() {
    for (int seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      all.clear();
      neighbours.names().forEach(neighbours::remove);
      Map<String, List<Finding>> said = new HashMap<>();
      for (int step = 0; step < 25; step++) {
        String name = "t" + random.nextInt(9) + ".conf";
        Set<String> affected = new HashSet<>(Set.of(name));
        if (random.nextInt(4) == 0) {
          all.remove(name);
          affected.addAll(neighbours.remove(name));
        } else {
          WgQuickFile file = file(name, random);
          all.put(name, file);
          affected.addAll(neighbours.put(file));
        }
        affected.forEach(each -> said.put(each, findings(each)));
        said.keySet().retainAll(all.keySet());
        for (String each : all.keySet()) {
          assertThat(said.get(each))
              .as("%s after step %s of seed %s", each, step, seed)
              .isEqualTo(Checks.findings(List.of(all.get(each)), others(each), HostFacts.UNKNOWN));
        }
      }
    }
  }

  @Test
  void filesThatShareNothingAreNotComparedAndOneStandsForAllThatShareTheSame() {
    for (int i = 0; i < 500; i++) {
      neighbours.put(
          parse(
              "t" + i + ".conf",
              "[Interface]\nAddress = 10." + i / 250 + "." + i % 250 + ".1/32, 192.0.2.1/32\n"));
    }
    WgQuickFile alone = parse("x.conf", "[Interface]\nAddress = 10.77.0.1/24\n");
    assertThat(neighbours.of(alone)).isEmpty();
    assertThat(neighbours.put(alone)).isEmpty();
    WgQuickFile same = parse("y.conf", "[Interface]\nAddress = 192.0.2.1/32\n");
    assertThat(neighbours.of(same)).extracting(WgQuickFile::fileName).containsExactly("t0.conf");
    assertThat(neighbours.put(same)).isEmpty();
    assertThat(neighbours.remove("t0.conf")).hasSize(500);
  }

  private List<Finding> findings(String name) {
    WgQuickFile file = all.get(name);
    return file == null
        ? List.of()
        : Checks.findings(List.of(file), neighbours.of(file), HostFacts.UNKNOWN);
  }

  private List<WgQuickFile> others(String name) {
    return all.values().stream().filter(file -> !file.fileName().equals(name)).toList();
  }

  private static WgQuickFile file(String name, Random random) {
    StringBuilder text = new StringBuilder("[Interface]\n");
    text.append("PrivateKey = ").append(key(random.nextInt(6))).append('\n');
    text.append("Address = ").append(ADDRESSES.get(random.nextInt(ADDRESSES.size()))).append('\n');
    if (random.nextBoolean()) {
      text.append("ListenPort = ").append(51820 + random.nextInt(4)).append('\n');
    }
    if (random.nextInt(4) == 0) {
      text.append("Table = off\n");
    }
    for (int peer = random.nextInt(4); peer > 0; peer--) {
      text.append("[Peer]\nPublicKey = ").append(key(100 + peer)).append('\n');
      for (int prefix = random.nextInt(3); prefix >= 0; prefix--) {
        text.append("AllowedIPs = ")
            .append(PREFIXES.get(random.nextInt(PREFIXES.size())))
            .append('\n');
      }
    }
    return parse(name, text.toString());
  }

  private static WgQuickFile parse(String name, String text) {
    return WgQuickFile.parse(name, text.getBytes(ISO_8859_1));
  }

  private static String key(int seed) {
    byte[] octets = new byte[32];
    new Random(seed).nextBytes(octets);
    return Base64.getEncoder().encodeToString(octets);
  }
}
