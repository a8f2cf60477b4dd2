// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.uapi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.linux.Errno;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.protocol.PeerChange.AllowedIpChange;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UapiConnectionTest {
  private static final String PRIVATE =
      "e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a";
  private static final String PEER_A =
      "b85996fecc9c7f1fc6d2572a76eda11d59bcd20be8e543b15ce4bd85a8e75a33";
  private static final String PEER_B =
      "58402e695ba1772b1cc9309755f043251ea77fdcf10fbe63989ceb7e19321376";
  private static final String PSK =
      "188515093e952f5f22e865cef3012e72f8b5f0b598ac0309d5dacce3b70fcf52";

  private static final RequestMemory MEMORY = RequestMemory.ofThisProcess();

  private final FakeDevice device = new FakeDevice();

  // Thousands of refusals are meant; their log lines would bury the others.
  private static final Logger LOG = Logger.getLogger(UapiConnection.class.getName());

  @BeforeAll
  static void silence() {
    LOG.setLevel(Level.OFF);
  }

  @Test
  void theExampleOfTheSpecificationIsOneChange() throws IOException {
    String answer =
        talk(
            """
            set=1
            private_key=%s
            fwmark=0
            listen_port=12912
            replace_peers=true
            public_key=%s
            preshared_key=%s
            replace_allowed_ips=true
            allowed_ip=192.168.4.10/32
            allowed_ip=192.168.4.9/24
            endpoint=[abcd:23::33%%1]:51820
            public_key=%s
            update_only=true
            persistent_keepalive_interval=111
            allowed_ip=-fd00::/8
            protocol_version=1
            endpoint=182.122.22.19:3233
            public_key=%s
            remove=true

            """
                .formatted(PRIVATE, PEER_A, PSK, PEER_B, PEER_A));

    assertThat(answer).isEqualTo("errno=0\n\n");
    DeviceChange change = device.changes.getFirst();
    assertThat(change.privateKey()).contains(SecretKey.parseHex(PRIVATE));
    assertThat(change.listenPort()).hasValue(12912);
    assertThat(change.fwMark()).hasValue(0);
    assertThat(change.replacePeers()).isTrue();
    assertThat(change.peers())
        .extracting(PeerChange::publicKey)
        .containsExactly(
            PublicKey.parseHex(PEER_A), PublicKey.parseHex(PEER_B), PublicKey.parseHex(PEER_A));
    PeerChange first = change.peers().getFirst();
    assertThat(first.presharedKey()).contains(SecretKey.parseHex(PSK));
    assertThat(first.replaceAllowedIps()).isTrue();
    assertThat(first.endpoint().orElseThrow()).hasToString("[abcd:23::33%1]:51820");
    assertThat(first.allowedIps())
        .extracting(ip -> ip.prefix().toString())
        .containsExactly("192.168.4.10/32", "192.168.4.0/24");
    PeerChange second = change.peers().get(1);
    assertThat(second.updateOnly()).isTrue();
    assertThat(second.persistentKeepalive()).isEqualTo(OptionalInt.of(111));
    assertThat(second.endpoint().orElseThrow()).hasToString("182.122.22.19:3233");
    assertThat(second.allowedIps()).first().extracting(AllowedIpChange::remove).isEqualTo(true);
    assertThat(change.peers().get(2).remove()).isTrue();
  }

  @Test
  void getAnswersInTheOrderOfWireguardGo() throws IOException {
    device.snapshot =
        new DeviceSnapshot(
            Optional.of(SecretKey.parseHex(PRIVATE)),
            Optional.empty(),
            12912,
            0xffff_ffff,
            java.util.Map.of(),
            List.of(
                new PeerSnapshot(
                    PublicKey.parseHex(PEER_A),
                    Optional.empty(),
                    Optional.empty(),
                    25,
                    List.of(
                        io.gatehouse.wgquick.Prefix.parse("10.0.0.0/8"),
                        io.gatehouse.wgquick.Prefix.parse("::/0")),
                    1_500_000_000_000_000_007L,
                    0,
                    -2, // 2^64 - 2, as counters are unsigned
                    22,
                    0,
                    0,
                    PeerSnapshot.State.UP,
                    -1,
                    java.util.Map.of())));

    assertThat(talk("get=1\n\n"))
        .isEqualTo(
            """
            private_key=%s
            listen_port=12912
            fwmark=4294967295
            public_key=%s
            preshared_key=%s
            protocol_version=1
            last_handshake_time_sec=1500000000
            last_handshake_time_nsec=7
            tx_bytes=22
            rx_bytes=18446744073709551614
            persistent_keepalive_interval=25
            allowed_ip=10.0.0.0/8
            allowed_ip=::/0
            errno=0

            """
                .formatted(PRIVATE, PEER_A, "0".repeat(64)));
  }

  @Test
  void aDeviceWithNothingSetAnswersTheErrnoAlone() throws IOException {
    assertThat(talk("get=1\n\n")).isEqualTo("errno=0\n\n");
  }

  @Test
  void oneConnectionServesManyRequestsAndGoesOnAfterARefusal() throws IOException {
    assertThat(talk("get=1\n\nset=1\nlisten_port=x\nfwmark=1\n\nset=1\nlisten_port=7\n\nget=1\n\n"))
        .isEqualTo("errno=0\n\nerrno=-22\n\nerrno=0\n\nerrno=0\n\n");
    assertThat(device.changes)
        .singleElement()
        .satisfies(change -> assertThat(change.listenPort()).hasValue(7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "colour=blue",
        "listen_port=65536",
        "listen_port=-1",
        "listen_port=+1",
        "listen_port=",
        "fwmark=4294967296",
        "fwmark=0x10",
        "replace_peers=false",
        "private_key=abc",
        "public_key=zz",
        "allowed_ip=10.0.0.0/8",
        "public_key=" + PEER_A + "\nlisten_port=1",
        "public_key=" + PEER_A + "\nallowed_ip=10.0.0.1",
        "public_key=" + PEER_A + "\nallowed_ip=10.0.0.0/33",
        "public_key=" + PEER_A + "\nallowed_ip=--10.0.0.0/8",
        "public_key=" + PEER_A + "\nendpoint=example.com:1",
        "public_key=" + PEER_A + "\nendpoint=1.2.3.4",
        "public_key=" + PEER_A + "\nendpoint=1.2.3.4:0",
        "public_key=" + PEER_A + "\nendpoint=[1.2.3.4]:1",
        "public_key=" + PEER_A + "\nendpoint=fe80::1:51820",
        "public_key=" + PEER_A + "\nendpoint=[fe80::1%nosuchlink]:51820",
        "public_key=" + PEER_A + "\nendpoint=[fe80::1%]:51820",
        "public_key=" + PEER_A + "\nprotocol_version=2",
        "public_key=" + PEER_A + "\nupdate_only=yes",
      })
  void whatCannotBeUsedIsInvalidAndNothingIsApplied(String lines) throws IOException {
    assertThat(talk("set=1\nlisten_port=9\n" + lines + "\n\n")).isEqualTo("errno=-22\n\n");
    assertThat(device.changes).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"nonsense, -71", "colour=1, -22", "get=2, -22"})
  void aConnectionThatStartsNoRequestIsToldAndEnded(String line, int errno) throws IOException {
    assertThat(talk(line + "\nget=1\n\n")).isEqualTo("errno=" + errno + "\n\n");
  }

  @Test
  void aLineWithoutEqualsSignIsAProtocolError() throws IOException {
    assertThat(talk("set=1\nlisten_port\n\n")).isEqualTo("errno=-71\n\n");
  }

  @Test
  void anEndlessLineIsAProtocolError() throws IOException {
    assertThat(talk("set=1\nprivate_key=" + "0".repeat(100_000) + "\n\n"))
        .isEqualTo("errno=-71\n\n");
    assertThat(device.changes).isEmpty();
  }

  @Test
  void anEndlessRequestIsCut() throws IOException {
    String line = "remove=true\n";
    byte[] endless =
        ("set=1\npublic_key=%s\n".formatted(PEER_A)
                + line.repeat(UapiConnection.LARGEST_REQUEST / line.length() + 1))
            .getBytes(ISO_8859_1);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    new UapiConnection("wg0", device, new ByteArrayInputStream(endless), written, MEMORY).serve();
    assertThat(written.toString(ISO_8859_1)).isEqualTo("errno=-71\n\n");
    assertThat(device.changes).isEmpty();
  }

  @Test
  void aRequestThatIsCutOffIsNotApplied() throws IOException {
    assertThat(talk("set=1\nlisten_port=1\n")).isEmpty();
    assertThat(device.changes).isEmpty();
  }

  @Test
  void theKernelsNumberReachesTheClient() throws IOException {
    device.refusal = Optional.of(new LinuxException(Errno.EADDRINUSE, "cannot bind", ""));

    assertThat(talk("set=1\nlisten_port=1\n\n")).isEqualTo("errno=-98\n\n");
  }

  @Test
  void aFailureInsideIsAnsweredAndTheConnectionGoesOn() throws IOException {
    device.failure = Optional.of(new IllegalStateException("closed"));

    assertThat(talk("set=1\nlisten_port=1\n\nget=1\n\n")).isEqualTo("errno=-55\n\nerrno=0\n\n");
  }

  @Test
  void peersThatReplaceAllOthersStartWithNothingButTheirSession() throws IOException {
    talk(
        "set=1\nreplace_peers=true\npublic_key=%s\npublic_key=%s\nupdate_only=true\n\n"
            .formatted(PEER_A, PEER_B));
    PeerChange kept = device.changes.getFirst().peers().getFirst();
    assertThat(kept.replaceAllowedIps()).isTrue();
    assertThat(kept.presharedKey()).hasValueSatisfying(key -> assertThat(key.isZero()).isTrue());
    assertThat(kept.persistentKeepalive()).hasValue(0);
    assertThat(kept.endpoint()).isEmpty();
    // There is nothing left to update.
    assertThat(device.changes.getFirst().peers().getLast().remove()).isTrue();
  }

  @Test
  void onlyWhatFollowsAReplacementOfAllowedIpsStays() throws IOException {
    talk(
        "set=1\npublic_key=%s\nallowed_ip=10.0.0.0/8\nreplace_allowed_ips=true\nallowed_ip=::/0\n\n"
            .formatted(PEER_A));
    assertThat(device.changes.getFirst().peers().getFirst().allowedIps())
        .extracting(ip -> ip.prefix().toString())
        .containsExactly("::/0");
  }

  @Test
  void whatAllClientsTogetherMayKeepIsBounded() throws IOException {
    RequestMemory little = new RequestMemory(1 << 20);
    StringBuilder request = new StringBuilder("set=1\npublic_key=" + PEER_A + "\n");
    for (int i = 0; i < 20_000; i++) {
      request.append("allowed_ip=10.").append(i >> 8).append('.').append(i & 255).append(".1/32\n");
    }
    byte[] sent = request.append("\n").toString().getBytes(ISO_8859_1);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    new UapiConnection("wg0", device, new ByteArrayInputStream(sent), written, little).serve();
    assertThat(written.toString(ISO_8859_1)).isEqualTo("errno=-12\n\n");
    assertThat(device.changes).isEmpty();

    // It has been given back.
    written.reset();
    sent = "set=1\nfwmark=1\n\n".getBytes(ISO_8859_1);
    new UapiConnection("wg0", device, new ByteArrayInputStream(sent), written, little).serve();
    assertThat(written.toString(ISO_8859_1)).isEqualTo("errno=0\n\n");
  }

  @Test
  void tenThousandPeersFitInOneRequest() throws IOException {
    StringBuilder request = new StringBuilder("set=1\nreplace_peers=true\n");
    for (int i = 0; i < 10_000; i++) {
      request.append("public_key=%064x\npreshared_key=%s\n".formatted(i, PSK));
      request.append("replace_allowed_ips=true\nendpoint=[2001:db8::%x]:51820\n".formatted(i));
      request.append("allowed_ip=10.%d.%d.0/24\n".formatted(i >> 8, i & 255));
      request.append("allowed_ip=fd00:%x::/32\n".formatted(i));
    }

    assertThat(talk(request.append("\n").toString())).isEqualTo("errno=0\n\n");
    assertThat(device.changes.getFirst().peers()).hasSize(10_000);
  }

  @Test
  void randomAndDamagedRequestsGetAnErrnoAndNeverAnException() throws IOException {
    Random random = new Random(22);
    String[] words = {
      "set=1\n",
      "get=1\n",
      "\n",
      "private_key=",
      "listen_port=",
      "fwmark=",
      "replace_peers=true\n",
      "public_key=" + PEER_A + "\n",
      "public_key=",
      PSK + "\n",
      "endpoint=",
      "[fe80::1%lo]:1\n",
      "1.2.3.4:5\n",
      "allowed_ip=",
      "10.0.0.0/8\n",
      "-::/0\n",
      "remove=true\n",
      "=",
      "\0",
      "é",
      "99999999999999999999\n",
      "7\n",
      "protocol_version=1\n",
      "persistent_keepalive_interval=",
    };
    for (int round = 0; round < 20_000; round++) {
      StringBuilder request = new StringBuilder(random.nextBoolean() ? "set=1\n" : "");
      for (int length = random.nextInt(20); length > 0; length--) {
        request.append(words[random.nextInt(words.length)]);
      }
      if (random.nextInt(4) == 0 && !request.isEmpty()) {
        request.setCharAt(random.nextInt(request.length()), (char) random.nextInt(256));
      }
      request.append("\n\n");

      assertThat(talk(request.toString())).matches("(errno=(0|-22|-71)\n\n)*");
    }
  }

  private String talk(String request) throws IOException {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    byte[] sent = request.getBytes(request.indexOf('é') < 0 ? ISO_8859_1 : UTF_8);
    new UapiConnection("wg0", device, new ByteArrayInputStream(sent), written, MEMORY).serve();
    return written.toString(ISO_8859_1);
  }

  /** Remembers what it was asked to do. */
  private static final class FakeDevice implements UapiDevice {
    final List<DeviceChange> changes = new ArrayList<>();
    Optional<LinuxException> refusal = Optional.empty();
    Optional<RuntimeException> failure = Optional.empty();
    DeviceSnapshot snapshot =
        new DeviceSnapshot(Optional.empty(), Optional.empty(), 0, 0, java.util.Map.of(), List.of());

    @Override
    public DeviceSnapshot snapshot() {
      return snapshot;
    }

    @Override
    public void apply(DeviceChange change) throws LinuxException {
      if (refusal.isPresent()) {
        throw refusal.get();
      }
      if (failure.isPresent()) {
        throw failure.get();
      }
      changes.add(change);
    }
  }
}
