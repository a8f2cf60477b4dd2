// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.PublicKey;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastKnownTest {
  private static final InterfaceName WG0 = new InterfaceName("wg0");
  private static final InterfaceName WG1 = new InterfaceName("wg1");
  private static final Instant HANDSHAKE = Instant.ofEpochSecond(1_800_000_000);

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("last-known");
  }

  @Test
  void whatWasWrittenIsKnownAfterARestart() throws IOException {
    Endpoint four = endpoint(InetAddress.ofLiteral("192.0.2.7"), 51820);
    Endpoint six = endpoint(InetAddress.ofLiteral("2001:db8::7"), 1);
    Endpoint zoned =
        endpoint(
            Inet6Address.getByAddress(null, InetAddress.ofLiteral("fe80::7").getAddress(), 4),
            65535);
    LastKnown before = LastKnown.read(file, LastCounters.none());
    before.see(WG0, device(peer(1, four, true), peer(2, six, true)), 77);
    before.see(WG1, device(peer(1, zoned, true)), 66);
    before.write();

    LastKnown after = LastKnown.read(file, LastCounters.none());

    assertThat(after.timestamp()).isEqualTo(77);
    assertThat(after.peers(WG0, HANDSHAKE)).isEqualTo(Map.of(key(1), four, key(2), six));
    assertThat(after.peers(WG1, HANDSHAKE)).isEqualTo(Map.of(key(1), zoned));
  }

  @Test
  void peersWithoutASessionAreNotGreeted() throws IOException {
    LastKnown known = LastKnown.read(file, LastCounters.none());
    Endpoint somewhere = endpoint(InetAddress.ofLiteral("192.0.2.7"), 51820);
    known.see(WG0, device(peer(1, somewhere, false)), 0);
    assertThat(known.peers(WG0, HANDSHAKE)).isEmpty();
  }

  @Test
  void aSessionThatHasRunOutMeanwhileDoesNotCount() throws IOException {
    LastKnown known = LastKnown.read(file, LastCounters.none());
    Endpoint somewhere = endpoint(InetAddress.ofLiteral("192.0.2.7"), 51820);
    known.see(WG0, device(peer(1, somewhere, true)), 0);
    Instant last = HANDSHAKE.plus(LastKnown.LIFE_OF_A_SESSION);
    assertThat(known.peers(WG0, last)).containsOnlyKeys(key(1));
    assertThat(known.peers(WG0, last.plusSeconds(1))).isEmpty();
  }

  @Test
  void theSourceThatWeAnsweredFromIsLeftToTheSystem() throws IOException {
    LastKnown known = LastKnown.read(file, LastCounters.none());
    Endpoint sticky = new Endpoint(0, 0xffff_c000_0207L, 51820, 0, 0, 0xffff_c000_0201L, 2);
    known.see(WG0, device(peer(1, sticky, true)), 0);
    assertThat(known.peers(WG0, HANDSHAKE)).isEqualTo(Map.of(key(1), sticky.withoutSource()));
  }

  @Test
  void aTunnelThatIsGoneIsForgottenButNotTheTimestamps() throws IOException {
    LastKnown known = LastKnown.read(file, LastCounters.none());
    Endpoint somewhere = endpoint(InetAddress.ofLiteral("192.0.2.7"), 51820);
    known.see(WG0, device(peer(1, somewhere, true)), 77);
    known.forget(WG0);
    known.write();
    LastKnown after = LastKnown.read(file, LastCounters.none());
    assertThat(after.peers(WG0, HANDSHAKE)).isEmpty();
    assertThat(after.timestamp()).isEqualTo(77);
  }

  @Test
  void aDamagedLineIsLeftOutAndTheRestHelps() throws IOException {
    Files.writeString(
        file,
        "timestamp x\nwg0 AAAA 1.2.3.4 5 0 6\nwg0 "
            + key(1)
            + " 192.0.2.7 51820 0 "
            + HANDSHAKE.getEpochSecond()
            + "\nwg0 half a line");
    LastKnown known = LastKnown.read(file, LastCounters.none());
    assertThat(known.peers(WG0, HANDSHAKE)).containsOnlyKeys(key(1));
    assertThat(known.timestamp()).isZero();
  }

  @Test
  void theFileIsWrittenOnlyWhenSomethingChanged() throws IOException {
    Endpoint somewhere = endpoint(InetAddress.ofLiteral("192.0.2.7"), 51820);
    LastKnown known = LastKnown.read(file, LastCounters.none());
    known.see(WG0, device(peer(1, somewhere, true)), 77);
    known.write();
    Object first = Files.getAttribute(file, "unix:ino");
    known.see(WG0, device(peer(1, somewhere, true)), 77);
    known.write();
    assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(first);
  }

  private static Endpoint endpoint(InetAddress address, int port) {
    return Endpoint.of(new InetSocketAddress(address, port));
  }

  private static DeviceSnapshot device(PeerSnapshot... peers) {
    return new DeviceSnapshot(Optional.empty(), Optional.empty(), 0, 0, Map.of(), List.of(peers));
  }

  private static PeerSnapshot peer(int seed, Endpoint endpoint, boolean session) {
    PublicKey key = key(seed);
    return new PeerSnapshot(
        key,
        Optional.empty(),
        Optional.of(endpoint),
        0,
        List.of(),
        Duration.ofSeconds(HANDSHAKE.getEpochSecond()).toNanos(),
        5,
        1,
        2,
        3,
        4,
        session ? PeerSnapshot.State.UP : PeerSnapshot.State.IDLE,
        -1,
        Map.of());
  }
}
