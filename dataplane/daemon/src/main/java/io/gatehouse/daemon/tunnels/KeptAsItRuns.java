// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.wgquick.FileEdit;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Takes out of a plan what may stay as it runs although the file says something else. */
final class KeptAsItRuns {
  private KeptAsItRuns() {}

  /**
   * The plan without that part of the device and the MTU which is the same difference as one that
   * is kept. Where the file says something new, or something else runs by now, the plan stays.
   */
  static Plan without(InterfaceName name, Foresight foresight, List<Difference> kept) {
    Plan plan = foresight.plan();
    if (kept.isEmpty() || plan.isEmpty()) {
      return plan;
    }
    Map<FileEdit.Place, List<Difference>> same =
        Differences.of(name, foresight, Optional.empty()).stream()
            .filter(each -> kept.stream().anyMatch(each::isSameAs))
            .collect(Collectors.groupingBy(Difference::place));
    List<Difference> ofInterface = same.getOrDefault(FileEdit.INTERFACE, List.of());
    DeviceChange device = plan.device();
    List<PeerChange> peers = new ArrayList<>();
    for (PeerChange change : device.peers()) {
      PublicKey key = change.publicKey();
      without(change, same.getOrDefault(FileEdit.peer(key), List.of())).ifPresent(peers::add);
    }
    return new Plan(
        plan.fresh(),
        new DeviceChange(
            has(ofInterface, Key.PRIVATE_KEY) ? Optional.empty() : device.privateKey(),
            has(ofInterface, Key.LISTEN_PORT) ? OptionalInt.empty() : device.listenPort(),
            has(ofInterface, Key.FW_MARK) ? OptionalInt.empty() : device.fwMark(),
            false,
            peers),
        plan.markBefore(),
        plan.before(),
        plan.after(),
        has(ofInterface, Key.MTU) ? OptionalInt.empty() : plan.mtu(),
        plan.linkUp());
  }

  private static Optional<PeerChange> without(PeerChange change, List<Difference> kept) {
    if (kept.isEmpty()) {
      return Optional.of(change);
    }
    if (kept.stream().anyMatch(each -> each.key().isEmpty())) {
      return Optional.empty();
    }
    boolean keepsIps = has(kept, Key.ALLOWED_IPS);
    PeerChange rest =
        new PeerChange(
            change.publicKey(),
            change.remove(),
            change.updateOnly(),
            has(kept, Key.PRESHARED_KEY) ? Optional.empty() : change.presharedKey(),
            has(kept, Key.ENDPOINT) ? Optional.empty() : change.endpoint(),
            has(kept, Key.PERSISTENT_KEEPALIVE)
                ? OptionalInt.empty()
                : change.persistentKeepalive(),
            !keepsIps && change.replaceAllowedIps(),
            keepsIps ? List.of() : change.allowedIps());
    boolean isEmpty =
        rest.presharedKey().isEmpty()
            && rest.endpoint().isEmpty()
            && rest.persistentKeepalive().isEmpty()
            && !rest.replaceAllowedIps();
    return isEmpty ? Optional.empty() : Optional.of(rest);
  }

  private static boolean has(List<Difference> kept, Key key) {
    return kept.stream().anyMatch(each -> each.key().equals(Optional.of(key)));
  }
}
