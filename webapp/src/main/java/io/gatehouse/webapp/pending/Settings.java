// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.pending;

import io.gatehouse.wgquick.OwnKey;
import io.gatehouse.wgquick.OwnValues;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.WgQuickFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The settings that a file has for its tunnel or one of its peers. Stateless. */
final class Settings {
  private static final Pattern HIDDEN =
      Pattern.compile("\\((?:hidden [0-9]+@[0-9a-f]+|generate)\\)");

  /** Some key, where the file's own is hidden; nothing is ever done with it. */
  private static final String SOME_KEY = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";

  private Settings() {}

  /**
   * The fields of a form.
   *
   * @param text of the file, its keys hidden
   * @param peer public key; empty for the tunnel itself
   * @return empty if the text has errors, or no such peer
   */
  static Optional<List<Setting>> of(String file, String text, Optional<String> peer) {
    String readable = HIDDEN.matcher(text).replaceAll(SOME_KEY);
    Optional<TunnelConfig> config =
        WgQuickFile.parse(file, readable.getBytes(StandardCharsets.UTF_8)).config();
    return peer.isEmpty()
        ? config.map(Settings::tunnel)
        : config.flatMap(
            c ->
                Stream.concat(c.peers().stream(), c.disabledPeers().stream())
                    .filter(each -> each.publicKey().toString().equals(peer.get()))
                    .findFirst()
                    .map(Settings::peer));
  }

  private static List<Setting> tunnel(TunnelConfig config) {
    List<Setting> settings = new ArrayList<>();
    settings.add(new Setting("Address", true, join(config.addresses())));
    settings.add(new Setting("ListenPort", false, number(config.listenPort())));
    settings.add(own(OwnKey.ENDPOINT, config.own()));
    settings.add(new Setting("DNS", true, join(config.dns())));
    settings.add(new Setting("MTU", false, number(config.mtu())));
    settings.add(own(OwnKey.MASQUERADE, config.own()));
    settings.add(own(OwnKey.PORT_FORWARD, config.own()));
    settings.add(own(OwnKey.TAGS, config.own()));
    settings.add(own(OwnKey.NOTE, config.own()));
    return settings;
  }

  private static List<Setting> peer(PeerConfig peer) {
    OwnValues own = peer.metadata().own();
    List<Setting> settings = new ArrayList<>();
    settings.add(new Setting(Setting.NAME, false, peer.name().orElse("")));
    settings.add(new Setting("AllowedIPs", true, join(peer.allowedIps())));
    settings.add(new Setting("Endpoint", false, peer.endpoint().map(String::valueOf).orElse("")));
    settings.add(new Setting("PersistentKeepalive", false, number(peer.persistentKeepalive())));
    settings.add(own(OwnKey.EXPIRES, own));
    settings.add(own(OwnKey.QUOTA, own));
    settings.add(own(OwnKey.ALLOW, own));
    settings.add(own(OwnKey.DENY, own));
    settings.add(own(OwnKey.TAGS, own));
    settings.add(own(OwnKey.NOTE, own));
    return settings;
  }

  private static <T> Setting own(OwnKey<T> key, OwnValues values) {
    // A list of our own is one value with commas, as files have it.
    return new Setting(key.toString(), false, values.get(key).map(key::format).orElse(""));
  }

  private static String number(OptionalInt number) {
    return number.isPresent() ? Integer.toString(number.getAsInt()) : "";
  }

  private static String join(List<?> values) {
    return String.join(", ", values.stream().map(String::valueOf).toList());
  }
}
