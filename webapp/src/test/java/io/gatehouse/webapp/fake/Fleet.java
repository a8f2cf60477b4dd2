// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.fake;

import io.gatehouse.control.CommitStatus;
import io.gatehouse.control.DriftLine;
import io.gatehouse.control.DropStatus;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.OffloadStatus;
import io.gatehouse.control.PeerAddition;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.PlanKind;
import io.gatehouse.control.QuotaStatus;
import io.gatehouse.control.TunnelStatus;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A gateway that might be: an office, its sites, people on the road, and one file that is wrong.
 * The same numbers give the same fleet, and its counters are a function of time.
 */
public final class Fleet {
  private static final List<String> SITES =
      List.of("Lisbon", "Porto", "Hamburg", "Reykjavík", "Nairobi", "Kyoto", "Montréal", "Oslo");
  private static final List<String> PEOPLE =
      List.of(
          "ana", "bruno", "chidi", "dora", "emeka", "farah", "goran", "hana", "ivo", "jun", "kemal",
          "lea", "mara", "nils", "omar", "petra");
  private static final List<String> DEVICES = List.of("phone", "laptop", "tablet", "camera");

  private final int roaming;
  private final boolean empty;
  private final boolean simulated;
  private final List<PeerAddition> added = new CopyOnWriteArrayList<>();
  private volatile Decision drift = Decision.NONE;
  private volatile boolean approved;
  private final Set<Caller> callers = ConcurrentHashMap.newKeySet();

  /** Who may call a port where a new peer is expected. */
  public enum Caller {
    /** Somebody who has the public key of another gateway. */
    WITH_AN_OLD_FILE,
    /** Somebody whose key no peer has. */
    UNKNOWN,
    /** Whoever was added. */
    AS_ADDED
  }

  /** What was decided about what runs otherwise than a file says. */
  enum Decision {
    /** Nothing yet. */
    NONE,
    /** It may stay so. */
    IGNORE,
    /** The file and what runs are the same again. */
    LEVEL
  }

  private Fleet(int roaming, boolean empty, boolean simulated) {
    this.roaming = roaming;
    this.empty = empty;
    this.simulated = simulated;
  }

  /** With so many people on the road, and some fifteen other peers. */
  public static Fleet of(int roaming) {
    return new Fleet(roaming, false, false);
  }

  /** Without a single file. */
  public static Fleet none() {
    return new Fleet(0, true, false);
  }

  /** The same as a simulation. */
  public Fleet simulated() {
    return new Fleet(roaming, empty, true);
  }

  /** Somebody calls the office, from now on. */
  public void come(Caller caller) {
    callers.add(caller);
  }

  /** From now on somebody new is in the office, who has not called yet. */
  void add(PeerAddition addition) {
    added.add(addition);
  }

  /** From now on that counts for the people on the road. */
  void decide(Decision about) {
    drift = about;
  }

  /** From now on the warehouse is there. */
  void approve() {
    approved = true;
  }

  /** How it is at a time, in Unix milliseconds. */
  public GatewayStatus at(long time, Optional<CommitStatus> commit) {
    List<TunnelStatus> tunnels = new ArrayList<>();
    if (!empty) {
      tunnels.add(lab());
      tunnels.add(office(time));
      tunnels.add(road(time));
      tunnels.add(spare());
      tunnels.add(warehouse());
    }
    return new GatewayStatus(
        "0.1.0",
        "/etc/gatehouse/tunnels",
        time / 1000 - 400_000,
        time,
        tunnels,
        commit,
        Optional.of(GatewayStatus.PROTOCOL),
        Optional.empty(),
        Optional.of("25.0.3+9-LTS, Eclipse Adoptium"),
        simulated ? Optional.of(true) : Optional.empty());
  }

  private TunnelStatus lab() {
    return new TunnelStatus(
        "lab",
        "lab.conf",
        TunnelStatus.State.FAILED,
        0,
        "",
        0,
        0,
        0,
        List.of(),
        List.of(),
        List.of(
            new FindingStatus(
                "KEY-LENGTH",
                "ERROR",
                "lab.conf",
                2,
                "(hidden)",
                "PrivateKey is not a key",
                "Write the 44 characters that wg genkey prints.")),
        0,
        0,
        0,
        0,
        0,
        0,
        List.of(),
        List.of(),
        0);
  }

  private TunnelStatus office(long time) {
    List<PeerStatus> peers = new ArrayList<>();
    for (int i = 0; i < SITES.size(); i++) {
      Random made = new Random(100 + i);
      PeerState state =
          switch (i) {
            case 3 -> PeerState.RETRYING;
            case 5 -> PeerState.IDLE;
            case 6 -> PeerState.DISABLED;
            case 7 -> PeerState.NEVER;
            default -> PeerState.UP;
          };
      peers.add(
          peer(
              time,
              i + 1,
              SITES.get(i),
              state,
              made,
              i == 1
                  ? List.of("10.8.2.0/24", "10.8.1.128/25")
                  : i == 4
                      ? List.of("0.0.0.0/0", "::/0")
                      : List.of("10.8." + (i + 1) + ".0/24", "fd00:8:" + (i + 1) + "::/64"),
              i == 1
                  ? List.of(new DropStatus("SOURCE_NOT_ALLOWED", 42), new DropStatus("REPLAYED", 3))
                  : List.of(),
              List.of("site"),
              Optional.empty(),
              0));
    }
    boolean here = callers.contains(Caller.AS_ADDED);
    for (PeerAddition addition : added) {
      peers.add(
          new PeerStatus(
              peers.size() + 1,
              addition.publicKey(),
              addition.name(),
              here ? PeerState.UP : PeerState.NEVER,
              here ? "198.51.100.77:40000" : addition.endpoint(),
              addition.allowedIps(),
              addition.presharedKey().isPresent(),
              addition.persistentKeepalive(),
              here ? time / 1000 : 0,
              here ? 0 : -1,
              0,
              here ? 1240 : 0,
              here ? 960 : 0,
              here ? 9 : 0,
              here ? 7 : 0,
              List.of(),
              0,
              Optional.empty(),
              List.of(),
              ""));
    }
    return tunnel(
        "office",
        51820,
        List.of("10.8.0.1/24", "fd00:8::1/64"),
        peers,
        List.of(
            new FindingStatus(
                "ALLOWED-IPS-OVERLAP",
                "WARNING",
                "office.conf",
                31,
                "10.8.2.0/24",
                "the peer Porto has an address that lies in the network of Lisbon",
                "Give each network to one peer.")),
        List.of(
            new DropStatus("UNKNOWN_PEER", callers.contains(Caller.UNKNOWN) ? 9 : 7),
            new DropStatus("BAD_MAC1", callers.contains(Caller.WITH_AN_OLD_FILE) ? 121 : 118)),
        List.of(),
        time);
  }

  private TunnelStatus road(long time) {
    List<PeerStatus> peers = new ArrayList<>();
    for (int i = 0; i < roaming; i++) {
      Random made = new Random(1000 + i);
      PeerState state =
          switch (made.nextInt(12)) {
            case 0 -> PeerState.RETRYING;
            case 1, 2, 3 -> PeerState.IDLE;
            case 4 -> PeerState.NEVER;
            case 5 -> i % 3 == 0 ? PeerState.EXPIRED : PeerState.UP;
            case 6 -> i % 3 == 0 ? PeerState.OVER_QUOTA : PeerState.UP;
            default -> PeerState.UP;
          };
      String name =
          PEOPLE.get(i % PEOPLE.size())
              + "-"
              + DEVICES.get(i / PEOPLE.size() % DEVICES.size())
              + (i < 64 ? "" : "-" + i);
      Optional<QuotaStatus> quota =
          i % 5 == 0 || state == PeerState.OVER_QUOTA
              ? Optional.of(
                  new QuotaStatus(
                      20L << 30,
                      "month",
                      state == PeerState.OVER_QUOTA ? (20L << 30) + 4711 : (long) (i % 19) << 30,
                      time / 1000 + 900_000))
              : Optional.empty();
      peers.add(
          peer(
              time,
              i + 1,
              name,
              state,
              made,
              List.of("10.9." + (i + 2) / 256 + "." + (i + 2) % 256 + "/32"),
              made.nextInt(20) == 0
                  ? List.of(new DropStatus("KEYPAIR_EXPIRED", made.nextInt(1, 900)))
                  : List.of(),
              i % 4 == 0 ? List.of("staff", DEVICES.get(i % 4)) : List.of("staff"),
              quota,
              state == PeerState.EXPIRED
                  ? time / 1000 - 86_400
                  : i % 7 == 0 ? time / 1000 + 600_000 : 0));
    }
    List<DriftLine> lines = drift == Decision.LEVEL || peers.isEmpty() ? List.of() : drift(peers);
    return tunnel(
        "road",
        51821,
        List.of("10.9.0.1/16"),
        peers,
        lines.stream().filter(line -> !line.ignored()).map(Fleet::complaint).toList(),
        List.of(),
        lines,
        time);
  }

  private List<DriftLine> drift(List<PeerStatus> peers) {
    PeerStatus first = peers.getFirst();
    boolean stays = drift == Decision.IGNORE;
    return List.of(
        new DriftLine(4, PlanKind.DEVICE, "ListenPort", "", "51831", "51821", stays),
        new DriftLine(
            9,
            PlanKind.PEER,
            first.name() + " (" + first.publicKey() + ")",
            "AllowedIPs",
            "10.9.0.2/32",
            "10.9.0.2/32, 10.9.77.0/24",
            stays),
        new DriftLine(0, PlanKind.ADDRESS, "10.9.255.1/32", "", "", "10.9.255.1/32", stays));
  }

  private static FindingStatus complaint(DriftLine line) {
    return new FindingStatus(
        "DRIFT",
        "WARNING",
        "road.conf",
        line.line(),
        "",
        "somebody has changed what runs: " + line.text(),
        "See gatehouse drift: take the file, take what runs, or ignore it");
  }

  private TunnelStatus warehouse() {
    return new TunnelStatus(
        "warehouse",
        "warehouse.conf",
        TunnelStatus.State.DOWN,
        0,
        "",
        0,
        0,
        0,
        List.of(),
        List.of(),
        approved
            ? List.of()
            : List.of(
                new FindingStatus(
                    "WAITS-FOR-APPROVAL",
                    "NOTE",
                    "warehouse.conf",
                    0,
                    "",
                    "the file waits for approval since 2026-11-20 08:00, as it was here when"
                        + " Gatehouse first started; it would bring up 10.12.0.1/24, port 51830, 12"
                        + " peers, 12 routes, 2 hooks",
                    "Approve it by gatehouse approve warehouse, or all files by gatehouse"
                        + " approve")),
        0,
        0,
        0,
        0,
        0,
        0,
        List.of(),
        List.of(),
        0);
  }

  private static TunnelStatus spare() {
    return new TunnelStatus(
        "spare",
        "spare.conf",
        TunnelStatus.State.DOWN,
        0,
        key(new Random(3)),
        0,
        0,
        0,
        List.of("10.11.0.1/24"),
        List.of(),
        List.of(
            new FindingStatus(
                "TUNNEL-IS-DOWN",
                "NOTE",
                "spare.conf",
                0,
                "",
                "the tunnel was taken down by its administrator",
                "Bring it up again with gatehouse up spare.")),
        0,
        0,
        0,
        0,
        0,
        0,
        List.of(),
        List.of(),
        0);
  }

  private static TunnelStatus tunnel(
      String name,
      int port,
      List<String> addresses,
      List<PeerStatus> peers,
      List<FindingStatus> findings,
      List<DropStatus> drops,
      List<DriftLine> drift,
      long time) {
    return new TunnelStatus(
        name,
        name + ".conf",
        TunnelStatus.State.UP,
        port % 100,
        key(new Random(port)),
        port,
        0,
        1420,
        addresses,
        peers,
        findings,
        peers.stream().mapToLong(PeerStatus::rxBytes).sum(),
        peers.stream().mapToLong(PeerStatus::txBytes).sum(),
        peers.stream().mapToLong(PeerStatus::rxPackets).sum(),
        peers.stream().mapToLong(PeerStatus::txPackets).sum(),
        drops.stream().mapToLong(DropStatus::count).sum(),
        0,
        drops,
        List.of(
            new OffloadStatus("TUN_TSO", OffloadStatus.Use.ON, "gatehouse.offload.tun.tso", 0, ""),
            new OffloadStatus(
                "TUN_USO", OffloadStatus.Use.UNAVAILABLE, "gatehouse.offload.tun.uso", 0, ""),
            new OffloadStatus("UDP_GSO", OffloadStatus.Use.ON, "gatehouse.offload.udp.gso", 0, ""),
            new OffloadStatus("UDP_GRO", OffloadStatus.Use.ON, "gatehouse.offload.udp.gro", 0, "")),
        time / 1000 - 399_000,
        Optional.empty(),
        drift);
  }

  private static PeerStatus peer(
      long time,
      int number,
      String name,
      PeerState state,
      Random made,
      List<String> allowedIps,
      List<DropStatus> drops,
      List<String> tags,
      Optional<QuotaStatus> quota,
      long expires) {
    boolean seen = state != PeerState.NEVER && state != PeerState.DISABLED;
    boolean up = state == PeerState.UP;
    long now = time / 1000;
    long handshake =
        up ? now / 120 * 120 - made.nextInt(100) : now / 3600 * 3600 - 400 - made.nextInt(90_000);
    long rate = up ? (long) Math.exp(6 + made.nextInt(9)) : 0;
    long rx = seen ? (long) made.nextInt(1 << 30) + moved(rate, time) : 0;
    long tx = seen ? (long) made.nextInt(1 << 30) * 3 + moved(rate * 4, time) : 0;
    return new PeerStatus(
        number,
        key(made),
        name,
        state,
        seen ? "198.51.100." + (1 + made.nextInt(250)) + ":" + (1024 + made.nextInt(60_000)) : "",
        allowedIps,
        number % 3 == 0,
        number % 2 == 0 ? 25 : 0,
        seen ? handshake : 0,
        seen ? now - handshake : -1,
        state == PeerState.RETRYING ? now / 60 * 60 - 95 : 0,
        rx,
        tx,
        rx / 900,
        tx / 1100,
        drops,
        expires,
        quota,
        tags,
        number == 2 ? "Behind the provider's NAT; call before changing the port." : "");
  }

  /** What passes at a rate that swings within some minutes, since a fixed day. */
  private static long moved(long rate, long time) {
    double t = (time - 1_795_000_000_000L) / 1000.0;
    return (long) (rate * (t + 20 * Math.sin(t / 23) + 6 * Math.sin(t / 7.0)));
  }

  private static String key(Random made) {
    byte[] octets = new byte[32];
    made.nextBytes(octets);
    return Base64.getEncoder().encodeToString(octets);
  }
}
