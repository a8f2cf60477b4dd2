// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.uapi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.protocol.Device;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceOutput;
import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.Peer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A hundred thousand random and damaged requests to a real device. */
class UapiFuzzTest {
  private static final int CONNECTIONS = 10_000;
  private static final int REQUESTS = 10;

  private static final List<String> KEYS =
      List.of(
          "b85996fecc9c7f1fc6d2572a76eda11d59bcd20be8e543b15ce4bd85a8e75a33",
          "58402e695ba1772b1cc9309755f043251ea77fdcf10fbe63989ceb7e19321376",
          "662e14fd594556f522604703340351258903b64f35553763f19426ab2a515c58",
          "188515093e952f5f22e865cef3012e72f8b5f0b598ac0309d5dacce3b70fcf52",
          "0".repeat(64));
  private static final List<String> PRIVATE_KEYS =
      List.of("e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a", "0".repeat(64));
  private static final List<String> PREFIXES =
      List.of("10.0.0.0/8", "10.1.2.3/16", "0.0.0.0/0", "::/0", "fd00::1/64", "::ffff:1.2.3.4/128");
  private static final List<String> ENDPOINTS =
      List.of("192.0.2.1:51820", "[2001:db8::1]:1", "[fe80::1%1]:65535");
  private static final List<String> RUBBISH =
      List.of("", "=", "colour=blue", "remove", "private_key=zz", "fwmark=-1", "get=1", "\0", "é");

  private static final Logger LOG = Logger.getLogger(UapiConnection.class.getName());

  private final Random random = new Random(51820);
  private final RealDevice device = new RealDevice();
  private final RequestMemory memory = new RequestMemory(8 << 20);

  // A hundred thousand refusals are meant; their log lines would bury the others.
  @BeforeAll
  static void silence() {
    LOG.setLevel(Level.OFF);
  }

  @Test
  void nothingEscapesNothingIsHalfAppliedAndTheDeviceStaysWhole() throws Exception {
    int refused = 0;
    for (int i = 0; i < CONNECTIONS; i++) {
      for (String request : requests()) {
        String before = device.asText();
        String answer = talk(device, request);
        assertThat(answer).as(request).matches("(?s)(.*errno=(0|-22|-71)\n\n)*");
        if (!answer.contains("errno=0")) {
          refused++;
          assertThat(device.asText()).as(request).isEqualTo(before);
        }
      }
      if (i % 50 == 0) {
        aCopyIsTheSame();
      }
    }
    // Both ways must have been gone.
    assertThat(refused).isBetween(CONNECTIONS * REQUESTS / 10, CONNECTIONS * REQUESTS * 9 / 10);
    assertThat(talk(device, "set=1\nreplace_peers=true\n\n")).isEqualTo("errno=0\n\n");
    assertThat(device.snapshot().peers()).isEmpty();
    // All of it has been given back.
    try (RequestMemory.Share share = memory.share()) {
      share.grow(8 << 20);
    }
  }

  /** What get answers, set on a new device, makes the same device. */
  private void aCopyIsTheSame() throws IOException {
    RealDevice copy = new RealDevice();
    String settings =
        device
            .asText()
            .lines()
            .filter(line -> !line.matches("(last_handshake_.*|[rt]x_bytes|errno)=.*|"))
            .collect(Collectors.joining("\n", "set=1\n", "\n\n"));
    assertThat(talk(copy, settings)).as(settings).isEqualTo("errno=0\n\n");
    assertThat(copy.asText()).isEqualTo(device.asText());
  }

  private List<String> requests() {
    return random.ints(REQUESTS, 0, 8).mapToObj(this::request).toList();
  }

  private String request(int kind) {
    StringBuilder request = new StringBuilder(kind == 0 ? "get=1\n" : "set=1\n");
    if (kind > 0) {
      deviceLines(request);
      for (int peers = random.nextInt(3); peers > 0; peers--) {
        peerLines(request);
      }
    }
    request.append('\n');
    if (kind == 1) {
      for (int i = random.nextInt(4); i > 0; i--) {
        request.setCharAt(random.nextInt(request.length()), (char) random.nextInt(256));
      }
    } else if (kind == 2) {
      request.setLength(random.nextInt(request.length()));
    }
    return request.toString();
  }

  private void deviceLines(StringBuilder request) {
    maybe(request, 10, "private_key=" + one(PRIVATE_KEYS));
    maybe(request, 5, "listen_port=" + random.nextInt(70_000));
    maybe(request, 5, "fwmark=" + random.nextLong(1L << 33));
    maybe(request, 6, "replace_peers=true");
    maybe(request, 30, one(RUBBISH));
  }

  private void peerLines(StringBuilder request) {
    maybe(request, 1, "public_key=" + one(KEYS));
    maybe(request, 8, "remove=true");
    maybe(request, 8, "update_only=true");
    maybe(request, 5, "preshared_key=" + one(KEYS));
    maybe(request, 3, "endpoint=" + one(ENDPOINTS));
    maybe(request, 4, "persistent_keepalive_interval=" + random.nextInt(66_000));
    maybe(request, 3, "replace_allowed_ips=true");
    for (int i = random.nextInt(4); i > 0; i--) {
      maybe(request, 1, "allowed_ip=" + (random.nextInt(4) == 0 ? "-" : "") + one(PREFIXES));
    }
    maybe(request, 8, "protocol_version=" + random.nextInt(3));
    maybe(request, 30, one(RUBBISH));
  }

  private void maybe(StringBuilder request, int oneIn, String line) {
    if (random.nextInt(oneIn) == 0) {
      request.append(line).append('\n');
    }
  }

  private String one(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  private String talk(UapiDevice to, String request) throws IOException {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    byte[] sent = request.getBytes(ISO_8859_1);
    new UapiConnection("wg0", to, new ByteArrayInputStream(sent), written, memory).serve();
    return written.toString(ISO_8859_1);
  }

  /** A device that talks to nobody. */
  private static final class RealDevice implements UapiDevice {
    private final Device device = new Device(new Nobody(), new Random(1), Instant::now, 0);

    @Override
    public DeviceSnapshot snapshot() {
      return device.snapshot(0);
    }

    @Override
    public void apply(DeviceChange change) {
      device.apply(change, 0);
    }

    String asText() throws IOException {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      GetAnswer.write(snapshot(), text);
      return text.toString(ISO_8859_1);
    }
  }

  private static final class Nobody implements DeviceOutput {
    @Override
    public boolean sendHandshake(byte[] message, Endpoint to) {
      return true;
    }

    @Override
    public void wakeTransmit(Peer peer) {
      // There are no packets.
    }
  }
}
