// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.datapath.OffloadState;
import io.gatehouse.daemon.datapath.TunnelCounters;
import io.gatehouse.linux.Errno;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import io.gatehouse.protocol.DeviceTotals;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/** A machine in memory: keeps what it is told, and fails when it is told to. */
final class FakeNetwork implements Network {
  final Map<String, FakeInterface> interfaces = new HashMap<>();
  final Set<String> foreign = new LinkedHashSet<>();
  final Set<Integer> portsInUse = new LinkedHashSet<>();

  /** The call that fails next, such as {@code addRoute}; empty for none. */
  String failing = "";

  /** How often something was called since calls were told to fail. */
  private int calls;

  private IntPredicate isToFail = call -> false;
  private final List<String> failed = new ArrayList<>();

  final Set<Integer> tables = new LinkedHashSet<>();

  /** How often something was set. */
  int puts;

  final Map<String, Outside> outside = new LinkedHashMap<>();
  final Map<String, Set<Outside>> noted = new TreeMap<>();
  final List<String> swept = new ArrayList<>();
  boolean managesNameServers = true;
  boolean marksCountForSources;
  boolean forwardsByItself;
  OptionalInt pathMtu = OptionalInt.of(1500);
  private int next = 10;

  /** Lets these calls fail, counted from 1 and from now. */
  void failCalls(Integer... which) {
    calls = 0;
    isToFail = List.of(which)::contains;
  }

  /** Lets this call fail and all after it. */
  void failCallsFrom(int first) {
    calls = 0;
    isToFail = call -> call >= first;
  }

  /** Lets all succeed again, and tells which calls have failed. */
  List<String> failNoMore() {
    List<String> all = List.copyOf(failed);
    failed.clear();
    isToFail = call -> false;
    return all;
  }

  @Override
  public boolean isSimulated() {
    return false;
  }

  @Override
  public boolean hasInterface(InterfaceName name) throws LinuxException {
    call("hasInterface");
    return foreign.contains(name.value()) || interfaces.containsKey(name.value());
  }

  @Override
  public TunnelInterface make(InterfaceName name) throws LinuxException {
    call("make");
    FakeInterface made = new FakeInterface(name.value(), next++);
    interfaces.put(name.value(), made);
    return made;
  }

  @Override
  public Set<Integer> tablesInUse() throws LinuxException {
    call("tablesInUse");
    Set<Integer> inUse = new LinkedHashSet<>(tables);
    interfaces.values().forEach(each -> each.routes.forEach(route -> inUse.add(route.table())));
    return inUse;
  }

  @Override
  public int firstRulePriority(boolean ipv6) throws LinuxException {
    call("firstRulePriority");
    return outside.values().stream()
        .filter(thing -> thing instanceof Outside.Rule rule && rule.rule().ipv6() == ipv6)
        .mapToInt(thing -> ((Outside.Rule) thing).rule().priority())
        .min()
        .orElse(32766);
  }

  @Override
  public boolean managesNameServers() {
    return managesNameServers;
  }

  @Override
  public boolean marksCountForSources() throws LinuxException {
    call("marksCountForSources");
    return marksCountForSources;
  }

  @Override
  public void countMarksForSources(boolean count) throws LinuxException {
    call("countMarksForSources");
    marksCountForSources = count;
  }

  @Override
  public Optional<Outside.Forwards> forwards(
      InterfaceName tunnel, boolean ipv6, Outside.Incoming by) throws LinuxException {
    call("forwards");
    return forwardsByItself
        ? Optional.empty()
        : Optional.of(new Outside.Forwards(ipv6, by, List.of()));
  }

  @Override
  public void note(InterfaceName name, Collection<Outside> mayBeThere) throws LinuxException {
    call("note");
    noted.put(name.value(), Set.copyOf(mayBeThere));
  }

  @Override
  public void put(InterfaceName name, Outside thing) throws LinuxException {
    if (!noted.getOrDefault(name.value(), Set.of()).contains(thing)) {
      throw new AssertionError("a crash now would leave " + thing);
    }
    call("put");
    puts++;
    outside.put(name + " " + thing.slot(), thing);
  }

  @Override
  public void remove(InterfaceName name, Outside thing) throws LinuxException {
    call("remove");
    outside.remove(name + " " + thing.slot());
  }

  @Override
  public boolean has(Outside thing) {
    return !(thing instanceof Outside.Rule) || outside.containsValue(thing);
  }

  @Override
  public AutoCloseable watch(Consumer<Changes> listener) {
    return () -> {};
  }

  @Override
  public void close() {}

  @Override
  public void sweep(InterfaceName name) {
    swept.add(name.value());
    if (!interfaces.containsKey(name.value())) {
      List<Outside> left = List.copyOf(noted.getOrDefault(name.value(), Set.of()));
      new Setup(0, List.of(), List.of(), left).takeAway(name, this, () -> {});
    }
  }

  /** All that can be seen from outside, to be compared. */
  String state() {
    StringBuilder state = new StringBuilder(things()).append(marksCountForSources);
    noted.forEach((name, noted) -> state.append(noted.isEmpty() ? "" : name + sorted(noted)));
    return state.toString();
  }

  /** The same without what may stay as it is. */
  String things() {
    StringBuilder things = new StringBuilder();
    for (String name : new TreeSet<>(interfaces.keySet())) {
      things.append(interfaces.get(name).things());
    }
    return things.append(sorted(outside.entrySet())).toString();
  }

  /** That of one tunnel. */
  String things(String name) {
    FakeInterface made = interfaces.get(name);
    return (made == null ? "" : made.things())
        + sorted(
            outside.entrySet().stream()
                .filter(thing -> thing.getKey().startsWith(name + " "))
                .toList());
  }

  private static List<String> sorted(Collection<?> things) {
    return things.stream().map(Object::toString).sorted().toList();
  }

  private void call(String what) throws LinuxException {
    if (failing.equals(what)) {
      failing = "";
      throw new LinuxException(Errno.EIO, what, "");
    }
    if (isToFail.test(++calls)) {
      failed.add(what);
      throw new LinuxException(Errno.EIO, what, "");
    }
  }

  @Override
  public OptionalInt pathMtu(InetAddress toward, int fwMark, int notBy) {
    return pathMtu;
  }

  final class FakeInterface implements TunnelInterface {
    final String name;
    final int ifIndex;
    Optional<String> nameHere;
    final List<String> calls = new ArrayList<>();
    final List<DeviceChange> changes = new ArrayList<>();
    final Set<Prefix> addresses = new LinkedHashSet<>();
    final Set<TunnelRoute> routes = new LinkedHashSet<>();
    final Set<PublicKey> greeted = new LinkedHashSet<>();
    private final Map<PublicKey, PeerSnapshot> peers = new LinkedHashMap<>();
    private Optional<TunnelCounters> resumed = Optional.empty();
    private final Map<PublicKey, Long> received = new HashMap<>();
    private final Map<PublicKey, Long> sent = new HashMap<>();
    long timestamp;

    /** How often somebody has looked at the device. */
    int snapshots;

    /** Whose counters somebody has read, each time. */
    final List<Set<PublicKey>> readings = new ArrayList<>();

    /** Called when the device is about to change. */
    Runnable beforeApply = () -> {};

    private Runnable whenChanged = () -> {};
    private final List<Runnable> whenEnded = new ArrayList<>();
    private Optional<SecretKey> privateKey = Optional.empty();
    private int port;
    private int fwMark;
    private int mtu = 1500;
    private boolean up;
    private boolean ended;

    private FakeInterface(String name, int ifIndex) {
      this.name = name;
      this.nameHere = Optional.of(name);
      this.ifIndex = ifIndex;
    }

    private String things() {
      return name + snapshot() + mtu + up + sorted(addresses) + sorted(routes);
    }

    @Override
    public int ifIndex() {
      return ifIndex;
    }

    @Override
    public Optional<String> nameHere() {
      return nameHere;
    }

    @Override
    public Set<Prefix> presentAddresses() {
      return Set.copyOf(addresses);
    }

    @Override
    public Set<TunnelRoute> present(Collection<TunnelRoute> wanted) {
      Set<TunnelRoute> present = new LinkedHashSet<>(wanted);
      present.retainAll(routes);
      return present;
    }

    /** Sets the link down, as {@code ip link set down} does. */
    void setLinkDown() {
      up = false;
      routes.clear();
      addresses.removeIf(Prefix::isIpv6);
    }

    void setLinkUpByHand() {
      up = true;
    }

    void setMtuByHand(int mtu) {
      this.mtu = mtu;
    }

    @Override
    public int mtu() {
      return mtu;
    }

    @Override
    public boolean isLinkUp() {
      return up;
    }

    @Override
    public boolean isUp() {
      return up;
    }

    @Override
    public boolean hasEnded() {
      return ended;
    }

    @Override
    public void whenEnded(Runnable callback) {
      whenEnded.add(callback);
    }

    @Override
    public void whenChanged(Runnable callback) {
      whenChanged = callback;
    }

    /** Changes the device as {@code wg set} does. */
    void applyByHand(DeviceChange change) throws LinuxException {
      apply(change);
      whenChanged.run();
    }

    @Override
    public DeviceSnapshot snapshot() {
      snapshots++;
      return new DeviceSnapshot(
          privateKey,
          Optional.empty(),
          port,
          fwMark,
          Map.of(),
          peers.values().stream().map(this::counted).toList());
    }

    @Override
    public Map<PublicKey, Long> octets(Collection<PublicKey> of) {
      readings.add(Set.copyOf(of));
      Map<PublicKey, Long> octets = new HashMap<>();
      for (PublicKey key : of) {
        if (peers.containsKey(key)) {
          octets.put(key, received.getOrDefault(key, 0L) + sent.getOrDefault(key, 0L));
        }
      }
      return octets;
    }

    private PeerSnapshot counted(PeerSnapshot peer) {
      return new PeerSnapshot(
          peer.publicKey(),
          peer.presharedKey(),
          peer.endpoint(),
          peer.persistentKeepalive(),
          peer.allowedIps(),
          peer.lastHandshakeEpochNanos(),
          peer.lastHandshakeAgeNanos(),
          received.getOrDefault(peer.publicKey(), 0L),
          sent.getOrDefault(peer.publicKey(), 0L),
          peer.rxPackets(),
          peer.txPackets(),
          peer.state(),
          peer.unansweredNanos(),
          peer.drops());
    }

    /** Lets octets pass; nothing does from or to a peer that is not there. */
    void transfer(PublicKey peer, long rx, long tx) {
      if (peers.containsKey(peer)) {
        received.merge(peer, rx, Long::sum);
        sent.merge(peer, tx, Long::sum);
      }
    }

    @Override
    public long timestampToKeep() {
      return timestamp + 1;
    }

    @Override
    public void timestampFloor(long floor) {
      timestamp = floor;
    }

    @Override
    public void greet(Set<PublicKey> peers) {
      greeted.addAll(peers);
    }

    @Override
    public void resume(TunnelCounters ofInterface, DeviceTotals ofDevice) {
      resumed = Optional.of(ofInterface);
      ofDevice
          .peers()
          .forEach(
              (peer, totals) -> {
                received.put(peer, totals.rxBytes());
                sent.put(peer, totals.txBytes());
              });
    }

    @Override
    public TunnelCounters counters() {
      return resumed.orElse(
          new TunnelCounters(
              1_795_000_000L, 1, 2, 3, 4, 5, 6, new TunnelCounters.Udp(7, 8, 9, 10), false));
    }

    @Override
    public List<OffloadState> offloads() {
      return List.of();
    }

    @Override
    public void apply(DeviceChange change) throws LinuxException {
      beforeApply.run();
      call("apply");
      if (change.listenPort().isPresent() && portsInUse.contains(change.listenPort().getAsInt())) {
        throw new LinuxException(Errno.EADDRINUSE, "cannot bind", "");
      }
      changes.add(change);
      change
          .privateKey()
          .ifPresent(
              key ->
                  privateKey = Optional.of(key).filter(k -> !k.isZero()).map(SecretKey::clamped));
      change.listenPort().ifPresent(p -> port = p == 0 ? 40000 : p);
      change.fwMark().ifPresent(mark -> fwMark = mark);
      change.peers().forEach(this::apply);
    }

    private void apply(PeerChange change) {
      PeerSnapshot old = peers.get(change.publicKey());
      if (change.remove() || old == null && change.updateOnly()) {
        peers.remove(change.publicKey());
        received.remove(change.publicKey());
        sent.remove(change.publicKey());
        return;
      }
      Set<Prefix> allowed = new LinkedHashSet<>();
      if (old != null && !change.replaceAllowedIps()) {
        allowed.addAll(old.allowedIps());
      }
      change.allowedIps().forEach(ip -> allowed.add(ip.prefix()));
      peers.put(
          change.publicKey(),
          peerSnapshot(
              change.publicKey(),
              change
                  .presharedKey()
                  .or(() -> old == null ? Optional.empty() : old.presharedKey())
                  .filter(k -> !k.isZero()),
              change.endpoint().or(() -> old == null ? Optional.empty() : old.endpoint()),
              change.persistentKeepalive().orElse(old == null ? 0 : old.persistentKeepalive()),
              List.copyOf(allowed)));
    }

    /** Moves a peer, as an authenticated packet from elsewhere does. */
    void roam(PublicKey peer, Endpoint to) {
      PeerSnapshot old = peers.get(peer);
      peers.put(
          peer,
          peerSnapshot(
              peer,
              old.presharedKey(),
              Optional.of(to),
              old.persistentKeepalive(),
              old.allowedIps()));
    }

    /** Lets a peer be as the handshake machine would say it is. */
    void stateOf(PublicKey key, PeerSnapshot.State state, long unansweredNanos) {
      PeerSnapshot old = peers.get(key);
      peers.put(
          key,
          new PeerSnapshot(
              key,
              old.presharedKey(),
              old.endpoint(),
              old.persistentKeepalive(),
              old.allowedIps(),
              0,
              -1,
              0,
              0,
              0,
              0,
              state,
              unansweredNanos,
              Map.of()));
    }

    @Override
    public void addAddress(Prefix address) throws LinuxException {
      call("addAddress");
      addresses.add(address);
    }

    @Override
    public void removeAddress(Prefix address) throws LinuxException {
      call("removeAddress");
      addresses.remove(address);
      // As the kernel does it: without an IPv4 address, its routes go too.
      if (addresses.stream().allMatch(Prefix::isIpv6)) {
        routes.removeIf(route -> !route.destination().isIpv6());
      }
    }

    @Override
    public void addRoute(TunnelRoute route) throws LinuxException {
      call("addRoute");
      routes.add(route);
    }

    @Override
    public void removeRoute(TunnelRoute route) throws LinuxException {
      call("removeRoute");
      routes.remove(route);
    }

    @Override
    public void setMtu(int mtu) throws LinuxException {
      call("setMtu");
      this.mtu = mtu;
    }

    @Override
    public void setLinkUp() throws LinuxException {
      call("setLinkUp");
      up = true;
    }

    @Override
    public void close() {
      interfaces.remove(name, this);
      ended = true;
    }

    /** Deletes the interface, as {@code ip link delete} does. */
    void delete() {
      close();
      whenEnded.forEach(Runnable::run);
    }

    private void call(String what) throws LinuxException {
      calls.add(what);
      FakeNetwork.this.call(what);
    }
  }

  static PeerSnapshot peerSnapshot(
      PublicKey key,
      Optional<SecretKey> presharedKey,
      Optional<Endpoint> endpoint,
      int keepalive,
      List<Prefix> allowedIps) {
    return new PeerSnapshot(
        key,
        presharedKey,
        endpoint,
        keepalive,
        allowedIps,
        0,
        -1,
        0,
        0,
        0,
        0,
        PeerSnapshot.State.NEVER,
        -1,
        Map.of());
  }
}
