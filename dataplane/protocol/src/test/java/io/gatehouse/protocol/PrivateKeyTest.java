// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A device's private key changes. */
class PrivateKeyTest extends TwoHosts {
  @Test
  void aNewPrivateKeyEndsSessionsAndHandshakesAtOnce() {
    exchange();
    SecretKey fresh = key(77);
    byte[] octets = fresh.revealOctets();
    Primitives.clamp(octets);
    PublicKey freshPublic = PublicKey.of(Primitives.publicKey(octets));
    bob.apply(add(freshPublic, "0.0.0.0/0"));
    bob.apply(remove(alice.publicKey()));
    alice.apply(privateKey(fresh));
    assertThat(alice.peer().sendingSession(network.now())).isNull();
    alice.send("new key");
    network.pass(0.1);
    assertThat(bob.received).contains("new key");
  }

  @Test
  void theSamePrivateKeyAgainChangesNothing() {
    exchange();
    Session session = alice.peer().sendingSession(network.now());
    alice.apply(privateKey(alice.device.snapshot(0).privateKey().orElseThrow()));
    assertThat(alice.peer().sendingSession(network.now())).isSameAs(session);
  }

  @Test
  void thePrivateKeyIsShownClamped() {
    byte[] ones = new byte[32];
    Arrays.fill(ones, (byte) 0xff);
    alice.apply(privateKey(SecretKey.of(ones)));
    assertThat(alice.device.snapshot(0).privateKey().orElseThrow().revealHex())
        .startsWith("f8ff")
        .endsWith("ff7f");
  }

  @Test
  void aZeroPrivateKeyClearsIt() {
    exchange();
    alice.apply(privateKey(SecretKey.of(new byte[32])));
    assertThat(alice.device.snapshot(0).privateKey()).isEmpty();
    long sent = alice.sent.size();
    alice.send("x");
    network.pass(30);
    assertThat(alice.sent).hasSize((int) sent);
  }

  @Test
  void ourOwnKeyAsPeerIsLeftOut() {
    alice.apply(add(alice.publicKey(), "10.0.0.0/8"));
    assertThat(alice.device.peers()).hasSize(1);
    SecretKey bobsKey = bob.device.snapshot(0).privateKey().orElseThrow();
    alice.apply(privateKey(bobsKey));
    assertThat(alice.device.peers()).isEmpty();
    assertThat(alice.device.router().lookup4(1)).isNull();
  }

  @Test
  void theSameKeyWithoutClampingIsTheSameKey() {
    exchange();
    Session session = sending(alice);
    byte[] octets = alice.device.snapshot(0).privateKey().orElseThrow().revealOctets();
    octets[0] |= 7;
    octets[31] |= (byte) 128;
    alice.apply(privateKey(SecretKey.of(octets)));
    assertThat(sending(alice)).isSameAs(session);
  }

  @Test
  void aHandshakeUnderWayIsGivenUpAndMadeAnew() {
    network.loss = datagram -> true;
    alice.send("waits");
    SecretKey fresh = key(77);
    bob.apply(remove(alice.publicKey()));
    bob.apply(add(publicKey(fresh), "0.0.0.0/0"));
    network.loss = datagram -> false;
    alice.apply(privateKey(fresh));
    network.pass(0.1);
    assertThat(bob.received).containsExactly("waits");
  }

  @Test
  void packetsUnderTheOldKeyAreNobodys() {
    exchange();
    alice.send("kept");
    byte[] kept = alice.sent.getLast().octets();
    bob.apply(privateKey(key(9)));
    bob.deliver(kept, alice.address);
    assertThat(bob.drops).containsExactly(DropReason.UNKNOWN_INDEX);
  }
}
