// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The same UAPI requests to wireguard-go and to us: the same answers, and the same device after.
 */
class UapiSideBySideIT {
  private static final String A =
      "b85996fecc9c7f1fc6d2572a76eda11d59bcd20be8e543b15ce4bd85a8e75a33";
  private static final String B =
      "58402e695ba1772b1cc9309755f043251ea77fdcf10fbe63989ceb7e19321376";
  private static final String PRIVATE =
      "e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a";
  private static final String PSK =
      "188515093e952f5f22e865cef3012e72f8b5f0b598ac0309d5dacce3b70fcf52";
  private static final String ZERO = "0".repeat(64);
  private static final String PEER_A = "public_key=" + A + "\n";
  private static final String PEER_B = "public_key=" + B + "\n";

  /** Where every case begins: a key, no mark, no peer. */
  private static final String START =
      "set=1\nprivate_key=" + PRIVATE + "\nlisten_port=0\nfwmark=0\nreplace_peers=true\n";

  /**
   * One case.
   *
   * @param before a request that both take first
   * @param request what both are asked
   * @param reason why we differ on purpose; empty where we do not
   */
  private record Case(String before, String request, String reason) {}

  private static Lab lab;
  private static String own;

  @BeforeAll
  static void start() {
    lab = new Lab();
    lab.keep(lab.gateway.start(Gatehouse.program("gatehouse-tunnel"), "-f", "wg0"))
        .ready("the tunnel serves its socket", () -> Files.exists(lab.gateway.uapiSocket("wg0")));
    lab.startWireGuardGo(lab.peer, "wg0");
    for (NetworkNamespace machine : List.of(lab.gateway, lab.peer)) {
      machine.run("ip", "link", "set", "dev", "wg0", "up");
      // So that both find this port taken.
      lab.keep(
          machine.start(
              "perl",
              "-MIO::Socket::INET",
              "-e",
              "$s = IO::Socket::INET->new(Proto => 'udp', LocalPort => 45998) or die; sleep 600"));
      eventually(
          "the port is taken", () -> !machine.run("ss", "-Hlnu", "sport", "=", ":45998").isBlank());
    }
    own = hex(Keys.of(base64(PRIVATE)).publicKey());
  }

  @AfterAll
  static void clear() {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void bothAnswerTheSameAndAreTheSameAfterwards() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Case each : cases()) {
      String ours = outcome(lab.gateway, each);
      String theirs = outcome(lab.peer, each);
      if (ours.equals(theirs) != each.reason.isEmpty()) {
        wrong.add(each + "\n-- we: " + ours + "\n-- wireguard-go: " + theirs);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    same(cases, START, "private_key=" + PRIVATE + "\nfwmark=7\n");
    same(cases, START, "private_key=" + ZERO + "\n");
    same(cases, START, "private_key=abcd\n");
    same(cases, START, "private_key=" + PRIVATE.toUpperCase(Locale.ROOT) + "\n");
    same(cases, START, "");
    for (String value : List.of("65536", "-1", "+1", "", "x", "1 ", "45998", "41998", "0")) {
      Case port = new Case(START, "set=1\nlisten_port=" + value + "\n\n", "");
      boolean taken = value.equals("45998");
      cases.add(
          taken ? new Case(START, port.request, "they lose the port they had, we keep it") : port);
    }
    for (String value : List.of("0x10", "4294967296", "4294967295", "", "0", "3=4")) {
      same(cases, START, "fwmark=" + value + "\n");
    }
    same(cases, START + PEER_A, "replace_peers=false\n");
    same(cases, START + PEER_A, "replace_peers=true\n");
    same(cases, START + PEER_A, "replace_peers=true\n" + PEER_B);
    same(
        cases,
        START + PEER_A + "preshared_key=" + PSK + "\nallowed_ip=10.0.0.0/8\n",
        "replace_peers=true\n" + PEER_A);
    same(cases, START + PEER_A, "replace_peers=true\n" + PEER_A + "update_only=true\n");
    same(cases, START, "colour=blue\n");
    same(cases, START, "listen_port\n");
    same(cases, START, "allowed_ip=10.0.0.0/8\n");
    same(cases, START, "get=1\n");
    same(cases, START, "errno=0\n");
    same(cases, START, "fwmark = 3\n");
    same(cases, START, "=3\n");
    same(cases, START, PEER_A);
    same(cases, START, "public_key=" + A.toUpperCase(Locale.ROOT) + "\n");
    same(cases, START, "public_key=" + ZERO + "\n");
    same(cases, START, "public_key=zz\n");
    String all =
        "preshared_key=%s\nprotocol_version=1\nendpoint=192.0.2.1:5\n".formatted(PSK)
            + "persistent_keepalive_interval=7\nreplace_allowed_ips=true\n"
            + "allowed_ip=10.1.2.3/8\nallowed_ip=::/0\nallowed_ip=fd00::1/08\n";
    same(cases, START, PEER_A + all + PEER_B + "allowed_ip=::ffff:1.2.3.4/128\n");
    same(cases, START, PEER_A + "allowed_ip=10.0.0.0/8\n" + PEER_A + "allowed_ip=11.0.0.0/8\n");
    same(cases, START + PEER_A + all, PEER_A + "preshared_key=" + ZERO + "\n");
    same(cases, START + PEER_A + all, PEER_A + "persistent_keepalive_interval=0\n");
    same(cases, START + PEER_A + all, PEER_A + "endpoint=[2001:db8::1]:65535\n");
    same(cases, START + PEER_A + all, PEER_A + "endpoint=\n");
    same(cases, START + PEER_A + all, PEER_A + "endpoint=192.0.2.1:00005\n");
    same(cases, START + PEER_A, PEER_A + "remove=true\n");
    same(cases, START + PEER_A, PEER_B + "remove=true\n");
    same(cases, START + PEER_A, PEER_A + "remove=false\n");
    same(cases, START + PEER_A, PEER_A + "remove=true\nallowed_ip=10.0.0.0/8\n");
    same(cases, START + PEER_A, PEER_A + "allowed_ip=10.0.0.0/8\nremove=true\n");
    same(cases, START + PEER_A + all, PEER_A + "remove=true\n" + PEER_A + "allowed_ip=::/0\n");
    same(cases, START + PEER_A, PEER_A + "update_only=true\nallowed_ip=10.0.0.0/8\n");
    same(cases, START + PEER_A, PEER_B + "update_only=true\nallowed_ip=10.0.0.0/8\n");
    same(cases, START + PEER_A, PEER_A + "update_only=true\nremove=true\n");
    same(cases, START + PEER_A + all, PEER_A + "replace_allowed_ips=true\nallowed_ip=::/0\n");
    same(cases, START + PEER_A + all, PEER_A + "replace_allowed_ips=true\n");
    same(cases, START + PEER_A, PEER_A + "allowed_ip=::/0\nreplace_allowed_ips=true\n");
    same(cases, START + PEER_A, PEER_A + "replace_allowed_ips=false\n");
    same(cases, START + PEER_A + all, PEER_B + "allowed_ip=::/0\n");
    same(cases, START + PEER_A + all, PEER_B + "allowed_ip=::/0\n" + PEER_A + "allowed_ip=::/0\n");
    same(cases, START, "public_key=%s\nallowed_ip=10.0.0.0/8\n".formatted(own) + PEER_A);
    same(cases, START, "public_key=%s\nallowed_ip=x\n".formatted(own));
    same(
        cases,
        "set=1\nprivate_key=%s\nreplace_peers=true\npublic_key=%s\n".formatted(ZERO, own) + PEER_A,
        "private_key=" + PRIVATE + "\n");
    cases.add(new Case(START, "get=1\n\n", ""));
    cases.add(new Case(START, "get=1\nfwmark=1\n\n", ""));
    cases.add(new Case(START, "", ""));

    String whole = "a request that fails changes nothing, theirs is applied up to the bad line";
    for (String bad :
        List.of(
            "colour=blue",
            "remove",
            "fwmark=8",
            "private_key=" + PRIVATE,
            "allowed_ip=10.0.0.1",
            "allowed_ip=10.0.0.0/33",
            "allowed_ip=",
            "allowed_ip=fe80::1%lo/64",
            "endpoint=192.0.2.1",
            "endpoint=localhost:5",
            "endpoint=2001:db8::1:5",
            "endpoint=[fe80::1%nolink]:5",
            "persistent_keepalive_interval=65536",
            "persistent_keepalive_interval=off",
            "protocol_version=2",
            "preshared_key=zz")) {
      cases.add(new Case(START, "set=1\nfwmark=5\n" + PEER_A + bad + "\n\n", whole));
    }
    cases.add(new Case(START, "set=1\nfwmark=5\n", "a request that is cut off is applied by them"));
    cases.add(
        new Case(
            START,
            "get=1\n\nset=1\nfwmark=9\n\nget=1\n\n",
            "they forget requests that come before the answer to a set"));
    String unknown = "they hang up without a word";
    for (String first :
        List.of("foo=1\n\n", "get=2\n\n", "set=2\n\n", "nonsense\n\n", "\nget=1\n\n")) {
      cases.add(new Case(START, first, unknown));
    }
    cases.add(
        new Case(
            START + PEER_A + all,
            "set=1\n" + PEER_A + "allowed_ip=-::/0\n\n",
            "taking one allowed IP away is newer than their version"));
    cases.add(
        new Case(
            START,
            "set=1\n" + PEER_A + "endpoint=[fe80::1%lo]:5\n\n",
            "their version loses the zone"));
    cases.add(
        new Case(
            START,
            "set=1\n" + PEER_A + "endpoint=192.0.2.1:0\n\n",
            "nothing can be sent to port 0"));
    cases.add(
        new Case(
            START,
            "set=1\n" + PEER_A + "endpoint=[::ffff:192.0.2.1]:5\n\n",
            "an IPv4-mapped endpoint is shown as the IPv4 one that it is"));
    cases.add(
        new Case(
            START + PEER_A + "endpoint=192.0.2.1:5\n",
            START + PEER_A + "\n",
            "a peer that stays keeps its session and so its endpoint"));
    return cases;
  }

  private static void same(List<Case> cases, String before, String lines) {
    cases.add(new Case(before, "set=1\n" + lines + "\n", ""));
  }

  private static String outcome(NetworkNamespace machine, Case each) throws IOException {
    Path socket = machine.uapiSocket("wg0");
    // What an earlier case left must not matter to either of them.
    talk(socket, START + "\n");
    assertThat(talk(socket, each.before + "\n")).isEqualTo("errno=0\n\n");
    return normal(talk(socket, each.request)) + "-- then\n" + normal(talk(socket, "get=1\n\n"));
  }

  /** Without the free port, and with peers and allowed IPs in an order: both choose freely. */
  private static String normal(String answer) {
    StringBuilder text = new StringBuilder();
    List<List<String>> peers = new ArrayList<>();
    for (String line :
        answer.replaceAll("listen_port=(?!41998)[0-9]+", "listen_port=any").lines().toList()) {
      if (line.startsWith("errno=")) {
        peers.forEach(Collections::sort);
        peers.stream().map(List::toString).sorted().forEach(peer -> text.append(peer).append('\n'));
        peers.clear();
      } else if (line.startsWith("public_key=")) {
        peers.add(new ArrayList<>());
      }
      if (peers.isEmpty()) {
        text.append(line).append('\n');
      } else {
        peers.getLast().add(line);
      }
    }
    return text.toString();
  }

  private static String talk(Path socket, String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      ByteBuffer sent = ByteBuffer.wrap(request.getBytes(ISO_8859_1));
      while (sent.hasRemaining()) {
        channel.write(sent);
      }
      channel.shutdownOutput();
      StringBuilder answer = new StringBuilder();
      ByteBuffer piece = ByteBuffer.allocate(1 << 16);
      while (channel.read(piece.clear()) >= 0) {
        answer.append(new String(piece.array(), 0, piece.position(), US_ASCII));
      }
      return answer.toString();
    } catch (IOException e) {
      // They close with our words unread.
      if ("Connection reset".equals(e.getMessage()) || "Broken pipe".equals(e.getMessage())) {
        return "";
      }
      throw e;
    }
  }

  private static String base64(String hex) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }

  private static String hex(String base64) {
    return HexFormat.of().formatHex(Base64.getDecoder().decode(base64));
  }
}
