// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A tunnel whose file is written again and again: each time with other peers, other values and
 * other comments, in the manner of one of the programs that write such files. The first and the
 * last line of each state say which it is, so that half of one is no state at all.
 */
final class RestlessFile {
  /** What a file has beside peers. */
  enum Kind {
    PLAIN,
    OWN_KEYS,
    WG_EASY,
    WG_DASHBOARD,
    PIVPN,
    TERSE,
    CRLF,
    SAVE_CONFIG,
    DEFAULT_ROUTE,
    GATEWAY,
    NAME_SERVERS,
    QUOTA,
    WRONG
  }

  private static final int PEERS = 6;

  private final String name;
  private final Kind kind;
  private final int number;
  private final String privateKey;
  private final List<String> peers = new ArrayList<>();
  private int states;

  RestlessFile(String name, Kind kind, int number, Random random) {
    this.name = name;
    this.kind = kind;
    this.number = number;
    this.privateKey = privateKey(random);
    for (int i = 0; i < PEERS; i++) {
      peers.add(key(random));
    }
  }

  String name() {
    return name;
  }

  String fileName() {
    return name + ".conf";
  }

  int port() {
    return 52000 + number;
  }

  Kind kind() {
    return kind;
  }

  String privateKey() {
    return privateKey;
  }

  List<String> peers() {
    return peers;
  }

  /** Two tunnels that are each other's only peer, over loopback, so that something always flows. */
  void faces(RestlessFile other) {
    peers.clear();
    peers.add(Keys.of(other.privateKey).publicKey());
  }

  /** As {@code wg genkey} makes them, so that wg shows it as it is written. */
  private static String privateKey(Random random) {
    byte[] octets = Base64.getDecoder().decode(key(random));
    octets[0] &= (byte) 248;
    octets[31] = (byte) (octets[31] & 127 | 64);
    return Base64.getEncoder().encodeToString(octets);
  }

  static String key(Random random) {
    byte[] octets = new byte[32];
    random.nextBytes(octets);
    return Base64.getEncoder().encodeToString(octets);
  }

  /** Another state. */
  String next(Random random) {
    String mark = "state " + ++states + " of " + name;
    StringBuilder text = new StringBuilder("# " + mark + " begins\n");
    noise(text, random);
    text.append("[Interface]\n");
    if (kind == Kind.GATEWAY) {
      text.append("# gatehouse.masquerade = eth0\n");
      text.append("# gatehouse.port-forward = tcp 8080 -> 10.%s.0.1:80\n".formatted(net()));
    }
    text.append("PrivateKey = ").append(privateKey).append('\n');
    text.append("Address = 10.%d.0.1/24, fd00:%s::1/64\n".formatted(number, net()));
    text.append("ListenPort = ").append(port()).append('\n');
    switch (kind) {
      case SAVE_CONFIG -> text.append("SaveConfig = true\n");
      case NAME_SERVERS -> text.append("DNS = 192.0.2.53, corp.example\n");
      default -> {}
    }
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < peers.size(); i++) {
      chosen.add(i);
    }
    Collections.shuffle(chosen, random);
    int count = kind == Kind.QUOTA ? 1 : 1 + random.nextInt(peers.size());
    for (int peer : chosen.subList(0, count)) {
      StringBuilder section = new StringBuilder();
      peer(section, peer, peer == chosen.getFirst(), random);
      text.append('\n').append(section);
    }
    if (kind == Kind.WRONG) {
      text.append("\n[Peer]\nPublicKey = too short\n");
    }
    text.append("# ").append(mark).append(" ends");
    String all = random.nextInt(4) == 0 ? text.toString() : text.append('\n').toString();
    return switch (kind) {
      case CRLF -> all.replace("\n", "\r\n");
      case TERSE -> all.replace(" = ", "=").replace("AllowedIPs", "allowedips");
      default -> all;
    };
  }

  private void peer(StringBuilder text, int peer, boolean first, Random random) {
    String who = "peer-" + peer;
    switch (kind) {
      case WG_EASY -> text.append("# Client: %s (%d)\n".formatted(who, peer));
      case PIVPN -> text.append("### begin %s ###\n".formatted(who));
      default -> {}
    }
    text.append("[Peer]\n");
    switch (kind) {
      case WG_DASHBOARD -> text.append("#Name# = %s\n".formatted(who));
      case OWN_KEYS -> {
        text.append("# friendly_name = %s\n# gatehouse.tags = a, b\n".formatted(who));
        text.append("# gatehouse.expires = %d-01-01T00:00:00Z\n".formatted(2020 + 15 * (peer % 2)));
      }
      case GATEWAY -> text.append("# gatehouse.allow = 192.0.2.0/24 tcp %d\n".formatted(80 + peer));
      case QUOTA -> text.append("# gatehouse.quota = 900 GB/month\n");
      default -> {}
    }
    text.append("PublicKey = ").append(peers.get(peer)).append('\n');
    if (peer % 3 == 1) {
      text.append("PresharedKey = ").append(key(new Random(peer))).append('\n');
    }
    text.append("AllowedIPs = 10.%s.%d.0/24".formatted(net(), peer));
    if (random.nextBoolean()) {
      text.append(", fd00:%s:%d::/64".formatted(net(), peer + 1));
    }
    if (kind == Kind.DEFAULT_ROUTE && first) {
      text.append(", 0.0.0.0/0, ::/0");
    }
    text.append('\n');
    if (kind == Kind.QUOTA) {
      text.append("Endpoint = 127.0.0.1:%d\n".formatted(52000 + (number ^ 1)));
      text.append("PersistentKeepalive = 1\n");
    } else if (random.nextBoolean()) {
      text.append("PersistentKeepalive = %d\n".formatted(10 + random.nextInt(50)));
    }
    if (kind == Kind.PIVPN) {
      text.append("### end %s ###\n".formatted(who));
    }
  }

  private String net() {
    return Integer.toString(100 + number);
  }

  /** Seldom much of it: the history has to be packed and shortened now and then. */
  private static void noise(StringBuilder text, Random random) {
    byte[] octets = new byte[random.nextInt(5) == 0 ? 3000 : random.nextInt(60)];
    random.nextBytes(octets);
    text.append("# ").append(Base64.getEncoder().encodeToString(octets)).append('\n');
  }
}
