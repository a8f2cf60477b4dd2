// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.SecretKey;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Months of bad network and busy administrators, in simulated time and by seed. */
class SoakTest extends TwoHosts {
  private static final int EVENTS = 400;

  private int lossPercent;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void trafficFlowsAgainAfterWhateverHappened(int seed) {
    Random random = new Random(seed);
    network.loss = datagram -> random.nextInt(100) < lossPercent;
    for (int i = 0; i < EVENTS; i++) {
      SimulatedHost host = random.nextBoolean() ? alice : bob;
      happen(random, host, host == alice ? bob : alice);
      network.pass(random.nextInt(4) == 0 ? random.nextInt(700) : random.nextDouble() * 20);
      keysAreFew(alice);
      keysAreFew(bob);
      if (i % 50 == 49) {
        heal();
      }
    }
  }

  private void happen(Random random, SimulatedHost host, SimulatedHost other) {
    switch (random.nextInt(16)) {
      case 0 -> lossPercent = random.nextInt(101);
      case 1 -> host.underLoad = random.nextBoolean();
      case 2 -> host.refuses = random.nextBoolean() ? to -> true : to -> false;
      case 3 -> host.down();
      case 4 -> host.up();
      case 5 -> {
        if (!host.device.peers().isEmpty()) {
          host.apply(remove(other.publicKey()));
        }
      }
      case 6 -> host.knows(other, random.nextBoolean());
      case 7 -> host.apply(privateKey(SecretKey.of(new byte[32])));
      case 8 -> host.ownPrivateKey();
      case 9 -> host.wallClock = host.wallClock.plusSeconds(random.nextInt(-10_000, 10_000));
      case 10 -> host.address = SimulatedHost.address(host == alice ? 1 : 2, random.nextInt(9) + 1);
      default -> {
        if (!host.device.peers().isEmpty()) {
          act(random, host);
        }
      }
    }
  }

  private static void act(Random random, SimulatedHost host) {
    switch (random.nextInt(6)) {
      case 0 -> host.persistentKeepalive(random.nextInt(3) * 13);
      case 1 -> host.presharedKey(key(random.nextInt(2)));
      case 2 -> host.greet();
      default -> host.send("x" + random.nextInt(100));
    }
  }

  /** Private key, static-static secret, preshared key, and three sessions at most. */
  private static void keysAreFew(SimulatedHost host) {
    assertThat(host.device.keySlots().occupied().count()).isLessThanOrEqualTo(3 + 2 * 3);
  }

  /** All is well again, and within a minute both hear each other. */
  private void heal() {
    lossPercent = 0;
    for (SimulatedHost host : new SimulatedHost[] {alice, bob}) {
      host.underLoad = false;
      host.refuses = to -> false;
      host.ownPrivateKey();
      host.up();
    }
    alice.knows(bob, true);
    bob.knows(alice, true);
    alice.presharedKey(key(1));
    bob.presharedKey(key(1));
    alice.received.clear();
    bob.received.clear();
    for (int i = 0; i < 12; i++) {
      alice.send("a" + i);
      bob.send("b" + i);
      network.pass(5);
    }
    assertThat(bob.received).contains("a11").doesNotHaveDuplicates();
    assertThat(alice.received).contains("b11").doesNotHaveDuplicates();
  }
}
