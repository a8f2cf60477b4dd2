// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.events;

import static java.util.stream.Collectors.joining;

import io.gatehouse.control.DriftLine;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Something that happened, with what was so at that moment. Immutable; holds no secret. */
public sealed interface Event {
  /** How urgent it is, as RFC 5424 has it. */
  enum Severity {
    /** Something is wrong and somebody should look. */
    WARNING(4),
    /** Worth knowing. */
    NOTICE(5),
    /** Good to know. */
    INFORMATIONAL(6);

    private final int number;

    Severity(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  /** The notification's name in its MIB. */
  String name();

  /** How urgent it is. */
  Severity severity();

  /** What it is about, by name; in the order in which it is to be said. */
  Map<String, String> about();

  /** One that is about a tunnel. */
  sealed interface OfTunnel extends Event {
    /** The tunnel at that moment. */
    TunnelStatus tunnel();

    @Override
    default Map<String, String> about() {
      Map<String, String> about = new LinkedHashMap<>();
      about.put("interface", tunnel().name());
      return about;
    }
  }

  /** One that is about a peer. */
  sealed interface OfPeer extends OfTunnel {
    /** The peer at that moment. */
    PeerStatus peer();

    @Override
    default Map<String, String> about() {
      Map<String, String> about = new LinkedHashMap<>();
      about.put("interface", tunnel().name());
      about.put("public_key", peer().publicKey());
      about.put("friendly_name", peer().name());
      about.put("endpoint", peer().endpoint());
      return about;
    }
  }

  /** The data plane has started. */
  record Started() implements Event {
    @Override
    public String name() {
      return "coldStart";
    }

    @Override
    public Severity severity() {
      return Severity.NOTICE;
    }

    @Override
    public Map<String, String> about() {
      return Map.of();
    }
  }

  /** A peer that is watched has a session again. */
  record PeerUp(TunnelStatus tunnel, PeerStatus peer) implements OfPeer {
    @Override
    public String name() {
      return "wgPeerUp";
    }

    @Override
    public Severity severity() {
      return Severity.NOTICE;
    }
  }

  /** A peer that is watched has no session any more. */
  record PeerDown(TunnelStatus tunnel, PeerStatus peer) implements OfPeer {
    @Override
    public String name() {
      return "wgPeerDown";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** Handshakes with a peer go unanswered. */
  record HandshakeFailed(TunnelStatus tunnel, PeerStatus peer) implements OfPeer {
    @Override
    public String name() {
      return "wgPeerHandshakeFailed";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** A peer has used its quota. */
  record QuotaReached(TunnelStatus tunnel, PeerStatus peer) implements OfPeer {
    @Override
    public String name() {
      return "wgPeerQuotaReached";
    }

    @Override
    public Severity severity() {
      return Severity.NOTICE;
    }
  }

  /** A peer's date has come. */
  record PeerExpired(TunnelStatus tunnel, PeerStatus peer) implements OfPeer {
    @Override
    public String name() {
      return "wgPeerExpired";
    }

    @Override
    public Severity severity() {
      return Severity.NOTICE;
    }
  }

  /** A tunnel has come under load of handshakes, or is not any more. */
  record LoadChanged(TunnelStatus tunnel, boolean underLoad) implements OfTunnel {
    @Override
    public String name() {
      return "wgDeviceLoadChanged";
    }

    @Override
    public Severity severity() {
      return underLoad ? Severity.WARNING : Severity.NOTICE;
    }

    @Override
    public Map<String, String> about() {
      Map<String, String> about = OfTunnel.super.about();
      about.put("under_load", String.valueOf(underLoad));
      return about;
    }
  }

  /**
   * A tunnel has come to run otherwise than its file says, or does not any more.
   *
   * @param drift what runs otherwise, without what is ignored; nothing when that is over
   */
  record DriftChanged(TunnelStatus tunnel, List<DriftLine> drift) implements OfTunnel {
    private static final int MOST = 3;

    /** Copies the list. */
    public DriftChanged {
      drift = List.copyOf(drift);
    }

    @Override
    public String name() {
      return "wgDeviceDriftChanged";
    }

    @Override
    public Severity severity() {
      return drift.isEmpty() ? Severity.NOTICE : Severity.WARNING;
    }

    @Override
    public Map<String, String> about() {
      Map<String, String> about = OfTunnel.super.about();
      about.put("drift", String.valueOf(drift.size()));
      about.put("why", why());
      return about;
    }

    /** The first of it in words. */
    public String why() {
      String first = drift.stream().limit(MOST).map(DriftLine::text).collect(joining("; "));
      return drift.size() > MOST ? first + "; and " + (drift.size() - MOST) + " more" : first;
    }
  }

  /** A tunnel's interface carries packets. */
  record LinkUp(TunnelStatus tunnel) implements OfTunnel {
    @Override
    public String name() {
      return "linkUp";
    }

    @Override
    public Severity severity() {
      return Severity.NOTICE;
    }
  }

  /** A tunnel's interface carries no packets any more, or is gone. */
  record LinkDown(TunnelStatus tunnel) implements OfTunnel {
    @Override
    public String name() {
      return "linkDown";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** A changed file was applied. */
  record ConfigApplied(String file) implements Event {
    @Override
    public String name() {
      return "wgGwConfigApplied";
    }

    @Override
    public Severity severity() {
      return Severity.INFORMATIONAL;
    }

    @Override
    public Map<String, String> about() {
      return Map.of("file", file);
    }
  }

  /** A file was refused. */
  record ConfigRejected(String file, String why) implements Event {
    @Override
    public String name() {
      return "wgGwConfigRejected";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public Map<String, String> about() {
      Map<String, String> about = new LinkedHashMap<>();
      about.put("file", file);
      about.put("why", why);
      return about;
    }
  }

  /** Somebody wants to know whether events arrive. */
  record Test(String text) implements Event {
    @Override
    public String name() {
      return "wgGwTest";
    }

    @Override
    public Severity severity() {
      return Severity.NOTICE;
    }

    @Override
    public Map<String, String> about() {
      return Map.of("text", text);
    }
  }
}
