// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.peers;

import io.gatehouse.control.EditRequest;
import io.gatehouse.control.EditStep;
import io.gatehouse.control.FileSteps;
import io.gatehouse.control.FilesChanged;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.PeerProposal;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.ProposalRequest;
import io.gatehouse.control.ProposedPeer;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Live;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.primefaces.PrimeFaces;

/**
 * Adds many peers to a tunnel from a table: shows what would be added, with what is wrong by line,
 * and then adds all of them or none. Key pairs that the table does not have are made in the
 * browser.
 */
@Named
@RequestScoped
public class AddPeersPage {
  @Inject private Gateway gateway;
  @Inject private Live live;
  private String tunnel = "";
  private String text = "";
  private String keys = "";
  private List<PeerList.Entry> entries = List.of();
  private List<FindingStatus> findings = List.of();

  /** Before anything else, for what is free depends on the tunnel. */
  @PostConstruct
  void look() {
    tunnel = Request.parameter("tunnel");
  }

  /** The tunnel; null when there is none of that name that has a file. */
  public @Nullable TunnelStatus getStatus() {
    return live.now().tunnel(tunnel).filter(found -> !found.file().isEmpty()).orElse(null);
  }

  /** Reads the table, and says what would come of it. */
  public void read() {
    TunnelStatus status = getStatus();
    if (status == null) {
      return;
    }
    Set<String> there =
        status.peers().stream().map(PeerStatus::publicKey).collect(Collectors.toSet());
    entries = PeerList.read(text, there, live.texts());
    if (entries.size() > PeerList.MOST) {
      Request.complain(live.texts().of("bulk.most", PeerList.MOST));
      entries = List.of();
    } else if (entries.isEmpty()) {
      Request.complain(live.texts().of("list.empty"));
    }
  }

  /** Adds all of them. The keys that the browser has made come with the request. */
  public void add() {
    read();
    TunnelStatus status = getStatus();
    if (status == null || entries.isEmpty() || !isGood()) {
      return;
    }
    Answer<PeerProposal> proposed =
        Answer.of(
            gateway,
            live.texts(),
            dataPlane -> dataPlane.proposePeers(new ProposalRequest(tunnel, entries.size())));
    if (proposed.value().isEmpty()) {
      Request.complain(proposed.refusal());
      return;
    }
    PeerProposal proposal = proposed.value().get();
    List<PeerList.Entry> whole = complete(proposal);
    if (whole.size() < entries.size()) {
      Request.complain(live.texts().of("list.full"));
      return;
    }
    List<EditStep> steps = whole.stream().flatMap(entry -> entry.steps(0).stream()).toList();
    EditRequest request =
        new EditRequest(
            List.of(new FileSteps(status.file(), Optional.empty(), steps)),
            false,
            Optional.of(Request.origin(live.texts().of("list.why", whole.size()))));
    Answer<FilesChanged> answer =
        Answer.of(gateway, live.texts(), dataPlane -> dataPlane.edit(request));
    findings = answer.findings();
    if (answer.value().isPresent()) {
      Request.tell(live.texts().of("list.done", whole.size(), tunnel));
      PrimeFaces.current().ajax().addCallbackParam("clients", clients(whole, proposal));
      text = "";
      entries = List.of();
    } else {
      Request.complain(answer.refusal());
    }
  }

  /** With keys and addresses; fewer than there are if either runs out. */
  private List<PeerList.Entry> complete(PeerProposal proposal) {
    Map<Integer, String> made = new HashMap<>();
    keys.lines()
        .map(line -> line.split(" ", 2))
        .filter(words -> words.length == 2 && words[0].matches("[0-9]{1,6}"))
        .forEach(words -> made.put(Integer.parseInt(words[0]), words[1].strip()));
    Deque<ProposedPeer> free = new ArrayDeque<>(proposal.peers());
    List<PeerList.Entry> whole = new ArrayList<>();
    for (PeerList.Entry entry : entries) {
      String key =
          entry.publicKey().isEmpty() ? made.getOrDefault(entry.line(), "") : entry.publicKey();
      List<String> addresses = entry.allowedIps();
      if (addresses.isEmpty() && !free.isEmpty()) {
        addresses = free.removeFirst().addresses();
      }
      if (!key.isEmpty() && !addresses.isEmpty()) {
        whole.add(entry.with(key, addresses));
      }
    }
    return whole;
  }

  /** What the browser needs for the files of those whose keys it has. */
  private static String clients(List<PeerList.Entry> whole, PeerProposal proposal) {
    JsonArrayBuilder clients = Json.createArrayBuilder();
    for (PeerList.Entry entry : whole) {
      clients.add(
          Json.createObjectBuilder()
              .add("name", entry.name())
              .add("publicKey", entry.publicKey())
              .add("addresses", String.join(", ", entry.allowedIps()))
              .add("key", proposal.publicKey())
              .add("endpoint", proposal.endpoint())
              .add("routes", String.join(", ", proposal.allowedIps()))
              .add("dns", String.join(", ", proposal.dns()))
              .add("mtu", Integer.toString(proposal.mtu()))
              .add("keepalive", Integer.toString(proposal.persistentKeepalive())));
    }
    return clients.build().toString();
  }

  /** Whether nothing is wrong with any of them. */
  public boolean isGood() {
    return entries.stream().allMatch(entry -> entry.error().isEmpty());
  }

  /** What the table lists. */
  public List<PeerList.Entry> getEntries() {
    return entries;
  }

  /** Why it was refused, in detail. */
  public List<FindingStatus> getFindings() {
    return findings;
  }

  public String getTunnel() {
    return tunnel;
  }

  public String getText() {
    return text;
  }

  public void setText(String text) {
    this.text = text;
  }

  /** Lines of a table's line and a public key. */
  public String getKeys() {
    return "";
  }

  public void setKeys(String keys) {
    this.keys = keys;
  }
}
