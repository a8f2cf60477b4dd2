// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.fake;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.CommitRequest;
import io.gatehouse.control.CommitStatus;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.ControlMethod;
import io.gatehouse.control.EditRequest;
import io.gatehouse.control.FileChoice;
import io.gatehouse.control.FileCreation;
import io.gatehouse.control.FileVersion;
import io.gatehouse.control.FileWrite;
import io.gatehouse.control.FilesChanged;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.LineReader;
import io.gatehouse.control.PacketExplanation;
import io.gatehouse.control.PacketQuestion;
import io.gatehouse.control.PeerAdded;
import io.gatehouse.control.PeerAddition;
import io.gatehouse.control.PeerProposal;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.PlanChange;
import io.gatehouse.control.PlanKind;
import io.gatehouse.control.PlanLine;
import io.gatehouse.control.PlanOutcome;
import io.gatehouse.control.PlanStatus;
import io.gatehouse.control.ProposedPeer;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.control.Restoration;
import io.gatehouse.control.Restored;
import io.gatehouse.control.Revision;
import io.gatehouse.control.RevisionChoice;
import io.gatehouse.control.RevisionDiff;
import io.gatehouse.control.RevisionPair;
import io.gatehouse.control.RevisionRange;
import io.gatehouse.control.RevisionShown;
import io.gatehouse.control.RpcCodec;
import io.gatehouse.control.RpcFormatException;
import io.gatehouse.control.RpcMessage;
import io.gatehouse.control.SnmpUserAddition;
import io.gatehouse.control.SnmpUserRemoval;
import io.gatehouse.control.StationFile;
import io.gatehouse.control.StationFileChoice;
import io.gatehouse.control.TunnelPlan;
import io.gatehouse.control.TunnelStatus;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Answers on the control socket for a {@link Fleet}, and tells subscribers each second. */
public final class FakeGateway implements AutoCloseable {
  /** What any change that is only looked at would do. */
  private static final PlanStatus PLAN =
      new PlanStatus(
          List.of(
              new TunnelPlan(
                  "office",
                  "office.conf",
                  PlanOutcome.CHANGES,
                  List.of(
                      new PlanLine(
                          PlanKind.PEER,
                          PlanChange.CHANGED,
                          "Porto (xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=)",
                          "AllowedIPs",
                          "10.8.2.0/24, 10.8.1.128/25",
                          "10.8.2.0/24",
                          18),
                      new PlanLine(
                          PlanKind.ROUTE, PlanChange.REMOVED, "10.8.1.128/25", "", "", "", 0),
                      new PlanLine(
                          PlanKind.PEER,
                          PlanChange.ADDED,
                          "Accra (8Yf0mVqVdRbJ0bqYQh1Uq2n1dQ2m0pR3b0p9uJ3v7gE=)",
                          "",
                          "",
                          "10.8.9.0/24",
                          24)),
                  List.of())));

  private final Path socket;
  private final Fleet fleet;
  private final Diary diary = new Diary(System.currentTimeMillis());
  private final ServerSocketChannel server;
  private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();
  private final Set<SocketChannel> subscribers = ConcurrentHashMap.newKeySet();
  private final Doors doors = new Doors();
  private final Archive archive = new Archive();
  private volatile Optional<CommitStatus> commit = Optional.empty();
  private volatile String edited = "";
  private final Thread serving;
  private volatile boolean closed;

  /** Listens until closed. */
  public FakeGateway(Path socket, Fleet fleet) throws IOException {
    this.socket = socket;
    this.fleet = fleet;
    Files.deleteIfExists(socket);
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    serving = Thread.ofVirtual().start(this::accept);
    Thread.ofPlatform().daemon().start(this::tell);
  }

  /** For looking at pages: socket, people on the road (or none at all, by a minus). */
  public static void main(String[] words) throws IOException, InterruptedException {
    int roaming = Integer.parseInt(words[1]);
    new FakeGateway(Path.of(words[0]), roaming < 0 ? Fleet.none() : Fleet.of(roaming))
        .serving.join();
  }

  /** The last edit that somebody asked for. */
  public String edited() {
    return edited;
  }

  /** Backups that go and come. */
  public Archive archive() {
    return archive;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    server.close();
    for (SocketChannel client : clients) {
      client.close();
    }
    Files.deleteIfExists(socket);
  }

  private GatewayStatus status() {
    return fleet.at(System.currentTimeMillis(), commit);
  }

  private void accept() {
    try {
      while (!closed) {
        SocketChannel client = server.accept();
        clients.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void tell() {
    try {
      while (!closed) {
        Thread.sleep(1000);
        commit
            .filter(waiting -> waiting.deadline() <= System.currentTimeMillis())
            .ifPresent(waiting -> commit = Optional.empty());
        RpcMessage news =
            new RpcMessage.Notification(ControlMethod.STATUS, RecordCodec.write(status()));
        for (SocketChannel subscriber : subscribers) {
          send(subscriber, news);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(SocketChannel client) {
    try (client) {
      LineReader lines = new LineReader(client, 8 << 20);
      for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
        if (RpcCodec.decode(line.get()) instanceof RpcMessage.Request request) {
          send(client, answer(request));
          if (request.method().equals(ControlMethod.SUBSCRIBE)) {
            subscribers.add(client);
          }
        }
      }
    } catch (IOException | RpcFormatException e) {
      // The client is gone.
    } finally {
      clients.remove(client);
      subscribers.remove(client);
    }
  }

  private void send(SocketChannel client, RpcMessage message) {
    ByteBuffer line =
        ByteBuffer.wrap((RpcCodec.encode(message) + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      synchronized (client) {
        while (line.hasRemaining()) {
          client.write(line);
        }
      }
    } catch (IOException e) {
      subscribers.remove(client);
    }
  }

  private RpcMessage answer(RpcMessage.Request request) {
    try {
      return new RpcMessage.Result(
          request.id(), RecordCodec.write(result(request.method(), (JsonObject) request.params())));
    } catch (ControlException e) {
      return new RpcMessage.Failure(request.id(), e);
    }
  }

  private Record result(String method, JsonObject params) throws ControlException {
    return switch (method) {
      case ControlMethod.STATUS, ControlMethod.SUBSCRIBE -> status();
      case ControlMethod.EXPLAIN -> explain(RecordCodec.read(params, PacketQuestion.class));
      case ControlMethod.PEER_PROPOSE ->
          new PeerProposal(
              List.of(new ProposedPeer(List.of("10.8.0.9/32", "fd00:8::9/128"))),
              status().tunnels().get(1).publicKey(),
              "198.51.100.1:51820",
              List.of("10.8.0.0/16", "fd00:8::/32"),
              List.of("10.8.0.1"),
              0,
              25);
      case ControlMethod.FILE_LIST -> Folder.LIST;
      case ControlMethod.FILE_READ ->
          Folder.read(RecordCodec.read(params, FileChoice.class), status());
      case ControlMethod.FILE_WRITE -> {
        FileWrite write = RecordCodec.read(params, FileWrite.class);
        yield new FilesChanged(
            List.of(),
            write.dryRun() ? Diary.DIFF : "",
            Folder.read(new FileChoice(write.name()), status()).findings(),
            write.dryRun() ? Optional.of(PLAN) : Optional.empty());
      }
      case ControlMethod.FILE_CREATE -> create(RecordCodec.read(params, FileCreation.class));
      case ControlMethod.EDIT -> edit(RecordCodec.read(params, EditRequest.class));
      case ControlMethod.PEER_ADD -> add(RecordCodec.read(params, PeerAddition.class));
      case ControlMethod.HISTORY_LIST -> diary.page(RecordCodec.read(params, RevisionRange.class));
      case ControlMethod.HISTORY_SHOW -> {
        Revision revision = diary.find(RecordCodec.read(params, RevisionChoice.class).revision());
        yield new RevisionShown(revision, Diary.DIFF);
      }
      case ControlMethod.HISTORY_DIFF -> {
        RevisionPair pair = RecordCodec.read(params, RevisionPair.class);
        yield new RevisionDiff(diary.difference(pair.from(), pair.to()));
      }
      case ControlMethod.HISTORY_RESTORE -> restore(RecordCodec.read(params, Restoration.class));
      case ControlMethod.COMMIT_BEGIN -> begin(RecordCodec.read(params, CommitRequest.class));
      case ControlMethod.COMMIT_CONFIRM -> {
        CommitStatus confirmed = waiting();
        commit = Optional.empty();
        yield confirmed;
      }
      case ControlMethod.COMMIT_REVERT -> {
        waiting();
        commit = Optional.empty();
        yield new Restored(List.of("office.conf"), List.of());
      }
      case ControlMethod.MONITORING -> Doors.STATUS;
      case ControlMethod.MONITORING_FILE ->
          new StationFile(RecordCodec.read(params, StationFileChoice.class).name(), "-- a file\n");
      case ControlMethod.SNMP_USER_LIST -> doors.users();
      case ControlMethod.SNMP_USER_ADD ->
          doors.add(RecordCodec.read(params, SnmpUserAddition.class));
      case ControlMethod.SNMP_USER_REMOVE ->
          doors.remove(RecordCodec.read(params, SnmpUserRemoval.class));
      case ControlMethod.SNMP_TARGET_LIST, ControlMethod.SNMP_TRAP_TEST -> Doors.TARGETS;
      case ControlMethod.BACKUP_MAKE,
          ControlMethod.BACKUP_READ,
          ControlMethod.RESTORE_SEND,
          ControlMethod.RESTORE_LOOK,
          ControlMethod.RESTORE_APPLY ->
          archive.answer(method, params);
      default -> {
        Record done = Deeds.answer(method, params);
        switch (method) {
          case ControlMethod.DRIFT_IGNORE -> fleet.decide(Fleet.Decision.IGNORE);
          case ControlMethod.DRIFT_TAKE_FILE, ControlMethod.DRIFT_TAKE_RUNNING ->
              fleet.decide(Fleet.Decision.LEVEL);
          case ControlMethod.TUNNEL_APPROVE -> fleet.approve();
          default -> {}
        }
        yield done;
      }
    };
  }

  private static FilesChanged create(FileCreation creation) throws ControlException {
    boolean there =
        Folder.LIST.files().stream().anyMatch(file -> file.name().equals(creation.name()));
    // The page of a new tunnel takes that name, to see the tunnel that is there.
    if (there && !creation.text().contains("(generate)")) {
      throw new ControlException(
          ControlException.REFUSED,
          creation.name() + " was not made",
          List.of(
              new FindingStatus(
                  "FILE-EXISTS",
                  "ERROR",
                  creation.name(),
                  0,
                  "",
                  "there is a file of that name already",
                  "Give another name.")));
    }
    return new FilesChanged(List.of(), "", List.of(), Optional.empty());
  }

  /** What is called a conflict has one. */
  private FilesChanged edit(EditRequest request) throws ControlException {
    edited = request.toString();
    if (request.files().stream().anyMatch(file -> file.steps().toString().contains("conflict"))) {
      throw new ControlException(
          ControlException.REFUSED,
          "nothing was edited",
          List.of(
              new FindingStatus(
                  "MERGE-CONFLICT",
                  "ERROR",
                  request.files().getFirst().name(),
                  9,
                  "",
                  "the line was changed by somebody else meanwhile",
                  "Look at the newest version and make the change anew.")));
    }
    return new FilesChanged(
        request.files().stream()
            .map(file -> new FileVersion(file.name(), "9d".repeat(20), false))
            .toList(),
        Diary.DIFF,
        List.of(),
        Optional.of(PLAN));
  }

  private PeerAdded add(PeerAddition addition) {
    fleet.add(addition);
    return new PeerAdded(List.of());
  }

  private CommitStatus waiting() throws ControlException {
    return commit.orElseThrow(
        () ->
            new ControlException(
                ControlException.REFUSED, "no change waits to be confirmed", List.of()));
  }

  private CommitStatus begin(CommitRequest request) throws ControlException {
    if (commit.isPresent()) {
      throw new ControlException(
          ControlException.REFUSED, "a change waits to be confirmed already", List.of());
    }
    long now = System.currentTimeMillis();
    CommitStatus begun =
        new CommitStatus(
            diary.find("HEAD").id(), now, now + request.seconds() * 1000, request.origin());
    commit = Optional.of(begun);
    return begun;
  }

  private Restored restore(Restoration restoration) throws ControlException {
    Revision back = diary.find(restoration.revision());
    ChangeOrigin origin = restoration.origin();
    diary.add(
        new Revision(
            String.format("%08x", System.nanoTime()).repeat(5).substring(0, 40),
            System.currentTimeMillis() / 1000,
            origin.author(),
            origin.source(),
            origin.message(),
            back.files()));
    return new Restored(back.files(), List.of());
  }

  private PacketExplanation explain(PacketQuestion question) throws ControlException {
    if (!question.destination().startsWith("10.")) {
      return new PacketExplanation(
          false,
          "eth0",
          "32766: from all lookup main",
          254,
          "0.0.0.0/0",
          "eth0",
          "",
          "",
          "",
          "",
          "",
          "",
          "",
          false,
          List.of(
              "It starts on this machine.",
              "Rule 32766 sends it to table main.",
              "Route 0.0.0.0/0 sends it out by eth0, which is no tunnel."));
    }
    TunnelStatus office =
        status().tunnels().stream()
            .filter(t -> t.name().equals("office"))
            .findFirst()
            .orElseThrow();
    PeerStatus peer = office.peers().getFirst();
    return new PacketExplanation(
        true,
        "road",
        "32766: from all lookup main",
        254,
        "10.8.1.0/24",
        "office",
        "office",
        "10.8.1.0/24",
        peer.publicKey(),
        peer.name(),
        peer.endpoint(),
        "eth0",
        "UP",
        true,
        List.of(
            "It comes in by road, from the peer ana-phone.",
            "Rule 32766 sends it to table main.",
            "Route 10.8.1.0/24 sends it out by office, which is a tunnel.",
            "The peer Lisbon has the longest prefix that holds it: 10.8.1.0/24.",
            "It is sealed for " + peer.endpoint() + " and leaves by eth0.",
            "An answer from there would be accepted."));
  }
}
