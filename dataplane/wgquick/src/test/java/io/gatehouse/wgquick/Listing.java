// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * What a file says, in lines that are easy to review: the interface, the enabled peers, the
 * disabled ones, the findings with their lines. A dash stands for nothing.
 */
final class Listing {
  private Listing() {}

  static String of(WgQuickFile file) {
    List<String> lines = new ArrayList<>();
    file.config()
        .ifPresent(
            config -> {
              lines.add(device(config));
              config.peers().forEach(peer -> lines.add(peer("peer", peer)));
              config.disabledPeers().forEach(peer -> lines.add(peer("disabled", peer)));
            });
    file.findings().forEach(f -> lines.add("finding " + f.code() + " " + f.line()));
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  private static String device(TunnelConfig config) {
    List<String> fields = new ArrayList<>(List.of("interface"));
    fields.add("port " + number(config.listenPort()));
    fields.add("addresses " + list(config.addresses()));
    fields.add("dns " + list(config.dns()));
    fields.add("mtu " + number(config.mtu()));
    int hooks =
        config.preUp().size()
            + config.postUp().size()
            + config.preDown().size()
            + config.postDown().size();
    fields.add("hooks " + hooks);
    if (config.saveConfig()) {
      fields.add("saveconfig");
    }
    own(config.own(), fields);
    return String.join(" | ", fields);
  }

  private static String peer(String kind, PeerConfig peer) {
    List<String> fields = new ArrayList<>(List.of(kind, peer.publicKey().toString()));
    fields.add("name " + peer.name().orElse("-"));
    fields.add("allowed " + list(peer.allowedIps()));
    fields.add("endpoint " + peer.endpoint().map(EndpointAddress::toString).orElse("-"));
    fields.add("keepalive " + number(peer.persistentKeepalive()));
    fields.add("psk " + (peer.presharedKey().isPresent() ? "yes" : "no"));
    own(peer.metadata().own(), fields);
    return String.join(" | ", fields);
  }

  private static void own(OwnValues own, List<String> fields) {
    OwnKey.all().forEach(key -> own(own, key, fields));
  }

  private static <T> void own(OwnValues own, OwnKey<T> key, List<String> fields) {
    own.get(key).ifPresent(value -> fields.add(key.name() + " " + key.format(value)));
  }

  private static String number(OptionalInt number) {
    return number.isPresent() ? Integer.toString(number.getAsInt()) : "-";
  }

  private static String list(List<?> values) {
    return values.isEmpty()
        ? "-"
        : values.stream().map(Object::toString).collect(Collectors.joining(" "));
  }
}
