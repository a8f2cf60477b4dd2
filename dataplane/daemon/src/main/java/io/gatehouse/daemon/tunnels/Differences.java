// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.wgquick.FileEdit.INTERFACE;

import io.gatehouse.control.PlanChange;
import io.gatehouse.control.PlanKind;
import io.gatehouse.control.PlanLine;
import io.gatehouse.daemon.tunnels.Plan.OutsideChange;
import io.gatehouse.linux.GatewayTable;
import io.gatehouse.linux.NameServers;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.wgquick.FileEdit;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import io.gatehouse.wgquick.WgQuickFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says a plan line by line, in the words of the file and of the kernel's tools, keys masked. */
final class Differences {
  private static final String HIDDEN = "(hidden)";

  private final InterfaceName name;
  private final Foresight foresight;
  private final Plan plan;
  private final Optional<WgQuickFile> document;
  private final Map<PublicKey, PeerConfig> said = new HashMap<>();
  private final Map<PublicKey, PeerConfig> before = new HashMap<>();
  private final Map<PublicKey, PeerSnapshot> present = new HashMap<>();
  private final Map<Prefix, PublicKey> allowed = new HashMap<>();
  private final List<Difference> all = new ArrayList<>();

  private Differences(InterfaceName name, Foresight foresight, Optional<WgQuickFile> document) {
    this.name = name;
    this.foresight = foresight;
    this.plan = foresight.plan();
    this.document = document;
    foresight
        .wanted()
        .ifPresent(
            wanted -> {
              for (PeerConfig peer : wanted.peers()) {
                said.put(peer.publicKey(), peer);
                peer.allowedIps().forEach(prefix -> allowed.put(prefix, peer.publicKey()));
              }
            });
    foresight
        .running()
        .file()
        .ifPresent(file -> file.peers().forEach(peer -> before.put(peer.publicKey(), peer)));
    foresight.running().device().peers().forEach(peer -> present.put(peer.publicKey(), peer));
  }

  /**
   * The lines of a plan.
   *
   * @param document the file that is wanted; empty if no line can be named
   */
  static List<Difference> of(
      InterfaceName name, Foresight foresight, Optional<WgQuickFile> document) {
    Differences differences = new Differences(name, foresight, document);
    differences.device();
    differences.plan.device().peers().forEach(differences::peer);
    differences.addresses();
    differences.mtu();
    differences.outside(PlanKind.DNS);
    differences.routes();
    differences.outside(PlanKind.RULE);
    differences.outside(PlanKind.NFTABLES);
    differences.outside(PlanKind.FORWARDING);
    return differences.all;
  }

  private void device() {
    DeviceChange device = plan.device();
    Optional<SecretKey> key = foresight.running().device().privateKey();
    int port = foresight.running().device().listenPort();
    int mark = foresight.running().device().fwMark();
    device
        .privateKey()
        .ifPresent(next -> ofDevice(Key.PRIVATE_KEY, masked(key), masked(next), key));
    device
        .listenPort()
        .ifPresent(
            next ->
                ofDevice(
                    Key.LISTEN_PORT,
                    port == 0 ? "" : Integer.toString(port),
                    next == 0 ? "any" : Integer.toString(next),
                    Optional.empty()));
    device
        .fwMark()
        .ifPresent(next -> ofDevice(Key.FW_MARK, mark(mark), mark(next), Optional.empty()));
  }

  private void ofDevice(Key key, String from, String to, Optional<SecretKey> running) {
    PlanLine line =
        new PlanLine(
            PlanKind.DEVICE, change(from, to), key.text(), "", from, to, line(INTERFACE, key));
    all.add(new Difference(line, INTERFACE, Optional.of(key), running));
  }

  private void peer(PeerChange change) {
    PublicKey key = change.publicKey();
    PeerSnapshot now = present.get(key);
    PeerConfig wanted = said.get(key);
    if (change.remove()) {
      wholePeer(key, PlanChange.REMOVED, now == null ? "" : words(now), "");
    } else if (wanted != null) {
      if (now == null) {
        wholePeer(key, PlanChange.ADDED, "", words(wanted, change.endpoint()));
      } else {
        settings(key, now, wanted, change);
      }
    }
  }

  private void wholePeer(PublicKey key, PlanChange change, String from, String to) {
    FileEdit.Place place = FileEdit.peer(key);
    int line = change == PlanChange.REMOVED ? 0 : line(place, Key.PUBLIC_KEY);
    all.add(
        new Difference(
            new PlanLine(PlanKind.PEER, change, shown(key), "", from, to, line),
            place,
            Optional.empty(),
            Optional.empty()));
  }

  private void settings(PublicKey key, PeerSnapshot now, PeerConfig wanted, PeerChange change) {
    Optional<SecretKey> none = Optional.empty();
    if (change.replaceAllowedIps()) {
      setting(key, Key.ALLOWED_IPS, join(now.allowedIps()), join(wanted.allowedIps()), none);
    }
    if (change.endpoint().isPresent()) {
      setting(
          key,
          Key.ENDPOINT,
          text(now.endpoint()),
          wanted.endpoint().isPresent() ? text(wanted.endpoint()) : text(change.endpoint()),
          none);
    }
    if (change.persistentKeepalive().isPresent()) {
      setting(
          key,
          Key.PERSISTENT_KEEPALIVE,
          keepalive(now.persistentKeepalive()),
          keepalive(change.persistentKeepalive().getAsInt()),
          none);
    }
    if (change.presharedKey().isPresent()) {
      setting(
          key,
          Key.PRESHARED_KEY,
          masked(now.presharedKey()),
          masked(change.presharedKey().get()),
          now.presharedKey());
    }
  }

  private void setting(
      PublicKey peer, Key key, String from, String to, Optional<SecretKey> running) {
    FileEdit.Place place = FileEdit.peer(peer);
    // The peer itself stays, whatever comes or goes of it.
    PlanLine line =
        new PlanLine(
            PlanKind.PEER, PlanChange.CHANGED, shown(peer), key.text(), from, to, line(place, key));
    all.add(new Difference(line, place, Optional.of(key), running));
  }

  private String shown(PublicKey key) {
    return Optional.ofNullable(said.get(key))
        .or(() -> Optional.ofNullable(before.get(key)))
        .map(PeerConfig::shown)
        .orElse(key.toString());
  }

  private void addresses() {
    for (Prefix address : plan.addedAddresses()) {
      String text = address.toString();
      int line = document.map(d -> d.lineOf(INTERFACE, Key.ADDRESS, text)).orElse(0);
      add(PlanKind.ADDRESS, PlanChange.ADDED, text, line, Optional.of(Key.ADDRESS));
    }
    for (Prefix address : plan.removedAddresses()) {
      add(PlanKind.ADDRESS, PlanChange.REMOVED, address.toString(), 0, Optional.of(Key.ADDRESS));
    }
  }

  private void mtu() {
    if (plan.mtu().isPresent()) {
      int now = foresight.running().mtu();
      String from = now == 0 ? "" : Integer.toString(now);
      String to = Integer.toString(plan.mtu().getAsInt());
      PlanLine line =
          new PlanLine(PlanKind.MTU, change(from, to), "", "", from, to, line(INTERFACE, Key.MTU));
      all.add(new Difference(line, INTERFACE, Optional.of(Key.MTU), Optional.empty()));
    }
  }

  private void routes() {
    for (TunnelRoute route : plan.addedRoutes()) {
      int line = allowedIpLine(route.destination());
      add(PlanKind.ROUTE, PlanChange.ADDED, words(route), line, Optional.empty());
    }
    for (TunnelRoute route : plan.removedRoutes()) {
      add(PlanKind.ROUTE, PlanChange.REMOVED, words(route), 0, Optional.empty());
    }
  }

  private int allowedIpLine(Prefix prefix) {
    PublicKey peer = allowed.get(prefix);
    return peer == null || document.isEmpty()
        ? 0
        : document.get().lineOf(FileEdit.peer(peer), Key.ALLOWED_IPS, prefix.toString());
  }

  private void outside(PlanKind kind) {
    for (OutsideChange change : plan.outsideChanges()) {
      Outside thing = change.after().or(change::before).orElseThrow();
      if (kind(thing) != kind) {
        continue;
      }
      boolean isDns = kind == PlanKind.DNS;
      PlanLine line =
          new PlanLine(
              kind,
              change.before().isEmpty()
                  ? PlanChange.ADDED
                  : change.after().isEmpty() ? PlanChange.REMOVED : PlanChange.CHANGED,
              subject(thing),
              "",
              change.before().map(Differences::value).orElse(""),
              change.after().map(Differences::value).orElse(""),
              isDns && change.after().isPresent() ? line(INTERFACE, Key.DNS) : 0);
      all.add(
          new Difference(
              line, INTERFACE, isDns ? Optional.of(Key.DNS) : Optional.empty(), Optional.empty()));
    }
  }

  private static PlanKind kind(Outside thing) {
    return switch (thing) {
      case Outside.Rule _ -> PlanKind.RULE;
      case Outside.Guard _, Outside.Gateway _ -> PlanKind.NFTABLES;
      case Outside.Forwards _ -> PlanKind.FORWARDING;
      case Outside.Dns _ -> PlanKind.DNS;
    };
  }

  private String subject(Outside thing) {
    return switch (thing) {
      case Outside.Rule(var rule) -> rule.toString();
      case Outside.Guard guard -> (guard.ipv6() ? "ip6" : "ip") + " wg-quick-" + name;
      case Outside.Gateway _ -> "inet gatehouse-" + name;
      case Outside.Forwards forwards ->
          (forwards.ipv6() ? "IPv6 from " : "IPv4 from ")
              + switch (forwards.by()) {
                case Outside.Incoming.Own() -> name.value();
                case Outside.Incoming.Any() -> "every interface";
                case Outside.Incoming.By(InterfaceName from) -> from.value();
              };
      case Outside.Dns _ -> "";
    };
  }

  private static String value(Outside thing) {
    return switch (thing) {
      case Outside.Rule _, Outside.Forwards _ -> "";
      case Outside.Guard guard -> {
        String addresses =
            guard.addresses().stream().map(IpLiteral::format).collect(Collectors.joining(", "));
        yield "mark " + mark(guard.mark()) + (addresses.isEmpty() ? "" : " for " + addresses);
      }
      case Outside.Gateway(GatewayTable table) -> words(table);
      case Outside.Dns(NameServers servers) ->
          String.join(", ", servers.servers())
              + (servers.searchDomains().isEmpty()
                  ? ""
                  : " for " + String.join(", ", servers.searchDomains()));
    };
  }

  // ---- words

  private static String words(GatewayTable table) {
    List<String> words = new ArrayList<>();
    table.masquerades().forEach(each -> words.add("masquerade " + each));
    table.portForwards().forEach(each -> words.add("port-forward " + each));
    for (GatewayTable.Access access : table.access()) {
      String of = join(access.sources());
      access.allow().forEach(rule -> words.add(of + " allow " + rule));
      access.deny().forEach(rule -> words.add(of + " deny " + rule));
    }
    return String.join("; ", words);
  }

  private static String words(TunnelRoute route) {
    return route.table() == TunnelRoute.MAIN
        ? route.destination().toString()
        : route.destination() + " table " + Integer.toUnsignedString(route.table());
  }

  /** Without its endpoint, which changes by itself: that would make another difference of it. */
  private static String words(PeerSnapshot peer) {
    return words(peer.allowedIps(), "", peer.persistentKeepalive(), peer.presharedKey());
  }

  private static String words(PeerConfig peer, Optional<Endpoint> endpoint) {
    return words(
        peer.allowedIps(),
        peer.endpoint().isPresent() ? text(peer.endpoint()) : text(endpoint),
        peer.persistentKeepalive().orElse(0),
        peer.presharedKey().filter(key -> !key.isZero()));
  }

  private static String words(
      List<Prefix> allowedIps, String endpoint, int keepalive, Optional<SecretKey> presharedKey) {
    List<String> words = new ArrayList<>();
    if (!allowedIps.isEmpty()) {
      words.add(Key.ALLOWED_IPS.text() + " " + join(allowedIps));
    }
    if (!endpoint.isEmpty()) {
      words.add(Key.ENDPOINT.text() + " " + endpoint);
    }
    if (keepalive != 0) {
      words.add(Key.PERSISTENT_KEEPALIVE.text() + " " + keepalive);
    }
    if (presharedKey.isPresent()) {
      words.add(Key.PRESHARED_KEY.text() + " " + HIDDEN);
    }
    return String.join("; ", words);
  }

  private static String masked(Optional<SecretKey> key) {
    return key.map(Differences::masked).orElse("");
  }

  private static String masked(SecretKey key) {
    return key.isZero() ? "" : HIDDEN;
  }

  /** As wg(8) shows it. */
  private static String mark(int mark) {
    return mark == 0 ? "" : "0x" + Integer.toHexString(mark);
  }

  private static String keepalive(int seconds) {
    return seconds == 0 ? "" : Integer.toString(seconds);
  }

  private static String text(Optional<?> value) {
    return value.map(Object::toString).orElse("");
  }

  private static String join(List<Prefix> prefixes) {
    return prefixes.stream().map(Prefix::toString).collect(Collectors.joining(", "));
  }

  private static PlanChange change(String from, String to) {
    return from.isEmpty()
        ? PlanChange.ADDED
        : to.isEmpty() ? PlanChange.REMOVED : PlanChange.CHANGED;
  }

  private int line(FileEdit.Place place, Key key) {
    return document.map(file -> file.lineOf(place, key)).orElse(0);
  }

  private void add(PlanKind kind, PlanChange change, String subject, int line, Optional<Key> key) {
    all.add(
        new Difference(
            new PlanLine(kind, change, subject, "", "", "", line),
            INTERFACE,
            key,
            Optional.empty()));
  }
}
