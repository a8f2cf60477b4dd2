// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.peers;

import io.gatehouse.control.DropStatus;
import io.gatehouse.control.PeerActivity;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.QuotaStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.gateway.PeerDiary;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Live;
import io.gatehouse.webapp.live.Subject;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One peer in full. */
@Named
@RequestScoped
public class PeerPage {
  /** A network of the peer, and what lies across it. */
  public record Network(String prefix, List<Overlaps.Overlap> overlaps) {}

  /**
   * Something that happened to it.
   *
   * @param state what it is since; empty if that did not change
   * @param endpoint where it is since; empty if that did not change
   */
  public record Happening(long time, String state, String endpoint) {}

  @Inject private Live live;
  @Inject private PeerDiary diary;
  private String tunnel = "";
  private int number;

  /** Before anything else, for what can be done depends on which peer it is. */
  @PostConstruct
  void look() {
    tunnel = Request.parameter("tunnel");
    String text = Request.parameter("number");
    number = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
  }

  /** The tunnel; null when there is none of that name. */
  public @Nullable TunnelStatus getTunnelStatus() {
    return live.now().tunnel(tunnel).orElse(null);
  }

  /** The peer; null when the tunnel has none of that number. */
  public @Nullable PeerStatus getPeer() {
    return live.now().peer(tunnel, number).orElse(null);
  }

  /** The name of its cells. */
  public String getSubject() {
    return new Subject(tunnel, number).toString();
  }

  /** What people call it. */
  public String getTitle() {
    PeerStatus peer = getPeer();
    return peer == null
        ? live.texts().of("peer.title")
        : peer.name().isEmpty() ? peer.publicKey() : peer.name();
  }

  /** Its networks. */
  public List<Network> getNetworks() {
    TunnelStatus status = getTunnelStatus();
    PeerStatus peer = getPeer();
    return status == null || peer == null
        ? List.of()
        : peer.allowedIps().stream()
            .map(prefix -> new Network(prefix, Overlaps.of(status, peer, prefix)))
            .toList();
  }

  /** What was dropped of it, the most frequent first. */
  public List<DropStatus> getDrops() {
    PeerStatus peer = getPeer();
    return peer == null
        ? List.of()
        : peer.drops().stream()
            .sorted(Comparator.comparingLong(DropStatus::count).reversed())
            .toList();
  }

  /** What has become of it since the console started, newest first. */
  public List<Happening> getEntries() {
    PeerStatus peer = getPeer();
    return peer == null
        ? List.of()
        : diary.of(tunnel, peer.publicKey()).stream()
            .map(
                entry ->
                    new Happening(
                        entry.time(), entry.state().map(Enum::name).orElse(""), entry.endpoint()))
            .toList();
  }

  /** What it may use; null when that is not limited. Pages look through what may be missing. */
  public @Nullable QuotaStatus getQuota() {
    PeerStatus peer = getPeer();
    return peer == null ? null : peer.quota().orElse(null);
  }

  /** What has happened to it since it was added; nothing where it is not in force. */
  public PeerActivity getActivity() {
    PeerStatus peer = getPeer();
    return peer == null ? PeerActivity.NONE : peer.activity().orElse(PeerActivity.NONE);
  }

  public String getTunnel() {
    return tunnel;
  }

  public int getNumber() {
    return number;
  }
}
