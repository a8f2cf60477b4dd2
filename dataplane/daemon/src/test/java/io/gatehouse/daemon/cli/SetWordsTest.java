// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The arguments of {@code set} as the lines of a UAPI request. */
class SetWordsTest {
  private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=";
  private static final String HEX = "00".repeat(31) + "41";

  @TempDir Path directory;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final List<Long> pauses = new ArrayList<>();
  private int failuresLeft;
  private String failure = "Temporary failure in name resolution";

  @Test
  void deviceAndPeersInTheOrderOfWg() throws Exception {
    Path file = Files.writeString(directory.resolve("key"), KEY + "\n");

    assertThat(
            set(
                "private-key",
                file.toString(),
                "fwmark",
                "0xff",
                "listen-port",
                "51820",
                "peer",
                KEY,
                "allowed-ips",
                "10.0.0.1/24, fd00::/64",
                "persistent-keepalive",
                "off",
                "endpoint",
                "[2001:db8::1]:443",
                "preshared-key",
                "/dev/null",
                "peer",
                KEY,
                "remove"))
        .isEqualTo(
            """
            private_key=%1$s
            listen_port=51820
            fwmark=255
            public_key=%1$s
            preshared_key=%2$s
            endpoint=[2001:db8::1]:443
            persistent_keepalive_interval=0
            replace_allowed_ips=true
            allowed_ip=10.0.0.0/24
            allowed_ip=fd00::/64
            public_key=%1$s
            remove=true
            """
                .formatted(HEX, "00".repeat(32)));
    assertThat(said.toString(UTF_8))
        .isEqualTo("Warning: AllowedIP has nonzero host part: 10.0.0.1/24\n");
  }

  @Test
  void signsAddAndTakeSingleAllowedIps() throws Exception {
    assertThat(set("peer", KEY, "allowed-ips", "+10.1.0.0/16,-10.2.0.0/16"))
        .isEqualTo("public_key=" + HEX + "\nallowed_ip=10.1.0.0/16\nallowed_ip=-10.2.0.0/16\n");
    assertThat(set("peer", KEY, "allowed-ips", ""))
        .isEqualTo("public_key=" + HEX + "\nreplace_allowed_ips=true\n");
  }

  @Test
  void whatCannotBeMeantIsRefusedInTheWordsOfWg() throws IOException {
    refused("Invalid argument: colour", "colour", "blue");
    refused("Invalid argument: peer", "peer");
    refused("Invalid argument: remove", "remove");
    refused("Invalid argument: listen-port", "peer", KEY, "listen-port", "1");
    refused("Unable to parse empty port", "listen-port", "");
    refused("Servname not supported for ai_socktype: `65536'", "listen-port", "65536");
    refused("Fwmark is neither 0/off nor 0-0xffffffff: `-1'", "fwmark", "-1");
    refused("Key is not the correct length or format: `x'", "peer", "x");
    refused("Unable to parse IP address: `x'", "peer", KEY, "allowed-ips", "x/8");
    refused(
        "AllowedIP is not in the correct format: `10.0.0.0/33'",
        "peer",
        KEY,
        "allowed-ips",
        "10.0.0.0/33");
    refused("Unable to parse empty endpoint", "peer", KEY, "endpoint", "");
    refused("Unable to find matching brace of endpoint: `[::1'", "peer", KEY, "endpoint", "[::1");
    refused("Unable to find port of endpoint: `192.0.2.1'", "peer", KEY, "endpoint", "192.0.2.1");
    refused(
        "Persistent keepalive interval is neither 0/off nor 1-65535: `70000'",
        "peer",
        KEY,
        "persistent-keepalive",
        "70000");
    refused("fopen: No such file or directory", "private-key", directory + "/none");
    Path file = Files.writeString(directory.resolve("key"), KEY + " x");
    refused("Found trailing character in key file: `x'", "private-key", file.toString());
    Files.writeString(file, "short");
    refused("Invalid length key in key file", "private-key", file.toString());
  }

  @Test
  void namesAreTriedAgainWithGrowingPausesAsWgDoes() throws Exception {
    failuresLeft = 3;

    assertThat(set("peer", KEY, "endpoint", "vpn.example:1")).contains("endpoint=192.0.2.9:1\n");
    assertThat(pauses).containsExactly(1_000_000L, 1_200_000L, 1_440_000L);
    assertThat(said.toString(UTF_8).lines().toList().getLast())
        .isEqualTo(
            "Temporary failure in name resolution: `vpn.example:1'. Trying again in 1.44 seconds...");
  }

  @Test
  void aNameThatDoesNotExistIsNotTriedAgain() {
    failuresLeft = 100;
    failure = "Name or service not known";

    refused("Name or service not known: `vpn.example:1'", "peer", KEY, "endpoint", "vpn.example:1");
    assertThat(pauses).isEmpty();
  }

  @Test
  void afterFifteenTriesItIsOver() {
    failuresLeft = 100;

    refused(
        "Temporary failure in name resolution: `vpn.example:1'",
        "peer",
        KEY,
        "endpoint",
        "vpn.example:1");
    assertThat(pauses).hasSize(15).last().isEqualTo(12_839_178L);
  }

  private void refused(String line, String... words) {
    assertThatThrownBy(() -> set(words))
        .isInstanceOfSatisfying(
            Failure.class, told -> assertThat(told.lines().lines().findFirst()).contains(line));
  }

  private String set(String... words) throws Failure {
    PrintStream stream = new PrintStream(said, true, UTF_8);
    EndpointLookup lookup = new EndpointLookup(15, this::find, pauses::add, stream);
    return SetText.of(SetWords.read(List.of(words), new SetValues(lookup, stream))).toString();
  }

  private InetAddress find(String host) throws UnknownHostException {
    if (host.endsWith(".example")) {
      if (failuresLeft-- > 0) {
        throw new UnknownHostException(host + ": " + failure);
      }
      return InetAddress.ofLiteral("192.0.2.9");
    }
    return InetAddress.ofLiteral(host);
  }
}
