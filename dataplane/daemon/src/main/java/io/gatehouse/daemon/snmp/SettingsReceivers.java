// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import io.gatehouse.daemon.snmp.NotificationTargets.Receiver;
import io.gatehouse.daemon.snmp.NotificationTargets.Target;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snmp4j.smi.OctetString;

/**
 * Receivers of informs that the settings name. Keys fit one engine alone, so each is a target only
 * once it has said its engine ID; until then, and again when it has become another, it is missing.
 * Thread-safe.
 */
final class SettingsReceivers {
  /**
   * What the settings say.
   *
   * @param address where to
   * @param user of the receiver's
   */
  record Inform(InetSocketAddress address, UsersFile.Given user) {}

  private Map<Inform, Optional<Target>> informs = new LinkedHashMap<>();

  /** Has these and no others; what is known of those that stay is kept. */
  synchronized void configure(List<Inform> wanted) {
    Map<Inform, Optional<Target>> changed = new LinkedHashMap<>();
    wanted.forEach(inform -> changed.put(inform, informs.getOrDefault(inform, Optional.empty())));
    informs = changed;
  }

  /** Those that have said their engine IDs. */
  synchronized List<Target> targets() {
    return informs.values().stream().flatMap(Optional::stream).toList();
  }

  /** Those that have not. */
  synchronized List<Inform> missing() {
    return informs.entrySet().stream()
        .filter(inform -> inform.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** One has said its engine ID. */
  synchronized void found(Inform inform, byte[] engine) {
    UsersFile.Given user = inform.user();
    List<OctetString> keys =
        user.protection().localised(user.authPassphrase(), user.privPassphrase(), engine);
    SnmpUsers.User known =
        new SnmpUsers.User(user.name(), user.protection(), keys.get(0), keys.get(1));
    informs.replace(
        inform,
        Optional.of(
            new Target(
                inform.address(),
                user.name(),
                Optional.of(new Receiver(new OctetString(engine), known)))));
  }

  /** The receiver there does not know what it is sent: it may be another one by now. */
  synchronized void doubt(InetSocketAddress address) {
    informs.replaceAll(
        (inform, target) -> inform.address().equals(address) ? Optional.empty() : target);
  }
}
