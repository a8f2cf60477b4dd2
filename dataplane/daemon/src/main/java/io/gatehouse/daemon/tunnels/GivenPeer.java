// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.EndpointAddress;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** A peer from texts that somebody gave. For one peer. */
final class GivenPeer {
  private final List<Finding> findings = new ArrayList<>();

  private GivenPeer() {}

  /**
   * Reads the texts.
   *
   * @param endpoint empty for none
   * @param persistentKeepalive 0 for none
   * @throws Refusal with everything that is wrong
   */
  static PeerConfig read(
      String publicKey,
      String name,
      List<String> allowedIps,
      String endpoint,
      int persistentKeepalive,
      Optional<SecretKey> presharedKey)
      throws Refusal {
    return new GivenPeer()
        .peer(publicKey, name, allowedIps, endpoint, persistentKeepalive, presharedKey);
  }

  /**
   * Reads a key.
   *
   * @throws Refusal if it is none
   */
  static PublicKey key(String text) throws Refusal {
    GivenPeer peer = new GivenPeer();
    Optional<PublicKey> key = peer.publicKey(text);
    if (key.isEmpty()) {
      throw new Refusal(peer.findings);
    }
    return key.get();
  }

  private PeerConfig peer(
      String keyText,
      String name,
      List<String> prefixes,
      String endpointText,
      int keepalive,
      Optional<SecretKey> presharedKey)
      throws Refusal {
    Optional<PublicKey> publicKey = publicKey(keyText);
    List<Prefix> allowedIps = new ArrayList<>();
    for (String text : prefixes) {
      read(
              "ALLOWED-IPS",
              text,
              prefix -> Prefix.parse(prefix).masked(),
              "Give ADDRESS/LENGTH, such as 10.0.0.2/32")
          .filter(prefix -> !allowedIps.contains(prefix))
          .ifPresent(allowedIps::add);
    }
    Optional<EndpointAddress> endpoint =
        endpointText.isEmpty()
            ? Optional.empty()
            : read(
                "ENDPOINT",
                endpointText,
                GivenPeer::endpoint,
                "Give HOST:PORT, an IPv6 address in brackets");
    if (keepalive < 0 || keepalive > 65535) {
      wrong(
          "PERSISTENT-KEEPALIVE",
          Integer.toString(keepalive),
          "not in 0..65535",
          "Give seconds, or 0 for off");
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      wrong(
          "PEER-NAME",
          "",
          "the name has a line break or another control character",
          "Give a name of one line");
    }
    if (publicKey.isEmpty() || !findings.isEmpty()) {
      throw new Refusal(findings);
    }
    return new PeerConfig(
        publicKey.get(),
        presharedKey,
        allowedIps,
        endpoint,
        keepalive == 0 ? OptionalInt.empty() : OptionalInt.of(keepalive),
        name.isBlank() ? Optional.empty() : Optional.of(name.strip()),
        0);
  }

  private Optional<PublicKey> publicKey(String text) {
    return read(
        "PUBLIC-KEY", text, PublicKey::parse, "Give the 44 characters that wg pubkey prints");
  }

  private static EndpointAddress endpoint(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("no port");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException("IPv6 without brackets");
    }
    if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c == '#' || c > '~')) {
      throw new IllegalArgumentException("no host");
    }
    return new EndpointAddress(host, Integer.parseInt(text.substring(colon + 1)));
  }

  private <T> Optional<T> read(String code, String text, Function<String, T> parse, String remedy) {
    try {
      return Optional.of(parse.apply(text));
    } catch (IllegalArgumentException e) {
      wrong(code, text, String.valueOf(e.getMessage()), remedy);
      return Optional.empty();
    }
  }

  private void wrong(String code, String value, String message, String remedy) {
    findings.add(new Finding(code, Finding.Severity.ERROR, "", 0, value, message, remedy));
  }
}
